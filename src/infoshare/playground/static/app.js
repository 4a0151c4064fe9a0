// The page: what is written, what infoshare says of it, and where that is shown.
import { $, button, make, markup, options, worded } from "./dom.js";
import { Editor } from "./editor.js";
import { Form } from "./form.js";
import { FORMAT, packed, save, sound, unpacked } from "./kept.js";
import { Service, afterPause, latest, quick } from "./service.js";

const began = performance.now();
const today = () => {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((each) => String(each).padStart(2, "0")).join("-");
};
const data = async (name) => (await fetch(new URL(name, import.meta.url))).json();
const counted = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;
const copy = (value) => JSON.parse(JSON.stringify(value));

const [language, examples] = await Promise.all([data("language.json"), data("examples.json")]);

// What was written. `texts` is never changed but replaced, so that a worker can tell whether it has them.
const state = { texts: {}, began: {}, example: "", today: today(), policy: "", files: [], policies: [] };
let errors = [];
let findings = null; // what takes longer to find; null while it is not known
let keptInFile = null;

let thorough = null;

// --- what is wrong with this page itself

function failed(error) {
  console.error(error);
  $("state").hidden = false;
  $("state").className = "fault";
  $("state").textContent = `infoshare failed where it should not. Load the page again; what you wrote is kept only if you keep it first. (${String(error.message ?? error).trim().split("\n").at(-1)})`;
}

// --- asking

const lookNow = latest(async (isStale) => {
  try {
    state.today = today();
    const looked = await quick.about(state, "look");
    if (isStale()) return;
    errors = looked.problems;
    state.files = looked.files;
    showProblems();
    if (errors.length) scenariosWait();
    showPolicies(looked.policies);
    const groups = state.policy ? await quick.about(state, "form", { file: state.policy }) : null;
    if (isStale()) return;
    if (groups) form.show(groups);
    await decideNow();
    showChanges(await quick.about(state, "changes"));
    checkSoon();
  } catch (error) {
    failed(error);
  }
});
const lookSoon = afterPause(150, lookNow);

const decideNow = latest(async () => {
  if (!state.policy) {
    showAnswer({ refused: "No file here holds a policy. Begin one with the word policy, or start from an example." });
    return;
  }
  try {
    showAnswer(await quick.about(state, "decide", {
      file: state.policy, facts: form.facts, as_of: $("as-of").value || today(), presume: $("presume").checked,
      full: $("full").checked,
    }));
  } catch (error) {
    failed(error);
  }
});

const checkNow = latest(async (isStale) => {
  try {
    thorough ??= new Service(); // only once the page is of use: starting takes all there is of a small machine
    if (!errors.length) {
      const results = [];
      for (const file of state.files) {
        results.push(...await thorough.about(state, "scenarios", { file }));
        if (isStale()) return;
      }
      showScenarios(results);
    }
    const found = await thorough.about(state, "check");
    if (isStale()) return;
    findings = found;
    showProblems();
  } catch (error) {
    failed(error);
  }
});
const checkSoon = afterPause(400, checkNow);

// --- the policy

const editor = new Editor($("editor"), language.rules, {
  about: (what, with_) => quick.about(state, what, with_),
  changed(file, text) {
    if (state.texts[file] === text) return;
    state.texts = { ...state.texts, [file]: text };
    findings = null;
    keepSoon();
    lookSoon();
  },
  explained(html) {
    openPage(html ?? "<p>There is nothing to say of what stands here.</p>");
  },
  nextProblem() {
    const here = [...errors, ...(findings ?? []).filter(({ severity }) => severity !== "error")]
      .filter(({ file }) => file === editor.file).sort((a, b) => a.from - b.from);
    const next = here.find(({ from }) => from > editor.at) ?? here[0];
    if (next) editor.goTo(next.from, next.to);
    return true;
  },
});

function showFile(file) {
  editor.show(file, state.texts[file]);
  showFiles();
  showProblems();
}

function showFiles() {
  options($("file"), Object.keys(state.texts).map((name) => [name, name]), editor.file);
  $("remove-file").disabled = Object.keys(state.texts).length < 2;
}

function goTo(file, from, to) {
  if (!(file in state.texts)) return;
  openPane("policy-pane");
  if (editor.file !== file) showFile(file);
  editor.goTo(from, to);
}

function showPolicies(policies) {
  state.policies = policies;
  if (!policies.some(({ file }) => file === state.policy)) state.policy = policies[0]?.file ?? "";
  options($("policy"), policies.map(({ file, title }) => [file, title]), state.policy);
  $("by-policy").hidden = policies.length < 2;
}

