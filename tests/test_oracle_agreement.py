"""The evaluator, held against the oracle on 10,000 random cases, through the front door.

Half of what is random is hard on purpose; the test counts how much of it, prints the figures and insists
on one in twenty of each hard kind.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from random import Random
from typing import Any

import pytest

import infoshare
from infoshare.errors import FactsError
from infoshare.outcome import Basis
from infoshare.testing.policies import MAIN, random_day, random_policy, sources
from infoshare.testing.tree_cases import Vocabulary, random_case
from oracle import Expected, ExpectedQuestion, TooManyError, UnknownListError, expect

CASES, CASES_EACH = 10_000, 10
HARD = (
    "conflict",
    "silence",
    "not settled",
    "an exception to an exception applies",
    "an overridden override",
    "held back",
)


def differences(want: Expected, got: Mapping[str, Any]) -> Iterator[str]:
    """What the oracle says and the decision does not, a sentence each."""

    def check(what: str, wanted: Any, was: Any) -> Iterator[str]:
        if wanted != was:
            yield f"{what}: the contract gives {wanted!r}, the decision says {was!r}"

    def within(what: str, by: Any, names: list[str]) -> Iterator[str]:
        if not by.always <= set(names) <= by.sometimes or (by.sometimes and not names):
            yield f"{what}: the contract gives {sorted(by.always)} to {sorted(by.sometimes)}, not {names}"

    yield from check("outcome", want.outcome, got["outcome"])
    yield from check("basis", want.basis, got["basis"])
    yield from check("mandatory", want.mandatory, got["mandatory"])
    yield from check("possible", {str(o) for o in want.possible}, set(got["possible"]))
    yield from check("exact", True, got["exact"])
    yield from check("fired", want.fired, [c["clause"] for c in got["fired"]])
    yield from check("unresolved", want.unresolved, [c["clause"] for c in got["unresolved"]])
    yield from check("advice", want.advice, [a["advice"] for a in got["advice"]])
    for key, names in (("defeated", want.defeated), ("excepted", want.excepted)):
        yield from check(key, list(names), [c["clause"] for c in got[key]])
        for found in got[key]:
            if found["clause"] in names:
                yield from within(
                    f"{key} {found['clause']}", names[found["clause"]], [c["clause"] for c in found["by"]]
                )
    yield from check("duties", want.duties, {d["duty"]: d["state"] for d in got["duties"]})
    yield from check("lifted", list(want.lifted), [d["duty"] for d in got["lifted"]])
    for duty in got["lifted"]:
        if duty["duty"] in want.lifted:
            yield from within(
                f"lifted {duty['duty']}", want.lifted[duty["duty"]], [c["clause"] for c in duty["by"]]
            )
    yield from within("safeguards", want.safeguards, [s["safeguard"] for s in got["safeguards"]])
    yield from check(
        "disclosures",
        [(r.item, r.recipient, r.release) for r in want.rows],
        [(r["item"], r["recipient"], r["release"]) for r in got["disclosures"]],
    )
    for wanted, row in zip(want.rows, got["disclosures"], strict=False):
        if wanted.release is False:
            yield from within(f"row {wanted.item}", wanted.held_by, [h["safeguard"] for h in row["held_by"]])
        waiting = {fact for h in row["open_by"] for fact in h["waiting_for"]}
        if wanted.release is None and not wanted.open_by <= waiting:
            yield f"row {wanted.item} hangs on {sorted(wanted.open_by)}, not only on {sorted(waiting)}"
    yield from check(
        "assumed",
        {p: (_json(v), matters) for p, (v, matters) in want.assumed.items()},
        {a["fact"]: (_plain(a["value"]), a["matters"]) for a in got["assumed"]},
    )
    yield from _questions(want.questions, got["questions"], check)


def _questions(want: list[ExpectedQuestion], got: list[Any], check: Any) -> Iterator[str]:
    asked = {q["fact"]: q for q in got}
    yield from check("questions", {q.fact for q in want}, set(asked))
    if {q.fact for q in want} != set(asked):
        return
    if all(q.countable for q in want):
        yield from check("order of questions", [q.fact for q in want], [q["fact"] for q in got])
    for wanted in want:
        question = asked[wanted.fact]
        yield from check(f"answered {wanted.fact}", "unsure" if wanted.unsure else None, question["answered"])
        yield from check(f"{wanted.fact} is for", wanted.changes, set(question["for"]))
        if wanted.countable:
            leads = {
                _key(v): {str(o): strength for o, strength in outcomes.items()}
                for v, outcomes in wanted.leads_to.items()
            }
            strengths = question["leads_to_strength"]
            got_leads = {k: dict(zip(v, strengths[k], strict=True)) for k, v in question["leads_to"].items()}
            yield from check(f"{wanted.fact} leads to", leads, got_leads)


def _json(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return sorted(value) if isinstance(value, frozenset) else value


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, list | tuple | set | frozenset) else value


def _key(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


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


def shown(texts: Mapping[str, bytes], case: Any, as_of: date, presume: bool, found: list[str]) -> str:
    """A disagreement, with all that is needed to try it again."""
    policy = "\n".join(f"--- {path}\n{text.decode()}" for path, text in texts.items())
    return "\n".join([policy, f"case {case!r} as of {as_of}, presume={presume}", *found])


@pytest.mark.slow
def test_ten_thousand_random_cases_are_decided_as_the_oracle_decides_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rng = Random("every completion")
    counts: Counter[str] = Counter()
    while counts["decided"] < CASES:
        files = random_policy(rng, large=rng.random() < 0.1)
        texts = sources(files)
        policy = infoshare.load_sources(texts, main=MAIN)
        counts["policies"] += 1
        for _ in range(CASES_EACH):
            ways = rng.choice((1, 8, 32, 128, 512, 2048))
            case = random_case(rng, files, completions=ways)
            as_of, presume = random_day(rng), rng.random() < 0.8
            try:
                want = expect(files, case, as_of, presume=presume, limit=3_000)
            except TooManyError:
                continue
            if want is None:
                counts["cannot be"] += 1
                with pytest.raises(FactsError):
                    policy.decide(case, as_of=as_of, presume=presume)
                continue
            counts["decided"] += 1
            counts["completions"] += want.completions
            counts.update(hard(want))
            found = list(differences(want, policy.decide(case, as_of=as_of, presume=presume).to_dict()))
            assert not found, shown(texts, case, as_of, presume, found)
    with capsys.disabled():
        print(
            f"\n{counts['decided']:,} cases of {counts['policies']:,} policies agree, over {counts['completions']:,} completions; of them"
        )
        for kind in HARD:
            print(f"  {kind}: {counts[kind]:,} ({counts[kind] / counts['decided']:.1%})")
    assert {kind for kind in HARD if counts[kind] < 0.05 * counts["decided"]} == set()


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
