"""Lanes, and what is read off them, against every way to set the bits, one after another."""

from datetime import date
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import infoshare
from compiled_forms import forms
from infoshare import FactsError
from infoshare.engine import assembly as a
from infoshare.engine.encoding import encoder
from infoshare.engine.following_code import Unions
from infoshare.engine.found import Found
from infoshare.engine.hanging import hangs_on
from infoshare.engine.index import Index
from infoshare.engine.lanes import Regions, Spread, full, lower, patterns
from infoshare.engine.plan import plan
from infoshare.outcome import Basis
from infoshare.testing.policies import MAIN, random_policy, randoms, sources
from infoshare.testing.tree_cases import random_case
from small import load

DAY = date(2026, 6, 15)


@given(st.integers(0, 8), st.data())
def test_a_lane_sets_the_bits_of_its_own_number(bits, data):
    for bit, pattern in enumerate(patterns(bits)):
        lane = data.draw(st.integers(0, (1 << bits) - 1))
        assert pattern >> lane & 1 == lane >> bit & 1
        assert lower(bits)[bit] >> lane & 1 == 1 - (lane >> bit & 1)
    assert full(bits) == sum(1 << lane for lane in range(1 << bits))


@given(st.data())
def test_an_unknown_fact_takes_each_of_its_kinds_of_value_in_some_lane_and_no_other(data):
    atoms = data.draw(st.integers(1, 4))
    kinds = data.draw(st.lists(st.tuples(*[st.booleans()] * atoms), min_size=2, max_size=9, unique=True))
    regions = Regions(tuple(kinds))
    before, after = data.draw(st.integers(0, 3)), data.draw(st.integers(0, 2))
    bits = before + regions.bits + after
    assert 1 << regions.bits >= len(kinds) > 1 << regions.bits - 1
    lanes = Spread(bits, regions)[before]
    met = [tuple(bool(atom >> lane & 1) for atom in lanes) for lane in range(1 << bits)]
    own = [met[number << before] for number in range(1 << regions.bits)]
    assert set(own) == set(kinds)
    assert met == [own[lane >> before & (1 << regions.bits) - 1] for lane in range(1 << bits)]


@given(st.integers(1, 3), st.integers(1, 3), st.integers(1, 2), st.data())
def test_something_hangs_on_a_fact_if_another_value_of_it_alone_changes_it(first, second, third, data):
    counts = (first, second, third)
    bits = sum(counts)
    lanes = st.integers(0, full(bits))
    where, other, care = data.draw(lanes), data.draw(lanes), data.draw(lanes | st.just(full(bits)))
    firsts = (0, first, first + second)
    unknown = [(f"f{i}", bit, count) for i, (bit, count) in enumerate(zip(firsts, counts, strict=True))]

    def changes(which, bit, count):
        own = ((1 << count) - 1) << bit
        return any(
            which >> one & 1 and not which >> two & 1
            for one, two in product(range(1 << bits), repeat=2)
            if care >> one & care >> two & 1 and one & ~own == two & ~own
        )

    wanted = [
        name for name, bit, count in unknown if changes(where, bit, count) or changes(other, bit, count)
    ]
    by_bit = [name for name, _, count in unknown for _ in range(count)]
    assert list(hangs_on(bits, care, by_bit, (where, other))) == wanted


@given(st.lists(st.lists(st.integers(0, 7), unique=True, max_size=6), max_size=8))
def test_a_union_that_shares_its_beginning_with_others_is_the_whole_union(wanted):
    wheres = {number: a.name(f"w{number}") for number in range(8)}
    unions = Unions("u", wheres, wanted)
    body = []
    for place, union in enumerate(wanted):
        body += [*unions.made_for(union), a.assign(f"found{place}", unions.of(union))]
    found = a.tuple_([a.name(f"found{place}") for place in range(len(wanted))])
    bits = [f"w{number}" for number in range(8)]
    worked_out = a.function("unions", bits, [*body, a.give(found)], {})(*(1 << n for n in range(8)))
    assert worked_out == tuple(sum(1 << number for number in union) for union in wanted)


