// What the page needs of CodeMirror, as one module: everything that its own scripts import by name.
export {
  acceptCompletion, autocompletion, closeCompletion, completionKeymap, insertCompletionText, snippet, startCompletion,
} from "@codemirror/autocomplete";
export { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
export { HighlightStyle, StreamLanguage, bracketMatching, syntaxHighlighting } from "@codemirror/language";
export { forceLinting, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
export { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
export { Annotation, Compartment, EditorSelection, EditorState } from "@codemirror/state";
export {
  EditorView, drawSelection, highlightActiveLine, hoverTooltip, keymap, lineNumbers, tooltips,
} from "@codemirror/view";
export { Tag, tags } from "@lezer/highlight";
