// The text of a policy, in CodeMirror: coloured, checked, completed and explained by infoshare.
import {
  EditorState, EditorView, HighlightStyle, StreamLanguage, Tag, autocompletion, bracketMatching,
  closeCompletion, completionKeymap, defaultKeymap, drawSelection, highlightActiveLine, highlightSelectionMatches,
  history, historyKeymap, hoverTooltip, keymap, lineNumbers, lintKeymap, searchKeymap, setDiagnostics, snippet,
  syntaxHighlighting, tooltips,
} from "./codemirror.js";
import { markup } from "./dom.js";

// --- colours, by the rules that infoshare has for every editor

const TAGS = Object.fromEntries(
  ["comment", "text", "declaration", "declared", "part", "word", "logic", "fact", "value", "number", "date", "name",
    "sign"].map((role) => [role, Tag.define()]),
);
const COLOURS = HighlightStyle.define([
  { tag: TAGS.comment, color: "var(--soft)", fontStyle: "italic" },
  { tag: TAGS.text, color: "var(--share)" },
  { tag: TAGS.declaration, color: "var(--accent)", fontWeight: "bold" },
  { tag: TAGS.declared, fontWeight: "bold" },
  { tag: [TAGS.part, TAGS.word], color: "var(--accent)" },
  { tag: TAGS.logic, color: "var(--exception)" },
  { tag: TAGS.fact, color: "var(--consent)" },
  { tag: [TAGS.value, TAGS.number, TAGS.date], color: "var(--advice)" },
  { tag: TAGS.name, color: "var(--ink)" },
  { tag: TAGS.sign, color: "var(--soft)" },
]);

function language(rules) {
  const compiled = rules.map(({ pattern, roles }) => ({ expression: new RegExp(pattern, "y"), roles }));
  const [comment, ...rest] = compiled;
  const found = (stream, { expression }) => {
    expression.lastIndex = stream.pos;
    const match = expression.exec(stream.string);
    return match && match[0] ? match : null;
  };
  function quoted(stream, state) {
    const end = stream.string.indexOf('"', stream.pos);
    state.quoted = end === -1;
    if (end === -1) stream.skipToEnd();
    else stream.pos = end + 1;
    return "text";
  }
  return StreamLanguage.define({
    name: "policy",
    startState: () => ({ quoted: false, rest: [] }),
    copyState: ({ quoted: within, rest: left }) => ({ quoted: within, rest: [...left] }),
    token(stream, state) {
      if (stream.sol()) state.rest = [];
      if (state.rest.length) {
        const { length, role } = state.rest.shift();
        stream.pos += length;
        return role;
      }
      if (state.quoted) return quoted(stream, state);
      if (stream.peek() === '"') {
        stream.next();
        return quoted(stream, state);
      }
      for (const rule of found(stream, comment) ? [comment] : rest) {
        const match = found(stream, rule);
        if (!match) continue;
        if (rule.roles.length === 1) {
          stream.pos += match[0].length;
          return rule.roles[0];
        }
        state.rest = rule.roles.map((role, at) => ({
          length: match[at + 1].length, role: role === "space" ? null : role,
        })).filter(({ length }) => length);
        const first = state.rest.shift();
        stream.pos += first.length;
        return first.role;
      }
      stream.next();
      return null;
    },
    tokenTable: TAGS,
    languageData: { commentTokens: { line: "#" } },
  });
}

const LOOK = EditorView.theme({
  "&": { height: "100%", color: "var(--ink)", backgroundColor: "var(--sheet)", fontSize: "0.875rem" },
  "&.cm-focused": { outline: "none" }, // the page draws a border about it
  ".cm-scroller": {
    fontFamily: 'ui-monospace, "SF Mono", Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace', lineHeight: "1.55",
  },
  ".cm-content": { caretColor: "var(--ink)", paddingBottom: "4rem" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--consent-back)",
  },
  ".cm-gutters": { backgroundColor: "var(--sheet)", color: "var(--soft)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--plain-back) 45%, transparent)" },
  ".cm-lintRange": { backgroundImage: "none !important", textDecoration: "underline wavy 1.5px", textUnderlineOffset: "3px" },
  ".cm-lintRange-error": { textDecorationColor: "var(--withhold)" },
  ".cm-lintRange-warning": { textDecorationColor: "var(--advice)" },
  ".cm-tooltip": {
    backgroundColor: "var(--sheet)", color: "var(--ink)", border: "1px solid var(--rule)", borderRadius: "6px",
    boxShadow: "0 4px 16px rgb(0 0 0 / 15%)", maxWidth: "min(34rem, 92vw)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "inherit", maxHeight: "16rem" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "2px 8px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    backgroundColor: "var(--accent)", color: "var(--sheet)",
  },
  ".cm-completionDetail": { color: "var(--soft)", fontStyle: "normal", marginLeft: "1em" },
  "li[aria-selected] .cm-completionDetail": { color: "var(--sheet)" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "bold" },
  ".cm-tooltip.cm-completionInfo": { padding: "4px 10px" },
  ".cm-diagnostic": { fontFamily: "system-ui, sans-serif", padding: "4px 10px", borderLeft: "none" },
  ".cm-tip": { padding: "4px 12px", fontFamily: "system-ui, sans-serif", fontSize: "0.9rem", maxHeight: "24rem", overflow: "auto" },
  ".cm-tip pre, .cm-completionInfo pre": { overflow: "auto", backgroundColor: "var(--paper)", padding: "6px" },
  ".cm-tip p, .cm-completionInfo p": { margin: "0.4rem 0" },
  ".cm-tip ul, .cm-completionInfo ul": { margin: "0.4rem 0", paddingLeft: "1.2rem" },
  ".cm-tip a": { color: "var(--accent)" },
  ".cm-panels": { backgroundColor: "var(--paper)", color: "var(--ink)", borderColor: "var(--rule)" },
  ".cm-panels button, .cm-panels input": { font: "inherit", color: "inherit", backgroundImage: "none", backgroundColor: "var(--sheet)" },
  ".cm-searchMatch": { backgroundColor: "var(--advice-back)" },
});

