// Puts the extension together in dist/: its code with the client library in one file, and the grammar.
import { copyFile, mkdir } from "node:fs/promises";
import { build } from "esbuild";

await mkdir("dist", { recursive: true });
await build({
  entryPoints: ["src/extension.js"],
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  external: ["vscode"],
  minify: true,
  outfile: "dist/extension.js",
});
await copyFile("../infoshare.tmLanguage.json", "dist/infoshare.tmLanguage.json");
await copyFile("../../LICENSE", "LICENSE");
