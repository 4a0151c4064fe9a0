"""Settling: exact and quick in typical practice, sound and candid where it gives up."""

import random
from datetime import date

import pytest

import infoshare
from infoshare.meaning import diagram
from steps import steps

DAY = date(2026, 6, 1)


def practice(seed: int) -> str:
    """25 clauses over 30 facts, as policies are: each clause tests a few facts, some prevail over or set aside others."""
    rng = random.Random(seed)
    lines = ["infoshare 1", 'policy p "P"', 'facts about a "the case"']
    lines += [f'  f{i} "it is so {i}" : yes or no' for i in range(20)]
    lines += [f'  g{i} "the level {i}" : one of low, mid, high' for i in range(7)]
    lines += [f'  n{i} "the number {i}" : number from 0 to 30' for i in range(3)]

    def atom() -> str:
        kind = rng.randrange(6)
        if kind < 3:
            return rng.choice(["", "not "]) + f"a.f{rng.randrange(20)}"
        if kind < 5:
            return f"a.g{rng.randrange(7)} is " + rng.choice(["high", "one of mid, high", "not low"])
        return f"a.n{rng.randrange(3)} {rng.choice(['<', '>='])} {rng.choice([5, 13, 18])}"

    def condition() -> str:
        join = rng.choice([" and ", " or "])
        return join.join(atom() for _ in range(rng.randint(2, 4)))

    effects = ["share", "must share", "withhold", "seek consent", "seek advice"]
    names = [f"c{i}" for i in range(14)]
    for name in names:
        lines.append(f'consent {name} "{name}" {rng.choice(effects)} when {condition()}')
    for i in range(6):
        targets = ", ".join(rng.sample(names, 3))
        lines.append(f'override o{i} "o{i}" {rng.choice(effects)} prevails over {targets} when {condition()}')
    for i in range(5):
        targets = ", ".join([*rng.sample(names, 2), f"o{i}"])
        lines.append(f'exception e{i} "e{i}" sets aside {targets} when {condition()}')
    return "\n".join(lines) + "\n"


def load(text: str) -> infoshare.Policy:
    return infoshare.load_sources({"p.policy": text.encode()}, main="p.policy")


def test_25_clauses_with_30_facts_unanswered_settle_exactly_without_trying_every_completion() -> None:
    taken: list[int] = []
    for seed in range(10):
        policy = load(practice(seed))
        assert len(policy.facts) == 30
        assert policy.decide({}, as_of=DAY).exact
        taken.append(steps(lambda policy=policy: policy.decide({}, as_of=DAY).exact))
    print(f"steps with all unknown, once compiled: {sorted(taken)}")
    assert max(taken) < 2**20, "of 2**20 * 3**7 * 31**3 completions"


def tangled(seed: int, clauses: int, facts: int) -> str:
    """Clauses each of which tests facts from all over the policy, with two fifths that prevail over others."""
    rng = random.Random(seed)
    lines = ["infoshare 1", 'policy p "P"', 'facts about a "a"']
    lines += [f'  f{i} "f{i}" : yes or no' for i in range(facts)]

    def atom() -> str:
        return rng.choice(["", "not "]) + f"a.f{rng.randrange(facts)}"

    for i in range(clauses):
        pairs = [f"({atom()} {rng.choice(['and', 'or'])} {atom()})" for _ in range(rng.randint(1, 3))]
        effect = rng.choice(["share", "withhold", "seek consent", "seek advice", "must share"])
        over = ", ".join(f"c{each}" for each in rng.sample(range(i), min(3, i)))
        kind, prevails = (
            ("override", f"prevails over {over}") if over and rng.random() < 0.4 else ("rule", "")
        )
        lines.append(
            f'{kind} c{i} "c{i}" {effect} {prevails} when {rng.choice([" and ", " or "]).join(pairs)}'
        )
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(("clauses", "facts"), [(80, 40), (100, 24), (60, 40)])
def test_of_tangled_clauses_over_many_unknown_facts_nothing_is_settled_wrongly(
    clauses: int, facts: int
) -> None:
    for seed in range(2):
        policy = load(tangled(seed, clauses, facts))
        decision = policy.decide({}, as_of=DAY)
        rng = random.Random(seed)
        for _ in range(20):
            whole = policy.decide({"a": {f"f{i}": rng.random() < 0.5 for i in range(facts)}}, as_of=DAY)
            assert whole.outcome in decision.possible
            assert {clause.clause for clause in decision.fired} <= {clause.clause for clause in whole.fired}


@pytest.mark.parametrize("seed", range(3))
def test_what_is_found_of_a_hundred_tangled_clauses_is_exact_and_kept(seed: int) -> None:
    policy = load(tangled(seed, 100, 24))
    first = steps(lambda: policy.decide({}, as_of=DAY).outcome)
    assert policy.decide({}, as_of=DAY).exact
    assert 100 * steps(lambda: policy.decide({}, as_of=DAY).outcome) < first


def test_a_random_completion_never_leaves_what_was_said_to_be_possible() -> None:
    rng = random.Random(7)
    for seed in range(6):
        policy = load(practice(seed))
        for _ in range(10):
            whole = {f"f{i}": rng.random() < 0.5 for i in range(20)}
            whole |= {f"g{i}": rng.choice(["low", "mid", "high"]) for i in range(7)}
            whole |= {f"n{i}": rng.randrange(31) for i in range(3)}
            part = {name: answer for name, answer in whole.items() if rng.random() < 0.6}
            unsettled, settled = policy.decide({"a": part}, as_of=DAY), policy.decide({"a": whole}, as_of=DAY)
            assert settled.outcome in unsettled.possible
            assert {c.clause for c in unsettled.fired} <= {c.clause for c in settled.fired}


