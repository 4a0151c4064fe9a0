"""Whole caseloads: columns in, a column of outcomes and more out; by processor time, so of one core.

Beside the product are NumPy and Polars by hand, which know no missing facts, and what a loop of single decisions makes.
Every form is held against the reference before it is timed.
"""

import random
import statistics
from collections.abc import Callable, Sequence
from time import process_time
from typing import TYPE_CHECKING, Any

import attrs

from comparison.cases import cases, with_facts_missing
from comparison.catalogue import REFERENCE_ENGINE, Engine, engine
from comparison.effort import Effort
from comparison.engines.infoshare import DAY, POLICY
from comparison.specification import FACTS, SEEK_ADVICE, SHARE, WITHHOLD, Case

if TYPE_CHECKING:
    import pyarrow as pa

NOT_IN_THIS_BUILD = "not in this build"
ONE_IN_TEN = 0.1
OUTCOMES = (SHARE, WITHHOLD, SEEK_ADVICE)
CHECKED = 200
_DRAWN = 20_000  # different cases; more rows are these again, in another order


@attrs.frozen
class Form:
    """A way to decide a table: what it is given, how it is run, and how its outcomes are read."""

    title: str
    returns: str
    prepare: Callable[["pa.Table"], Any]
    run: Callable[[Any], Any]
    outcomes: Callable[[Any], list[str]]
    missing: float = 0.0


def run(engines: Sequence[Engine], effort: Effort) -> dict[str, Any]:
    """For each form: rows a second, how many were measured, and how many outcomes differ."""
    try:
        import numpy  # noqa: F401, ICN001 - only whether it is there
        import pyarrow  # noqa: F401, ICN001
    except ImportError:
        return {"not_installed": "numpy and pyarrow"}
    here = {e.key for e in engines}
    found: dict[str, Any] = {"forms": [], "said": []}
    forms = [*_numpy_by_hand(), *_polars_by_hand(), _loop(REFERENCE_ENGINE)]
    forms += [_cedar()] if "cedar" in here else []
    if "infoshare" in here:
        forms.append(_loop("infoshare"))
        try:
            forms += _product()
        except ImportError:
            found["said"].append({"title": "infoshare.batch", "why": NOT_IN_THIS_BUILD})
    found["forms"] = _timed(forms, effort)
    return found


def _timed(forms: list[Form], effort: Effort) -> list[dict[str, Any]]:
    drawn = cases(_DRAWN, seed=31)
    pools = {0.0: drawn, ONE_IN_TEN: with_facts_missing(drawn, ONE_IN_TEN, seed=32)}
    rows: list[dict[str, Any]] = []
    jobs: list[tuple[dict[str, Any], Form, Any, int, list[float]]] = []
    for form in forms:
        pool = pools[form.missing]
        sample = pool[:CHECKED]
        wrong = _wrong(form.outcomes(form.run(form.prepare(table(sample)))), sample)
        count = _rows(form, pool, effort)
        data = form.prepare(table(pool, count))
        form.run(data)  # what is made on first use is made
        row: dict[str, Any] = {"title": form.title, "returns": form.returns, "missing": form.missing}
        row |= {"rows": count, "wrong": wrong, "checked": len(sample)}
        rows.append(row)
        jobs.append((row, form, data, count, []))
    chance = random.Random(6)
    for _ in range(effort.batch_rounds):
        for _, form, data, count, times in chance.sample(jobs, len(jobs)):
            started = process_time()
            form.run(data)
            times.append((process_time() - started) / count)
    for row, _, _, _, times in jobs:
        row["rows_per_s"] = 1 / statistics.median(times)
    return rows


def _rows(form: Form, pool: Sequence[Case], effort: Effort) -> int:
    """How many rows take about as long as one pass may."""
    count = CHECKED
    while count < effort.batch_rows:
        data = form.prepare(table(pool, count))
        started = process_time()
        form.run(data)
        passed = process_time() - started
        if passed > effort.batch_seconds / 20:
            return int(max(count, min(effort.batch_rows, count * effort.batch_seconds / passed)))
        count *= 10
    return effort.batch_rows


def table(drawn: Sequence[Case], count: int | None = None) -> "pa.Table":
    """Cases as columns `q.fact`; to a count, by drawing from them again and again."""
    import numpy as np
    import pyarrow as pa

    small = pa.table({f"q.{fact}": [case.get(fact) for case in drawn] for fact in FACTS})
    if count is None:
        return small
    return small.take(pa.array(np.random.default_rng(33).integers(0, len(drawn), count)))


def _wrong(outcomes: list[str], sample: Sequence[Case]) -> int:
    """Against the reference for complete cases; against the product's own single decisions otherwise."""
    complete = all(len(case) == len(FACTS) for case in sample)
    decide = engine(REFERENCE_ENGINE if complete else "infoshare").decide()
    return sum(got != decide(case)[0] for got, case in zip(outcomes, sample, strict=True))


