// A client of `infoshare serve` for Node or a browser, with nothing but `fetch`.
//
//     infoshare serve infoshare:cscp
//     node examples/client.mjs http://127.0.0.1:8080 cscp examples/refused.json
//
// A token, where one is needed, is read from the environment, INFOSHARE_TOKEN. What is sent and answered is about a
// child: use https for anything but this computer. A page in a browser must not hold a token: let your own server ask.

const SECONDS = 15;

/** What the service did not answer, and everything that is wrong: `problem` is as RFC 9457 has it. */
export class Refused extends Error {
  constructor(problem) {
    super(problem.detail ?? "the service did not answer");
    this.problem = problem;
  }
}

/** The decision of a case. Throws Refused, and what `fetch` throws where the service cannot be reached. */
export async function decide(base, policy, facts, { token } = {}) {
  const answer = await fetch(`${base}/v1/policies/${encodeURIComponent(policy)}/decide`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      Accept: "application/json",
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
    },
    body: JSON.stringify({ facts }),
    signal: AbortSignal.timeout(SECONDS * 1000),
  });
  const told = await answer.json();
  if (!answer.ok) throw new Refused(told);
  return told;
}

async function main(base, policy, path) {
  const { readFile } = await import("node:fs/promises");
  const facts = JSON.parse(await readFile(path, "utf-8"));
  try {
    const decision = await decide(base, policy, facts, { token: process.env.INFOSHARE_TOKEN });
    console.log(decision.outcome);
    for (const row of decision.disclosures) {
      const may = row.release === true ? "may go" : row.release === false ? "is held back" : "is open";
      console.log(`  ${row.item ?? "everything"} for ${row.recipient ?? "everybody"} ${may}`);
    }
    for (const question of decision.questions) console.log(`  ask: ${question.ask}`);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    console.log(error.message);
    for (const each of error.problem.diagnostics ?? []) console.log(`${each.path}: ${each.message}`);
    process.exitCode = 1;
  }
}

if (typeof process !== "undefined" && process.argv[1]?.endsWith("client.mjs")) await main(...process.argv.slice(2));