function showProblems() {
  const found = findings ?? errors;
  const here = found.filter(({ file }) => file === editor.file);
  editor.problems(here);
  const wrong = found.filter(({ severity }) => severity === "error").length;
  const said = [wrong && counted(wrong, "error"), found.length - wrong && counted(found.length - wrong, "warning")].filter(Boolean);
  const looking = findings === null && !wrong ? "More is being looked for…" : "";
  $("problems-said").textContent = said.length ? `${said.join(", ")}. ${looking}` : looking || "Nothing.";
  $("problems").replaceChildren(...found.slice(0, 50).map(problem));
}

function problem(each) {
  const inOurs = each.file in state.texts;
  const place = inOurs
    ? button(`${each.file}, line ${each.line}`, () => goTo(each.file, each.from, each.to), { class: "link" })
    : make("span", {}, each.file);
  const fixable = each.fix.length && each.fix.every(({ file }) => file === each.fix[0].file && file in state.texts);
  const scenario = each.blocks.find((block) => block.startsWith("scenario "));
  return make(
    "li", { class: each.severity },
    make("strong", {}, each.severity === "error" ? "Error" : "Warning"), " ", worded(each.message), " ", make("span", { class: "where" }, place),
    ...each.help.map((help) => make("div", { class: "note" }, worded(help))),
    ...each.blocks.map((block) => make("pre", { tabindex: 0 }, block)),
    make("div", { class: "row" },
      button(`What ${each.code} means`, async () => openPage(await quick.ask("page", { code: each.code })), { class: "link" }),
      scenario ? button("Add this scenario", () => {
        goTo(state.files[0] ?? editor.file, Infinity, Infinity);
        editor.append(scenario);
      }, { class: "link" }) : null,
      fixable ? button("Mend it", () => {
        showFile(each.fix[0].file);
        editor.change(each.fix);
      }, { class: "link", "aria-label": `Mend it: ${each.message}` }) : null),
  );
}

// --- the case

const form = new Form($("form"), () => {
  keepSoon();
  decideNow();
});

// --- the answer

function showAnswer(answer) {
  form.asks(answer.questions ?? []);
  $("tab-said").textContent = answer.headline ? `(${answer.headline.split(/[:,.]/)[0].toLowerCase()})` : "";
  const heard = answer.headline ?? answer.refused ?? "The case cannot be read as it stands.";
  if ($("answer-said").textContent !== heard) $("answer-said").textContent = heard; // read out only where it changes
  $("answer").replaceChildren(...said(answer));
}

function said(answer) {
  if (answer.refused) return [make("p", { class: "infoshare-answer" }, answer.refused)];
  if (answer.faults) {
    return [
      make("p", { class: "infoshare-answer" }, "The case cannot be read as it stands."),
      make("ul", {}, answer.faults.map(({ path, message, help }) => make("li", {},
        path ? make("code", {}, path) : null, path ? ": " : "", worded(message), help.map((each) => make("div", { class: "note" }, worded(each)))))),
    ];
  }
  const parts = [markup(answer.html)];
  if (answer.questions.length) {
    parts.push(make("h3", {}, "Answer in the case"), make("ol", { class: "asks" }, answer.questions.map(({ key, ask }) =>
      make("li", {}, button(ask, () => {
        openPane("case-pane");
        form.goTo(key);
      }, { class: "link" })))));
  }
  if (answer.before) {
    parts.push(make("details", { class: "before", open: true }, make("summary", {}, "By the policy that you began with"),
      ...said({ ...answer.before, questions: [] })));
  }
  return parts;
}

function scenariosWait() {
  $("scenarios-said").textContent = $("scenarios").children.length
    ? "As they were before the error." : "They are tried once there is no error.";
}

function showScenarios(results) {
  const bad = results.filter(({ passed }) => !passed);
  $("scenarios-said").textContent = results.length
    ? `${counted(results.length, "scenario")}: ${results.length - bad.length} passed, ${bad.length} failed.`
    : "There is none yet.";
  const row = (each) => make("li", { class: each.passed ? "passed" : "failed" },
    make("strong", {}, each.passed ? "passed" : "FAILED"), ` ${each.title} `,
    make("span", { class: "note" }, each.passed ? `(${each.said})` : ""),
    each.passed ? null : make("pre", { tabindex: 0 }, each.difference),
    make("div", { class: "row" },
      button("Show", () => goTo(each.file, each.from, each.to), { class: "link", "aria-label": `Show the scenario: ${each.title}` }),
      button("Try its case", () => fillCase(each.facts, each.as_of), { class: "link", "aria-label": `Try the case of: ${each.title}` })));
  const good = results.filter(({ passed }) => passed);
  const wasOpen = $("scenarios").querySelector("details")?.open ?? false;
  $("scenarios").replaceChildren(
    ...(bad.length ? [make("ul", { class: "plain" }, bad.map(row))] : []),
    ...(good.length ? [make("details", { open: wasOpen }, make("summary", {}, counted(good.length, "scenario") + " passed"),
      make("ul", { class: "plain" }, good.map(row)))] : []));
}