def _product() -> list[Form]:
    """Reads and checks an Arrow table, its words as a dictionary, within the time."""
    import infoshare
    from infoshare.batch import Columns, compile_batch

    batch = compile_batch(infoshare.load(POLICY), as_of=DAY)

    def bits(given: "pa.Table") -> Columns:
        decided = batch.decide_columns(given)
        _ = decided.outcome_codes, decided.basis_codes, decided.fired_bits
        return decided

    def arrow(given: "pa.Table") -> Any:
        decided = batch.decide_columns(given)
        return decided.outcome(), decided.basis(), decided.fired()

    ways: list[tuple[str, str, Callable[[Any], Any], Callable[[Any], list[str]]]] = [
        (
            "codes and bits",
            "outcome and basis as codes, fired as bits",
            bits,
            lambda d: d.outcome().to_pylist(),
        ),
        ("Arrow", "outcome, basis, fired: each different list once", arrow, lambda d: d[0].to_pylist()),
        (
            "a table",
            "outcome, basis, mandatory, fired, possible, exact, spelt out",
            batch.decide,
            lambda d: d.column("outcome").to_pylist(),
        ),
    ]
    return [
        Form(f"infoshare.batch, {way}, {words}", returns, _encoded, run_it, outcomes, missing)
        for way, returns, run_it, outcomes in ways
        for words, missing in (("no fact missing", 0.0), ("one fact in ten missing", ONE_IN_TEN))
    ]


def _encoded(given: "pa.Table") -> "pa.Table":
    import pyarrow as pa

    return pa.table(
        {
            name: column.dictionary_encode() if pa.types.is_string(column.type) else column
            for name, column in zip(given.column_names, given.columns, strict=True)
        }
    )


def _loop(key: str) -> Form:
    chosen = engine(key)
    decide = chosen.decide()
    return Form(
        f"{chosen.title}, a dict at a time",
        "outcome, rules, duties",
        _dicts,
        lambda drawn: [decide(case) for case in drawn],
        lambda answers: [answer[0] for answer in answers],
    )


def _dicts(given: "pa.Table") -> list[Case]:
    rows: list[Case] = given.rename_columns([n.removeprefix("q.") for n in given.column_names]).to_pylist()
    return rows


def _cedar() -> Form:
    """Cedar's call for many requests, a thousand at a time."""
    from comparison.engines import cedar

    decide = cedar.decide_many()
    return Form(
        "Cedar (cedarpy), its call for many requests",
        "outcome, rules, duties",
        _dicts,
        decide,
        lambda answers: [answer[0] for answer in answers],
    )


def _numpy_by_hand() -> list[Form]:
    return [
        Form(
            "NumPy by hand, a byte a test",
            "outcome as a code, rules as bits",
            _arrays,
            _by_bytes,
            lambda found: [OUTCOMES[code] for code in found[0].tolist()],
        ),
        Form(
            "NumPy by hand, a bit a test, packing included",
            "a column of bits for each rule and two for the outcome",
            _arrays,
            _by_bits,
            _outcomes_of_bits,
        ),
    ]


def _arrays(given: "pa.Table") -> dict[str, Any]:
    """Words as codes, numbers as bytes, answers as booleans."""
    import numpy as np

    made: dict[str, Any] = {}
    for fact, values in FACTS.items():
        column = given.column(f"q.{fact}").combine_chunks()
        if isinstance(values[0], str):
            column = column.dictionary_encode()
            codes = [values.index(word) for word in column.dictionary.to_pylist()]
            made[fact] = np.array(codes, np.uint8)[column.indices.to_numpy()]
        elif isinstance(values, range):
            made[fact] = column.to_numpy().astype(np.uint8)
        else:
            made[fact] = column.to_numpy(zero_copy_only=False)
    return made


def _tests(q: dict[str, Any]) -> dict[str, Any]:
    """Every test of the policy, a truth a row."""
    score = q["harm_score"]
    return {
        **{fact: q[fact] for fact, values in FACTS.items() if values[0] is True},
        "given": q["consent_status"] == 0,
        "refused": q["consent_status"] == 1,
        "none": q["consent_status"] == 2,
        "outsider": q["recipient"] > 1,
        "at least 30": score >= 30,
        "at least 60": score >= 60,
        "at least 80": score >= 80,
        "at least 16": q["child_age"] >= 16,
    }


