"""Clashes, silences, broken guarantees and clauses that never act, held against every complete case of small policies.

The oracle decides each complete case with plain booleans; what it sees in any of them, on any day, must be exactly
what is found. Each case that is shown must be decided as it is said to be.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import product
from math import prod
from random import Random
from typing import Any

import attrs
import pytest

import findings_samples as samples
from infoshare.analysis.days import days
from infoshare.authoring.findings import Checked, Finding, looked_at
from infoshare.meaning.case import Case
from infoshare.meaning.model import Quantified, parts
from infoshare.meaning.resolver import resolve
from infoshare.outcome import OUTCOMES, Basis, Outcome
from infoshare.policy.collector import collect
from infoshare.policy.files import FilesInMemory
from infoshare.policy.load import load_sources
from infoshare.policy.policy import Policy
from infoshare.scenarios import run_scenarios
from infoshare.syntax import tree
from infoshare.testing.policies import DAYS, MAIN, Files, adding, random_condition, random_policy, sources
from oracle import SummingUp, UnknownListError
from oracle.complete import Complete
from oracle.reading import assumption, read_case, read_policy

POLICIES = 60
WITH_LISTS = 15
MOST_COMPLETIONS = 1500
MOST_IN_ALL = 6000


@attrs.define
class Seen:
    """What the oracle saw in all complete cases on all days."""

    clashes: set[frozenset[str]] = attrs.field(factory=set)
    silence: bool = False
    broken: set[str] = attrs.field(factory=set)
    holding: set[str] = attrs.field(factory=set)
    applying: set[str] = attrs.field(factory=set)
    standing: set[str] = attrs.field(factory=set)
    together: set[tuple[str, str]] = attrs.field(factory=set)
    shares_on_assumption: set[str] = attrs.field(factory=set)
    duty_on_assumption: set[str] = attrs.field(factory=set)


def promises(rng: Random, files: Files) -> Iterator[tuple[tree.Guarantee, tree.Advice]]:
    """Guarantees, each with an advice that applies exactly where it speaks, so that the oracle knows where that is."""
    duties = [d.name for file in files for d in file.declarations if isinstance(d, tree.Duty)]
    for number in range(3):
        when = random_condition(rng, files)
        outcome, duty = (
            (None, rng.choice(duties)) if duties and rng.random() < 0.5 else (rng.choice(OUTCOMES), None)
        )
        said = tree.Provisions(when=when)
        name = tree.Name(f"promise_{number}")
        yield (
            tree.Guarantee(name, "A promise.", rng.choice(("never", "always")), outcome, duty, said),
            tree.Advice(tree.Name(f"where_{number}"), "somebody", said),
        )


def small_policies() -> Iterator[tuple[Files, Policy, Checked]]:
    """Policies that promise something, speak of no list in a condition of a clause, and are in force some day."""
    for seed in range(10_000):
        rng = Random(seed)
        files = random_policy(rng)
        made = list(promises(rng, files))
        files = adding(files, *(part for both in made for part in both))
        texts = sources(files)
        got = collect(FilesInMemory(texts, MAIN))
        bound = resolve(got.files, digest=got.digest)
        assert bound.model is not None
        policy = Policy(bound.model, bound.scenarios, bound.diagnostics)
        yield files, policy, Checked(policy, got.files)


def see(files: Files, policy: Policy, cases: Sequence[Mapping[str, Any]] = ({},)) -> Seen | None:
    """What every complete case comes to, on every day on which anything can change.

    None where they are too many, or where clauses speak of lists that the cases do not give.
    """
    seen, tried = Seen(), 0
    for day in {d for d in (*days(policy.model), *DAYS) if policy.model.policy_in_force(d)}:
        world = read_policy(files, day)
        for case in cases:
            try:
                every = SummingUp(world, read_case(world, case), presume=False)
            except UnknownListError:
                return None
            size = prod(len(every.domains[path]) for path in every.open)
            tried += size
            if size > MOST_COMPLETIONS or tried > MOST_IN_ALL:
                return None
            for one in completions(every):
                add(seen, policy, every, one)
            for path in own_assumptions(files):
                add_swaps(seen, every, path)
    return seen


def completions(every: SummingUp) -> Iterator[Complete]:
    """Every complete case that can be."""
    for values in product(*(every.domains[path] for path in every.open)):
        one = every.complete(dict(zip(every.open, values, strict=True)))
        if one is not None:
            yield one


def own_assumptions(files: Files) -> Iterator[str]:
    """The facts outside lists that the loaded file declares with an assumption."""
    for group in files[-1].declarations:
        if isinstance(group, tree.FactsDecl) and not group.each:
            yield from (f"{group.group.text}.{f.name.text}" for f in group.facts if f.assumed is not None)


def add_swaps(seen: Seen, every: SummingUp, path: str) -> None:
    """Where another answer than the one that is assumed takes a share, or a duty, away; all else the same."""
    if path not in every.open:
        return
    assumed = assumption(every.case.unknown[path])
    rest = [p for p in every.open if p != path]
    for values in product(*(every.domains[p] for p in rest)):
        env = dict(zip(rest, values, strict=True))
        one = every.complete({**env, path: assumed})
        others = [every.complete({**env, path: v}) for v in every.domains[path] if v != assumed]
        for other in others if one is not None else ():
            if other is None:
                continue
            if one.outcome is Outcome.SHARE and other.outcome in (Outcome.WITHHOLD, Outcome.SEEK_ADVICE):
                seen.shares_on_assumption.add(path)
            due = every.considered(one, one.outcome) & one.applies
            if one.outcome is other.outcome and due - (
                every.considered(other, other.outcome) & other.applies
            ):
                seen.duty_on_assumption.add(path)


def add(seen: Seen, policy: Policy, every: SummingUp, one: Complete) -> None:
    for actor, targets in (*every.sets_aside, *every.prevails):
        if actor.name.text in one.applies:
            seen.together |= {(actor.name.text, target) for target in targets & one.holds}
    clauses = policy.model.clauses
    stands = sorted(one.stands)
    seen.clashes |= {
        frozenset({a, b}) for a in stands for b in stands if clauses[a].outcome is not clauses[b].outcome
    }
    seen.silence |= one.basis is Basis.SILENCE
    seen.holding |= one.holds
    seen.applying |= one.applies
    seen.standing |= one.stands
    due = every.considered(one, one.outcome) & one.applies
    for guarantee in policy.model.guarantees.values():
        if guarantee.name.replace("promise", "where") in one.applies:
            so = guarantee.duty in due if guarantee.duty else one.outcome is guarantee.outcome
            if so is (guarantee.modality == "never"):
                seen.broken.add(guarantee.name)


def pasted(checked: Checked, finding: Finding) -> Policy:
    """The policy with the scenario that a finding shows pasted at its end, alone."""
    (scenario,) = finding.diagnostic.blocks
    texts = {file.path: file.tree.span.source.text for file in checked.files}
    texts[MAIN] = f"{texts[MAIN]}\n{scenario}\n"
    policy = load_sources({path: text.encode() for path, text in texts.items()}, main=MAIN)
    return attrs.evolve(policy, scenarios=policy.scenarios[-1:])


def confirm(checked: Checked, finding: Finding) -> Case:
    """Tries the scenario that is shown: it must be decided as it says, and that must be what the finding says."""
    policy = pasted(checked, finding)
    (result,) = run_scenarios(policy, today=date(2026, 1, 1))
    decision = result.decision
    assert decision is not None
    failing = [check for check in result.checks if check.problem]
    match finding.diagnostic.code:
        case "IS601":
            assert {check.what for check in failing} <= {"guarantee"}
            assert decision.basis is Basis.CONFLICT
            assert finding.about <= {clause.clause for clause in decision.fired}
        case "IS602":
            assert {check.what for check in failing} <= {"guarantee"}
            assert decision.basis is Basis.SILENCE
        case "IS603":
            assert [check.expected for check in failing if check.expected in finding.about]
            assert {check.what for check in failing} == {"guarantee"}
    return policy.scenarios[0].case


@pytest.mark.slow
def test_what_is_found_over_all_cases_is_what_the_oracle_sees_in_some_case():
    counts: Counter[str] = Counter()
    for files, policy, checked in small_policies():
        seen = see(files, policy)
        if seen is None or not policy.model.clauses:
            continue
        found = looked_at([checked], today=date(2026, 1, 1)).findings
        by_code = {
            code: [finding for finding in found if finding.diagnostic.code == code]
            for code in ("IS601", "IS602", "IS603", "IS606", "IS607", "IS608", "IS609")
        }
        for finding in (*by_code["IS601"], *by_code["IS602"], *by_code["IS603"]):
            confirm(checked, finding)
        harms = {name: f.diagnostic.message for f in by_code["IS609"] for name in f.about}
        assert seen.shares_on_assumption <= harms.keys()
        for path, message in harms.items():
            by = seen.shares_on_assumption if "say share" in message else seen.duty_on_assumption
            assert path in by, message
            assert " may " not in message
        assert {finding.about for finding in by_code["IS601"]} == seen.clashes
        assert bool(by_code["IS602"]) is seen.silence
        assert {name for finding in by_code["IS603"] for name in finding.about} == seen.broken
        model = policy.model
        outside = set(model.safeguards)  # a safeguard of rows has no truth of its own
        named = {
            code: {f.diagnostic.labels[0].span.text for f in by_code[code]} for code in ("IS606", "IS607")
        }
        assert named["IS606"] - outside == set(model.set_aside_by) & (seen.holding - seen.applying) - outside
        assert (
            named["IS607"]
            == set(model.prevailed_over_by) & (seen.applying & set(model.clauses)) - seen.standing
        )
        wanted = {pair for pair in lonely(files, seen) if pair[1] not in outside}
        assert {pair for pair in apart(by_code["IS608"]) if pair[1] not in outside} == wanted
        counts.update(
            {"policies": 1, "silent": seen.silence, "clashes": len(seen.clashes), "broken": len(seen.broken)}
        )
        counts.update({code: len(by_code[code]) for code in ("IS606", "IS607", "IS608", "IS609")})
        if counts["policies"] == POLICIES:
            break
    print(dict(counts))
    assert counts["policies"] == POLICIES
    assert min(counts[c] for c in ("silent", "clashes", "broken")) > POLICIES / 5
    assert min(counts[c] for c in ("IS606", "IS607", "IS608", "IS609")) >= 3


def test_what_hangs_on_lists_is_found_as_well_with_lists_that_show_it():
    counts: Counter[str] = Counter()
    for files, policy, checked in small_policies():
        model = policy.model
        lists = {part.group for c in model.conditions() for part in parts(c) if isinstance(part, Quantified)}
        sizes = product(range(3), repeat=len(lists))
        given = [
            {
                g: [{"name": name} for name in ("first", "second")[:size]]
                for g, size in zip(lists, chosen, strict=True)
            }
            for chosen in sizes
        ]
        seen = see(files, policy, given) if lists else None
        if seen is None or not model.clauses:
            continue
        found = looked_at([checked], today=date(2026, 1, 1)).findings
        clashes = [finding for finding in found if finding.diagnostic.code == "IS601"]
        silences = [finding for finding in found if finding.diagnostic.code == "IS602"]
        breaches = [finding for finding in found if finding.diagnostic.code == "IS603"]
        cases = [confirm(checked, finding) for finding in (*clashes, *silences, *breaches)]
        # three elements may show what two do not, so more may be found than was seen, and it was confirmed
        assert {finding.about for finding in clashes} >= seen.clashes
        assert bool(silences) >= seen.silence
        assert {name for finding in breaches for name in finding.about} >= seen.broken
        listed = [case for case in cases if lists & case.elements.keys()]
        counts.update({"policies": 1, "with a list in the case": len(listed)})
        if counts["policies"] == WITH_LISTS:
            break
    print(dict(counts))
    assert counts["with a list in the case"] >= 3


def apart(found: list[Finding]) -> set[tuple[str, str]]:
    """Who never meets whom, as it is written."""
    return {(re.match("`(.*?)`", f.diagnostic.message)[1], f.diagnostic.labels[0].span.text) for f in found}


def lonely(files: Files, seen: Seen) -> Iterator[tuple[str, str]]:
    """The same by what the oracle saw: of those that apply somewhere, and of targets that hold somewhere."""
    declared = [d for file in files for d in file.declarations]
    consents = [
        d.name.text
        for d in declared
        if isinstance(d, tree.Clause) and d.kind == "consent" and not d.effect.must
    ]
    for actor in declared:
        if isinstance(actor, tree.Clause | tree.Exception_) and actor.name.text in seen.applying:
            for target in actor.targets:
                names, words = consents, "every consent clause"
                if isinstance(target, tree.Name):
                    names, words = [target.text], target.text
                met = any((actor.name.text, name) in seen.together for name in names)
                if not met and (not names or seen.holding & set(names)):
                    yield actor.name.text, words


# --- what was said to be so and was not ------------------------------------------------------------


def codes_of(text: str) -> dict[str, str]:
    """The findings about what a small policy means, by code."""
    found = samples.look(f'infoshare 1\npolicy p "P" from 2026-01-01\n{text}')
    return {
        f.diagnostic.code: f.diagnostic.message
        for f in found
        if f.diagnostic.code[2] == "6" and f.diagnostic.code != "IS610"
    }


ASSUMED_NO = """
facts about x "x"
  order "an order was made" : yes or no unanswered means no