const SIGNS = { added: "+ ", removed: "- ", same: "  ", place: "" };
function showChanges(files) {
  $("changes").replaceChildren(...(files.length ? files.map(({ file, lines }) => make("div", {},
    make("h4", {}, file),
    make("pre", { tabindex: 0, class: "difference", "aria-label": `What changed in ${file}` },
      lines.map(({ kind, text }) => make("span", { class: kind }, `${SIGNS[kind]}${text}\n`))))) : [make("p", { class: "note" }, "Nothing yet.")]));
}

function openPage(html) {
  $("page").replaceChildren(markup(html));
  $("page-dialog").showModal();
}

function fillCase(facts, asOf) {
  form.fill(copy(facts));
  if (asOf) $("as-of").value = asOf;
  keepSoon();
  decideNow();
  openPane("answer-pane");
}

// --- where it begins

function begin(from) {
  state.texts = from.texts;
  state.began = from.began;
  state.example = from.example;
  state.policy = "";
  errors = [];
  findings = null;
  keptInFile = JSON.stringify(from.texts);
  $("example").value = from.example;
  $("as-of").value = from.asOf ?? today();
  $("presume").checked = from.presume ?? true;
  editor.forget();
  form.fill(from.facts ?? {});
  showScenarios([]);
  $("scenarios-said").textContent = "Being tried…";
  showFile(Object.keys(from.texts)[0]);
  const samples = examples.find(({ id }) => id === from.example)?.cases ?? [];
  options($("sample"), [["", "a case to start from…"], ...samples.map(({ title }, at) => [String(at), title])], "");
  $("sample").hidden = !samples.length;
  lookNow();
}

const fromExample = ({ id, texts }) => ({ texts, began: texts, example: id, facts: {} });
const isChanged = () => JSON.stringify(state.texts) !== keptInFile && !$("keep-policy").checked;
const mayLose = () => !isChanged() || confirm("What you changed is lost if you go on. Go on?");

options($("example"), [...examples.map(({ id, title }) => [id, title])], "");
$("example").onchange = () => {
  const chosen = examples.find(({ id }) => id === $("example").value);
  if (chosen && mayLose()) begin(fromExample(chosen));
  else $("example").value = state.example;
};
$("sample").onchange = () => {
  const chosen = examples.find(({ id }) => id === state.example)?.cases[Number($("sample").value)];
  if ($("sample").value !== "" && chosen) fillCase(chosen.facts, chosen.as_of);
  $("sample").value = "";
};
$("clear-case").onclick = () => fillCase({}, today());
$("full").onchange = () => decideNow();
$("as-of").onchange = $("presume").onchange = () => {
  keepSoon();
  decideNow();
};
$("policy").onchange = () => {
  state.policy = $("policy").value;
  lookNow();
};

// --- its files

$("file").onchange = () => showFile($("file").value);
$("lay-out").onclick = async () => {
  const file = editor.file;
  const laidOut = await quick.about(state, "lay_out", { file });
  if (laidOut.refused) openPage("<p>A file is laid out once it can be read. What is wrong with it stands below it.</p>");
  else if (file === editor.file) editor.replace(laidOut.text);
};
$("add-file").onclick = () => {
  $("new-name").value = "";
  $("name-dialog").returnValue = "no";
  $("name-dialog").showModal();
};
$("name-dialog").onclose = () => {
  const name = $("new-name").value;
  if ($("name-dialog").returnValue !== "add" || name in state.texts) return;
  state.texts = { ...state.texts, [name]: "infoshare 1\n\n" };
  showFile(name);
  lookNow();
};
$("remove-file").onclick = () => {
  const file = editor.file;
  if (!confirm(`Remove ${file} from this page?`)) return;
  const { [file]: _, ...rest } = state.texts;
  state.texts = rest;
  showFile(Object.keys(rest)[0]);
  keepSoon();
  lookNow();
};

// --- keeping it

function whole(withCase) {
  const known = examples.find(({ id }) => id === state.example);
  const isExample = known && JSON.stringify(known.texts) === JSON.stringify(state.began);
  return {
    format: FORMAT,
    example: state.example,
    texts: state.texts,
    ...(isExample ? {} : { began: state.began }),
    ...(withCase ? { facts: form.facts, asOf: $("as-of").value, presume: $("presume").checked } : {}),
  };
}

async function keepNow() {
  if (!$("keep-policy").checked && !$("keep-case").checked) return;
  try {
    history.replaceState(null, "", `#${await packed(whole($("keep-case").checked))}`);
  } catch {
    $("copied").textContent = "This browser does not take so long an address: save it in a file.";
  }
}
const keepSoon = afterPause(500, keepNow);