def _held(t: dict[str, Any]) -> tuple[Any, ...]:
    """The first thirteen rules, for booleans and for bits alike, then what withholds and what asks advice."""
    abuse, illness, legal = t["suspected_sexual_abuse"], t["suspected_fabricated_illness"], t["legal_duty"]
    child, given = t["risk_to_child"], t["given"]
    harm = (child & t["at least 60"]) | abuse | illness | (t["risk_to_adult"] & t["at least 80"])
    free, unadvised = ~legal, ~t["has_sought_advice"]
    held = (
        given,
        ~given & harm,
        legal,
        t["refused"] & ~harm & free,
        t["none"] & ~harm & free,
        free & ~(t["accurate"] & t["up_to_date"]),
        free & ~t["necessary"],
        free & ~t["need_to_know"] & t["outsider"],
        ~t["secure_channel"],
        t["in_doubt"] & unadvised,
        child & t["at least 30"] & ~t["at least 60"] & ~given & unadvised,
        t["at least 16"] & t["refused"] & harm & free & unadvised,
        (given | harm | legal)
        & ~(t["telling_raises_risk"] | abuse | illness | t["would_undermine_investigation"]),
    )
    blocked = held[5] | held[6] | held[7] | held[8]
    doubted = (held[9] | held[10] | held[11]) & ~blocked & ~legal
    return (*held, blocked | ((held[3] | held[4]) & ~doubted & ~legal), doubted)


def _by_bytes(q: dict[str, Any]) -> tuple[Any, Any]:
    import numpy as np

    *held, withheld, doubted = _held(_tests(q))
    fired = np.full(len(withheld), 1 << 13, np.uint16)
    for bit, column in enumerate(held):
        fired |= column.astype(np.uint16) << np.uint16(bit)
    return withheld.view(np.uint8) | (doubted.view(np.uint8) << 1), fired


def _by_bits(q: dict[str, Any]) -> tuple[Any, ...]:
    import numpy as np

    return (*_held({name: np.packbits(test) for name, test in _tests(q).items()}), len(q["harm_score"]))


def _outcomes_of_bits(found: tuple[Any, ...]) -> list[str]:
    import numpy as np

    *_, withheld, doubted, count = found
    codes = np.unpackbits(withheld)[:count] | (np.unpackbits(doubted)[:count] << 1)
    return [OUTCOMES[code] for code in codes.tolist()]


def _polars_by_hand() -> list[Form]:
    try:
        import polars as pl
    except ImportError:
        return []
    q = {fact: pl.col(f"q.{fact}") for fact in FACTS}
    score, legal, child = q["harm_score"], q["legal_duty"], q["risk_to_child"]
    given, refused = q["consent_status"] == "given", q["consent_status"] == "refused"
    abuse, illness = q["suspected_sexual_abuse"], q["suspected_fabricated_illness"]
    harm, free, unadvised = pl.col("harm"), ~legal, ~q["has_sought_advice"]
    rules = {
        "r01": given,
        "r02": ~given & harm,
        "r03": legal,
        "r04": refused & ~harm & free,
        "r05": (q["consent_status"] == "none") & ~harm & free,
        "r06": free & ~(q["accurate"] & q["up_to_date"]),
        "r07": free & ~q["necessary"],
        "r08": free & ~q["need_to_know"] & ~q["recipient"].is_in(["police", "social_care"]),
        "r09": ~q["secure_channel"],
        "r10": q["in_doubt"] & unadvised,
        "r11": child & (score >= 30) & (score < 60) & ~given & unadvised,
        "r12": (q["child_age"] >= 16) & refused & harm & free & unadvised,
        "r13": (given | harm | legal)
        & ~(q["telling_raises_risk"] | abuse | illness | q["would_undermine_investigation"]),
    }
    any_of = pl.any_horizontal
    outcome = (
        pl.when(any_of("r06", "r07", "r08", "r09"))
        .then(pl.lit(WITHHOLD))
        .when("r03")
        .then(pl.lit(SHARE))
        .when(any_of("r10", "r11", "r12"))
        .then(pl.lit(SEEK_ADVICE))
        .when(any_of("r04", "r05"))
        .then(pl.lit(WITHHOLD))
        .otherwise(pl.lit(SHARE))
    )
    significant = (child & (score >= 60)) | abuse | illness | (q["risk_to_adult"] & (score >= 80))

    def prepare(given_table: "pa.Table") -> pl.DataFrame:
        words: Any = {
            f"q.{f}": pl.Enum([str(word) for word in v]) for f, v in FACTS.items() if isinstance(v[0], str)
        }
        return pl.DataFrame(pl.from_arrow(given_table)).cast(words)

    def decided(frame: pl.DataFrame) -> pl.DataFrame:
        lazy = frame.lazy().with_columns(harm=significant).with_columns(**rules)
        return lazy.select(outcome.alias("outcome"), *rules).collect()

    return [
        Form(
            "Polars by hand, one thread",
            "outcome, a column for each rule",
            prepare,
            decided,
            lambda f: f["outcome"].to_list(),
        )
    ]