facts about each item "an item"
  ok "it is fine" : yes or no
"""


def test_an_assumption_that_only_ever_shares_less_does_no_harm_whatever_lists_are_asked_of():
    both = 'consent go "Go." share when any item (item.ok or x.order)\n'
    assert codes_of(f'{ASSUMED_NO}{both}rule keep "No." withhold when no item (item.ok or x.order)') == {}
    every = 'consent go "Go." share when every item (item.ok or x.order)\n'
    other = 'rule keep "No." withhold when not every item (item.ok or x.order)'
    assert "IS609" not in codes_of(f"{ASSUMED_NO}{every}{other}")
    harmful = 'consent go "Go." share when no item (item.ok and x.order)\n'
    other = 'rule keep "No." withhold when any item (item.ok and x.order)'
    assert list(codes_of(f"{ASSUMED_NO}{harmful}{other}")) == ["IS609"]


COMPARED = """
facts about x "x"
  order "an order was made" : yes or no unanswered means no
  low "low" : number from 0 to 2{assumed}
  high "high" : number from 0 to 2
consent go "Go." share when x.order or x.low < x.high
rule keep "No." withhold when not x.order and not x.low < x.high
"""


def test_an_assumption_about_facts_that_are_compared_is_held_against_cases_that_give_the_other():
    assert codes_of(COMPARED.format(assumed="")) == {}
    assert codes_of(COMPARED.format(assumed=" unanswered means 2")) == {}
    found = codes_of(COMPARED.format(assumed=" unanswered means 0"))
    assert found == {
        "IS609": "that `x.low` unanswered means 0 lets the policy say share where another answer would not"
    }


@pytest.mark.parametrize(
    ("condition", "turns"),
    [
        ("1 months before today > 2026-02-28", True),  # 29, 30 and 31 March all count back to 28 February
        ("1 months before today > 2026-02-28 and today < 2026-04-01", False),
        ("6 months after 1 years before today >= 2026-08-31", True),
        ("today >= 2 weeks after 1 months after 2026-01-31", True),
        ("x.born <= 1 months before today and x.born > 2026-02-28", True),
        ("x.born <= 18 years before today and x.born >= 6 years after 2010-01-01", True),
        # only on 28 February of a year without a 29th, and of those born on one
        ("today >= 18 years after x.born and not x.born <= 18 years before today", True),
        ("x.born <= 18 years before today and not today >= 18 years after x.born", False),
        ("x.born <= 18 years before today and not x.born <= 216 months before today", False),
    ],
)
def test_a_condition_on_the_day_is_said_to_be_never_so_only_where_no_day_makes_it_so(condition, turns):
    text = f'facts about x "x"\n  born "born" : date\nrule r "R." share when {condition}\nrule s "S." withhold when not ({condition})'
    assert ("IS605" in codes_of(text)) is not turns


# --- what a case shows -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "more", "given"),
    [
        ("IS602", "", ["not x.b"]),
        ("IS603", 'guarantee g "G." never share when x.n > 3', ["x.b", "x.n is 4"]),
        ("IS603", 'guarantee g "G." always withhold when x.d', ["x.b", "x.d"]),
    ],
)
def test_a_case_of_a_silence_or_of_a_broken_guarantee_holds_nothing_that_it_does_not_rest_on(
    code, more, given
):
    text = f"""infoshare 1
