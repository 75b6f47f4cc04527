// One person's phone: follows the chat, and does what its owner taps and types.
"use strict";

const phone = document.querySelector(".phone");
const here = `/phone/${phone.dataset.person}`;
const byId = (id) => document.getElementById(id);
const chat = byId("chat");
let lastDay = "";
let lastFromAccount = false;

// --- doing ---

// A deed is sent under one id until it is answered, so that a lost answer never doubles it.
async function act(deed, body = {}) {
  const request = { ...body, action_id: [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("") };
  for (let wait = 300; ; wait *= 2)
    try {
      const answer = await fetch(`${here}/${deed}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(request),
      });
      const said = await answer.json();
      if (!answer.ok)
        toast(answer.status === 409 ? "ブロックしているあいだは使えません。" : said.message);
      return answer.ok ? said : {};
    } catch {
      if (wait > 5000) {
        toast("送れませんでした。シミュレーターが動いているか確かめてください。");
        return {};
      }
      await new Promise((again) => setTimeout(again, wait));
    }
}

async function tap(id, index, action, picked = "") {
  if (!action || !["camera", "cameraRoll", "location"].includes(action.type))
    byId("quick").replaceChildren();
  const said = await act("tap", { message_id: id, action_index: index, picked });
  if (said.open) open(said.open);
  if (said.wants) provide(said.wants, action, (chosen) => tap(id, index, action, chosen));
}

function open(url) {
  if (!/^https?:/.test(url)) return toast(`電話や他のアプリを開くリンクです: ${url}`);
  byId("address").textContent = new URL(url).host;
  byId("page").src = `${here}/browse?url=${encodeURIComponent(url)}`;
  byId("browser").hidden = false;
  byId("close").focus();
}

function toast(words) {
  byId("toast").textContent = words;
  byId("toast").hidden = false;
  setTimeout(() => (byId("toast").hidden = true), 6000);
}

byId("close").addEventListener("click", () => {
  byId("browser").hidden = true;
  byId("page").removeAttribute("src");
});

const words = byId("words");
byId("compose").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = words.value.trim();
  if (text) act("say", { text });
  words.value = "";
});
words.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    byId("compose").requestSubmit();
  }
});
byId("block").addEventListener("click", () => act("unfollow"));
for (const button of document.querySelectorAll(".follow"))
  button.addEventListener("click", () => act("follow"));

// --- seeing ---

function show(entry) {
  const time = new Date(entry.at);
  const day = time.toLocaleDateString("ja-JP", { month: "long", day: "numeric", weekday: "short" });
  if (day !== lastDay) {
    chat.append(element("li", "day", day));
    lastFromAccount = false;
  }
  lastDay = day;
  const isOwn = entry.from === "person";
  const row = element("li", isOwn ? "own" : "theirs");
  if (!isOwn) {
    const face = element("span", "face account", lastFromAccount ? "" : phone.dataset.account[0]);
    face.classList.toggle("again", lastFromAccount);
    face.setAttribute("aria-hidden", "true");
    row.append(face);
  }
  lastFromAccount = !isOwn;
  const clock = time.toLocaleTimeString("ja-JP", { hour: "numeric", minute: "2-digit" });
  row.append(draw(entry), element("time", "", clock));
  chat.append(row);
  quickReplies(entry);
  toEnd();
}

function toEnd() {
  byId("scroll").scrollTop = byId("scroll").scrollHeight;
}

// An action's index is its place among the message's actions, buttons before quick replies.
function draw({ id, message }) {
  const actions = offered(message);
  const placed = (action) => tap(id, actions.indexOf(action), action);
  if (message.type === "text") return linked(message.text);
  if (message.type === "template") return template(message.template, placed);
  return message.type === "flex" ? drawFlex(message.contents, placed) : drawThing(message);
}

function offered(message) {
  const found = [];
  if (message.type === "template") {
    found.push(...message.template.actions);
    if (message.template.defaultAction) found.push(message.template.defaultAction);
  }
  if (message.type === "flex") collect(message.contents, found);
  return found;
}

function collect(component, found) {
  if (component.action) found.push(component.action);
  for (const part of ["header", "hero", "body", "footer"])
    if (component[part]) collect(component[part], found);
  for (const child of component.contents ?? []) collect(child, found);
}

function template(content, placed) {
  const bubble = element("div", `template ${content.type}`);
  const said = element("div", "said");
  if (content.title) said.append(element("strong", "", content.title));
  said.append(element("p", "", content.text));
  if (content.defaultAction) makeTappable(said, () => placed(content.defaultAction));
  const buttons = element("div", "buttons");
  for (const action of content.actions) {
    const button = element("button", "", action.label);
    button.type = "button";
    button.addEventListener("click", () => placed(action));
    buttons.append(button);
  }
  if (content.thumbnailImageUrl) bubble.append(DRAW.image({ url: content.thumbnailImageUrl }));
  bubble.append(said, buttons);
  return bubble;
}

function linked(text) {
  const bubble = element("p", "bubble");
  for (const part of text.split(/(https?:\/\/[^\s「」（）、。]+)/)) {
    if (!/^https?:/.test(part)) {
      bubble.append(part);
      continue;
    }
    const link = element("a", "", part);
    link.href = part;
    link.addEventListener("click", (event) => (event.preventDefault(), open(part)));
    bubble.append(link);
  }
  return bubble;
}

// Only the last message's quick replies are shown, and only until something else happens.
function quickReplies({ id, message }) {
  const items = message.quickReply?.items ?? [];
  const before = offered(message).length;
  byId("quick").replaceChildren(
    ...items.map(({ action }, index) => {
      const button = element("button", "", action.label);
      button.type = "button";
      button.addEventListener("click", () => tap(id, before + index, action));
      return button;
    }),
  );
}

const stream = new EventSource(`${here}/events`);
stream.addEventListener("message", ({ data }) => show(JSON.parse(data)));
stream.addEventListener("state", ({ data }) => {
  const { state } = JSON.parse(data);
  byId("stranger").hidden = state !== "stranger";
  byId("blocked").hidden = state !== "blocked";
  byId("block").hidden = state !== "friend";
  byId("compose").hidden = state === "blocked";
  toEnd();
});
stream.addEventListener("typing", ({ data }) => {
  byId("typing").hidden = !JSON.parse(data).typing;
  toEnd();
});
stream.addEventListener("open", () => (byId("offline").hidden = true));
stream.addEventListener("error", () => (byId("offline").hidden = false));
