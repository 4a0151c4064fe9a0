"""Results -> Markdown: the tables alone for a terminal, or the whole page of `docs/`.

Invariant: every figure comes from the results; the prose around them says what was done, never how it came out.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from comparison.timing import WARM_UP

Results = dict[str, Any]
FIRED = {
    "all": "all that hold",
    "stands": "those that stand",
    "deciding": "the one that decides",
    "none": "none",
}
BY_HAND, PRODUCT = "python_fired", "infoshare"


def page(results: Results, drawn: Sequence[str]) -> str:
    """The page of the documents."""
    sections = [
        _head(results),
        *(f"![{alt(name)}](benchmarks/{name})" for name in drawn if name == "decision.svg"),
    ]
    sections += [section(results) for section in SECTIONS]
    text = "\n\n".join(part for part in sections if part)
    growth = f"![{alt('growth.svg')}](benchmarks/growth.svg)" if "growth.svg" in drawn else ""
    return text.replace("<!-- growth -->", growth).replace("\n\n\n", "\n\n").rstrip() + "\n"


def alt(name: str) -> str:
    """What a plot shows, for those who cannot see it."""
    return {
        "decision.svg": "Microseconds for one decision by engine, on a logarithmic scale; the table below has the figures",
        "growth.svg": "Microseconds for one decision by number of rules, both logarithmic; the table below has the figures",
    }[name]


def tables(results: Results) -> str:
    """What a terminal shows."""
    return "\n\n".join(part for part in (section(results) for section in SECTIONS) if part).replace(
        "<!-- growth -->\n\n", ""
    )


def disagreements(results: Results) -> list[str]:
    """Engines that came to something else than the specification, anywhere."""
    found = [
        _title(results, key)
        for key, row in results.get("agreement", {}).items()
        if row["outcomes"] or row["rules"] or row["duties"]
    ]
    for kind in ("selective", "unselective"):
        for key, sizes in results.get("growth", {}).get(kind, {}).items():
            if any(row.get("wrong") for row in sizes.values()):
                found.append(f"{_title(results, key)}, {kind} rules")
    found += [row["title"] for row in results.get("batch", {}).get("forms", ()) if row["wrong"]]
    return found


# --- sections --------------------------------------------------------------------------------------


def _head(results: Results) -> str:
    machine = results["machine"]
    return f"""# Beside other rule engines

<!-- Written by `python benchmarks/run.py`: change benchmarks/comparison/page.py, not this page. -->

One policy of fourteen rules over eighteen facts was given to {len(_peers(results))} other rule engines that can be called from Python,
to Python written by hand, and to infoshare. This page is what one run of
[`benchmarks/run.py`](../benchmarks/README.md) on one machine said; its raw figures are in
[results.json](benchmarks/results.json). Compare ratios, not microseconds: another machine has others.

Measured on {machine["day"]} with {machine["python"]} on {machine["system"]}, {machine["processor"]},
{machine["cores"]} cores, {machine["memory_gb"]} GB of memory; load {machine["load"]} at the start and {machine.get("load_after")} at the end; commit `{machine["commit"]}`;
{_minutes(results["seconds"])} for everything{", a quick look and no more" if results["quick"] else ""}."""


def _agreement(results: Results) -> str:
    part = results.get("agreement")
    if not part:
        return ""
    cases = next(iter(part.values()), {"cases": 0})["cases"]
    wrong = disagreements(results)
    verdict = f"**These differ: {', '.join(wrong)}.**" if wrong else "No engine differs in any of them."
    rows = [
        (
            _title(results, key),
            results["engines"][key]["version"] or "",
            FIRED[results["engines"][key]["fired"]],
            "yes" if results["engines"][key]["duties"] else "no",
            *(_or_dash(row[what]) for what in ("outcomes", "rules", "duties")),
        )
        for key, row in part.items()
    ]
    head = (
        "engine",
        "version",
        "rules it returns",
        "duties",
        "outcomes wrong",
        "rules wrong",
        "duties wrong",
    )
    return f"""## Who takes part, and what each returns

Before anything is timed, {cases:,} cases are decided by every engine and held against the policy's definition, half
of them likely cases, half with every value as likely as any other, thresholds hit on purpose. {verdict}

