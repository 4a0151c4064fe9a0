// Colours policies with the engine that editors use: prints, as JSON, the scope of every stretch of each file given.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import oniguruma from "vscode-oniguruma";
import textmate from "vscode-textmate";

const { loadWASM, OnigScanner, OnigString } = oniguruma;
const wasm = createRequire(import.meta.url).resolve("vscode-oniguruma/release/onig.wasm");
await loadWASM((await readFile(wasm)).buffer);
const grammarFile = new URL("../../infoshare.tmLanguage.json", import.meta.url);
const registry = new textmate.Registry({
  onigLib: Promise.resolve({
    createOnigScanner: (patterns) => new OnigScanner(patterns),
    createOnigString: (text) => new OnigString(text),
  }),
  loadGrammar: async () => textmate.parseRawGrammar(await readFile(grammarFile, "utf-8"), "grammar.json"),
});
const grammar = await registry.loadGrammar("source.infoshare");
const found = {};
for (const path of process.argv.slice(2)) {
  let state = textmate.INITIAL;
  found[path] = (await readFile(path, "utf-8")).split("\n").map((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    return tokens.map(({ startIndex, endIndex, scopes }) => [startIndex, endIndex, scopes.at(-1)]);
  });
}
console.log(JSON.stringify(found));
