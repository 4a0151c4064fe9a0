"""A small policy, a small caseload in every format, and the command line, for the tests of `infoshare batch`."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

import infoshare
from infoshare.cli import main

POLICY = """\
infoshare 1

policy sample "A sample"
  version "7"
  from 2026-01-01
  until 2026-12-31

facts about consent "consent"
  status "the family's answer" : one of given, refused, not_sought  ask "What does the family say?"

facts about concern "the concern"
  serious "the child is at risk of serious harm" : yes or no  ask "Is the child at risk?"
  signs "the signs" : some of bruising, fear, hunger  ask "Which signs are there?"
  secret "something that nobody should have to say" : yes or no  unanswered means no

facts about child "the child"
  age "the child's age" : number of years from 0 to 130  ask "How old is the child?"
  born "the child's day of birth" : date  ask "When was the child born?"
  called "what the child is called" : text  ask "What is the child called?"

impossible not_so_old "Nobody who is older than 17 is a hungry child." when
  child.age > 17 and concern.signs includes hunger

consent agreed "What the family agrees to is shared."
  share
  when consent.status is given

consent respected "The wishes of a family who refuse are respected."
  withhold
  when consent.status is refused

consent ask_first "The family is asked first."
  seek consent
  when consent.status is not_sought and child.born > 2010-01-01

override safety_first "A child's safety overrides confidentiality."
  share
  prevails over every consent clause
  when concern.serious or concern.signs includes bruising

override secrets "Secrets are a matter for advice."
  seek advice
  prevails over agreed, respected, ask_first, safety_first
  when concern.secret and child.called is "nobody"

rule past "What is past is past."
  withhold
  when child.age > 99
  until 2020-01-01
"""

CASES: tuple[dict[str, Any], ...] = (
    {"case": "A", "consent": {"status": "given"}, "concern": {"serious": False, "signs": []}},
    {"case": "B", "consent": {"status": "refused"}, "concern": {"serious": True}},
    {"case": "C", "consent": {"status": "refused"}, "concern": {"serious": False, "signs": ["fear"]}},
    {"case": "D", "consent": {"status": "refused"}},
    {"case": "E", "concern": {"serious": "unsure", "signs": ["bruising", "fear"]}},
    {"case": "F", "consent": {"status": "unsure"}, "concern": {"secret": True}, "child": {"age": 7}},
    {
        "case": "G",
        "consent": {"status": "not_sought"},
        "child": {"born": "2015-02-28", "called": 'é, "x"\ny'},
    },
    {
        "case": "H",
        "concern": {"secret": True},
        "child": {"called": "nobody", "age": "unsure", "born": "unsure"},
    },
    {},
)
csv.field_size_limit(1 << 24)
DAY = ("--as-of", "2026-11-22")


def write(path: Path, text: str) -> str:
    """Writes text as it is, and returns the path as text."""
    path.write_text(text, encoding="utf-8", newline="")
    return str(path)


def run(*arguments: object) -> int:
    """The exit code of `infoshare batch`, for the day of the samples."""
    return main(["batch", *map(str, arguments), *DAY])


def policy() -> infoshare.Policy:
    """The sample, loaded."""
    return infoshare.load_sources({"sample.policy": POLICY.encode()}, main="sample.policy")


def flat(case: dict[str, Any]) -> dict[str, Any]:
    """The case with dotted names."""
    return {
        name if not isinstance(facts, dict) else f"{name}.{fact}": answer
        for name, facts in case.items()
        for fact, answer in (facts.items() if isinstance(facts, dict) else [("", facts)])
    }


def cell(answer: Any) -> str:
    """An answer as a table of text has it."""
    match answer:
        case None:
            return ""
        case bool():
            return "yes" if answer else "no"
        case list():
            return ";".join(answer) or "[]"
        case _:
            return str(answer)


def write_cases(path: Path, cases: Sequence[dict[str, Any]], **more: Sequence[Any]) -> str:
    """Writes cases in the format that the name of the path promises.

    Args:
        more: columns beside the facts.
    """
    rows = [flat(case) | {name: values[i] for name, values in more.items()} for i, case in enumerate(cases)]
    names = list(dict.fromkeys(["case", *(name for row in rows for name in row)]))
    match path.suffix:
        case ".csv":
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(names)
                writer.writerows([cell(row.get(name)) for name in names] for row in rows)
        case ".parquet":
            columns = {name: _column([row.get(name) for row in rows]) for name in names}
            parquet.write_table(pa.table(columns), path)
        case _:
            lines = (
                json.dumps({**case, **{n: v[i] for n, v in more.items()}}, ensure_ascii=i % 2 == 0)
                for i, case in enumerate(cases)
            )
            path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return str(path)


def _column(values: list[Any]) -> Any:
    if any(isinstance(value, list) for value in values):
        return pa.array([[v] if v == "unsure" else v for v in values])
    if "unsure" in values:
        return pa.array([None if v is None else v if isinstance(v, str) else json.dumps(v) for v in values])
    return pa.array(values)


def read_rows(path: Path | str) -> list[dict[str, Any]]:
    """The rows of a result, with the types that Parquet has, whatever the format."""
    path = Path(path)
    match path.suffix:
        case ".csv":
            with path.open(encoding="utf-8", newline="") as file:
                return [_typed(row) for row in csv.DictReader(file, strict=True)]
        case ".parquet":
            return parquet.read_table(path).to_pylist()
        case _:
            return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _typed(row: dict[str, str]) -> dict[str, Any]:
    decided = row["outcome"] != ""
    out: dict[str, Any] = {name: value or None for name, value in row.items()}
    for name in ("fired", "possible", "error"):
        out[name] = row[name].split(";") if row[name] else [] if decided and name != "error" else None
    for name in ("mandatory", "exact"):
        out[name] = {"true": True, "false": False, "": None}[row[name]]
    return out


def expected(cases: Sequence[dict[str, Any]], day: Any, *, presume: bool = True) -> list[tuple[Any, ...]]:
    """What the definition says of each case, as `decided` shows rows of a result."""
    decisions = (policy().decide(case, as_of=day, presume=presume) for case in cases)
    return [
        (
            d.case,
            str(d.outcome),
            str(d.basis),
            d.mandatory,
            [c.clause for c in d.fired],
            [str(o) for o in d.possible],
            d.exact,
            None,
        )
        for d in decisions
    ]


def decided(rows: Sequence[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """The columns of a result that a run adds, and the name of the case."""
    names = ("case", "outcome", "basis", "mandatory", "fired", "possible", "exact", "error")
    return [tuple(row[name] for name in names) for row in rows]
