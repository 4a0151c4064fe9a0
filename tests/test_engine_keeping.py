"""What a compiled policy keeps, for how long, and that a decision stays what it was: copies, pickles, threads, growth."""

import copy
import json
import pickle
import threading
import weakref
from datetime import date, timedelta
from pathlib import Path
from random import Random

import attrs
import pytest

import infoshare
from compiled_forms import said
from infoshare.engine import engines, reasons
from infoshare.engine.engine import ByDefinition, Compiled
from infoshare.engine.found import Found
from infoshare.meaning import facts as reader
from infoshare.meaning.findings import ClauseFinding, DutyFinding, Stated
from infoshare.policy.decision import Decision
from infoshare.testing.policies import MAIN, random_policy, sources
from infoshare.testing.tree_cases import random_case
from kept import kept
from small import load
from steps import steps

DAY = date(2026, 11, 22)
CSCP = kept("cscp")
CSCP.decide({}, as_of=DAY)  # the next is decided by what was compiled
REFUSED = json.loads((Path(__file__).parent.parent / "examples" / "refused.json").read_text("utf-8"))
UNSETTLED = {"consent": {"status": "refused"}}


def by_definition(policy, case):
    return Decision.of(ByDefinition(policy.model, DAY, presume=True).decide(case))


def found_of(decision):
    """What finds the parts of a decision."""
    return decision._found


@pytest.mark.parametrize("case", [REFUSED, UNSETTLED, {}], ids=["answered", "unsettled", "empty"])
def test_a_decision_of_which_nothing_was_looked_at_is_one_like_any_other(case):
    decision, plain = CSCP.decide(case, as_of=DAY), by_definition(CSCP, case)
    assert (type(decision), type(found_of(decision))) == (Decision, Found)
    assert (decision == plain, plain == decision, hash(decision)) == (True, True, hash(plain))
    assert repr(decision) == repr(plain)
    assert attrs.fields(type(decision)) == attrs.fields(type(plain))
    assert attrs.asdict(decision, recurse=False) == attrs.asdict(plain, recurse=False)
    assert attrs.evolve(decision, case="other") == attrs.evolve(plain, case="other")
    assert weakref.ref(decision)() is decision
    match decision:
        case infoshare.Decision(outcome=outcome):
            assert outcome is plain.outcome


@pytest.mark.parametrize("case", [REFUSED, UNSETTLED, {}], ids=["answered", "unsettled", "empty"])
def test_copies_and_pickles_hold_every_part_and_nothing_that_found_them(case):
    plain = by_definition(CSCP, case)
    decision = CSCP.decide(case, as_of=DAY)
    copies = [copy.copy(decision), copy.deepcopy(decision)]
    copies += [pickle.loads(pickle.dumps(decision, p)) for p in range(pickle.HIGHEST_PROTOCOL + 1)]
    for each in copies:
        assert (type(each), type(found_of(each))) == (Decision, Stated)
        assert each == plain


PARTS = load("""
facts about q "q"
  a "a" : yes or no
  b "b" : yes or no
  age "n" : number from 0 to 20
rule r "x" share when q.a and q.age > 3
duty tell "x" before sharing unless q.b
duty record "x" after deciding when q.age > 9
""")


def test_the_parts_of_a_decision_are_values_like_any_other_before_all_of_them_is_there():
    case = {"q": {"a": True, "age": 9}}
    plain = by_definition(PARTS, case)
    decision = Compiled(infoshare.engine.plan.plan(PARTS.model, DAY, presume=True)).decide(case)
    (clause,), (duty,) = decision.fired, decision.duties
    assert (type(clause), type(duty)) == (ClauseFinding, DutyFinding)
    for part, wanted in ((clause, plain.fired[0]), (duty, plain.duties[0])):
        assert (part == wanted, wanted == part) == (True, True)
        assert (hash(part), repr(part)) == (hash(wanted), repr(wanted))
        assert attrs.fields(type(part)) == attrs.fields(type(wanted))
        assert attrs.asdict(part, recurse=False) == attrs.asdict(wanted, recurse=False)
        copies = [copy.copy(part), copy.deepcopy(part)]
        copies += [pickle.loads(pickle.dumps(part, p)) for p in range(pickle.HIGHEST_PROTOCOL + 1)]
        for each in copies:
            assert (type(each), each) == (type(wanted), wanted)
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            part.cites = ()
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            del part.cites
    assert duty.waiting_for == ("q.b",)
    assert attrs.evolve(duty, state="due") == attrs.evolve(plain.duties[0], state="due")
    assert clause != attrs.evolve(clause, clause="other")