policy p "P" from 2026-01-01
facts about x "x"
  b "b is so" : yes or no
  c "c is so" : yes or no
  d "d is so" : yes or no
  n "n" : number from 0 to 9
consent go "Go." share when x.b
duty tell "Tell." before sharing when x.c
advice lead from "the lead" when x.c or x.n > 5
{more}
"""
    found = looked_at([samples.checked(text)], today=date(2026, 1, 1)).findings
    (shown,) = [f.diagnostic.blocks[0] for f in found if f.diagnostic.code == code]
    lines = shown.partition("given\n")[2].partition("  then")[0].splitlines()
    assert [line.strip() for line in lines] == given


def test_a_case_holds_no_list_no_element_and_no_fact_that_has_nothing_to_do_with_what_it_shows():
    text = """infoshare 1
policy p "P" from 2026-01-01
facts about x "x"
  b "b is so" : yes or no
  c "c is so" : yes or no
  n "n" : number from 0 to 9
facts about each item "an item"
  ok "it is fine" : yes or no
  bad "it is bad" : yes or no
facts about each parent "a parent"
  agrees "they agree" : yes or no
consent all_agree "All agree." share when every parent (parent.agrees)
consent go "Go." share when any item (item.ok) and x.n > 3
rule keep "No." withhold when x.b
override o "O." withhold prevails over go when x.c or any item (item.bad)
"""
    found = looked_at([samples.checked(text)], today=date(2026, 1, 1)).findings
    shown = {f.about: f.diagnostic.blocks[0] for f in found if f.diagnostic.code == "IS601"}
    given = {
        about: scenario.partition("given\n")[2].partition("  then")[0].split("\n    ")
        for about, scenario in shown.items()
    }
    assert given == {
        frozenset({"all_agree", "keep"}): ["    x.b", "no parent\n"],
        frozenset({"all_agree", "o"}): ["    x.c", "no parent\n"],
        frozenset({"go", "keep"}): ["    x.b", "not x.c", "x.n is 4", 'item "first" (ok, not bad)\n'],
    }


# --- lists of nobody -------------------------------------------------------------------------------

EVERY = (
    "every parent (parent.agrees)",
    "no parent (not parent.agrees)",
    "(not any parent (not parent.agrees))",
    "at most 0 parents (not parent.agrees)",
    "exactly 0 parent (not parent.agrees)",
    "(not at least 1 parent (not parent.agrees))",
)
ATOMS = (
    "x.a",
    "x.b",
    "EVERY",
    "no parent (parent.agrees)",
    "any parent (parent.agrees)",
    "not x.a",
    "not EVERY",
)


@pytest.mark.parametrize("every", EVERY)
def test_sharing_over_nobody_is_told_exactly_where_a_case_that_lists_nobody_would_not_be_shared_otherwise(
    every,
):
    rng = Random("nobody")
    counts: Counter[bool] = Counter()
    of_somebody = f"(any parent (parent.agrees or not parent.agrees) and {every})"
    for _ in range(60 if every == EVERY[0] else 12):
        asked = [f"({rng.choice(ATOMS)} {rng.choice(('and', 'or'))} {rng.choice(ATOMS)})" for _ in range(4)]
        text = f"""infoshare 1
