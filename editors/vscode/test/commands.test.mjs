// What the extension does with commands, held against an editor that only takes notes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { executeCommand } from "../src/commands.mjs";

function editor() {
  const done = [];
  const vscode = {
    window: { activeTextEditor: { document: { uri: { toString: () => "file:///a.policy" } } } },
    commands: { executeCommand: async (...all) => done.push(all) },
    Uri: { parse: (text) => `uri ${text}` },
    Position: class { constructor(...all) { this.all = all; } },
    Range: class { constructor(...all) { this.all = all; } },
    Location: class { constructor(uri, range) { this.uri = uri; this.range = range; } },
  };
  const shown = [];
  return { done, shown, run: executeCommand(vscode, async (...all) => shown.push(all)) };
}

test("a command without arguments is about the file in front", async () => {
  const { run } = editor();
  const asked = [];
  await run("infoshare.fixAll", [], async (...all) => asked.push(all));
  assert.deepEqual(asked, [["infoshare.fixAll", ["file:///a.policy"]]]);
});

test("the scenarios of a clause are shown as references", async () => {
  const { run, done } = editor();
  const range = { start: { line: 1, character: 2 }, end: { line: 3, character: 4 } };
  const at = { line: 9, character: 0 };
  await run("infoshare.showScenarios", ["file:///a.policy", at, [{ uri: "file:///b.policy", range }]], assert.fail);
  const [[command, uri, position, [place]]] = done;
  assert.equal(command, "editor.action.showReferences");
  assert.equal(uri, "uri file:///a.policy");
  assert.deepEqual(position.all, [9, 0]);
  assert.deepEqual([place.uri, place.range.all], ["uri file:///b.policy", [1, 2, 3, 4]]);
});

test("what failed is shown with its difference, and what passed is not", async () => {
  const { run, shown } = editor();
  const scenarios = [
    { title: "One", passed: true, difference: "" },
    { title: "Two", passed: false, difference: "expected share" },
  ];
  await run("infoshare.runScenarios", [], async () => ({ scenarios }));
  assert.deepEqual(shown, [["Scenarios", "Two\nexpected share", "plaintext"]]);
});

test("a policy that is read out is shown", async () => {
  const { run, shown } = editor();
  await run("infoshare.read", [], async () => "It may be shared.");
  assert.deepEqual(shown, [["In plain English", "It may be shared.", "plaintext"]]);
});