@pytest.mark.parametrize("unknown", [12, 13])
def test_a_decision_that_is_kept_keeps_no_lanes_by_the_kilobyte(unknown):
    names = [f"f{n}" for n in range(16)]
    policy = load(
        'facts about q "q"\n'
        + "".join(f'  {name} "f" : yes or no\n' for name in names)
        + f'duty tell "x" after deciding when {" or ".join(f"q.{name}" for name in names)}\n'
    )
    case = {"q": dict.fromkeys(names[unknown:], False)}
    decision = Compiled(infoshare.engine.plan.plan(policy.model, DAY, presume=True)).decide(case)
    (duty,) = decision.duties
    assert hasattr(duty, "_later") is (unknown == 12)
    assert duty.waiting_for == tuple(f"q.{name}" for name in names[:unknown])


def test_a_decision_is_frozen_and_has_no_truth():
    decision = CSCP.decide(REFUSED, as_of=DAY)
    for change in (
        lambda: setattr(decision, "outcome", None),
        lambda: setattr(decision, "new", None),
        lambda: delattr(decision, "outcome"),
    ):
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            change()
    with pytest.raises(TypeError, match="may_share"):
        bool(decision)


def test_what_is_done_to_a_case_after_deciding_changes_nothing():
    case = {**copy.deepcopy(REFUSED), "item": [{"name": "GP letter", "necessary": True}]}
    wanted = said(ByDefinition(CSCP.model, DAY, presume=True).decide, case)
    given = copy.deepcopy(case)
    decision = CSCP.decide(given, as_of=DAY)
    for value in given.values():
        if isinstance(value, list):
            for element in value:
                element.clear()
        if isinstance(value, dict | list):
            value.clear()
    given.clear()
    assert said(lambda _: decision, None) == wanted


def test_copies_and_pickles_of_a_policy_decide_the_same_and_carry_nothing_compiled():
    fresh = len(pickle.dumps(kept("cscp")))
    wanted = CSCP.decide(REFUSED, as_of=DAY).to_dict()
    assert abs(len(pickle.dumps(CSCP)) - fresh) < 1000
    for other in (pickle.loads(pickle.dumps(CSCP)), copy.deepcopy(CSCP), copy.copy(CSCP), attrs.evolve(CSCP)):
        assert other.decide(REFUSED, as_of=DAY).to_dict() == wanted


