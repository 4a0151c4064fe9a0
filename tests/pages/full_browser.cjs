// Three cases in a real browser, script switched off: by keyboard alone on a wide screen, and by touch on one of 360
// pixels. Then every kind of page once more, with axe-core, by light and dark.
//
//   node full_browser.cjs http://127.0.0.1:8080/ FOLDER
//
// Needs playwright-core and axe-core where NODE_PATH says, and Chromium where CHROMIUM says. Screenshots go into FOLDER.

const fs = require("fs");
const path = require("path");
const { chromium } = require("playwright-core");
const axe = require("axe-core");

const [base, folder] = process.argv.slice(2);
fs.mkdirSync(folder, { recursive: true });

// What somebody answers: the first of these whose question it is; whatever else is asked is left open.
const CASES = {
  refused: {
    lists: { share: ["GP letter", "counselling notes"], whom: ["Children's Social Care"] },
    answers: [
      [/serious is the harm that the child/, "Significant harm"],
      [/risk to the child\?/, "Yes"],
      [/adult at risk/, "No"],
      [/agreement to share/, /refuse/],
      [/^counselling notes: .*needed/, "No"],
      [/: .*(accurate|up to date|needed|fact)/, "Yes"],
      [/: /, "Yes"],
    ],
    apart: /counselling/,
    headline: /YES, you may share/,
  },
  doubt: {
    lists: { share: ["what she told me"], whom: ["the school nurse"], who: [] },
    answers: [
      [/serious is the harm that the child/, "I am not sure"],
      [/agreement to share/, "I am not sure"],
      [/who is asking/i, "I am not sure"],
      [/risk/, "I am not sure"],
    ],
    stop: true,
    headline: /NOT SETTLED YET|SEEK ADVICE/,
  },
  agreed: {
    lists: { share: ["attendance record"], whom: ["the social worker"] },
    answers: [
      [/serious is the harm that the child/, "Possible harm"],
      [/risk to the child\?|adult at risk|hinder/, "No"],
      [/agreement to share/, /agrees/],
      [/: /, "Yes"],
    ],
    headline: /share/i,
  },
};

function wants(answers, question) {
  const found = answers.find(([asked]) => asked.test(question));
  return found && found[1];
}

class Hand {
  constructor(page, name) {
    Object.assign(this, { page, name, number: 0 });
  }

  async shot(what) {
    this.number += 1;
    const file = `${this.name}-${String(this.number).padStart(2, "0")}-${what}.png`;
    await this.page.screenshot({ path: path.join(folder, file), fullPage: true });
    await this.look();
  }

  async look() {}

  // The questions of a page, each with its options and the id of the first field.
  async questions() {
    return this.page.$$eval("fieldset", (sets) =>
      sets.map((set) => ({
        text: set.querySelector("legend").textContent.trim(),
        options: [...set.querySelectorAll(".option")].map((option) => ({
          id: option.querySelector("input").id,
          label: option.querySelector("label").textContent.trim(),
          type: option.querySelector("input").type,
        })),
      })),
    );
  }

  async heading() {
    return (await this.page.textContent("main h1")).trim();
  }
}

class Keyboard extends Hand {
  async reach(selector) {
    for (let steps = 0; steps < 150; steps += 1) {
      if (await this.page.evaluate((sought) => document.activeElement.matches(sought), selector)) return;
      await this.page.keyboard.press("Tab");
    }
    throw new Error(`${selector} cannot be reached by keyboard on ${await this.heading()}`);
  }

  async press(selector) {
    await this.reach(selector);
    const seen = await this.page.evaluate(() => {
      const style = getComputedStyle(document.activeElement);
      return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    });
    if (!seen) throw new Error(`${selector} does not show that it has the focus`);
    const go = this.page.waitForNavigation();
    await this.page.keyboard.press("Enter");
    await go;
  }

  async choose(option, options) {
    if (option.type === "checkbox") {
      await this.reach(`#${option.id}`);
      await this.page.keyboard.press("Space");
      return;
    }
    await this.reach(`#${options[0].id}`);
    const down = options.findIndex((each) => each.id === option.id);
    if (down === 0) await this.page.keyboard.press("Space");
    for (let step = 0; step < down; step += 1) await this.page.keyboard.press("ArrowDown");
  }

  async type(selector, text) {
    await this.reach(selector);
    await this.page.keyboard.type(text);
  }
}

class Touch extends Hand {
  async look() {
    const wrong = await this.page.evaluate(() => {
      const found = [];
      if (document.documentElement.scrollWidth > 360) found.push(`${document.documentElement.scrollWidth} pixels wide`);
      for (const each of document.querySelectorAll("button, .button, .option label, summary, input[type=text], textarea")) {
        const box = each.getBoundingClientRect();
        if (box.height && box.height < 44) found.push(`${each.tagName} ${each.textContent.trim()}: ${box.height} pixels high`);
      }
      return found;
    });
    if (wrong.length) throw new Error(`${await this.heading()}: ${wrong.join("; ")}`);
  }

