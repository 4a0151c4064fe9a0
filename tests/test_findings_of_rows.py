"""What is found and proved of policies with rows and people, held against every complete case of small ones.

Every answer and every list of a few elements is tried, and what stands in each row is looked at. What is proved must be
so in all of them; what some case shows must be found; and every case that is printed must show what it is said to.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import combinations, product
from random import Random
from typing import Any

import attrs
import pytest

import findings_samples as samples
from infoshare.analysis.every_case import seen as seen_of
from infoshare.analysis.promise import broken
from infoshare.authoring.findings import Finding, looked_at
from infoshare.meaning import facts as reading
from infoshare.meaning.view import View
from infoshare.outcome import Basis
from infoshare.policy.load import load_sources
from infoshare.policy.policy import Policy
from infoshare.scenarios import run_scenarios

DAY = date(2026, 1, 1)
VOCABULARY = """infoshare 1
policy p "P" from 2026-01-01
facts about x "x"
  a "a is so" : yes or no
  b "b is so" : yes or no
facts about each person "a person"
  bad "they are bad" : yes or no
facts about each item "an item"
  ok "it is fine" : yes or no
  about "whom it is about" : some person
facts about each recipient "a recipient"
  near "they are near" : yes or no
  who "who they are" : one person
define risky "they are risky" for each recipient as recipient.near and not x.b
"""
ATOMS: Mapping[frozenset[str], tuple[str, ...]] = {
    frozenset(): (
        "x.a",
        "not x.a",
        "x.b",
        "any person (person.bad)",
        "no person (person.bad)",
        "every person (person.bad)",
        "at least 2 persons (person.bad)",
        "any recipient (recipient.near)",
    ),
    frozenset({"item"}): (
        "item.ok",
        "not item.ok",
        "any person in item.about (person.bad)",
        "every person in item.about (person.bad)",
        "item.about is empty",
    ),
    frozenset({"recipient"}): (
        "recipient.near",
        "not recipient.near",
        "recipient.risky",
        "recipient.who.bad",
        "not recipient.who.bad",
        "recipient.who is none of them",
    ),
    frozenset({"item", "recipient"}): ("item.about includes recipient.who",),
    frozenset({"person"}): ("person.bad", "not person.bad"),
}
SCOPES = ((), ("item",), ("recipient",), ("item", "recipient"), ("person",))


def condition(rng: Random, scope: tuple[str, ...], most: int = 2) -> str:
    """One that speaks of what is in hand, if anything is."""
    fitting = [a for lists, atoms in ATOMS.items() if lists <= set(scope) for a in atoms]
    own = [a for lists, atoms in ATOMS.items() if lists & set(scope) and lists <= set(scope) for a in atoms]
    first = rng.choice(own or fitting)
    return f" {rng.choice(('and', 'or'))} ".join([first, *rng.sample(fitting, rng.randrange(most))])


def for_each(scope: tuple[str, ...]) -> str:
    return f" for each {' and '.join(scope)}" if scope else ""


def random_text(rng: Random) -> str:
    """A policy of a few clauses, most of them for each of something."""
    effects = ("share", "must share", "withhold", "seek consent", "seek advice")
    lines: list[str] = []
    for number in range(rng.choice((2, 3))):
        scope = rng.choice(SCOPES)
        lines.append(
            f'rule r{number} "R." {rng.choice(effects)}{for_each(scope)} when {condition(rng, scope)}'
        )
    if rng.random() < 0.5:
        scope = rng.choice(SCOPES)
        lines.append(
            f'override o "O." {rng.choice(effects)} prevails over r0{for_each(scope)} when {condition(rng, scope)}'
        )
    scope = rng.choice(SCOPES[:4])
    lines.append(
        f'exception e "E." sets aside {rng.choice(("r0", "r1", "r0, r1"))}'
        + (f"{for_each(scope)} when {condition(rng, scope)}" if rng.random() < 0.7 else "")
    )
    scope = rng.choice(SCOPES)
    lines.append(f'duty d "D." after sharing{for_each(scope)} when {condition(rng, scope, 1)}')
    if rng.random() < 0.3:
        lines.append('rule last "Last." withhold where no other clause stands when x.a')
    for number in range(2):
        scope = rng.choice(SCOPES)
        what = rng.choice(
            ("never share", "always share", "never withhold", "always requires d", "never requires d")
        )
        lines.append(f'guarantee g{number} "G." {what}{for_each(scope)} when {condition(rng, scope)}')
    return VOCABULARY + "\n".join(lines) + "\n"


def complete_cases(policy: Policy, most: int) -> Iterator[dict[str, Any]] | None:
    """Every complete case of up to one item, one recipient and two persons; None where they are too many."""
    asked = {fact for fact in policy.model.facts if re.search(rf"\b{re.escape(fact)}\b", policy_text(policy))}
    yes_no = {path for path in asked if policy.model.facts[path].type.kind == "yes or no"}
    cases: list[dict[str, Any]] = []
    for persons, items, recipients in product(range(3), range(2), range(2)):
        names = ("first", "second")[:persons]
        own: list[tuple[tuple[str, ...], list[Any]]] = []
        for path in sorted(asked):
            group, fact = path.split(".")
            size = {"x": None, "person": persons, "item": items, "recipient": recipients}[group]
            if path in yes_no:
                answers: list[Any] = [True, False]
            elif path == "item.about":
                answers = [list(c) for n in range(persons + 1) for c in combinations(names, n)]
            elif path == "recipient.who":
                answers = [*names, {"none": True}]
            else:
                continue
            own += (
                [((group, fact), answers)]
                if size is None
                else [((group, fact, str(at)), answers) for at in range(size)]
            )
        count = 1
        for _, answers in own:
            count *= len(answers)
        if count + len(cases) > most:
            return None
        for values in product(*(answers for _, answers in own)):
            case: dict[str, Any] = {
                "person": [{"name": name} for name in names],
                "item": [{"name": "i"}][:items],
                "recipient": [{"name": "r"}][:recipients],
            }
            for (place, _), value in zip(own, values, strict=True):
                if len(place) == 2:
                    case.setdefault(place[0], {})[place[1]] = value
                else:
                    case[place[0]][int(place[2])][place[1]] = value
            cases.append(case)
    return iter(cases)


def policy_text(policy: Policy) -> str:
    """What a policy asks, for looking up names in it; a path through a reference asks the fact that it ends at too."""
    return repr(list(policy.model.conditions())).replace("'", " ")


@attrs.define
class Seen:
    """What was seen in all complete cases."""

    clashes: set[frozenset[str]] = attrs.field(factory=set)
    silence: bool = False
    broken: set[str] = attrs.field(factory=set)
    holding: set[str] = attrs.field(factory=set)
    applying: set[str] = attrs.field(factory=set)
    standing: set[str] = attrs.field(factory=set)
    together: set[tuple[str, str]] = attrs.field(factory=set)

    def add(self, view: View) -> None:
        model, yes = view.model, view.world.diagrams.yes
        for row, of in view.rows.items():
            standing = of.standing
            stands = [name for name, where in standing.stands.items() if where is yes]
            self.standing |= {*stands}
            self.holding |= {name for name, where in standing.holds.items() if where is yes}
            self.applying |= {name for name, where in standing.applies.items() if where is yes}
            clauses = [model.clauses[name] for name in stands]
            self.clashes |= {
                frozenset((a.name, b.name)) for a in clauses for b in clauses if a.outcome is not b.outcome
            }
            nobody = any(view.case.elements.get(side) == () for side in ("item", "recipient"))
            self.silence |= of.basis is Basis.SILENCE and not nobody
            for name, targets in model.targets.items():
                for target in targets:
                    if standing.applies[name] is yes and standing.holds[target] is yes:
                        self.together.add((name, target))
            for name, guarantee in model.guarantees.items():
                if broken(view, guarantee)[row] is yes:
                    self.broken.add(name)


def tried(seeds: range, most: int = 600) -> Iterator[tuple[str, Policy, Seen]]:
    """Small random policies, and what is seen in every complete case of each."""
    for seed in seeds:
        text = random_text(Random(seed))
        policy = load_sources({"p.policy": text.encode()}, main="p.policy")
        cases = complete_cases(policy, most)
        if cases is None:
            continue
        seen = Seen()
        for case in cases:
            view = seen_of(policy.model, reading.read(policy.model, case).case, DAY)
            assert view is not None
            seen.add(view)
        yield text, policy, seen


def confirmed(text: str, finding: Finding) -> None:
    """Tries the scenario that is shown: what it expects must be so, but for the guarantee that it breaks."""
    (scenario,) = finding.diagnostic.blocks
    policy = load_sources({"p.policy": f"{text}\n{scenario}\n".encode()}, main="p.policy")
    (result,) = run_scenarios(policy, today=DAY)
    assert result.decision is not None
    problems = [check for check in result.checks if check.problem is not None]
    assert {check.what for check in problems} <= {"guarantee"}, (text, scenario, problems)
    rows = result.decision.disclosures
    bases = {row.basis for row in rows if row.basis is not None} or {result.decision.basis}
    match finding.diagnostic.code:
        case "IS601":
            assert Basis.CONFLICT in bases
        case "IS602":
            assert Basis.SILENCE in bases
        case "IS603":
            assert [check for check in problems if check.expected in finding.about], (text, scenario)


@pytest.mark.slow
def test_what_is_found_row_by_row_is_what_some_complete_case_shows_and_nothing_that_one_denies():
    counts: Counter[str] = Counter()
    for text, policy, seen in tried(range(400)):
        if not policy.model.has_rows:
            continue
        checked = samples.checked(text)
        found = looked_at([checked], today=DAY).findings
        by_code = {
            code: [f for f in found if f.diagnostic.code == code]
            for code in ("IS601", "IS602", "IS603", "IS606", "IS607", "IS608")
        }
        certain = {
            code: [f for f in each if f.diagnostic.blocks]
            for code, each in by_code.items()
            if code in ("IS601", "IS602", "IS603")
        }
        for finding in (*certain["IS601"], *certain["IS602"], *certain["IS603"]):
            confirmed(text, finding)
        # what some case shows is found; more may be found in cases that were not tried here, and was confirmed
        assert {f.about for f in by_code["IS601"]} >= seen.clashes, text
        assert bool(by_code["IS602"]) >= seen.silence, text
        assert {n for f in by_code["IS603"] for n in f.about} >= seen.broken, text
        # what is said to be never so is so in none
        for finding in by_code["IS606"]:
            assert finding.diagnostic.labels[0].span.text not in seen.applying, text
        for finding in by_code["IS607"]:
            assert finding.diagnostic.labels[0].span.text not in seen.standing, text
        for finding in by_code["IS608"]:
            actor = re.match("`(.*?)`", finding.diagnostic.message)[1]
            assert (actor, finding.diagnostic.labels[0].span.text) not in seen.together, text
        doubtful = sum(not f.diagnostic.blocks for code in certain for f in by_code[code])
        counts.update({"policies": 1, "doubtful": doubtful, "proved": 2 - len(by_code["IS603"])})
        counts.update({code: len(each) for code, each in by_code.items()})
        if counts["policies"] == 20:
            break
    print(dict(counts))
    assert counts["policies"] == 20
    assert min(counts[code] for code in ("IS601", "IS602", "IS603")) > 3
    assert sum(counts[code] for code in ("IS606", "IS607", "IS608")) > 0
    assert counts["proved"] > 3


def test_what_two_references_of_nobody_listed_are_asked_alike_is_not_one_answer():
    text = VOCABULARY + (
        'rule go "Go." share for each item and recipient'
        " when recipient.who.bad and not any person in item.about (person.bad)\n"
        'rule stay "Stay." withhold for each item and recipient'
        " when not recipient.who.bad or any person in item.about (person.bad)\n"
    )
    decision = load_sources({"p.policy": text.encode()}, main="p.policy").decide({}, as_of=DAY)
    assert [outcome.value for outcome in decision.possible] == ["share", "withhold", "seek_advice"]


# --- lists and references of nobody ----------------------------------------------------------------

OF_THE_ITEM = "every person in item.about (person.bad)"
OF_ALL = "every person (person.bad)"
STRICTER = {
    OF_THE_ITEM: f"(any person in item.about (person.bad or not person.bad) and {OF_THE_ITEM})",
    OF_ALL: f"(any person (person.bad or not person.bad) and {OF_ALL})",
}
OTHERS = (
    "x.a",
    "not x.a",
    "item.ok",
    "any person in item.about (person.bad)",
    "item.about is empty",
    "not ASKED",
)


@pytest.mark.parametrize("asked", [OF_THE_ITEM, OF_ALL])
def test_sharing_over_nobody_is_told_exactly_where_some_row_goes_that_would_not_if_there_had_to_be_somebody(
    asked: str,
) -> None:
    rng, counts = Random(asked), Counter[bool]()
    for _ in range(25):
        said = [
            f"({rng.choice(('ASKED', *OTHERS))} {rng.choice(('and', 'or'))} {rng.choice(('ASKED', *OTHERS))})"
            for _ in range(4)
        ]
        text = f"""{VOCABULARY}