def test_threads_that_share_a_policy_get_what_one_alone_gets():
    rng = Random(3)
    while True:
        files = random_policy(rng, large=True)
        policy = infoshare.load_sources(sources(files), main=MAIN)
        if isinstance(engines.compiled(policy.model, DAY, presume=True), Compiled):
            break
    cases = [random_case(rng, files) for _ in range(30)]
    definition = ByDefinition(policy.model, DAY, presume=True)
    wanted = [said(definition.decide, case) for case in cases]
    policy = infoshare.load_sources(sources(files), main=MAIN)  # nothing compiled yet
    wrong, barrier = [], threading.Barrier(4)

    def work(first):
        barrier.wait()
        for i in [*range(first, len(cases)), *range(first)]:
            got = said(lambda case: policy.decide(case, as_of=DAY), cases[i])
            if got != wanted[i]:
                wrong.append(i)

    threads = [threading.Thread(target=work, args=(7 * n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


NUMBERS = load('facts about q "q"\n  n "n" : number\n  a "a" : yes or no\nrule r "x" share when q.n > 3\n')


def test_what_is_kept_of_many_answers_is_bounded_and_what_is_made_anew_is_the_same(monkeypatch):
    monkeypatch.setattr(reasons, "MOST_KEPT", 5)
    compiled = Compiled(infoshare.engine.plan.plan(NUMBERS.model, DAY, presume=True))
    for n in [*range(4, 60), *range(4, 60)]:
        (fired,) = compiled.decide({"q": {"n": n}}).fired
        assert dict(fired.facts) == {"q.n": n}
        assert all(len(each._shown) <= 5 for each in compiled._reasons.values())


def test_days_are_kept_up_to_a_number(monkeypatch):
    monkeypatch.setattr(engines, "MOST_DAYS", 5)
    policy = load('facts about q "q"\n  on "o" : date\nrule r "x" share when q.on < today\n')
    for n in range(12):
        day = DAY + timedelta(days=n)
        found = [
            policy.decide({"q.on": DAY + timedelta(days=d)}, as_of=day).outcome.value for d in (n - 1, n)
        ]
        assert found == ["share", "seek_advice"]
        assert len(policy._engines) <= 5


def test_nothing_of_a_case_is_read_before_it_is_decided_nor_kept_by_the_policy():
    class Told(dict):
        pass

    answers = Told({"status": "refused"})
    alive = weakref.ref(answers)
    CSCP.decide({"consent": answers}, as_of=DAY)
    del answers
    assert alive() is None


@pytest.mark.parametrize("seed", range(3))
def test_what_the_quick_reader_reads_is_what_the_definition_reads(seed):
    rng, read_quickly = Random(seed), 0
    for _ in range(12):
        files = random_policy(rng)
        model = infoshare.load_sources(sources(files), main=MAIN).model
        found = engines.compiled(model, DAY, presume=True)
        for _ in range(6 if isinstance(found, Compiled) else 0):
            case = {"case": "A case", **random_case(rng, files)}
            wanted = reader.read(model, case)
            assert not wanted.diagnostics
            try:
                decision = found.decide(case)
            except infoshare.FactsError:  # it can be read, and is impossible
                continue
            if isinstance(decision, Found):
                assert decision.given == wanted.case
                read_quickly += 1
    assert read_quickly >= 12


# --- very many clauses --------------------------------------------------------------------------------

VALUES = ("a", "b", "c", "d")


def independent(clauses, rng):
    """Clauses that each ask two or three of twenty facts, as tests by fact: a list of pairs, and the policy."""
    rules = []
    for _ in range(clauses):
        asked = rng.sample(range(20), rng.randint(2, 3))
        rules.append([(f, rng.choice(VALUES) if f < 15 else rng.randint(20, 99)) for f in asked])
    lines = ['facts about q "q"']
    lines += [f'  e{f} "e" : one of {", ".join(VALUES)}' for f in range(15)]
    lines += [f'  e{f} "n" : number from 0 to 99' for f in range(15, 20)]
    for number, tests in enumerate(rules):
        asked = " and ".join(f"q.e{f} is {v}" if f < 15 else f"q.e{f} >= {v}" for f, v in tests)
        lines.append(f'rule r{number} "x" share when {asked}')
    return rules, load("\n".join(lines) + "\n")


def fired_by_trying(rules, case):
    """Every rule tried, one after another."""
    return [
        f"r{number}"
        for number, tests in enumerate(rules)
        if all(case[f"e{f}"] == v if f < 15 else case[f"e{f}"] >= v for f, v in tests)
    ]


def random_answers(rng):
    low = {f"e{f}": rng.choice(VALUES) for f in range(15)}
    return low | {f"e{f}": min(rng.randint(0, 40), rng.randint(0, 99)) for f in range(15, 20)}


@pytest.fixture(scope="module")
def many():
    rng = Random(9)
    return {clauses: independent(clauses, rng) for clauses in (100, 10_000)}


def test_of_ten_thousand_clauses_those_fire_that_fire_when_each_is_tried(many):
    rules, policy = many[10_000]
    rng = Random(10)
    for _ in range(20):
        case = random_answers(rng)
        fired = [clause.clause for clause in policy.decide({"q": case}, as_of=DAY).fired]
        assert fired == fired_by_trying(rules, case)
        assert len(fired) > 0


def test_a_hundred_times_the_clauses_of_which_few_fire_take_at_most_ten_times_the_steps(many):
    cases = [{"q": {f"e{f}": "a" if f < 15 else 0 for f in range(20)} | {"e0": v}} for v in VALUES]
    rng = Random(11)
    rules, _ = many[10_000]
    while len(cases) < 40:
        case = random_answers(rng)
        if len(fired_by_trying(rules, case)) <= 1000:
            cases.append({"q": case})
    spent = {}
    for clauses, (_, policy) in many.items():

        def decided(policy=policy):
            return [policy.decide(case, as_of=DAY).outcome for case in cases]

        assert all(decided())
        spent[clauses] = steps(decided)
    assert spent[10_000] <= 10 * spent[100]