  async press(selector) {
    const go = this.page.waitForNavigation();
    await this.page.tap(selector);
    await go;
  }

  async choose(option) {
    await this.page.tap(`label[for="${option.id}"]`);
  }

  async type(selector, text) {
    await this.page.tap(selector);
    await this.page.keyboard.type(text);
  }
}

const button = (what) => `button[value="${what}"]`;

async function interview(hand, told, policy) {
  const { page } = hand;
  await page.goto(base);
  await hand.shot("procedures");
  await hand.press(`.policies a[href="start?policy=${policy}"]`);
  await hand.shot("start");
  await hand.press(button("start"));
  for (let pages = 0; pages < 80; pages += 1) {
    if (await page.$(".infoshare-decision")) break;
    await one(hand, told, pages);
  }
  const answer = await hand.heading();
  if (!told.headline.test(answer)) throw new Error(`the answer is ${answer}`);
  await hand.shot("answer");
  await hand.press('a[href^="record?"]');
  await hand.shot("record");
  await hand.press(button("record")); // everything is missing: the errors are shown
  if (!(await page.$(".errors"))) throw new Error("nothing is said to be missing");
  await hand.shot("record-errors");
  const [followed] = await hand.questions();
  await hand.choose(followed.options[0], followed.options);
  await hand.type("#name", "M. Rose");
  await hand.type("#role", "school nurse");
  await hand.type("#organisation", "Hill School");
  await hand.press(button("record"));
  if (!/is recorded/.test(await hand.heading())) throw new Error(await page.textContent("main"));
  await hand.shot("recorded");
  const record = (await page.textContent(".id")).trim().replace("Record ", "");
  await hand.press(button("end"));
  await hand.shot("ended");
  return { answer, record };
}

async function one(hand, told, number) {
  const { page } = hand;
  const questions = await hand.questions();
  const text = await page.textContent("main");
  const heading = await hand.heading();
  await hand.shot(`question-${number}`);
  if (await page.$(button("add"))) {
    const which = /What would you share/.test(heading) ? "share" : /With whom/.test(heading) ? "whom" : "who";
    const names = told.lists[which] || [];
    const added = (await page.$$(".added li")).length;
    if (added < names.length) {
      await hand.type("#a0", names[added]);
      return hand.press(button("add"));
    }
    return hand.press(button(names.length ? "done" : "open"));
  }
  if (await page.$("#w1")) {
    const rest = questions[questions.length - 1].options;
    await hand.choose(rest[0], rest);
    return hand.press(button("answer"));
  }
  if (/Is all of this so\?/.test(heading)) {
    const { options } = questions[0];
    await hand.choose(options[told.apart && told.apart.test(text) ? 1 : 0], options);
    return hand.press(button("answer"));
  }
  let left = questions.length === 0;
  for (const { text: asked, options } of questions) {
    const wanted = wants(told.answers, asked);
    const option = options.find(({ label }) => (wanted instanceof RegExp ? wanted.test(label) : label === wanted));
    if (option) await hand.choose(option, options);
    else left = true;
  }
  if (told.stop && number > 4) return hand.press(button("stop"));
  return hand.press(button(left ? "open" : "answer"));
}

class Examiner extends Touch {
  async look() {
    await this.page.evaluate(axe.source);
    await this.page.evaluate(() => document.querySelectorAll("details").forEach((each) => (each.open = true)));
    const found = await this.page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
    const told = found.violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.html).join(" | ")}`);
    if (told.length) throw new Error(`${await this.heading()}\n${told.join("\n")}`);
  }
}

async function main() {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });
  const narrow = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
  const ways = [
    ["keyboard", Keyboard, { viewport: { width: 1280, height: 900 }, javaScriptEnabled: false }, Object.keys(CASES)],
    ["touch", Touch, { ...narrow, javaScriptEnabled: false }, Object.keys(CASES)],
    ["light", Examiner, { ...narrow, bypassCSP: true }, ["refused", "doubt"]],
    ["dark", Examiner, { ...narrow, bypassCSP: true, colorScheme: "dark" }, ["refused"]],
  ];
  const records = [];
  for (const [way, Kind, settings, names] of ways) {
    for (const name of names) {
      const context = await browser.newContext({ baseURL: base, ...settings });
      context.setDefaultTimeout(120000); // for machines with much else to do
      const page = await context.newPage();
      const elsewhere = [];
      page.on("request", (request) => request.url().startsWith(base) || elsewhere.push(request.url()));
      const done = await interview(new Kind(page, `${way}-${name}`), CASES[name], "cscp");
      if (elsewhere.length) throw new Error(`fetched from elsewhere: ${elsewhere}`);
      console.log(JSON.stringify({ way, name, ...done }));
      records.push(done.record);
      await context.close();
    }
  }
  await browser.close();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