POLICY = load("""
facts about q "q"
  a "a" : yes or no
  b "b" : yes or no unanswered means yes
  level "l" : one of low, middle, high
  signs "s" : some of red, green
  age "n" : number from 0 to 20
impossible i "x" when q.a and q.level is high
consent c "x" share when q.a and not q.level is low
rule r "x" withhold when q.b and q.age < 10
rule m "x" must withhold when q.signs includes red and q.signs includes green
override o "x" must share prevails over r when q.age is 3 or q.level is high
override p "x" seek consent prevails over o, c when q.signs includes red and q.a
exception e "x" sets aside o, tell when q.signs includes green
duty tell "x" before sharing unless q.age > 18
duty record "x" after deciding when q.a
duty ring "x" before seeking advice
""")
ANSWERS = {
    "a": [True, False], "b": [True, False], "level": ["low", "middle", "high"],
    "signs": [[], ["red"], ["green"], ["red", "green"]], "age": [0, 3, 9, 10, 18, 19, 20],
}  # fmt: skip


@settings(max_examples=40)
@given(st.fixed_dictionaries({}, optional={n: st.sampled_from([*a, "unsure"]) for n, a in ANSWERS.items()}))
def test_what_is_settled_is_what_every_completion_says(facts):
    known = {"b": True} | facts
    unknown = [name for name in ANSWERS if known.get(name) in (None, "unsure")]
    completions = []
    for answers in product(*(ANSWERS[name] for name in unknown)):
        try:
            completion = known | dict(zip(unknown, answers, strict=True))
            completions.append(POLICY.decide({"q": completion}, as_of=DAY))
        except FactsError:
            continue
    outcomes = {each.outcome for each in completions}
    for form in forms(POLICY.model, DAY):
        if not completions or (facts.get("a") and facts.get("level") == "high"):
            continue
        decision = form.decide({"q": facts})
        assert set(decision.possible) == outcomes
        assert (decision.basis is Basis.UNKNOWN_FACTS) == (len(outcomes) > 1)
        fired = [{clause.clause for clause in each.fired} for each in completions]
        assert {clause.clause for clause in decision.fired} == set.intersection(*fired)
        must = {each.mandatory for each in completions}
        if len(outcomes) == 1 and {each.basis for each in completions} == {Basis.CLAUSES}:
            assert decision.mandatory == (must.pop() if len(must) == 1 else None)
        elif decision.mandatory is not None:
            assert decision.mandatory is False
            assert must == {False}
        due = [{duty.duty for duty in each.duties} for each in completions]
        if len(outcomes) == 1:
            assert {d.duty for d in decision.duties if d.state == "due"} == set.intersection(*due)
            assert {d.duty for d in decision.duties} == set.union(*due)


def quickly(form, case):
    """The decision of a compiled form alone; None where the definition decides."""
    try:
        decision = form.decide(case)
    except FactsError:
        return None
    return decision if isinstance(decision, Found) else None


@settings(max_examples=40)
@given(randoms())
def test_the_index_finds_what_compiled_code_finds(rng):
    files = random_policy(rng)
    model = infoshare.load_sources(sources(files), main=MAIN).model
    for form in list(forms(model, DAY))[:1]:
        index = Index(plan(form.model, DAY, presume=True))
        for _ in range(4):
            decided = quickly(form, random_case(rng, files))
            if decided is not None and decided.verdict.mask is not None:
                assert index.holding(decided.values) == decided.verdict.mask


def test_what_an_unknown_case_may_lead_to_is_among_what_the_index_leaves():
    rng, tried = Random(2), 0
    for form in list(forms(POLICY.model, DAY))[:1]:
        index = Index(plan(form.model, DAY, presume=True))
        for _ in range(60):
            full_case = {name: rng.choice(answers) for name, answers in ANSWERS.items()}
            some = {name: answer for name, answer in full_case.items() if rng.random() < 0.5 or name == "b"}
            whole, part = quickly(form, {"q": full_case}), quickly(form, {"q": some})
            if whole is None or part is None:
                continue
            left, certain = index.possible(part.values)
            assert whole.verdict.mask & ~left == 0
            assert certain & ~whole.verdict.mask == 0
            tried += 1
    assert tried > 20


@pytest.mark.parametrize("answer", [True, False, None, "unsure"])
def test_an_answer_is_encoded_as_the_definition_encodes_it(answer):
    compiled = next(forms(POLICY.model, DAY))
    (variable,) = [v for v in compiled.plan.variables if v.fact.path == "q.b"]
    assumed_yes = {True: 1, False: 0, None: 1}
    assert encoder(compiled.plan, variable)(answer) == assumed_yes.get(answer)
