// Elements made in one call: make("p", { class: "note" }, "text", other).

export function make(name, attributes = {}, ...content) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "value" || key === "checked") element[key] = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...content.flat().filter((each) => each !== null && each !== undefined));
  return element;
}

export const $ = (id) => document.getElementById(id);

export function button(label, onclick, attributes = {}) {
  return make("button", { type: "button", onclick, ...attributes }, label);
}

export function options(select, each, chosen) {
  select.replaceChildren(...each.map(([value, label]) => make("option", { value }, label)));
  select.value = chosen ?? "";
}

// A message, in which what stands between backticks is code.
export const worded = (text) =>
  text.split("`").map((part, at) => (at % 2 ? make("code", {}, part) : document.createTextNode(part)));

// What infoshare writes as HTML: it escapes whatever anybody wrote in it.
export function markup(html, attributes = {}) {
  const element = make("div", attributes);
  element.innerHTML = html;
  return element;
}
