"""Random caseloads: cases as tables of every kind, and what the definition says of each case."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from random import Random
from typing import Any

import attrs
import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa

import infoshare
from infoshare.batch import Batch, compile_batch
from infoshare.batch.row_groups import finding_of
from infoshare.errors import FactsError
from infoshare.meaning.facts import read
from infoshare.meaning.types import Date, Number, OneOf, SomeOf, Text, YesNo
from infoshare.policy.policy import Policy
from infoshare.testing.policies import MAIN, random_day, random_policy, sources, with_doubt
from infoshare.testing.tree_cases import in_doubt, random_case

KINDS = ("polars", "polars lazy", "pandas", "pyarrow", "record batch", "duckdb", "numpy")

Case = dict[str, Any]
Row = tuple[str, str, bool | None, list[str], list[str], bool]


@attrs.frozen(eq=False)
class Caseload:
    """Cases of one random policy, what each comes to, and the day."""

    texts: Mapping[str, bytes]
    policy: Policy
    as_of: date
    presume: bool
    cases: Sequence[Case]
    want: Sequence[Row]
    impossible: Sequence[Case]


def random_caseload(
    rng: Random, size: int, *, pairs: bool = False, large: bool = False, doubt: bool = False
) -> Caseload:
    files = random_policy(rng, pairs=pairs, large=large)
    files = with_doubt(rng, files) if doubt else files
    policy = infoshare.load_sources(sources(files), main=MAIN)
    as_of, presume = random_day(rng), rng.random() < 0.7
    lists = rng.random() < 0.5
    cases, want, impossible = [], [], []
    for _ in range(size):
        case = random_case(rng, files, completions=rng.choice((1, 60, 2_000, 1 << 20)), unknown_lists=True)
        case = in_doubt(rng, files, case) if doubt else case
        if not lists:
            case = {group: facts for group, facts in case.items() if not isinstance(facts, list)}
        case = without_unsure_elements(case)
        try:
            want.append(row_of(policy.decide(case, as_of=as_of, presume=presume)))
            cases.append(case)
        except FactsError:
            impossible.append(case)
    return Caseload(sources(files), policy, as_of, presume, cases, want, impossible)


def without_unsure_elements(case: Case) -> Case:
    """No element of a list is unsure: Arrow has no type for `true` beside `unsure` within a list."""
    return {
        group: facts
        if not isinstance(facts, list)
        else [{name: None if answer == "unsure" else answer for name, answer in e.items()} for e in facts]
        for group, facts in case.items()
    }


def row_of(decision: infoshare.Decision) -> Row:
    return (
        str(decision.outcome),
        str(decision.basis),
        decision.mandatory,
        [finding.clause for finding in decision.fired],
        [str(outcome) for outcome in decision.possible],
        decision.exact,
    )


def raw_columns(policy: Policy, cases: Sequence[Case]) -> dict[str, list[Any]]:
    """The answers of each fact, and the lists of each group, as the cases hold them."""
    model = policy.model
    columns = {
        path: [(case.get(fact.group) or {}).get(fact.name) for case in cases]
        for path, fact in model.facts.items()
        if not fact.each
    }
    columns |= {
        name: [case.get(name) for case in cases] for name, group in model.groups.items() if group.each
    }
    return {name: values for name, values in columns.items() if any(v is not None for v in values)}


def table(kind: str, policy: Policy, cases: Sequence[Case], rng: Random) -> Any:
    """The cases as a table of a kind, in one of the ways in which people have them."""
    raw = raw_columns(policy, cases)
    names = list(raw)
    rng.shuffle(names)
    columns = {"case": pa.array([f"case {i}" for i in range(len(cases))])}
    for name in names:
        columns[name] = arrow_column(policy, name, raw[name], rng)
    made = pa.table(columns)
    match kind:
        case "polars" | "polars lazy":
            frame: Any = pl.from_arrow(made)
            for name in names:
                if frame[name].dtype == pl.String and rng.random() < 0.5:
                    frame = frame.with_columns(pl.col(name).cast(pl.Categorical))
            if rng.random() < 0.3:
                frame = pl.concat([frame.head(len(cases) // 3), frame.tail(len(cases) - len(cases) // 3)])
            return frame.lazy() if kind == "polars lazy" else frame
        case "pandas":
            plain = {
                name: pd.Series(objects(raw[name]), dtype=object)
                if rng.random() < 0.3
                else made.column(name).to_pandas()
                for name in names
            }
            framed = pd.DataFrame({"case": made.column("case").to_pandas(), **plain})
            framed.index = pd.RangeIndex(7, 7 + len(cases))
            return framed
        case "pyarrow":
            return chopped(made, rng)
        case "record batch":
            whole = chopped(made, rng).combine_chunks()
            return whole.to_batches()[0] if len(cases) else pa.RecordBatch.from_pylist([], made.schema)
        case "duckdb":
            return duckdb.from_arrow(made)
        case _:
            return {"case": np.array([f"case {i}" for i in range(len(cases))])} | {
                name: numpy_column(policy, name, raw[name], rng) for name in names
            }


def objects(values: Sequence[Any]) -> Any:
    out = np.empty(len(values), object)
    out[:] = list(values)
    return out


def numpy_column(policy: Policy, name: str, values: Sequence[Any], rng: Random) -> Any:
    fact = policy.model.facts.get(name)
    sure = [v for v in values if v != "unsure"]
    if (
        fact is None
        or len(sure) < len(values)
        or isinstance(fact.type, SomeOf | OneOf | Text)
        or rng.random() < 0.3
    ):
        return objects(values)
    missing = [v is None for v in values]
    match fact.type:
        case YesNo():
            return np.ma.MaskedArray(np.array([bool(v) for v in values]), missing)
        case Number() if rng.random() < 0.5:
            return np.array([np.nan if v is None else float(v) for v in values])
        case Number():
            return np.ma.MaskedArray(np.array([v or 0 for v in values]), missing)
        case _:
            return np.array(values, "datetime64[D]")


def chopped(made: pa.Table, rng: Random) -> pa.Table:
    """The same rows, but beginning within the memory that holds them, or in several pieces."""
    match rng.randrange(3):
        case 0 if len(made) > 3:
            return pa.concat_tables([made.slice(0, 3), made]).combine_chunks().slice(3)
        case 1:
            at = rng.randint(0, len(made))
            return pa.concat_tables([made.slice(0, at), made.slice(at)])
        case _:
            return made


def arrow_column(policy: Policy, name: str, values: Sequence[Any], rng: Random) -> Any:
    fact = policy.model.facts.get(name)
    if fact is None:
        return pa.array(values)
    unsure = any(v == "unsure" for v in values)
    match fact.type:
        case SomeOf():
            kind = rng.choice((pa.list_, pa.large_list))(rng.choice((pa.string(), pa.large_string())))
            return pa.array([[v] if v == "unsure" else v for v in values], kind)
        case OneOf() | Text():
            return texts(values, rng)
        case _ if unsure or rng.random() < 0.1:
            return texts([v if v is None else written(v) for v in values], rng)
        case YesNo():
            return pa.array(values, pa.bool_())
        case Number():
            kind = rng.choice((pa.int64(), pa.int8(), pa.uint16(), pa.int32(), pa.float64(), pa.float32()))
            return pa.array(values, kind)
        case Date():
            days = [None if v is None else date.fromisoformat(v) for v in values]
            kind = rng.choice((pa.date32(), pa.date64(), pa.timestamp("us"), pa.timestamp("s")))
            if pa.types.is_timestamp(kind):
                return pa.array([d and datetime.combine(d, datetime.min.time()) for d in days], kind)
            return pa.array(days, kind)


def texts(values: Sequence[Any], rng: Random) -> Any:
    kind = rng.choice((pa.string(), pa.large_string(), pa.string_view()))
    array = pa.array(values, kind)
    return array.cast(pa.string()).dictionary_encode() if rng.random() < 0.4 else array


def written(value: Any) -> str:
    """An answer as a case file writes it."""
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def rows(decided: Any) -> list[Row]:
    """A decided table of any kind as plain rows."""
    if isinstance(decided, pl.LazyFrame):
        decided = decided.collect()
    if isinstance(decided, pl.DataFrame):
        data = decided.to_dict(as_series=False)
    elif isinstance(decided, pd.DataFrame):
        data = {name: decided[name].tolist() for name in decided.columns}
    elif isinstance(decided, dict):
        data = {name: values.tolist() for name, values in decided.items()}
    elif isinstance(decided, pa.Table | pa.RecordBatch):
        data = decided.to_pydict()
    else:
        data = decided.to_arrow_table().to_pydict()
    must = [None if v is None or v is pd.NA else bool(v) for v in data["mandatory"]]
    plain = [[list(each) for each in data[name]] for name in ("fired", "possible")]
    assert list(data["case"]) == [f"case {i}" for i in range(len(must))]
    return list(
        zip(
            map(str, data["outcome"]),
            map(str, data["basis"]),
            must,
            *plain,
            map(bool, data["exact"]),
            strict=True,
        )
    )


def differences(caseload: Caseload, kind: str, rng: Random) -> list[str]:
    """Where a table of these cases comes to something else than the cases do."""
    batch = compile_batch(caseload.policy, as_of=caseload.as_of, presume=caseload.presume)
    got = rows(batch.decide(table(kind, caseload.policy, caseload.cases, rng)))
    assert len(got) == len(caseload.want)
    return [
        f"{kind}: the definition says {want}, the table {found}, of {case!r} as of {caseload.as_of}"
        for case, want, found in zip(caseload.cases, caseload.want, got, strict=True)
        if want != found
    ]


def closely_knit(rng: Random, *, impossible: bool, clauses: int = 60) -> Policy:
    """A policy whose clauses hang together so closely that no one diagram holds all of them."""
    text = ['infoshare 1\n\npolicy knit "A policy"\n\nfacts about q "the request"']
    text += [f'  b{i} "b{i}" : yes or no' + (" unanswered means no" if i < 2 else "") for i in range(20)]
    text += [f'  e{i} "e{i}" : one of a, b, c, d' for i in range(5)]
    text += [f'  n{i} "n{i}" : number from 0 to 50' for i in range(2)]

    def condition() -> str:
        some = []
        for fact in rng.sample(range(27), 5):
            if fact < 20:
                some.append(rng.choice(("", "not ")) + f"q.b{fact}")
            elif fact < 25:
                some.append(f"q.e{fact - 20} is {rng.choice(('', 'not '))}{rng.choice('abcd')}")
            else:
                some.append(f"q.n{fact - 25} {rng.choice(('<', '>='))} {rng.randint(1, 50)}")
        return " and ".join(some)

    for number in range(clauses):
        what = rng.choice(("share", "share", "withhold", "seek consent"))
        text.append(f'consent c{number} "C{number}." {what} when {condition()}')
    for number in range(3):
        over = ", ".join(f"c{i}" for i in sorted(rng.sample(range(clauses), 5)))
        must = rng.choice(("must ", ""))
        text.append(f'override o{number} "O{number}." {must}withhold prevails over {over} when {condition()}')
    if impossible:
        text.append(f'impossible not_so "It cannot be." when {condition()}')
    return infoshare.load_sources({MAIN: "\n".join(text).encode()}, main=MAIN)


def knit_cases(rng: Random, size: int, known: Sequence[float] = (1.0, 0.95, 0.9)) -> list[Case]:
    """Cases of such a policy; of each, one of these shares of the facts is known."""

    def answer(name: str) -> Any:
        match name[0]:
            case "b":
                return rng.random() < 0.5
            case "e":
                return rng.choice("abcd")
            case _:
                return rng.randint(0, 50)

    names = [*(f"b{i}" for i in range(20)), *(f"e{i}" for i in range(5)), "n0", "n1"]
    cases: list[Case] = []
    for _ in range(size):
        share = rng.choice(known)
        cases.append({"q": {name: answer(name) for name in names if rng.random() < share}})
    return cases


def knit_differences(batch: Batch, cases: Sequence[Case], rng: Random) -> tuple[list[str], list[Row]]:
    """Where a table of cases of such a policy comes to something else, and what it comes to."""
    policy, as_of = batch.policy, batch.as_of
    possible, want = [], []
    for case in cases:
        try:
            finding = finding_of(policy.model, read(policy.model, case).case, as_of, presume=True)
        except FactsError:
            continue
        possible.append(case)
        fired = [name for name in policy.model.clauses if name in finding.fired]
        outcomes = [str(outcome) for outcome in finding.possible]
        want.append(
            (str(finding.outcome), str(finding.basis), finding.mandatory, fired, outcomes, finding.exact)
        )
    got = rows(batch.decide(table("pyarrow", policy, possible, rng)))
    found = [
        f"the definition says {a}, the table {b}, of {case!r}"
        for case, a, b in zip(possible, want, got, strict=True)
        if a != b
    ]
    return found, got