*All that hold* are the rules whose condition is met. infoshare's `fired` are the clauses that *stand*: those that hold
and that no other clause prevails over; what was prevailed over is in `defeated`, with the clause that did it, so that the two
together are all that hold (a row of its own reads both). Where an engine only matches rules, outcome and duties are
looked up by the rules that it returned, at the least cost that we could find.

{_table(head, rows, left=4)}

{_not_installed(results)}"""


def _not_installed(results: Results) -> str:
    absent = sorted({e["distribution"] for e in results["engines"].values() if not e["installed"]})
    return f"Not installed, so not measured: {', '.join(absent) if absent else 'none of those that we know how to ask'}."


def _missing(results: Results) -> str:
    part = results.get("missing")
    if not part:
        return ""
    rows = []
    for key, row in part["engines"].items():
        opened, idle = row["open"], row["idle"]
        rows.append(
            (
                _title(results, key),
                *(str(opened.get(what, 0)) for what in ("shares", "another outcome", "raises", "unknown")),
                *(str(idle.get(what, 0)) for what in ("right", "wrong", "raises", "unknown")),
            )
        )
    head = (
        "engine",
        "says share",
        "says another outcome",
        "raises",
        "says unknown",
        "right",
        "wrong",
        "raises",
        "says unknown",
    )
    return f"""## When a fact is missing

One of the eighteen facts is left out of a case. In {part["trials"]} *open* trials the outcome hangs on that fact, so that nobody
can know it yet: whoever names one has guessed, and whoever says *share* has permitted what the missing answer may forbid. In
{part["trials"]} *idle* trials every answer leads to the same outcome, which could be given. Observed with the rules written plainly,
without guards against missing facts: an author could add some to any of these engines, rule by rule.
Engines that raise can be asked again with the fact, if the caller catches it and finds out which one it was.

The first four columns of figures are open trials, the last four idle ones.

{_table(head, rows)}"""


def _decision(results: Results) -> str:
    part = results.get("decision")
    if not part:
        return ""
    rows = [
        (
            _title(results, key),
            FIRED[results["engines"][key]["fired"]],
            _number(row["us"]),
            f"{_number(row['us_low'])} to {_number(row['us_high'])}",
            _number(row["ratio"]),
            f"{_number(row['ratio_low'])} to {_number(row['ratio_high'])}",
        )
        for key, row in sorted(part.items(), key=lambda item: item[1]["ratio"])
    ]
    head = ("engine", "rules returned", "µs", "of ten rounds, eight", "× by hand", "of ten rounds, eight")
    return f"""## One decision

A dict of eighteen facts in; outcome, rules and duties out and read, where the engine has them. infoshare reads facts strictly, as
always: an unknown name, a wrong type or a number out of range is an error (by hand, the row *facts checked first* does as much).
The ratio is to *{_title(results, BY_HAND)}*.

{_table(head, rows, left=2)}

{_said_of_decision(results)}"""


def _said_of_decision(results: Results) -> str:
    part = results["decision"]
    peers = [
        k for k in part if results["engines"][k]["kind"] == "peer" and results["engines"][k]["fired"] == "all"
    ]
    if PRODUCT not in part or not peers:
        return ""
    best = min(peers, key=lambda key: part[key]["ratio"])
    return (
        f"infoshare costs {_number(part[PRODUCT]['ratio'])} times the same by hand; the quickest peer that returns all rules, "
        f"{_title(results, best)}, {_number(part[best]['ratio'])} times."
    )


def _unknown(results: Results) -> str:
    part = results.get("unknown")
    if not part:
        return ""
    rows = [
        (f"{float(share):.0%}", _number(row["us"]), _number(row["beside_us"]), _number(row["ratio"]))
        for share, row in part.items()
    ]
    head = ("facts missing", "µs", "µs, the same cases with none missing", "ratio")
    return f"""### With facts missing

Each fact of each case is left out with this probability; no case comes twice. infoshare alone, beside itself on the same cases with
none missing; outcome, fired clauses and duties are read, as above. Which facts an open duty waits for is worked out when somebody
looks at it, as the facts of a clause are: that is part of *everything* in the next table.

{_table(head, rows)}"""


def _asked(results: Results) -> str:
    part = results.get("asked")
    if not part:
        return ""
    looks = list(dict.fromkeys(key.partition("|")[0] for key in part))
    rows = [
        (look, _number(part[f"{look}|complete"]["us"]), _number(part[f"{look}|quarter missing"]["us"]))
        for look in looks
    ]
    head = ("what is looked at", "µs, all facts known", "µs, a quarter missing")
    return f"""### What is looked at