rule go "Go." share for each item when {said[0]}
rule keep "Keep." withhold for each item when {said[1]}
override safe "Safe." share prevails over keep for each item when {said[2]}
safeguard enough "Enough." for each item require {said[3]} otherwise "Wait."
"""
        plain, strict = (
            load_sources({"p.policy": text.replace("ASKED", each).encode()}, main="p.policy")
            for each in (asked, STRICTER[asked])
        )
        harm = False
        for persons in range(3):
            names = [str(at) for at in range(persons)]
            about = [list(c) for n in range(persons + 1) for c in combinations(names, n)]
            for a, ok, of, *bad in product((True, False), (True, False), about, *[(True, False)] * persons):
                case = {
                    "x": {"a": a, "b": False},
                    "person": [{"name": n, "bad": b} for n, b in zip(names, bad, strict=True)],
                    "item": [{"name": "i", "ok": ok, "about": of}],
                    "recipient": [{"name": "r", "near": True, "who": {"none": True}}],
                }
                one, other = (policy.decide(case, as_of=DAY).released for policy in (plain, strict))
                harm = harm or len(one) > len(other)
        checked = samples.checked(text.replace("ASKED", asked))
        found = [f for f in looked_at([checked], today=DAY).findings if f.diagnostic.code == "IS612"]
        assert bool(found) is harm, text
        counts[harm] += 1
        for finding in found:
            assert finding.diagnostic.blocks, text
            pasted = f"{text.replace('ASKED', asked)}\n{finding.diagnostic.blocks[0]}\n"
            policy = load_sources({"p.policy": pasted.encode()}, main="p.policy")
            (result,) = run_scenarios(policy, today=DAY)
            assert result.passed and result.decision is not None and result.decision.released
    assert min(counts[True], counts[False]) >= 3, counts


def test_of_nobody_listed_what_is_for_each_of_them_may_hold_of_one_and_of_another_at_once() -> None:
    text = (
        'infoshare 1\npolicy p "P" from 2026-01-01\nfacts about each person "somebody"\n  bad "bad" : yes or no\n'
        'rule go "Go." share\n'
        'override first "First." seek advice prevails over go\n'
        'override second "Second." seek advice prevails over go\n'
        'override of_one "One." share prevails over first for each person when person.bad\n'
        'override of_two "Two." share prevails over second for each person when not person.bad\n'
    )
    policy = load_sources({"p.policy": text.encode()}, main="p.policy")
    both = [{"name": "Ann", "bad": True}, {"name": "Bob", "bad": False}]
    assert [policy.decide({"person": p}, as_of=DAY).outcome.value for p in ([], both[:1], both)] == [
        "seek_advice",
        "seek_advice",
        "share",
    ]
    decision = policy.decide({}, as_of=DAY)
    assert decision.basis is Basis.UNKNOWN_FACTS
    assert [outcome.value for outcome in decision.possible] == ["share", "seek_advice"]