def test_beyond_the_budget_nothing_is_settled_wrongly_and_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagram.Diagrams.__init__, "__defaults__", (5,))
    rng = random.Random(3)
    gave_up = 0
    for seed in range(6):
        policy = load(practice(seed))
        for _ in range(10):
            whole = {f"f{i}": rng.random() < 0.5 for i in range(20)}
            whole |= {f"g{i}": rng.choice(["low", "mid", "high"]) for i in range(7)}
            whole |= {f"n{i}": rng.randrange(31) for i in range(3)}
            part = {name: answer for name, answer in whole.items() if rng.random() < 0.5}
            careful = policy.decide({"a": part}, as_of=DAY)
            gave_up += not careful.exact
            assert policy.decide({"a": whole}, as_of=DAY).outcome in careful.possible
    assert gave_up > 0


def test_two_unknown_facts_compared_are_not_told_apart_and_it_is_said() -> None:
    policy = load("""infoshare 1
policy p "P"
facts about a "a"
  first "the first day" : date
  second "the second day" : date
rule r "R" share when a.first < a.second
rule s "S" withhold when not a.first < a.second
""")
    decision = policy.decide({}, as_of=DAY)
    assert (decision.outcome.value, decision.basis.value, decision.exact) == (
        "seek_advice",
        "unknown_facts",
        False,
    )
    known = policy.decide({"a": {"first": "2026-01-01"}}, as_of=DAY)
    assert known.exact
    assert set(known.possible) == {"share", "withhold"}
    assert policy.decide({"a": {"first": "2026-01-01", "second": "2026-01-02"}}, as_of=DAY).outcome == "share"


def test_an_unknown_list_is_asked_for_and_an_empty_one_is_an_answer() -> None:
    policy = load("""infoshare 1
policy p "P"
facts about each item "a paper"
  restricted "leave is needed" : yes or no
rule r "R" withhold when any item (item.restricted)
rule s "S" share when no item (item.restricted)
""")
    unknown = policy.decide({}, as_of=DAY)
    assert (unknown.outcome.value, unknown.basis.value, unknown.exact) == (
        "seek_advice",
        "unknown_facts",
        False,
    )
    assert [question.fact for question in unknown.questions] == ["item"]
    assert policy.decide({"item": []}, as_of=DAY).outcome == "share"


def test_numbers_and_dates_lead_to_an_outcome_by_the_stretches_that_the_policy_tells_apart() -> None:
    policy = load("""infoshare 1
policy p "P"
facts about child "the child"
  age "the age" : number of years from 0 to 25
  seen "last seen" : date
rule young "Young." share when child.age < 13
rule old "Old." withhold when child.age >= 13
""")
    (question,) = policy.decide({}, as_of=DAY).questions
    assert dict(question.leads_to) == {"0 to 12": ["share"], "13 to 25": ["withhold"]}


def test_the_best_question_comes_first() -> None:
    policy = load("""infoshare 1
policy p "P"
facts about a "a"
  minor "minor" : yes or no
  major "major" : yes or no
rule r "R" share when a.major
rule s "S" withhold when not a.major and a.minor
rule t "T" seek consent when not a.major and not a.minor
""")
    # major: yes settles (1 of 2 answers); minor: neither answer settles
    assert [q.fact for q in policy.decide({}, as_of=DAY).questions] == ["a.major", "a.minor"]
    unsure = policy.decide({"a": {"major": "unsure"}}, as_of=DAY)
    assert [(q.fact, q.answered) for q in unsure.questions] == [("a.minor", None), ("a.major", "unsure")]


def test_an_answer_that_no_provision_asks_for_still_says_where_it_leads() -> None:
    policy = load("""infoshare 1
policy p "P"
facts about q "q"
  signs "the signs" : some of low, middle
rule r "x" share when q.signs includes low
rule s "x" withhold unless q.signs includes low
""")
    (question,) = policy.decide({}, as_of=DAY).questions
    leads = {"low": ["share"], "middle": ["share", "withhold"], "none of these": ["withhold"]}
    assert dict(question.leads_to) == leads


def test_a_comparison_that_nobody_is_listed_for_is_not_relied_on_without_the_list() -> None:
    policy = load("""infoshare 1
policy p "P" from 2026-01-01
facts about child "the child"
  serious "it is serious" : yes or no
  age "the age" : number
  limit "the limit" : number
facts about each item "an item"
  weight "its weight" : number
rule both "Both." must share when child.serious unless child.age > 5 and child.age < child.limit and any item (item.weight < child.limit)
rule other "Other." withhold when child.serious
""")
    given = {"child": {"serious": True, "age": 3, "limit": 7}, "item": []}
    decision = policy.decide(given, as_of=DAY)
    assert decision.basis == "conflict"
    alone = {key: value for key, value in decision.relied_on.items() if not key.startswith("item")}
    lists = {"item": []} if "item" in decision.relied_on else {}
    again = policy.decide({**alone, **lists}, as_of=DAY)
    assert (again.outcome, again.basis) == (decision.outcome, decision.basis)
    assert "item" in decision.relied_on or {"child.age", "child.limit"} & decision.relied_on.keys()
