// Runs infoshare in the browser: a question comes as a message, and its answer goes back as one.
import { loadPyodide } from "./pyodide/pyodide.mjs";

const beside = (name) => new URL(name, import.meta.url).href;
const START = `
import sys
sys.path.insert(0, "/packages")
from datetime import date
from infoshare.playground.session import Session
Session(date(1970, 1, 1)).answer  # every question says which day it is
`;

async function packages() {
  const answer = await fetch(beside("python.zip"));
  if (!answer.ok) throw new Error("python.zip is not there");
  return answer.arrayBuffer();
}

try {
  const [python, zip] = await Promise.all([loadPyodide({ indexURL: beside("pyodide/") }), packages()]);
  python.unpackArchive(zip, "zip", { extractDir: "/packages" });
  const answer = python.runPython(START);
  self.onmessage = ({ data: { id, question } }) => {
    try {
      self.postMessage({ id, answer: answer(question) });
    } catch (error) {
      self.postMessage({ id, error: String(error) });
    }
  };
  self.postMessage({ ready: true });
} catch (error) {
  self.postMessage({ broken: String(error) });
}