What it costs to look at less or more of infoshare's decision.

{_table(head, rows)}"""


def _growth(results: Results) -> str:
    part = results.get("growth")
    if not part:
        return ""
    if "error" in part:
        return f"## More rules\n\nThis part did not end: {part['error']}."
    selective = part["selective"]
    sizes = list(dict.fromkeys(size for rows in selective.values() for size in rows))
    largest = sizes[-1]
    ordered = sorted(selective, key=lambda key: _growth_order(selective[key], sizes))
    decisions = [
        (
            _title_of_rules(results, key),
            *(_cell(selective[key].get(size), "us") for size in sizes),
            _cell(selective[key].get(largest), "ratio", blank=True),
            _cell(selective[key].get(largest), "over_100", blank=True),
        )
        for key in ordered
    ]
    loads = [
        (_title_of_rules(results, key), *(_cell(selective[key].get(size), "load_ms") for size in sizes))
        for key in ordered
    ]
    head = ("µs a decision", *(f"{int(size):,} rules" for size in sizes))
    head += (f"× by hand, {int(largest):,}", f"{int(largest):,} over 100")
    text = f"""## More rules

Independent rules over twenty facts, each testing two words out of a hundred and half of them a number too; of 10,000 such rules about
one holds. Every engine gets the same rules and returns the ids of those that hold (casbin the first).
In infoshare they are clauses that all say *share*. *By hand* is an `if` for each rule. Fired rules were held against brute force first.

<!-- growth -->

{_table(head, decisions)}

{_not_tried(results, selective)}

