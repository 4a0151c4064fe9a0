// The case as a form, made of the facts of a policy: what is given is kept in `facts`, as a case file has it.
import { button, make } from "./dom.js";

const SURE = "unsure";
const NOT_SURE = [SURE, "not sure"];
const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const keyOf = (group, element, fact) => (element === null ? `${group}.${fact}` : `${group}[${JSON.stringify(element)}].${fact}`);

export class Form {
  #place;
  #changed;
  #groups = null;
  #drawn = "";
  #open = new Map();
  #asked = new Map();
  facts = {};

  constructor(place, changed) {
    this.#place = place;
    this.#changed = changed;
  }

  // The groups of a policy; the form is drawn anew only where they are others.
  show(groups) {
    if (JSON.stringify(groups) === this.#drawn) return;
    this.#drawn = JSON.stringify(groups);
    this.#groups = groups;
    this.draw();
  }

  fill(facts) {
    this.facts = facts;
    this.#open.clear();
    this.draw();
  }

  // What the answer asks for now, by the keys of facts.
  asks(questions) {
    this.#asked = new Map(questions.map(({ key, ask }) => [key, ask]));
    if (!Object.keys(this.facts).length && !this.#open.size) this.#begin();
    this.#markAll();
  }

  // Of a case of which nothing is said, the group that is asked about first stands open.
  #begin() {
    const [first] = this.#asked.keys();
    const row = [...this.#place.querySelectorAll("[data-key]")].find((each) => each.dataset.key === first);
    const details = row?.closest("details");
    if (details) details.open = true;
  }

  #markAll() {
    for (const row of this.#place.querySelectorAll("[data-key]")) this.#mark(row);
    for (const details of this.#place.children) {
      const note = details.querySelector(":scope > summary .asking");
      if (note) note.hidden = !details.querySelector(".asked:not([hidden])");
    }
  }

  goTo(key) {
    const row = [...this.#place.querySelectorAll("[data-key]")].find((each) => each.dataset.key === key);
    if (!row) return;
    for (let up = row; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
    row.scrollIntoView({ block: "center" });
    row.querySelector("input, select, button")?.focus({ preventScroll: true });
  }

  draw() {
    if (!this.#groups) return;
    const focused = document.activeElement?.id;
    this.#place.replaceChildren(...this.#groups.map((group) => this.#group(group)));
    this.#markAll();
    if (focused && this.#place.contains(document.getElementById(focused))) document.getElementById(focused).focus();
  }

  #mark(row) {
    const note = row.querySelector(":scope > .asked");
    const asked = this.#asked.has(row.dataset.key);
    if (note) note.hidden = !asked;
  }

  #tell(redraw = false) {
    if (redraw) this.draw();
    this.#count();
    this.#changed();
  }

  #given(group) {
    const given = this.facts[group.name];
    if (given === undefined) return 0;
    return Array.isArray(given) ? given.length : given === SURE ? 1 : Object.keys(given).length;
  }

  #count() {
    for (const group of this.#groups) {
      const given = this.#given(group);
      const said = this.#place.querySelector(`[data-count="${group.name}"]`);
      if (said) said.textContent = given ? `${given} ${group.each ? "listed" : "answered"}` : "";
    }
  }

  #group(group) {
    const few = this.#groups.reduce((sum, each) => sum + each.facts.length, 0) <= 12;
    const given = this.#given(group);
    const inside = group.each ? this.#list(group) : group.facts.map((fact) => this.#fact(group, null, fact));
    return make(
      "details",
      {
        open: this.#open.get(group.name) ?? (few || given > 0),
        ontoggle: (event) => event.target === event.currentTarget && this.#open.set(group.name, event.currentTarget.open),
      },
      make("summary", {}, sentence(group.each ? `${group.name}s: ${group.phrase}` : group.phrase), " ",
        make("span", { class: "asking", hidden: true }, "asked "),
        make("span", { class: "count", "data-count": group.name }, given ? `${given} ${group.each ? "listed" : "answered"}` : "")),
      ...inside,
    );
  }

  // --- a list

  #list(group) {
    const given = this.facts[group.name];
    const state = given === undefined ? "" : given === SURE ? SURE : given.length ? "listed" : "none";
    const id = `list-${group.name}`;
    const choose = (event) => {
      const to = event.target.value;
      if (to === "") delete this.facts[group.name];
      else this.facts[group.name] = to === SURE ? SURE : to === "none" ? [] : [this.#fresh(group)];
      this.#tell(true);
    };
    const rows = [
      this.#row(group.name, [
        make("label", { for: id }, `Which ${group.name}s are there?`),
        this.#select(id, [["", ""], ["listed", "those below"], ["none", "there are none"], [SURE, "not known"]], state, choose),
      ]),
    ];
    if (state !== "listed") return rows;
    return [
      ...rows,
      ...given.map((element, at) => this.#element(group, element, at)),
      button(`Add another ${group.name}`, () => {
        given.push(this.#fresh(group));
        this.#tell(true);
        document.getElementById(`${group.name}-${given.length - 1}-name`)?.focus();
      }, { id: `add-${group.name}` }),
    ];
  }

  #fresh(group) {
    const names = new Set((Array.isArray(this.facts[group.name]) ? this.facts[group.name] : []).map((each) => each.name));
    let number = names.size + 1;
    while (names.has(`${group.name} ${number}`)) number += 1;
    return { name: `${group.name} ${number}` };
  }

