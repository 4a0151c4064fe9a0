"""Every compiled form decides as the definition does; `checks/compiled_agreement.py` tries many more policies."""

from collections import Counter
from datetime import date
from functools import cache
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import infoshare
from compiled_forms import FORMS, Digits, Text, Words, dotted, forms, mutated, said
from infoshare.engine import alike, fewer
from infoshare.engine.engine import ByDefinition
from infoshare.engine.found import Found
from infoshare.meaning import diagram
from infoshare.testing.policies import MAIN, random_day, random_policy, randoms, sources
from infoshare.testing.policy_cases import cases
from infoshare.testing.tree_cases import random_case
from kept import NAMES, kept
from small import load

DAY = date(2026, 6, 15)
UNHURRIED = settings(suppress_health_check=list(HealthCheck))


@cache
def kept_forms(policy, day, presume):
    return tuple(forms(policy.model, day, presume=presume))


def differences(policy, case, day=DAY, presumptions=(True, False)):
    """The forms that do not decide a case as the definition does."""
    found = []
    for presume in presumptions:
        wanted = said(ByDefinition(policy.model, day, presume=presume).decide, case)
        compiled = kept_forms(policy, day, presume)
        assert len(compiled) == len(FORMS)
        found += [type(form).__name__ for form in compiled if said(form.decide, case) != wanted]
    return found


@settings(UNHURRIED, max_examples=40)
@given(randoms())
def test_on_random_policies_and_cases_every_form_says_what_the_definition_says(rng):
    files = random_policy(rng)
    model = infoshare.load_sources(sources(files), main=MAIN).model
    day, presume = random_day(rng), rng.random() < 0.6
    compiled = list(forms(model, day, presume=presume))
    definition = ByDefinition(model, day, presume=presume)
    for _ in range(3 if compiled else 0):
        case = random_case(rng, files, completions=200)
        case = dotted(rng, case, model) if rng.random() < 0.2 else mutated(rng, case, model)
        wanted = said(definition.decide, case)
        for form in compiled:
            assert said(form.decide, case) == wanted, type(form).__name__


def test_random_policies_often_have_a_fast_form_and_their_cases_go_every_way():
    rng, went = Random(5), Counter()
    for _ in range(40):
        files = random_policy(rng)
        model = infoshare.load_sources(sources(files), main=MAIN).model
        compiled = list(forms(model, DAY))
        went["compiled" if compiled else "by definition"] += 1
        for form in compiled[:1]:
            for _ in range(5):
                try:
                    decision = form.decide(random_case(rng, files))
                except infoshare.FactsError:
                    continue
                unsettled = isinstance(decision, Found) and decision.verdict.mask is None
                went["unsettled" if unsettled else type(decision).__name__] += 1
    assert went["compiled"] >= 10 and min(went["Found"], went["unsettled"]) >= 20


@pytest.mark.parametrize("name", NAMES)
def test_every_form_of_a_policy_of_real_size_says_what_the_definition_says(name):
    policy = kept(name)
    compiled = list(forms(policy.model, DAY))
    definition = ByDefinition(policy.model, DAY, presume=True)
    assert compiled

    @settings(UNHURRIED, max_examples=6)
    @given(cases(policy))
    def agree(case):
        wanted = said(definition.decide, case)
        for form in compiled:
            assert said(form.decide, case) == wanted

    agree()


# --- what once went another way, or easily might ----------------------------------------------------

FACTS = """
facts about q "q"
  note "the note" : text
  level "the level" : one of low, middle, high
  signs "the signs" : some of low, middle unanswered means middle
  count "the count" : number
  agreed "agreed" : yes or no unanswered means no
  on "the day" : date
facts about each item "an item"
  note "its note" : text
rule noted "x" share when q.note is "A" or q.note is "B"
rule low "x" withhold when q.level is low
rule many "x" share when q.count > 3
rule old "x" withhold when q.signs includes low and q.on < today
duty tell "x" before sharing when q.note is not "A"
safeguard noted_too "x" for each item require item.note is "A" otherwise "x"
"""
ANSWERED = {"note": "A", "level": "middle", "signs": ["low"], "count": 1, "agreed": True, "on": "2026-01-01"}
POLICY = load(FACTS)


class Lazy:
    """Looks like a text to whoever only compares it, as translated texts of web frameworks do."""

    def __init__(self, text):
        self.text = text

    def __eq__(self, other):
        return self.text == other

    def __hash__(self):
        return hash(self.text)


