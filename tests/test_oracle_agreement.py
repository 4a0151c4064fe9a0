"""The evaluator, held against the oracle on thousands of random cases, through the front door.

Half of what is random is hard on purpose; the tests count how much of it, print the figures and insist on a share of
each hard kind. `checks/oracle_agreement.py` runs as many as it is told.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from random import Random
from typing import Any

import pytest

import infoshare
from infoshare.errors import FactsError, PolicyError
from infoshare.outcome import Basis
from infoshare.syntax import tree
from infoshare.testing.policies import MAIN, Files, random_day, random_policy, sources
from infoshare.testing.row_policies import random_row_policy
from infoshare.testing.tree_cases import Vocabulary, random_case, random_row_case
from oracle import Expected, TooManyError, UnknownListError, expect, listings
from oracle.comparison import denied, differences

Counts = Counter[str]

CASES_EACH = 10
HARD = dict.fromkeys(
    (
        "conflict",
        "silence",
        "not settled",
        "an exception to an exception applies",
        "an overridden override",
        "held back",
    ),
    0.03,
)
HARD_ROWS = {
    "rows that differ": 0.1,
    "a reference whose other answer changes a row": 0.1,
    "a row settled where another is not": 0.02,
    "whose consent is certain": 0.03,
    "something relaxed": 0.01,
    "a duty for each": 0.1,
    "a list that is not given": 0.05,
    "an empty list": 0.05,
    "a list assumed to be empty": 0.03,
    "a reference assumed": 0.03,
    "a list of several": 0.2,
}


def hard(want: Expected) -> Iterator[str]:
    """The hard kinds that a case is of."""
    if want.basis in (Basis.CONFLICT, Basis.SILENCE):
        yield want.basis.value
    if want.basis is Basis.UNKNOWN_FACTS:
        yield "not settled"
    if any(name.startswith("exception") and by.always for name, by in want.excepted.items()):
        yield "an exception to an exception applies"
    if any(name.startswith("override") for name in want.defeated):
        yield "an overridden override"
    if any(row.release is False for row in want.rows):
        yield "held back"


def hard_rows(
    vocabulary: Vocabulary, case: Mapping[str, Any], want: Expected, other: Expected | None
) -> Iterator[str]:
    """The hard kinds that a case of a policy with rows is of; `other` is of the case with another reference."""
    decided = {(row.outcome, row.basis) for row in want.every_row}
    if len(decided) > 1:
        yield "rows that differ"
    if len({row.basis is Basis.UNKNOWN_FACTS for row in want.every_row}) > 1:
        yield "a row settled where another is not"
    if any(row.ask for row in want.every_row):
        yield "whose consent is certain"
    if any(row.relaxed for row in want.every_row):
        yield "something relaxed"
    if any(" for " in key for key in (*want.duties, *want.lifted)):
        yield "a duty for each"
    if other is not None and any(
        (a.possible, a.release, a.strength) != (b.possible, b.release, b.strength)
        for a, b in zip(want.every_row, other.every_row, strict=True)
    ):
        yield "a reference whose other answer changes a row"
    for group in vocabulary.each:
        if group in want.assumed_lists:
            yield "a list assumed to be empty"
        elif case.get(group) is not None:
            yield {0: "an empty list", 1: "a list of one"}.get(len(case[group]), "a list of several")
    kinds = {f"{group}.{fact.name.text}": fact.type for group, fact in vocabulary.facts}
    if any(isinstance(kinds.get(_path(key)), tree.Reference) for key in want.assumed):
        yield "a reference assumed"


def _path(key: str) -> str:
    return f"{key.partition('[')[0]}.{key.rpartition('.')[2]}" if "[" in key else key


def shown(texts: Mapping[str, bytes], case: Any, as_of: date, presume: bool, found: list[str]) -> str:
    """A disagreement, with all that is needed to try it again."""
    policy = "\n".join(f"--- {path}\n{text.decode()}" for path, text in texts.items())
    return "\n".join([policy, f"case {case!r} as of {as_of}, presume={presume}", *found])


def agreement(cases: int, rng: Random, counts: Counts) -> str | None:
    """Decides random cases of policies without rows; the first difference, or None. Counts what was tried."""
    while counts["decided"] < cases:
        pairs = rng.random() < 0.15
        files = random_policy(rng, large=rng.random() < 0.1, pairs=pairs)
        texts = sources(files)
        policy = infoshare.load_sources(texts, main=MAIN)
        counts["policies"] += 1
        for _ in range(CASES_EACH):
            case = random_case(rng, files, completions=rng.choice((1, 8, 32, 128, 512, 2048)))
            as_of, presume = random_day(rng), rng.random() < 0.8
            try:
                want = expect(files, case, as_of, presume=presume, limit=3_000)
            except TooManyError:
                continue
            got = _decided(policy, case, as_of, presume)
            if want is None or got is None:
                counts["cannot be"] += 1
                found = [] if want is got else ["only one of them says that it cannot be"]
            else:
                counts["decided"] += 1
                counts["completions"] += want.completions
                counts.update(hard(want))
                if pairs and not got["exact"]:
                    counts["not exact, facts being compared with one another"] += 1
                    settled = got["basis"] != Basis.UNKNOWN_FACTS
                    denying = settled and want.possible != {got["outcome"]}
                    found = ["settled against a completion"] if denying else []
                else:
                    found = list(differences(want, got))
                    if pairs:  # whom to ask is told also where two unknown facts would have to be told apart
                        found = [each for each in found if not each.startswith("advice:")]
                        told = {each["advice"] for each in got["advice"]}
                        found += [f"advice: {each} is left out" for each in want.advice if each not in told]
            if found:
                return shown(texts, case, as_of, presume, found)
    return None


def row_agreement(
    cases: int, rng: Random, counts: Counts, *, limit: int = 600, differ: Callable[..., Any] | None = None
) -> str | None:
    """Decides random cases of policies with rows and people; the first difference, or None. Counts what was tried."""
    while counts["decided"] < cases:
        files = random_row_policy(rng, large=rng.random() < 0.1)
        texts = sources(files)
        try:
            policy, vocabulary = infoshare.load_sources(texts, main=MAIN), Vocabulary.of(files)
        except PolicyError as error:
            if {each.code for each in error.diagnostics} != {"IS210"}:
                raise
            counts["policies refused, since blanket targets close a circle"] += 1
            continue
        counts["policies"] += 1
        for _ in range(CASES_EACH):
            ways, unknown = min(rng.choice((1, 8, 32, 128)), limit // 8), rng.random() < 0.3
            case = random_row_case(rng, files, completions=ways, unknown_lists=unknown)
            as_of, presume = random_day(rng), rng.random() < 0.8
            try:
                got = _decided(policy, case, as_of, presume)
                want = expect(files, case, as_of, presume=presume, limit=limit)
            except TooManyError:
                continue
            except UnknownListError:
                counts["a list that is not given"] += 1
                counts["decided"] += 1
                found = list(_denied(files, case, as_of, presume, got, counts)) if got else []
            else:
                if want is None or got is None:
                    counts["cannot be"] += 1
                    found = [] if want is got else ["only one of them says that it cannot be"]
                else:
                    counts["decided"] += 1
                    counts["completions"] += want.completions
                    other = _other_reference(rng, files, vocabulary, case, as_of, presume, limit)
                    counts.update(set(hard_rows(vocabulary, case, want, other)))
                    counts["not exact"] += not got["exact"]
                    found = list(differences(want, got) if got["exact"] else denied(want, got, ()))
            if found:
                told = shown(texts, case, as_of, presume, found)
                if differ is None:
                    return told
                differ(files, case, as_of, presume, told)
    return None


def _decided(policy: infoshare.Policy, case: Any, as_of: date, presume: bool) -> Mapping[str, Any] | None:
    """The decision as JSON; None of a case that cannot be."""
    try:
        return policy.decide(case, as_of=as_of, presume=presume).to_dict()
    except FactsError as error:
        assert {d.code for d in error.diagnostics} == {"IS405"}, error  # noqa: PT017 - what else is refused is a fault
        return None


def _other_reference(
    rng: Random,
    files: Files,
    vocabulary: Vocabulary,
    case: Mapping[str, Any],
    as_of: date,
    presume: bool,
    limit: int,
) -> Expected | None:
    """What is expected where one reference has another answer."""
    other = {g: [dict(e) for e in f] if isinstance(f, list) else dict(f or {}) for g, f in case.items()}
    references = [
        (place, fact) for place, fact in vocabulary.places(other) if isinstance(fact.type, tree.Reference)
    ]
    if not references:
        return None
    place, fact = rng.choice(references)
    place[fact.name.text] = vocabulary.answer(rng, fact, other)
    try:
        return expect(files, other, as_of, presume=presume, limit=limit)
    except (TooManyError, UnknownListError):
        return None


def _denied(
    files: Files, case: Mapping[str, Any], as_of: date, presume: bool, got: Mapping[str, Any], counts: Counts
) -> Iterator[str]:
    """What is said to be settled, and is not so of some list that may be given."""
    missing, ways = listings(files, case, as_of, presume=presume)
    for concrete in ways:
        try:
            want = expect(files, concrete, as_of, presume=presume, limit=300, tried=missing)
        except TooManyError:
            continue
        if (
            want is not None
            and {a["fact"] for a in got["assumed"]} <= want.assumed.keys() | want.assumed_lists
        ):
            counts["lists tried in place of those that are not given"] += 1
            for each in denied(want, got, missing):
                yield f"{each}; with { {g: len(concrete[g]) for g in missing} }"


def _insist(counts: Counts, shares: Mapping[str, float], capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\n{counts['decided']:,} cases of {counts['policies']:,} policies agree; of them")
        for kind in shares:
            print(f"  {kind}: {counts[kind]:,} ({counts[kind] / counts['decided']:.1%})")
    assert {kind for kind, share in shares.items() if counts[kind] < share * counts["decided"]} == set()


@pytest.mark.slow
def test_three_thousand_random_cases_are_decided_as_the_oracle_decides_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    counts: Counts = Counter()
    difference = agreement(3_000, Random("every completion"), counts)
    assert difference is None, difference
    _insist(counts, HARD, capsys)


def test_random_cases_with_rows_and_people_are_decided_as_the_oracle_decides_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    counts: Counts = Counter()
    difference = row_agreement(200, Random("every row"), counts, limit=64)
    assert difference is None, difference
    _insist(counts, HARD_ROWS, capsys)


@pytest.mark.slow
def test_where_it_may_give_up_it_is_never_settled_against_a_completion() -> None:
    rng = Random("soundness")
    gave_up = settled_all_the_same = 0
    for _ in range(300):
        files = random_policy(rng, pairs=True)
        texts = sources(files)
        policy = infoshare.load_sources(texts, main=MAIN)
        for _ in range(10):
            case = random_case(rng, files, completions=16, unknown_lists=True)
            as_of = random_day(rng)
            try:
                got = policy.decide(case, as_of=as_of)
            except FactsError:
                continue
            gave_up += not got.exact
            if got.basis is Basis.UNKNOWN_FACTS:
                continue
            unknown = [group for group in Vocabulary.of(files).each if case.get(group) is None]
            for concrete in with_lists(case, unknown):
                try:
                    want = expect(files, concrete, as_of, limit=200)
                except (TooManyError, UnknownListError):
                    continue
                if want is not None and assumptions_agree(want, got):
                    found = [f"settled on {got.outcome}, but {concrete!r} may come to {set(want.possible)}"]
                    assert want.possible == {got.outcome}, shown(texts, case, as_of, True, found)
                    settled_all_the_same += not got.exact
    assert gave_up > 40
    assert settled_all_the_same > 50


def with_lists(case: dict[str, Any], unknown: list[str]) -> Iterator[dict[str, Any]]:
    """The case with every list that is unknown given in a few ways."""
    if not unknown:
        yield case
        return
    for names in ([], ["A"], ["A", "B"]):
        yield from with_lists({**case, unknown[0]: [{"name": n} for n in names]}, unknown[1:])


def assumptions_agree(want: Expected, got: Any) -> bool:
    """Whether nothing that the decision assumed is taken back in the other."""
    return {a.fact for a in got.assumed} <= set(want.assumed)