policy p "P" from 2026-01-01
facts about x "x"
  a "a is so" : yes or no
  b "b is so" : yes or no
facts about each parent "a parent"
  agrees "they agree" : yes or no
consent go "Go." share when {asked[0]}
rule keep "Keep." withhold when {asked[1]}
override safe "Safe." share prevails over keep when {asked[2]}
safeguard enough "Enough." require {asked[3]} otherwise "Wait."
"""
        plain, strict = (
            load_sources({MAIN: text.replace("EVERY", each).encode()}, main=MAIN)
            for each in (every, of_somebody)
        )
        harm = False
        for a, b in product((True, False), repeat=2):
            case = {"x": {"a": a, "b": b}, "parent": []}
            one, other = (policy.decide(case, as_of=date(2026, 1, 1)) for policy in (plain, strict))
            harm = harm or (one.may_share and not other.may_share)
        checked = samples.checked(text.replace("EVERY", every))
        found = [
            f for f in looked_at([checked], today=date(2026, 1, 1)).findings if f.diagnostic.code == "IS612"
        ]
        assert bool(found) is harm, text
        counts[harm] += 1
        for finding in found:
            policy = pasted(samples.checked(text.replace("EVERY", every), main=MAIN), finding)
            (result,) = run_scenarios(policy, today=date(2026, 1, 1))
            assert result.passed and result.decision.may_share
            assert policy.scenarios[0].case.elements == {"parent": ()}
    assert min(counts[True], counts[False]) > (8 if every == EVERY[0] else 1), counts


@pytest.mark.parametrize(
    "unless",
    [
        "any parent (not parent.agrees)",
        "x.b or any parent (not parent.agrees)",
        "at least 1 parent (not parent.agrees)",
        "not every parent (parent.agrees)",
        "not (x.a and every parent (parent.agrees))",
    ],
)
def test_what_holds_unless_somebody_does_not_asks_it_of_all(unless):
    text = f"""infoshare 1