class Unhashable:
    def __hash__(self):
        raise ValueError


@pytest.mark.parametrize(
    ("fact", "answers"),
    [
        (
            "note",
            ["A", "B", "C", "", "unsure", Text("unsure"), Text("A"), "é", "e\u0301", "\u212a", "\ud800", 3],
        ),
        ("level", ["low", "none", *Words, Text("low"), Lazy("low"), Unhashable(), ["low"], True]),
        ("signs", [["low"], ("low",), {"low"}, [], ["low"] * 2, "low", [Words.low], [Lazy("low")], "unsure"]),
        ("count", [4, True, Digits.one, Digits.ten, 2**53, 2**53 - 1, -(2**53), 1.0, "1", 10**400]),
        ("agreed", [True, False, 1, 0, "yes", "unsure", Text("unsure"), Words.unsure]),
        ("on", [date(2026, 1, 1), "2026-13-01", "unsure", Text("2026-01-01"), "2026-06-15", "2026-06-14"]),
    ],
)
def test_an_answer_of_any_kind_is_read_as_the_definition_reads_it(fact, answers):
    for answer in (*answers, None):
        assert differences(POLICY, {"q": {**ANSWERED, fact: answer}}) == [], ascii(answer)
        assert differences(POLICY, {f"q.{fact}": answer}) == [], ascii(answer)


@pytest.mark.parametrize(
    "case",
    [
        {}, {"q": None}, {"q": {}}, {"q": []}, {"case": None, "q": ANSWERED}, {"case": "x"}, {"case": 3},
        {"case": "\ud800"}, {"case": "e\u0301"}, {"case": Text("x")}, {"z": 1, "q": ANSWERED}, {"z": None},
        {"q": {**ANSWERED, "z": 1}}, {"q": {**ANSWERED, "z": None}}, {1: 2}, {Text("q"): ANSWERED}, {None: None},
        {"q": {"note": "A", None: 1}}, {Words.low: 1}, [], None, 3, {"item": None}, {"item": "unsure"},
        {"item": [{"name": "x", "note": Text("unsure")}], "q": {"count": 5}},
        {"item": [{"name": "é"}, {"name": "e\u0301"}]}, {"item": [{"name": "x"}, {"note": "A"}]}, {"item": []},
        {"q.note": "A", "q": {"note": "A"}}, {"q.note": None, "q": {"note": "A"}}, {"item.note": "A"}, {"q.z": 1},
        {"q.note": "A", "q": {"level": "low"}, "q.count": 9}, {"q.note": "A", "q": 3}, {"q.note": "A", "q": None},
    ],
    ids=ascii,
)  # fmt: skip
def test_a_case_of_any_shape_is_read_as_the_definition_reads_it(case):
    assert differences(POLICY, case) == []


def test_a_member_of_an_enumeration_is_kept_as_plain_text():
    decision = POLICY.decide({"q": {**ANSWERED, "level": Words.low}}, as_of=DAY)
    (kept,) = [c.facts["q.level"] for c in decision.fired if c.clause == "low"]
    assert type(kept) is str


@settings(UNHURRIED, max_examples=40)
@given(randoms())
def test_dotted_keys_say_what_groups_say(rng):
    files = random_policy(rng)
    policy = infoshare.load_sources(sources(files), main=MAIN)
    case = random_case(rng, files)
    moved = dotted(rng, case, policy.model)
    for form in forms(policy.model, DAY):
        assert said(form.decide, moved) == said(form.decide, case)


def test_names_of_python_are_names_like_others():
    words = [
        "class",
        "lambda",
        "print",
        "true",
        "k",
        "mask",
        "values",
        "type",
        "f0",
        "t0",
        "told",
        "unknown",
        "j",
    ]
    declared = "".join(f'facts about {w} "x"\n  {w} "x" : one of {w}, other\n' for w in words)
    pairs = list(zip(words, [*words[1:], words[0]], strict=True))
    clauses = "".join(
        f'rule {w}_r "x" {("share", "withhold")[i % 2]} when {w}.{w} is {w} and {v}.{v} is other\n'
        for i, (w, v) in enumerate(pairs)
    )
    policy = load(declared + clauses)
    rng = Random(1)
    for answers in ("{w} other", "{w} other unsure"):
        for _ in range(4):
            case = {w: {w: rng.choice(answers.format(w=w).split())} for w in words if rng.random() < 0.9}
            assert differences(policy, case) == []


