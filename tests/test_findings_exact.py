"""Clashes, silences, broken guarantees and clauses that never act, held against every complete case of small policies.

The oracle decides each complete case with plain booleans; what it sees in any of them, on any day, must be exactly
what is found. Each case that is shown must be decided as it is said to be.
"""

import json
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

from infoshare.authoring.analysis import days
from infoshare.authoring.findings import Checked, Finding, findings
from infoshare.collector import collect
from infoshare.files import FilesInMemory
from infoshare.load import Policy
from infoshare.meaning.model import Quantified, parts
from infoshare.meaning.resolver import resolve
from infoshare.outcome import Basis, Outcome
from infoshare.syntax import tree
from infoshare.testing.policies import DAYS, MAIN, Files, adding, random_condition, random_policy, sources
from oracle import SummingUp, UnknownListError
from oracle.complete import Complete
from oracle.reading import read_case, read_policy

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


def promises(rng: Random, files: Files) -> Iterator[tuple[tree.Guarantee, tree.Advice]]:
    """Guarantees, each with an advice that applies exactly where it speaks, so that the oracle knows where that is."""
    duties = [d.name for file in files for d in file.declarations if isinstance(d, tree.Duty)]
    for number in range(3):
        when = random_condition(rng, files)
        outcome, duty = (
            (None, rng.choice(duties)) if duties and rng.random() < 0.5 else (rng.choice(list(Outcome)), None)
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
    return seen


def completions(every: SummingUp) -> Iterator[Complete]:
    """Every complete case that can be."""
    for values in product(*(every.domains[path] for path in every.open)):
        one = every.complete(dict(zip(every.open, values, strict=True)))
        if one is not None:
            yield one


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


def shown(finding: Finding) -> tuple[dict, date]:
    """The case that a finding shows, and its day."""
    *_, command, case = finding.diagnostic.help
    return json.loads(case), date.fromisoformat(re.search(r"--as-of (\S+)`", command)[1])


def confirm(policy: Policy, finding: Finding) -> None:
    """Decides the case that is shown: it must be what the finding says."""
    case, day = shown(finding)
    decision = policy.decide(case, as_of=day)
    match finding.diagnostic.code:
        case "IS601":
            assert decision.basis is Basis.CONFLICT
            assert finding.about <= {clause.clause for clause in decision.fired}
        case "IS602":
            assert decision.basis is Basis.SILENCE
        case "IS603":
            (guarantee,) = (policy.model.guarantees[name] for name in finding.about)
            never = guarantee.modality == "never"
            assert decision.basis is not Basis.UNKNOWN_FACTS
            if guarantee.duty is None:
                assert (decision.outcome is guarantee.outcome) is never
            else:
                states = {duty.duty: duty.state for duty in decision.duties}
                assert states.get(guarantee.duty) == ("due" if never else None)


@pytest.mark.slow
def test_what_is_found_over_all_cases_is_what_the_oracle_sees_in_some_case():
    counts: Counter[str] = Counter()
    for files, policy, checked in small_policies():
        seen = see(files, policy)
        if seen is None or not policy.model.clauses:
            continue
        found = findings([checked], today=date(2026, 1, 1))
        by_code = {
            code: [finding for finding in found if finding.diagnostic.code == code]
            for code in ("IS601", "IS602", "IS603", "IS606", "IS607", "IS608")
        }
        for finding in (*by_code["IS601"], *by_code["IS602"], *by_code["IS603"]):
            confirm(policy, finding)
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
        counts.update({code: len(by_code[code]) for code in ("IS606", "IS607", "IS608")})
        if counts["policies"] == POLICIES:
            break
    print(dict(counts))
    assert counts["policies"] == POLICIES
    assert min(counts[c] for c in ("silent", "clashes", "broken")) > POLICIES / 5
    assert min(counts[c] for c in ("IS606", "IS607", "IS608")) >= 3


def test_what_hangs_on_lists_is_found_as_well_with_lists_that_show_it():
    counts: Counter[str] = Counter()
    for files, policy, checked in small_policies():
        model = policy.model
        lists = {part.group for c in model.conditions() for part in parts(c) if isinstance(part, Quantified)}
        sizes = product(range(3), repeat=len(lists))
        cases = [
            {
                g: [{"name": name} for name in ("first", "second")[:size]]
                for g, size in zip(lists, chosen, strict=True)
            }
            for chosen in sizes
        ]
        seen = see(files, policy, cases) if lists else None
        if seen is None or not model.clauses:
            continue
        found = findings([checked], today=date(2026, 1, 1))
        clashes = [finding for finding in found if finding.diagnostic.code == "IS601"]
        silences = [finding for finding in found if finding.diagnostic.code == "IS602"]
        breaches = [finding for finding in found if finding.diagnostic.code == "IS603"]
        for finding in (*clashes, *silences, *breaches):
            confirm(policy, finding)
        # three elements may show what two do not, so more may be found than was seen, and it was confirmed
        assert {finding.about for finding in clashes} >= seen.clashes
        assert bool(silences) >= seen.silence
        assert {name for finding in breaches for name in finding.about} >= seen.broken
        listed = [f for f in (*clashes, *silences, *breaches) if lists & shown(f)[0].keys()]
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