policy p "P" from 2026-01-01
facts about x "x"
  a "a is so" : yes or no
  b "b is so" : yes or no
facts about each parent "a parent"
  agrees "they agree" : yes or no
consent go "Go." share when x.a unless {unless}
"""
    (finding,) = [
        f
        for f in looked_at([samples.checked(text)], today=date(2026, 1, 1)).findings
        if f.diagnostic.code == "IS612"
    ]
    policy = pasted(samples.checked(text, main=MAIN), finding)
    (result,) = run_scenarios(policy, today=date(2026, 1, 1))
    assert result.passed and result.decision.may_share
    assert policy.scenarios[0].case.elements == {"parent": ()}


# --- conditions that are always or never so --------------------------------------------------------

FACTS = """infoshare 1
policy p "P" from 2026-01-01
facts about x "x"
  a "a is so" : yes or no
  n "n" : number from 0 to 3
  m "m" : number from 0 to 2
  k "k" : one of red, green, blue
  s "s" : some of one, two
impossible i "Cannot be." when x.k is blue and x.n > 1
"""
CASES = [
    {"x": {"a": a, "n": n, "m": m, "k": k, "s": s}}
    for a in (True, False)
    for n in range(4)
    for m in range(3)
    for k in ("red", "green", "blue")
    for s in ([], ["one"], ["two"], ["one", "two"])
    if not (k == "blue" and n > 1)
]
PARTS = (
    "x.a", "x.n < 2", "x.n >= 2", "x.n > 0", "x.m <= x.n", "x.m > x.n", "x.k is red", "x.k is not red",
    "x.k is one of red, green", "x.k is blue", "x.s includes one", "x.n <= 3", "x.m is 2",
)  # fmt: skip


def truths_of(condition: str) -> set[bool]:
    """Whether it is so, in every complete case."""
    text = f'{FACTS}rule yes_then "Yes." share when {condition}\n'
    policy = load_sources({MAIN: text.encode()}, main=MAIN)
    return {policy.decide(case, as_of=date(2026, 1, 1)).outcome is Outcome.SHARE for case in CASES}


def test_what_is_said_to_be_always_or_never_so_is_so_in_every_case():
    rng = Random("always")
    counts: Counter[str] = Counter()
    for _ in range(40):
        first, second, third = (f"{rng.choice(('', 'not '))}{rng.choice(PARTS)}" for _ in range(3))
        outer, inner = rng.choice((("and", "or"), ("or", "and"), ("and", "and"), ("or", "or")))
        condition = f"{first} {outer} ({second} {inner} {third})"
        found = [
            f
            for f in samples.look(f'{FACTS}rule r "R." share when {condition}\n')
            if f.diagnostic.code in ("IS604", "IS605")
        ]
        for finding in found:
            (wanted,) = truths_of(f"({finding.diagnostic.labels[0].span.text})")
            assert (finding.diagnostic.code == "IS604") is wanted, condition
            counts[finding.diagnostic.code] += 1
        compared = (
            "x.m <= x.n" in condition or "x.m > x.n" in condition
        )  # of two facts, it is not always seen
        if len(truths_of(condition)) == 1 and not compared:
            assert found, condition
    assert min(counts["IS604"], counts["IS605"]) >= 3, counts