const KINDS = {
  fact: "property", value: "constant", group: "namespace", define: "function", clause: "class", source: "text",
  part: "namespace", word: "keyword", snippet: "type", file: "text",
};

// A snippet as CodeMirror has it: of a choice, the first.
const filled = (text) => text.replace(/\$\{(\d+)\|([^,|}]*)[^}]*\}/g, "${$1:$2}");

export class Editor {
  #view;
  #states = new Map();
  #extensions;
  file = "";

  // about: asks infoshare; changed: is called with the name of a file and its text; explained: shows an explanation.
  constructor(place, rules, { about, changed, explained, nextProblem }) {
    const root = place.attachShadow({ mode: "open" }); // in a shadow, CodeMirror needs no style element
    const source = async (context) => {
      const typed = context.matchBefore(/[a-z0-9_.]+/);
      if (!typed && !context.explicit) return null;
      const found = await about("complete", { file: this.file, at: context.pos });
      if (context.aborted || !found.length) return null;
      return {
        from: Math.min(...found.map((each) => each.from)),
        filter: true,
        options: found.map((each) => ({
          label: each.label,
          type: KINDS[each.kind],
          detail: each.detail,
          info: each.about ? () => markup(each.about) : undefined,
          apply: each.kind === "snippet"
            ? (view, completion, from, to) => snippet(filled(each.text))(view, completion, each.from, to)
            : (view, completion, from, to) => view.dispatch({
              changes: { from: each.from, to, insert: each.text },
              selection: { anchor: each.from + each.text.length },
              userEvent: "input.complete",
            }),
        })),
        validFor: /^[a-z0-9_.]*$/,
      };
    };
    const explain = () => {
      const at = this.#view.state.selection.main.head;
      about("hover", { file: this.file, at }).then((found) => explained(found?.html ?? null));
      return true;
    };
    this.#extensions = [
      lineNumbers(), history(), drawSelection(), highlightActiveLine(), bracketMatching(), highlightSelectionMatches(),
      language(rules), syntaxHighlighting(COLOURS), LOOK, tooltips({ position: "fixed" }), EditorView.lineWrapping,
      autocompletion({ override: [source], icons: false }),
      hoverTooltip(async (view, at) => {
        const found = await about("hover", { file: this.file, at });
        return found && {
          pos: found.from, end: found.to, create: () => ({ dom: markup(found.html, { class: "cm-tip" }) }),
        };
      }),
      keymap.of([
        { key: "F1", run: explain, preventDefault: true },
        { key: "F8", run: nextProblem },
        ...completionKeymap, ...searchKeymap, ...historyKeymap, ...lintKeymap, ...defaultKeymap,
      ]),
      EditorView.contentAttributes.of({ "aria-label": "The text of the policy", tabindex: "0", spellcheck: "false", autocapitalize: "off" }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) changed(this.file, update.state.doc.toString());
      }),
    ];
    this.#view = new EditorView({ parent: root, root });
  }

  // Shows a file; `text` in place of what it was, or as it was left.
  show(file, text) {
    if (this.file) this.#states.set(this.file, this.#view.state);
    this.file = file;
    const kept = this.#states.get(file);
    const state = kept?.doc.toString() === text
      ? kept : EditorState.create({ doc: text, extensions: this.#extensions });
    closeCompletion(this.#view);
    this.#view.setState(state);
  }

  forget() {
    this.#states.clear();
    this.file = "";
  }

  replace(text) {
    const { state } = this.#view;
    const old = state.doc.toString();
    let start = 0;
    while (start < old.length && old[start] === text[start]) start += 1;
    let end = 0;
    while (end < Math.min(old.length, text.length) - start && old.at(-1 - end) === text.at(-1 - end)) end += 1;
    this.#view.dispatch({ changes: { from: start, to: old.length - end, insert: text.slice(start, text.length - end) } });
  }

  change(edits) {
    this.#view.dispatch({ changes: edits.map(({ from, to, text }) => ({ from, to, insert: text })) });
  }

  // Puts a declaration at the end.
  append(text) {
    const { doc } = this.#view.state;
    const insert = `${doc.toString().endsWith("\n") ? "" : "\n"}\n${text.trimEnd()}\n`;
    this.#view.dispatch({
      changes: { from: doc.length, insert }, selection: { anchor: doc.length + insert.length }, scrollIntoView: true,
    });
  }

  problems(found) {
    const length = this.#view.state.doc.length;
    this.#view.dispatch(setDiagnostics(this.#view.state, found.filter((each) => each.to <= length).map((each) => ({
      from: each.from, to: each.to, severity: each.severity, message: [each.message, ...each.help].join("\n"), source: each.code,
    }))));
  }

  get at() {
    return this.#view.state.selection.main.head;
  }

  goTo(from, to) {
    const length = this.#view.state.doc.length;
    this.#view.dispatch({
      selection: { anchor: Math.min(from, length), head: Math.min(to, length) },
      effects: EditorView.scrollIntoView(Math.min(from, length), { y: "center" }),
    });
    this.#view.focus();
  }
}
