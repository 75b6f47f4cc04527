// What a phone sends beside words, what it picks, and the menu at the bottom of its chat.
"use strict";

const MENU = byId("menu");
const PICKERS = { date: "date", time: "time", datetime: "datetime-local" };

// What a tapped button wants of the phone before the account is told anything.
function provide(wants, action, tapAgain) {
  if (wants === "location") return ask("場所を送る", [["緯度", "number", "35.681"], ["経度", "number", "139.767"], ["住所", "text", ""]], ([latitude, longitude, address]) =>
    act("send", { type: "location", latitude, longitude, address }));
  if (wants === "datetimepicker") {
    const kind = PICKERS[action.mode];
    const bounds = { min: action.min ?? "", max: action.max ?? "" };
    return ask(action.label, [["", kind, action.initial ?? "", bounds]], ([picked]) => tapAgain(picked));
  }
  const file = byId("file");
  file.accept = "image/*";
  file.click();
}

// Asks in a sheet; each field is [label, type, value, further attributes].
function ask(title, fields, done) {
  const form = byId("asking");
  const inputs = fields.map(([label, type, value, more = {}]) => {
    const input = element("input");
    Object.assign(input, { type, value, ...more });
    if (type === "number") input.step = "any";
    input.setAttribute("aria-label", label || title);
    input.placeholder = label;
    return input;
  });
  const send = element("button", "", "決定");
  const leave = element("button", "quiet", "やめる");
  leave.type = "button";
  leave.addEventListener("click", () => (form.hidden = true));
  form.replaceChildren(element("strong", "", title), ...inputs, send, leave);
  form.onsubmit = (event) => {
    event.preventDefault();
    form.hidden = true;
    done(inputs.map((input) => input.value));
  };
  form.hidden = false;
  inputs[0].focus();
}

// Several photographs go at once, as LINE's album does; anything else goes one by one.
byId("file").addEventListener("change", async ({ target }) => {
  const files = [...target.files];
  target.value = "";
  target.accept = "";
  const contents = await Promise.all(files.map(read));
  if (files.length > 1 && files.every(isPhotograph))
    return act("send", { type: "images", contents, media_type: files[0].type });
  for (const [place, file] of files.entries()) {
    const type = isPhotograph(file) ? "image" : "file";
    await act("send", { type, content: contents[place], media_type: file.type, file_name: file.name });
  }
});

const isPhotograph = (file) => /^image\/(jpeg|png)$/.test(file.type);

function read(file) {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.addEventListener("load", () =>
      resolve(reader.result.slice(reader.result.indexOf(",") + 1)));
    reader.readAsDataURL(file);
  });
}

byId("attach").addEventListener("click", () => byId("file").click());
byId("sticker").addEventListener("click", () => act("send", { type: "sticker" }));

// Something that the person sent, as it stands in the chat.
function drawThing(message) {
  const named = { image: "写真", video: "動画", audio: "音声", sticker: "スタンプ", file: "ファイル", location: "位置情報" };
  const more = message.fileName ?? message.address ?? "";
  return element("p", "bubble thing", `${named[message.type] ?? message.type}\n${more}`.trim());
}

// Two answers may overtake each other: only the one to the last question is shown.
let menusAsked = 0;

async function showMenu() {
  const asked = ++menusAsked;
  const answer = await fetch(`${here}/menu`);
  const menu = answer.ok ? await answer.json() : {};
  if (asked !== menusAsked) return;
  MENU.hidden = !menu.areas;
  if (!menu.areas) return MENU.replaceChildren();
  const bar = element("button", "bar", `${menu.chatBarText} ▾`);
  bar.type = "button";
  const body = element("div", "areas");
  body.hidden = !menu.selected;
  bar.addEventListener("click", () => (body.hidden = !body.hidden));
  const picture = element("img");
  picture.src = `${here}/menu/${menu.richMenuId}/picture`;
  picture.alt = "";
  body.append(picture, ...menu.areas.map(({ bounds, action }, index) => {
    const area = element("button");
    area.type = "button";
    area.setAttribute("aria-label", action.label ?? "");
    for (const [side, value, whole] of [["left", bounds.x, menu.size.width], ["width", bounds.width, menu.size.width], ["top", bounds.y, menu.size.height], ["height", bounds.height, menu.size.height]])
      area.style[side] = `${(100 * value) / whole}%`;
    area.addEventListener("click", async () => {
      const said = await act("menu/tap", { area_index: index, menu_id: menu.richMenuId });
      if (said.open) open(said.open);
    });
    return area;
  }));
  MENU.replaceChildren(bar, body);
  toEnd();
}

stream.addEventListener("menu", showMenu);
