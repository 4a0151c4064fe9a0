// The playground in Chromium: node full_browser.mjs ADDRESS FOLDER. Screenshots go into FOLDER.
// Run by .ci/playground, which finds the packages and serves the page.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const [address, folder] = process.argv.slice(2);
const require = createRequire(join(process.cwd(), "playground", "package.json"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const { origin } = new URL(address);
const PATIENCE = Number(process.env.PATIENCE ?? 120_000);

const browser = await chromium.launch({
  timeout: PATIENCE,
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: process.getuid() === 0 ? ["--no-sandbox"] : [],
});

async function opened(hash = "", options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, bypassCSP: false, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  page.requests = [];
  page.complaints = [];
  page.on("request", (request) => page.requests.push(request.url()));
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && page.complaints.push(message.text()));
  page.on("pageerror", (error) => page.complaints.push(error.message));
  page.on("dialog", (dialog) => dialog.accept());
  await page.goto(`${address}${hash}`);
  await page.waitForSelector("html[data-ready-after]", { state: "attached" });
  await page.waitForSelector("#answer .infoshare-answer", { state: "attached" });
  return page;
}

const answer = (page) => page.innerText("#answer .infoshare-answer");
const becomes = (page, pattern, id = "answer") =>
  page.waitForFunction(([where, text]) => new RegExp(text).test(document.getElementById(where).innerText), [id, pattern]);
const text = (page) => page.locator("#editor .cm-content");

// Puts words after others in the policy, as somebody types them.
async function write(page, after, words) {
  await text(page).getByText(after, { exact: false }).first().click();
  await page.keyboard.press("End");
  await page.keyboard.type(words);
}

async function accessible(page, what) {
  // axe is put in by the debugger, which the page's policy does not bind
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html + " " + node.failureSummary).join("\n  ")}`);
  assert.deepEqual(told, [], `axe: ${what}`);
  console.log(`axe finds nothing: ${what}`);
}

async function shown(page, name) {
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

async function fits(page, what) {
  const width = page.viewportSize().width;
  const cut = await page.evaluate((wide) => [...document.querySelectorAll("header *, main button, main select, main input, main p, dialog[open] *")]
    .filter((each) => each.checkVisibility() && each.getBoundingClientRect().right > wide + 1)
    .map((each) => each.outerHTML.slice(0, 120)), width);
  assert.deepEqual(cut, [], what);
}

function quiet(page, what) {
  assert.deepEqual(page.complaints, [], what);
  const elsewhere = page.requests.filter((each) => !each.startsWith(`${origin}/`) && !each.startsWith(`blob:${origin}/`));
  assert.deepEqual(elsewhere, [], `${what}: requests that leave the origin`);
}

const checks = {
  async "a clause changed, and the answer changes"() {
    const page = await opened();
    console.log(`of use after ${await page.getAttribute("html", "data-ready-after")} ms`);
    assert.match(await answer(page), /seek consent/);
    await page.waitForFunction(() => /1 passed/.test(document.getElementById("scenarios-said").textContent));
    await becomes(page, "Nothing\\.", "problems-said");
    await shown(page, "wide-begin");
    await accessible(page, "as it begins");
    await write(page, "seek consent", "\nwhen consent.status is not_asked");
    await becomes(page, "no-clause-decides|no clause decides", "problems");
    await becomes(page, "By the policy that you began with");
    await page.selectOption("#consent-status", "refused");
    await page.waitForFunction(() => /advice/i.test(document.querySelector("#answer .infoshare-answer").textContent));
    await becomes(page, "when consent.status is not_asked", "changes");
    await shown(page, "wide-changed");
    await accessible(page, "with something changed");
    await page.click("#problems >> text=Add this scenario");
    await becomes(page, "2 scenarios: 2 passed", "scenarios-said");
    assert.equal(await page.inputValue("#file"), "scenarios.policy");
    await page.check("#full");
    await page.uncheck("#full");
    quiet(page, "changing a clause");
  },

  async "what is wrong is underlined, told and led to, and scenarios fail"() {
    const page = await opened();
    await write(page, "seek consent", "\nwhen consent.stats is given");
    await page.waitForSelector("#problems li.error");
    assert.match(await page.innerText("#problems"), /no fact is named consent\.stats/);
    await page.waitForSelector("#editor .cm-lintRange-error");
    await becomes(page, "has an error");
    await shown(page, "wide-error");
    await accessible(page, "with an error");
    await page.click("#problems li.error >> text=sharing.policy, line");
    assert.equal(await page.evaluate(() => document.activeElement.id), "editor");
    await page.click("#problems >> text=What IS201 means");
    await becomes(page, "unknown-fact", "page");
    await accessible(page, "the page of a code");
    await page.keyboard.press("Escape");
    await text(page).click();
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("F8");
    await page.keyboard.type("consent.status");
    await page.waitForFunction(() => !document.querySelector("#problems li.error"));
    await page.waitForFunction(() => /1 failed/.test(document.getElementById("scenarios-said").textContent));
    await accessible(page, "with a scenario that fails");
    await shown(page, "wide-failed");
    quiet(page, "mistakes");
  },

  async "completion knows what can follow, and F1 what a word means"() {
    const page = await opened();
    await write(page, "seek consent", "\nwhen consent.status is ");
    await page.keyboard.press("Control+Space");
    await page.waitForSelector("#editor .cm-tooltip-autocomplete");
    await page.locator("#editor .cm-tooltip-autocomplete li .cm-completionLabel", { hasText: /^not_asked$/ }).waitFor();
    await shown(page, "wide-completion");
    await accessible(page, "with what can be written");
    await page.keyboard.press("Enter");
    await page.keyboard.press("F1");
    await page.waitForSelector("#page-dialog[open]");
    await accessible(page, "an explanation");
    await shown(page, "wide-explained");
    await page.keyboard.press("Escape");
    await text(page).click();
    await page.keyboard.press("Tab");
    assert.notEqual(await page.evaluate(() => document.activeElement.id), "editor", "Tab leaves the policy");
    await text(page).getByText("ask_first").hover();
    await page.waitForSelector("#editor .cm-tip");
    await shown(page, "wide-hover");
    quiet(page, "completion");
  },

  async "lists, cases and scenarios"() {
    const page = await opened("#cscp");
    await page.selectOption("#sample", { label: "Several recipients" });
    await becomes(page, "grandmother");
    await page.waitForFunction(() => /0 failed/.test(document.getElementById("scenarios-said").textContent));
    await shown(page, "wide-lists");
    await page.evaluate(() => document.querySelectorAll("#form details, #scenarios details").forEach((each) => { each.open = true; }));
    await accessible(page, "a case with lists, and every scenario");
    await page.locator("#add-recipient").click();
    await becomes(page, "recipient 4");
    await page.locator("#recipient-3-name").fill("the aunt");
    await page.keyboard.press("Tab");
    await becomes(page, "the aunt");
    await page.getByLabel("Remove the aunt").click();
    await page.waitForFunction(() => !/the aunt/.test(document.getElementById("answer").innerText));
    await page.locator("#scenarios").getByText("Try its case").first().click();
    await becomes(page, "Information Sharing");
    await page.click("#clear-case");
    await becomes(page, "Is the child safe now?"); // of an empty case alone: the one that was tried may not be settled either
    await page.locator("#answer .asks button").first().click();
    assert.match(await page.evaluate(() => document.activeElement.id), /^concern-/);
    quiet(page, "lists");
  },

  async "kept in the address, with the case only where that is asked for"() {
    const page = await opened();
    await write(page, "seek consent", "  # kept");
    await page.selectOption("#consent-status", "given");
    assert.equal(new URL(page.url()).hash, "");
    await page.click("#keep");
    await accessible(page, "keeping and opening");
    await shown(page, "wide-keep");
    await page.check("#keep-policy");
    await page.waitForFunction(() => location.hash.length > 9);
    const without = new URL(page.url()).hash;
    const again = await opened(without);
    assert.match(await text(again).innerText(), /# kept/);
    assert.equal(await again.inputValue("#consent-status"), "");
    await becomes(again, "# kept", "changes");
    await page.check("#keep-case");
    await page.waitForFunction((was) => location.hash !== was, without);
    const withCase = await opened(new URL(page.url()).hash);
    assert.equal(await withCase.inputValue("#consent-status"), "given");
    await page.uncheck("#keep-policy");
    assert.equal(new URL(page.url()).hash, "");
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("#save-all")]);
    await withCase.click("#keep");
    await withCase.setInputFiles("#open", await download.path().then((path) => ({
      name: download.suggestedFilename(), mimeType: "application/json", buffer: readFileSync(path),
    })));
    await withCase.waitForFunction(() => !document.getElementById("keep-dialog").open);
    assert.equal(await withCase.inputValue("#consent-status"), "given");
    const cut = await opened("#cut-short");
    assert.match(await cut.innerText("#state"), /nothing that this page can read/);
    for (const each of [page, again, withCase, cut]) quiet(each, "keeping");
  },

  async "neither the page nor the worker that has the case reaches anything else"() {
    const page = await opened();
    const reach = async (where) => {
      const tried = [];
      for (const place of ["http://127.0.0.1:9/", "https://example.org/", "http://localhost:9/"]) {
        tried.push(await fetch(`${place}?${where}`, { mode: "no-cors" }).then(() => "reached", (error) => error.name));
      }
      return tried;
    };
    const violations = page.evaluate(() => new Promise((resolve) => {
      const found = [];
      addEventListener("securitypolicyviolation", (event) => found.push(event.effectiveDirective) === 3 && resolve(found));
    }));
    assert.deepEqual(await page.evaluate(reach, "page"), ["TypeError", "TypeError", "TypeError"]);
    assert.deepEqual(await violations, ["connect-src", "connect-src", "connect-src"]);
    const workers = page.workers();
    assert.ok(workers.length >= 1);
    for (const worker of workers) {
      const held = await worker.evaluate(async (place) => {
        const heard = new Promise((resolve) => self.addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective)));
        await fetch(place).catch(() => {});
        return heard;
      }, "https://example.org/");
      assert.equal(held, "connect-src");
    }
    assert.deepEqual(page.requests.filter((each) => !each.includes(origin)), [], "requests that left");
  },

  async "on a narrow screen the panes are tabs, and nothing is cut off"() {
    const page = await opened("", { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
    await fits(page, "policy");
    await shown(page, "narrow-policy");
    await accessible(page, "narrow, the policy");
    await page.click("#tab-case");
    await fits(page, "case");
    await shown(page, "narrow-case");
    await accessible(page, "narrow, the case");
    await page.selectOption("#consent-status", "refused");
    await page.keyboard.press("Escape");
    await page.focus("#tab-case");
    await page.keyboard.press("ArrowRight");
    assert.equal(await page.evaluate(() => document.activeElement.id), "tab-answer");
    await fits(page, "answer");
    await shown(page, "narrow-answer");
    await accessible(page, "narrow, the answer");
    await page.click("#keep");
    await fits(page, "keeping");
    await shown(page, "narrow-keep");
    quiet(page, "narrow");
  },

  async "in the dark, and every policy to begin with"() {
    const page = await opened("#hmg-2024", { colorScheme: "dark" });
    await becomes(page, "0 failed", "scenarios-said");
    await shown(page, "dark");
    await accessible(page, "dark");
    for (const id of await page.$$eval("#example option", (all) => all.map(({ value }) => value))) {
      await page.selectOption("#example", id);
      await page.waitForFunction(() => /\d+ scenarios?: \d+ passed/.test(document.getElementById("scenarios-said").textContent));
      const said = await page.innerText("#scenarios-said");
      console.log(`${id}: ${said}`);
      assert.match(said, / 0 failed/);
    }
    quiet(page, "every example");
  },
};

let failed = 0;
const only = process.env.ONLY ?? "";
for (const [name, check] of Object.entries(checks)) {
  if (!name.includes(only)) continue;
  try {
    await check();
    console.log(`ok: ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED: ${name}\n${error.stack}`);
    for (const context of browser.contexts()) for (const page of context.pages()) console.log(page.complaints.join("\n"));
  }
  for (const context of browser.contexts()) await context.close();
}
await browser.close();
process.exit(failed ? 1 : 0);