$("keep").onclick = () => $("keep-dialog").showModal();
$("help").onclick = () => $("help-dialog").showModal();
for (const each of document.querySelectorAll("[data-close]")) each.onclick = () => each.closest("dialog").close();
$("keep-policy").onchange = () => {
  if (!$("keep-policy").checked) {
    $("keep-case").checked = false;
    history.replaceState(null, "", location.pathname);
  }
  keepNow();
};
$("keep-case").onchange = () => {
  if ($("keep-case").checked) $("keep-policy").checked = true;
  keepNow();
};
$("copy-address").onclick = async () => {
  const address = new URL(location.href);
  address.hash = await packed(whole($("keep-case").checked));
  try {
    await navigator.clipboard.writeText(address.href);
    $("copied").textContent = $("keep-case").checked ? "Copied, with the case." : "Copied, without the case.";
  } catch {
    $("copied").textContent = "This browser does not let a page copy. Keep it in the address, and copy that.";
  }
};
$("save-all").onclick = () => {
  keptInFile = JSON.stringify(state.texts);
  save("playground.json", `${JSON.stringify(whole(true), null, 1)}\n`);
};
$("save-file").onclick = () => save(editor.file, state.texts[editor.file]);
$("save-case").onclick = () => save("case.json", `${JSON.stringify(form.facts, null, 2)}\n`);
$("open").onchange = async () => {
  const opened = [...$("open").files];
  $("open").value = "";
  const policies = opened.filter(({ name }) => name.endsWith(".policy"));
  if (policies.length && mayLose()) {
    const texts = Object.fromEntries(await Promise.all(policies.map(async (file) => [file.name, (await file.text()).replace(/^\uFEFF/, "").replaceAll("\r\n", "\n")])));
    begin({ texts, began: texts, example: "", facts: form.facts });
  }
  for (const file of opened.filter(({ name }) => !name.endsWith(".policy"))) {
    const text = await file.text();
    let kept = null;
    try {
      kept = sound(JSON.parse(text));
    } catch {
      // a case in TOML, or no case at all: infoshare says which
    }
    if (kept) {
      if (mayLose()) begin(restored(kept));
    } else {
      const read = await quick.ask("read", { name: file.name, text });
      if (read.facts) fillCase(read.facts);
      else showAnswer(read);
    }
  }
  $("keep-dialog").close();
};

function restored(kept) {
  const known = examples.find(({ id }) => id === kept.example);
  return { ...kept, began: kept.began === kept.texts && known ? known.texts : kept.began };
}

addEventListener("beforeunload", (event) => {
  if (isChanged()) event.preventDefault();
});
addEventListener("hashchange", () => location.reload());

// --- panes that take turns on a narrow screen

const narrow = matchMedia("(max-width: 60rem)");
const PANES = [...document.querySelectorAll("#tabs button")];

function openPane(id) {
  if (!narrow.matches) return;
  for (const tab of PANES) {
    const chosen = tab.dataset.pane === id;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    $(tab.dataset.pane).hidden = !chosen;
  }
}

function arrange() {
  $("tabs").hidden = !narrow.matches;
  $("tabs").toggleAttribute("role", false);
  for (const tab of PANES) {
    const pane = $(tab.dataset.pane);
    if (narrow.matches) {
      $("tabs").setAttribute("role", "tablist");
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-controls", pane.id);
      pane.setAttribute("role", "tabpanel");
    } else {
      pane.hidden = false;
      pane.removeAttribute("role");
    }
  }
  openPane(PANES.find((tab) => tab.getAttribute("aria-selected") === "true")?.dataset.pane ?? "policy-pane");
}
for (const tab of PANES) tab.onclick = () => openPane(tab.dataset.pane);
$("tabs").onkeydown = (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const next = PANES[(PANES.indexOf(document.activeElement) + step + PANES.length) % PANES.length];
  openPane(next.dataset.pane);
  next.focus();
};
narrow.onchange = arrange;
arrange();

// --- start

$("version").textContent = language.version;
const asked = location.hash.slice(1);
const named = examples.find(({ id }) => id === asked);
const kept = asked && !named ? await unpacked(asked) : null;
if (kept) {
  $("keep-policy").checked = true;
  $("keep-case").checked = kept.facts !== null;
}
begin(kept ? restored(kept) : fromExample(named ?? examples[0]));
try {
  await quick.ready;
  $("state").hidden = true;
  if (asked && !named && !kept) {
    $("state").hidden = false;
    $("state").textContent = "The address holds nothing that this page can read: it was cut short, perhaps. This is the first example.";
  }
} catch (error) {
  $("state").className = "fault";
  $("state").textContent = `Python did not start in this browser (${error.message}). It needs a browser of 2024 or later, and a page that comes from a server, such as python -m http.server.`;
}
document.documentElement.dataset.readyAfter = String(Math.round(performance.now() - began));