  #element(group, element, at) {
    const id = `${group.name}-${at}-name`;
    const list = this.facts[group.name];
    const rename = (event) => {
      this.#renamed(group.name, element.name, event.target.value);
      element.name = event.target.value;
      this.#tell(true);
    };
    const remove = () => {
      list.splice(at, 1);
      if (!list.length) delete this.facts[group.name];
      this.#tell(true);
      document.getElementById(list.length ? `add-${group.name}` : `list-${group.name}`)?.focus();
    };
    return make(
      "fieldset", {},
      make("legend", {}, element.name),
      make("div", { class: "row" }, make("label", { for: id }, "Name"), make("input", { id, value: element.name, onchange: rename }),
        button("Remove", remove, { "aria-label": `Remove ${element.name}` })),
      ...group.facts.map((fact) => this.#fact(group, element, fact)),
    );
  }

  #renamed(list, from, to) {
    for (const group of this.#groups) {
      const held = this.facts[group.name];
      for (const holder of Array.isArray(held) ? held : [held ?? {}]) {
        for (const fact of group.facts.filter(({ names }) => names === list)) {
          const value = holder[fact.name];
          if (value === from) holder[fact.name] = to;
          else if (Array.isArray(value)) holder[fact.name] = value.map((each) => (each === from ? to : each));
        }
      }
    }
  }

  // --- a fact

  #holder(group, element) {
    if (element !== null) return element;
    const held = this.facts[group.name];
    return held !== null && typeof held === "object" ? held : {};
  }

  #set(group, element, fact, value, redraw = false) {
    const holder = this.#holder(group, element);
    if (value === undefined) delete holder[fact.name];
    else holder[fact.name] = value;
    if (element === null) {
      if (Object.keys(holder).length) this.facts[group.name] = holder;
      else delete this.facts[group.name];
    }
    this.#tell(redraw);
  }

  #fact(group, element, fact) {
    const at = element === null ? "" : `-${this.facts[group.name].indexOf(element)}`;
    const id = `${group.name}${at}-${fact.name}`;
    const value = this.#holder(group, element)[fact.name];
    const set = (given, redraw) => this.#set(group, element, fact, given, redraw);
    const key = keyOf(group.name, element?.name ?? null, fact.name);
    const hint = fact.assumed === null ? [] : [make("small", { id: `${id}-hint` }, `Left open: ${fact.assumed}.`)];
    const described = hint.length ? `${id}-hint` : null;
    const label = make("label", { for: id }, fact.ask);
    switch (fact.type) {
      case "yes or no": {
        const said = value === true ? "yes" : value === false ? "no" : value ?? "";
        const told = { yes: true, no: false, unsure: SURE };
        return this.#row(key, [label, this.#select(id, [["", ""], ["yes", "yes"], ["no", "no"], NOT_SURE], said,
          (event) => set(told[event.target.value]), described)], hint);
      }
      case "one of":
        return this.#row(key, [label, this.#select(id, [["", ""], ...fact.labels, NOT_SURE], value ?? "",
          (event) => set(event.target.value || undefined), described)], hint);
      case "one": {
        const names = this.#names(fact).map((name) => [`=${name}`, name]);
        const said = value === undefined ? "" : value === SURE ? SURE : typeof value === "string" ? `=${value}` : "none";
        const read = (text) => (text === "" ? undefined : text === "none" ? { none: true } : text === SURE ? SURE : text.slice(1));
        return this.#row(key, [label, this.#select(id, [["", ""], ...names, ["none", "none of them"], NOT_SURE], said,
          (event) => set(read(event.target.value)), described)], hint);
      }
      case "some of":
      case "some": {
        const choices = fact.type === "some" ? this.#names(fact).map((name) => [name, name]) : fact.labels;
        return this.#several(id, key, fact, choices, value, set, hint);
      }
      default:
        return this.#typed(id, key, fact, label, value, set, hint, described);
    }
  }

  #names(fact) {
    const list = this.facts[fact.names];
    return Array.isArray(list) ? list.map((each) => each.name) : [];
  }

  #several(id, key, fact, choices, value, set, hint) {
    const state = value === undefined ? "" : Array.isArray(value) ? "answered" : SURE;
    const ticked = new Set(Array.isArray(value) ? value : []);
    const choose = (event) => set({ answered: [], unsure: SURE }[event.target.value], true);
    const tick = (event) => {
      if (event.target.checked) ticked.add(event.target.value);
      else ticked.delete(event.target.value);
      set(choices.map(([each]) => each).filter((each) => ticked.has(each)));
    };
    const boxes = choices.map(([each, words], at) => make("label", { class: "tick" },
      make("input", { type: "checkbox", id: `${id}-${at}`, value: each, checked: ticked.has(each), onchange: tick }), " ", words));
    const none = choices.length ? "none, unless ticked" : "none";
    return make("fieldset", { "data-key": key, class: "fact" }, make("legend", {}, fact.ask), this.#note(),
      make("label", { for: id, class: "unseen" }, `How this is answered: ${fact.ask}`),
      this.#select(id, [["", ""], ["answered", none], NOT_SURE], state, choose),
      ...(state === "answered" ? boxes : []), ...hint);
  }

  #typed(id, key, fact, label, value, set, hint, described) {
    const unsure = value === SURE && fact.type !== "text";
    const read = (text) => {
      if (text === "") return undefined;
      return fact.type === "number" && /^-?\d{1,15}$/.test(text) ? Number(text) : text;
    };
    const input = make("input", {
      id, type: fact.type === "text" ? "text" : fact.type, min: fact.low, max: fact.high, "aria-describedby": described,
      step: fact.type === "number" ? 1 : null, disabled: unsure, value: value === undefined || unsure ? "" : String(value),
      oninput: (event) => set(read(event.target.value)),
    });
    const tick = make("label", { class: "tick" }, make("input", {
      type: "checkbox", id: `${id}-unsure`, checked: value === SURE, "aria-label": `not sure: ${fact.ask}`,
      onchange: (event) => set(event.target.checked ? SURE : undefined, true),
    }), " not sure");
    return this.#row(key, [label, input, tick], hint);
  }

  #note() {
    return make("span", { class: "asked", hidden: true }, "The answer hangs on this.");
  }

  #row(key, controls, hint = []) {
    return make("div", { class: "fact", "data-key": key }, this.#note(), ...controls, ...hint);
  }

  #select(id, each, chosen, onchange, described = null) {
    const known = each.some(([value]) => value === chosen) ? each : [...each, [chosen, String(chosen)]];
    const select = make("select", { id, onchange, "aria-describedby": described },
      ...known.map(([value, label]) => make("option", { value }, label)));
    select.value = chosen;
    return select;
  }
}