Loading them, from text (or from the engine's own objects), and what the first three decisions cost more than the next:

{_table(("ms to load", *head[1 : len(sizes) + 1]), loads)}"""
    unselective = part["unselective"]
    count = next(size for sizes in unselective.values() for size in sizes)
    measured = {key: row[count] for key, row in unselective.items() if "us" in row.get(count, {})}
    rows = [
        (_title_of_rules(results, key), _number(row["us"]), _number(row["ratio"]))
        for key, row in sorted(measured.items(), key=lambda item: item[1]["us"])
    ]
    return f"""{text}

### Rules that are hard to tell apart

{int(count):,} rules of eight tests each on facts of two values: no single test rules out much, so an index over tests has little to go by.

{_table((f"{int(count):,} unselective rules", "µs a decision", "× by hand"), rows)}"""


def _title_of_rules(results: Results, key: str) -> str:
    titles = {
        "python_outcome": "Python by hand: an if for each rule",
        "zen_graph": "zen-engine, decision table",
    }
    return titles.get(key) or _title(results, key)


def _growth_order(rows: dict[str, Any], sizes: Sequence[str]) -> tuple[int, float]:
    measured = [size for size in sizes if "us" in rows.get(size, {})]
    return (-len(measured), rows[measured[-1]]["us"] if measured else 0.0)


def _cell(row: dict[str, Any] | None, what: str, *, blank: bool = False) -> str:
    if row is None or what not in row:
        return "" if blank or row is None else "not tried"
    return _number(row[what]) + (f" ({row['wrong']} wrong)" if row.get("wrong") and what == "us" else "")


def _not_tried(results: Results, rows: dict[str, Any]) -> str:
    why = [
        f"{_title_of_rules(results, key)} with {int(size):,} rules ({row['not_tried']})"
        for key, sizes in rows.items()
        for size, row in sizes.items()
        if "not_tried" in row
    ]
    return f"Not tried: {'; '.join(why)}." if why else ""


def _cold(results: Results) -> str:
    part = results.get("cold")
    if not part:
        return ""
    rows = [
        (
            "cscp of 2026.1, a shipped policy" if key == "shipped" else _title(results, key),
            *(_number(row[what]) for what in ("import_ms", "load_ms", "first_ms", "ready_ms", "wall_ms")),
            _number(row["next_us"]) if row["next_us"] else "",
        )
        for key, row in sorted(part.items(), key=lambda item: item[1]["ready_ms"])
    ]
    head = (
        "ms",
        "import",
        "load",
        "first decision",
        "together",
        "by the wall clock",
        "the next 100, µs each",
    )
    return f"""## From a cold start

A fresh process for each figure, medians of {results["effort"]["starts"]} in random order. *Together* is from the first line of the program to the first decision read:
importing, loading the policy, deciding. Starting Python itself is not counted. Bytecode is there already, as after
the first use of an installed package. The last column is what a decision costs while everything is still new.

{_table(head, rows)}"""


def _batch(results: Results) -> str:
    part = results.get("batch")
    if not part:
        return ""
    if "not_installed" in part:
        return f"## Whole caseloads\n\nNot measured: {part['not_installed']} are not installed."
    rows = [
        (row["title"], row["returns"], _number(row["rows_per_s"]), f"{row['rows']:,}")
        for row in sorted(part["forms"], key=lambda row: -row["rows_per_s"])
    ]
    said = "".join(f"\n\n{row['title']}: {row['why']}." for row in part["said"])
    return f"""## Whole caseloads

The reference policy over columns in memory, by processor time, so a second is a second of one core. NumPy and Polars by hand know no missing
facts, and are given columns in the form that suits them; infoshare reads and checks an Arrow table within the time.

{_table(("form", "returns", "rows a second", "rows measured"), rows, left=2)}{said}"""


def _method(results: Results) -> str:
    return f"""## How it was measured

Each timed chunk of an engine lies between two chunks of what it is measured against, on the same cases, in {results["effort"]["rounds"]} rounds in which the engines
come in a new random order; a ratio is the median over the rounds of the ratios of such pairs, *of ten rounds, eight* the range without the
lowest and the highest tenth. Up to {WARM_UP:,} decisions on other cases come first, so that what
an engine makes on first use is made; what the first hundred cost is told under *From a cold start*. What an empty loop costs is taken off. Times are processor time
of the process, all its threads together, so what else the machine did is not counted; an engine that waits for something is not charged for it,
so the clock on the wall is in the raw figures (`wall_us`) as well. A slow engine gets fewer cases in a chunk. The garbage collector: {results["collector"]}.
Rules and cases are in [`benchmarks/comparison`](../benchmarks/README.md), one file for each engine.

## What this does not say

- One policy, one shape of case, one machine. With few facts, many lists or long texts the order may be another.
- Peers were written in the form that their documentation suggests, one rule for each of ours; their authors may know a quicker one. Several do
  more than match rules (sign, log, store, serve over a network), none of which was asked for.
- Most peers are called with a dict and turn it into values of their own; where that is most of the cost, a program that keeps its data in
  the engine's own form pays less.
- Timings below about 1.3 times of each other are equal for all that can be said here.
- Cases are invented."""


SECTIONS: tuple[Callable[[Results], str], ...] = (
    _agreement,
    _missing,
    _decision,
    _unknown,
    _asked,
    _growth,
    _cold,
    _batch,
    _method,
)


def _peers(results: Results) -> set[str]:
    here = (e for e in results["engines"].values() if e["kind"] == "peer" and e["installed"])
    return {engine["distribution"] for engine in here}


# --- small things ----------------------------------------------------------------------------------


def _title(results: Results, key: str) -> str:
    engine = results["engines"][key]
    return f"**{engine['title']}**" if engine["kind"] == "product" else str(engine["title"])


def _or_dash(value: int | None) -> str:
    return "–" if value is None else str(value)


def _minutes(seconds: int) -> str:
    return f"{seconds} seconds" if seconds < 120 else f"{seconds / 60:.0f} minutes"


def _number(value: float) -> str:
    """Three figures, with thousands apart."""
    if value >= 1e9:
        return f"{value / 1e9:.3g} G"
    if value >= 1e6:
        return f"{value / 1e6:.3g} M"
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], *, left: int = 1) -> str:
    """Markdown whose columns also line up as text."""
    grid = [list(head), *(list(row) for row in rows)]
    widths = [max(3, *(len(row[column]) for row in grid)) for column in range(len(head))]
    lines = [
        "| "
        + " | ".join(
            cell.ljust(width) if column < left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        + " |"
        for row in grid
    ]
    rule = "|".join(
        "-" * (width + 2) if column < left else "-" * (width + 1) + ":" for column, width in enumerate(widths)
    )
    return "\n".join([lines[0], f"|{rule}|", *lines[1:]])
