// Passkeys are the browser's: without this script a page has no way to them. All else works without.
"use strict";

const bytesOf = (text) => {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0)).buffer;
};

const textOf = (buffer) => {
  const letters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
};

// The options as the browser wants them: what the server writes as base64url is bytes there.
const readOptions = (options) => {
  const read = { ...options, challenge: bytesOf(options.challenge) };
  if (options.user) read.user = { ...options.user, id: bytesOf(options.user.id) };
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    if (options[list]) read[list] = options[list].map((one) => ({ ...one, id: bytesOf(one.id) }));
  }
  return read;
};

// The credential as the server wants it: the other way round.
const write = (credential) => {
  const response = { clientDataJSON: textOf(credential.response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = textOf(credential.response[name]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return JSON.stringify({
    id: credential.id,
    rawId: textOf(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
};

const ask = async (form) => {
  const body = new URLSearchParams({ csrf: form.elements.csrf.value });
  const answer = await fetch("/passkey/options", { method: "POST", body });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.message);
  return told;
};

const prepare = (form) => {
  const trouble = form.querySelector("[role=alert]");
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    trouble.hidden = true;
    let told;
    try {
      told = await ask(form);
    } catch (error) {
      trouble.textContent = error instanceof TypeError || error instanceof SyntaxError
        ? form.dataset.failed
        : error.message;
      trouble.hidden = false;
      return;
    }
    try {
      const publicKey = readOptions(told.options);
      const credential = await navigator.credentials[form.dataset.passkey]({ publicKey });
      form.elements.challenge_id.value = told.challenge_id;
      form.elements.credential_json.value = write(credential);
    } catch {
      // The person closed the browser's question, or the device has no passkey.
      trouble.textContent = form.dataset.failed;
      trouble.hidden = false;
      return;
    }
    form.submit();
  });
};

// Until here the page says that passkeys do not work in this browser, as without any script.
if (window.PublicKeyCredential) {
  document.querySelectorAll("[data-no-passkey]").forEach((one) => { one.hidden = true; });
  document.querySelectorAll("[data-passkey]").forEach(prepare);
}