@pytest.mark.parametrize(
    "text",
    [
        "", 'facts about q "q"\n', 'rule r "x" must share\nduty d "x" after deciding\n',
        'facts about q "q"\n  a "a" : yes or no\nimpossible i "x" when q.a or not q.a\nrule r "x" share when q.a\n',
        'facts about q "q"\n  a "a" : one of only\nrule r "x" share when q.a is only\n',
    ],
)  # fmt: skip
def test_a_policy_with_next_to_nothing_in_it_decides_like_any_other(text):
    policy = load(text)
    for case in (
        {},
        {"q": {}},
        {"q": None},
        {"q": {"a": True}},
        {"q": {"a": "only"}},
        {"q": {"a": "unsure"}},
    ):
        assert differences(policy, case) == []


IMPOSSIBLE = load("""
facts about q "q"
  a "a" : yes or no unanswered means yes
  b "b" : yes or no unanswered means yes
  c "c" : yes or no unanswered means no
  d "d" : yes or no
  n "n" : number from 0 to 9 unanswered means 3
impossible i1 "i1" when q.a and q.b
impossible i2 "i2" when q.c and q.d
impossible i3 "i3" when q.n > 5 and not q.a
rule r "x" share when q.a
rule s "x" withhold when q.b or q.d
duty tell "x" before sharing unless q.c
duty hear "x" before seeking advice when q.d
exception e "x" sets aside tell when q.n is 3
safeguard only_c "x" require q.c otherwise "x"
""")


@settings(UNHURRIED, max_examples=40)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            **{name: st.sampled_from([True, False, None, "unsure"]) for name in "abcd"},
            "n": st.sampled_from([3, 7, "unsure"]),
        },
    )
)
def test_assumptions_that_would_be_impossible_are_not_made_in_any_form(facts):
    assert differences(IMPOSSIBLE, {"q": facts}, presumptions=(True,)) == []


DATES = load("""
value limit 5 from 2026-01-01, 7 from 2026-06-15
value since 2025-01-01 from 2026-01-01, 2026-01-01 from 2026-06-15
value span 6 months from 2026-01-01, 1 years from 2026-06-16
facts about q "q"
  on "o" : date
  due "d" : date unanswered means 2026-02-28
  n "n" : number
rule r1 "x" share when q.on < 6 months before today from 2026-01-01
rule r2 "x" withhold when 1 months after q.on > today from 2026-01-01 until 2026-06-15
rule r3 "x" share when q.n >= limit from 2026-01-01
rule r4 "x" withhold when q.due is since or q.on >= span before today from 2026-01-01
rule r5 "x" seek consent when 1 months after q.due <= 2026-03-28 from 2026-06-15
rule r6 "x" withhold when today >= 2026-06-16
rule r7 "x" seek advice when q.n is 5 or q.n is 9 or q.n < -3
""")


@settings(UNHURRIED, max_examples=40)
@given(
    st.sampled_from([date(2026, 6, 14), DAY, date(2026, 6, 16), date(2026, 1, 1), date.max]),
    *[
        st.sampled_from(
            [
                "2026-06-14",
                "2025-12-15",
                "2026-01-31",
                "0001-01-01",
                "9999-12-31",
                "2026-02-28",
                None,
                "unsure",
            ]
        )
    ]
    * 2,
    st.sampled_from([4, 5, 6, 7, 9, -4, 2**53 - 1, None, "unsure"]),
)
def test_what_changes_from_one_day_to_the_next_changes_in_every_form(day, on, due, n):
    assert differences(DATES, {"q": {"on": on, "due": due, "n": n}}, day) == []


def test_where_the_definition_gives_up_every_form_gives_up_alike(monkeypatch):
    budget, gave_up = 20, 0
    monkeypatch.setattr(diagram, "BUDGET", budget)
    monkeypatch.setattr(alike, "BUDGET", budget)
    monkeypatch.setattr(fewer, "WITHIN", budget // 4)
    monkeypatch.setattr(diagram.Diagrams.__init__, "__defaults__", (budget,))
    rng = Random(4)
    while gave_up < 4:
        files = random_policy(rng, large=True)
        policy = infoshare.load_sources(sources(files), main=MAIN)
        case = random_case(rng, files, completions=2000)
        for form in forms(policy.model, DAY):
            wanted = said(ByDefinition(policy.model, DAY, presume=True).decide, case)
            assert said(form.decide, case) == wanted
            gave_up += isinstance(wanted, tuple) and isinstance(wanted[0], dict) and not wanted[0]["exact"]
