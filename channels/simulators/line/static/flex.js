// Draws flex containers with plain elements; nothing from a message is ever read as HTML.
"use strict";

const TEXT_SIZES = { xxs: 11, xs: 13, sm: 14, md: 16, lg: 19, xl: 22, xxl: 29, "3xl": 35, "4xl": 48, "5xl": 74 };
const GAPS = { none: 0, xs: 2, sm: 4, md: 8, lg: 12, xl: 16, xxl: 20 };
const ALIGN = { start: "left", center: "center", end: "right" };
const px = (table, value) =>
  value in table ? `${table[value]}px` : /^\d+(\.\d+)?px$/.test(value ?? "") ? value : "";
const color = (value) => (/^#[0-9a-f]{6}([0-9a-f]{2})?$/i.test(value ?? "") ? value : "");

function element(tag, kind, words) {
  const made = document.createElement(tag);
  if (kind) made.className = kind;
  if (words !== undefined) made.textContent = words;
  return made;
}

// Only the innermost thing under the finger is tapped.
function makeTappable(made, tapped) {
  const inner = (event) => event.target.closest("button, .tappable") === made;
  made.classList.add("tappable");
  made.setAttribute("role", "button");
  made.tabIndex = 0;
  made.addEventListener("click", (event) => inner(event) && tapped());
  made.addEventListener("keydown", (event) => event.key === "Enter" && inner(event) && tapped());
}

// `tapped(action)` is called when the reader taps a component.
function drawFlex(container, tapped) {
  if (container.type === "carousel") {
    const row = element("div", "carousel");
    row.append(...container.contents.map((bubble) => drawFlex(bubble, tapped)));
    return row;
  }
  const bubble = element("div", `flex ${container.size ?? ""}`);
  for (const part of ["header", "hero", "body", "footer"])
    if (container[part]) {
      const block = drawComponent(container[part], tapped);
      block.classList.add(part);
      const style = container.styles?.[part];
      if (color(style?.backgroundColor)) block.style.backgroundColor = style.backgroundColor;
      bubble.append(block);
    }
  if (container.action) makeTappable(bubble, () => tapped(container.action));
  return bubble;
}

function drawComponent(component, tapped, parent = {}) {
  const made = DRAW[component.type](component, tapped);
  if (component.action && component.type !== "button")
    makeTappable(made, () => tapped(component.action));
  if (component.margin) {
    const side = parent.layout === "vertical" ? "marginTop" : "marginLeft";
    made.style[side] = px(GAPS, component.margin);
  }
  const isRow = parent.layout && parent.layout !== "vertical";
  const share = component.flex ?? (isRow && component.type !== "separator" ? 1 : 0);
  if (share) made.style.flex = `${share} ${share} 0`;
  return made;
}

const DRAW = {
  box(component, tapped) {
    const box = element("div", `box ${component.layout}`);
    box.style.gap = px(GAPS, component.spacing);
    box.style.padding = px(GAPS, component.paddingAll);
    box.style.borderRadius = px(GAPS, component.cornerRadius);
    box.style.backgroundColor = color(component.backgroundColor);
    box.append(...component.contents.map((child) => drawComponent(child, tapped, component)));
    return box;
  },
  text(component) {
    const text = element("p", component.wrap ? "wrap" : "");
    styleText(text, component);
    text.style.textAlign = ALIGN[component.align] ?? "";
    if (component.contents)
      for (const span of component.contents) {
        const part = element("span", "", span.text);
        styleText(part, span);
        text.append(part);
      }
    else text.textContent = component.text;
    return text;
  },
  button(component, tapped) {
    const button = element("button", `button ${component.style ?? "link"}`, component.action.label);
    button.type = "button";
    if (component.height === "sm") button.classList.add("low");
    const shade = color(component.color);
    if (shade) button.style[component.style === "primary" ? "backgroundColor" : "color"] = shade;
    button.addEventListener("click", () => tapped(component.action));
    return button;
  },
  image(component) {
    const image = element("img");
    image.src = component.url;
    image.alt = "";
    return image;
  },
  icon: (component) => DRAW.image(component),
  separator: () => element("hr"),
  filler: () => element("div", "filler"),
};

function styleText(made, component) {
  made.style.fontSize = px(TEXT_SIZES, component.size ?? "md");
  made.style.color = color(component.color);
  if (component.weight === "bold") made.style.fontWeight = "700";
  if (component.decoration) made.style.textDecoration = component.decoration;
}
