// Makes forms of procedures easier. Without this script every one of them can be sent all the same.
"use strict";

const make = (name, attributes) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
};

// A field that completes what is typed: the combobox pattern of the ARIA Authoring Practices Guide.
const complete = (place) => {
  const kind = place.dataset.suggest;
  const input = place.querySelector(`[name=${kind}_words]`);
  const look = place.querySelector("[name=look]");
  const list = make("ul", { role: "listbox", id: `${kind}-list`, hidden: "" });
  const told = make("p", { role: "status", class: "hidden" });
  list.setAttribute("aria-labelledby", `${kind}-label`);
  let code = place.querySelector(`input[type=hidden][name=${kind}]`);
  if (!code) {
    // The buttons that a page without script has: the list takes their place.
    const buttons = place.querySelector("fieldset");
    code = make("input", { type: "hidden", name: kind });
    buttons.replaceWith(code);
  }
  const attributes = {
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": list.id,
  };
  for (const [key, value] of Object.entries(attributes)) input.setAttribute(key, value);
  input.after(list, told);
  look.parentElement.hidden = true;

  let at = -1;
  let asked = 0;
  const options = () => [...list.children];
  const close = () => {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (next) => {
    const all = options();
    if (!all.length) return;
    at = (next + all.length) % all.length;
    all.forEach((one, number) => one.setAttribute("aria-selected", String(number === at)));
    all[at].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", all[at].id);
  };
  const choose = (one) => {
    input.value = one.textContent;
    code.value = one.dataset.value;
    code.dispatchEvent(new Event("change", { bubbles: true }));
    close();
  };
  const draw = (found) => {
    // What was marked stays so in the new list: whoever presses Enter now means it, and not the form.
    const marked = options()[at]?.dataset.value;
    list.replaceChildren(
      ...found.map((one, number) => {
        const id = `${kind}-option-${number}`;
        const option = make("li", { role: "option", id, "aria-selected": "false" });
        option.textContent = one.label;
        option.dataset.value = one.value;
        return option;
      }),
    );
    at = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(found.length > 0));
    const again = found.findIndex((one) => one.value === marked);
    if (again >= 0) mark(again);
    const { some, none } = place.dataset;
    told.textContent = found.length ? some.replace("{count}", found.length) : none;
  };
  const search = async () => {
    const mine = ++asked;
    const words = input.value.trim();
    const bank = document.querySelector("input[type=hidden][name=bank]");
    if (!words) {
      close();
      return;
    }
    const query = new URLSearchParams({ words, bank: kind === "branch" ? bank.value : "" });
    const answer = await fetch(`/suggest/${kind}?${query}`);
    // Answers may come in another order than they were asked for.
    if (mine === asked && answer.ok) draw(await answer.json());
  };

  input.addEventListener("input", (event) => {
    code.value = "";
    place.querySelector(".chosen")?.remove();
    // Half a kana is nothing to look for.
    if (!event.isComposing) search();
  });
  input.addEventListener("compositionend", search);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) search();
      else mark(event.key === "ArrowDown" ? at + 1 : at < 0 ? -1 : at - 1);
    } else if (event.key === "Enter" && !list.hidden && at >= 0) {
      event.preventDefault();
      choose(options()[at]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    }
  });
  input.addEventListener("blur", close);
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });
  if (kind === "branch") {
    document.querySelector("input[type=hidden][name=bank]")?.addEventListener("change", () => {
      input.value = code.value = "";
    });
  }
};

// Only the half that was chosen is shown, and what is not shown is not sent.
const showOnly = (buttons) => {
  const update = () => {
    for (const button of buttons) {
      const part = document.getElementById(button.dataset.shows);
      part.hidden = part.disabled = !button.checked;
    }
  };
  for (const button of buttons) button.addEventListener("change", update);
  update();
};

const locate = (place) => {
  const button = place.querySelector("[data-locate]");
  const told = place.querySelector("[data-located]");
  if (!navigator.geolocation) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        place.querySelector("[name=latitude]").value = coords.latitude.toFixed(6);
        place.querySelector("[name=longitude]").value = coords.longitude.toFixed(6);
        place.querySelector("details").open = true;
        told.textContent = told.dataset.found;
      },
      () => {
        told.textContent = told.dataset.failed;
      },
      { enableHighAccuracy: true, timeout: 15000 },
    );
  });
};

// A file that is too large is said before it has taken its minutes on the way.
const weigh = (input) => {
  const told = make("p", { role: "alert", class: "wrong" });
  told.textContent = input.dataset.tooLarge;
  input.addEventListener("change", () => {
    told.remove();
    if ([...input.files].every((file) => file.size <= Number(input.dataset.most))) return;
    input.value = "";
    input.before(told);
  });
};

const draw = (place) => {
  const drawing = place.querySelector("[data-drawing]");
  const canvas = drawing.querySelector("canvas");
  const file = place.querySelector("input[type=file]");
  const pen = canvas.getContext("2d");
  let isDown = false;
  const clear = () => {
    pen.fillStyle = "#ffffff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.strokeStyle = "#1a1a1a";
    pen.lineWidth = 4;
    pen.lineCap = pen.lineJoin = "round";
    file.value = "";
  };
  const point = (event) => {
    const box = canvas.getBoundingClientRect();
    const scale = canvas.width / box.width;
    return [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
  };
  const keep = () =>
    canvas.toBlob((image) => {
      const files = new DataTransfer();
      files.items.add(new File([image], "signature.png", { type: "image/png" }));
      file.files = files.files;
    }, "image/png");

  drawing.hidden = false;
  clear();
  canvas.addEventListener("pointerdown", (event) => {
    isDown = true;
    canvas.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...point(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!isDown) return;
    pen.lineTo(...point(event));
    pen.stroke();
  });
  canvas.addEventListener("pointerup", () => {
    isDown = false;
    keep();
  });
  drawing.querySelector("[data-clear]").addEventListener("click", clear);
};

for (const place of document.querySelectorAll("[data-suggest]")) complete(place);
for (const place of document.querySelectorAll("[data-place]")) locate(place);
for (const input of document.querySelectorAll("[data-most]")) weigh(input);
for (const place of document.querySelectorAll("[data-signature]")) draw(place);
const shows = [...document.querySelectorAll("[data-shows]")];
if (shows.length) showOnly(shows);
