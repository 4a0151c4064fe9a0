// Bundles CodeMirror into src/infoshare/playground/static, with the licences of what is in it. `node build.mjs --check`
// writes nothing, and fails where what is there is not what would be written.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const there = join(here, "..", "src", "infoshare", "playground", "static");

const result = await build({
  absWorkingDir: here,
  bundle: true,
  charset: "utf8",
  entryPoints: ["codemirror.js"],
  format: "esm",
  legalComments: "none",
  metafile: true,
  minify: true,
  target: "es2022",
  write: false,
});

const packages = new Map();
for (const input of Object.keys(result.metafile.inputs)) {
  const [found] = input.match(/node_modules\/(?:@[^/]+\/)?[^/]+/) ?? [];
  if (found) packages.set(found.replace("node_modules/", ""), join(here, found));
}
const licences = [...packages].sort().map(([name, folder]) => {
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  if (!file) throw new Error(`${name} comes without a licence`);
  return `${name} ${version}\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
});

const written = {
  "codemirror.js": result.outputFiles[0].text,
  "codemirror.licences.txt": licences.join(`\n${"-".repeat(80)}\n\n`),
};
let stale = false;
for (const [name, text] of Object.entries(written)) {
  if (!process.argv.includes("--check")) writeFileSync(join(there, name), text);
  else if (readFileSync(join(there, name), "utf8") !== text) {
    console.error(`${name} is not what its sources make: run \`npm ci && npm run build\` in playground/`);
    stale = true;
  }
}
process.exit(stale ? 1 : 0);
