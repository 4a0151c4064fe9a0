"""The table of declarations in section 2 of the language, row by row: each loads a small policy and decides."""

from datetime import date

import pytest

from infoshare import Basis, FactsError, Outcome, load_sources
from small import DAY, FACTS, decide, faults, fired, load, outcomes, places, questions


def reasons(decision):
    return decision.outcome, decision.basis


# --- infoshare 1 ----------------------------------------------------------------------------------


def test_another_version_of_the_language_is_a_clear_error_that_names_those_understood():
    (fault,) = faults("", head='infoshare 2\n\npolicy p "P"\n')
    assert fault.code == "IS114"
    assert fault.span.text == "2"
    assert "1" in " ".join([fault.message, *fault.help, *(label.text for label in fault.labels)])


def test_the_version_of_the_language_comes_first():
    assert "IS115" in [f.code for f in faults("", head='policy p "P"\n')]


# --- policy ---------------------------------------------------------------------------------------


def test_a_policy_bears_its_name_title_and_version_into_the_decision():
    policy = load(FACTS, head='infoshare 1 policy local "The local one" version "2026.1" owner "Us"\n')
    decision = policy.decide({}, as_of=DAY)
    assert (policy.name, policy.title) == ("local", "The local one")
    assert (decision.policy.name, decision.policy.title, decision.policy.version) == (
        "local",
        "The local one",
        "2026.1",
    )
    assert decision.policy.digest.startswith("sha256:")
    assert policy.model.header.owner == "Us"


@pytest.mark.parametrize(
    ("day", "in_force"),
    [("2025-12-31", False), ("2026-01-01", True), ("2026-12-31", True), ("2027-01-01", False)],
)
def test_a_policy_is_in_force_from_its_first_day_until_its_last_both_included(day, in_force):
    policy = load(
        FACTS + 'rule r "R" share when a.yes_1',
        head='infoshare 1 policy p "P" from 2026-01-01 until 2026-12-31 review by 2026-06-30\n',
    )
    decision = policy.decide({"a": {"yes_1": True}}, as_of=date.fromisoformat(day))
    expected = (Outcome.SHARE, Basis.CLAUSES) if in_force else (Outcome.SEEK_ADVICE, Basis.NOT_IN_FORCE)
    assert reasons(decision) == expected


def test_out_of_force_only_duties_after_deciding_and_advice_remain():
    policy = load(
        FACTS
        + """
rule r "R" share
duty record "Record it" after deciding
duty tell "Tell them" before sharing
duty think "Think again" before seeking advice
safeguard kept "Kept" require a.yes_1 otherwise "mend it"
advice lead from "the lead"
""",
        head='infoshare 1 policy p "P" until 2025-12-31\n',
    )
    decision = policy.decide({}, as_of=DAY)
    assert reasons(decision) == (Outcome.SEEK_ADVICE, Basis.NOT_IN_FORCE)
    assert decision.possible == (Outcome.SEEK_ADVICE,)
    assert [(d.duty, d.state) for d in decision.duties] == [("record", "due")]
    assert [a.advice for a in decision.advice] == ["lead"]
    assert (decision.fired, decision.lifted, decision.safeguards, decision.disclosures) == ((), (), (), ())


def test_out_of_force_what_is_past_its_own_last_day_does_not_remain():
    policy = load(
        FACTS
        + """
duty record "Record it" after deciding until 2025-06-30
duty note "Note it" after deciding
advice lead from "the lead" until 2025-06-30
advice new_lead from "the new lead"
""",
        head='infoshare 1 policy p "P" until 2025-12-31\n',
    )
    decision = policy.decide({}, as_of=DAY)
    assert [d.duty for d in decision.duties] == ["note"]
    assert [a.advice for a in decision.advice] == ["new_lead"]


@pytest.mark.parametrize(
    ("more", "remains"),
    [
        ("from 2026-06-15", True),
        ("from 2026-06-16", False),
        ("until 2026-06-15", True),
        ("until 2026-06-14", False),
    ],
)
@pytest.mark.parametrize("head", ["until 2025-12-31", "from 2027-01-01"])
def test_out_of_force_what_is_not_yet_or_no_longer_in_force_itself_does_not_remain(head, more, remains):
    text = f'rule r "R" share\nduty record "Record it" after deciding {more}\nadvice lead from "the lead" {more}\n'
    decision = load(FACTS + text, head=f'infoshare 1 policy p "P" {head}\n').decide({}, as_of=DAY)
    assert decision.basis is Basis.NOT_IN_FORCE
    assert [d.duty for d in decision.duties] == (["record"] if remains else [])
    assert [a.advice for a in decision.advice] == (["lead"] if remains else [])


def test_a_policy_past_its_review_date_still_decides():
    policy = load(FACTS + 'rule r "R" share', head='infoshare 1 policy p "P" review by 2026-01-01\n')
    assert policy.decide({}, as_of=DAY).outcome is Outcome.SHARE


def test_a_file_without_a_policy_is_a_library():
    policy = load(FACTS, head="infoshare 1\n")
    assert policy.name is None
    assert policy.title is None
    assert [f.path for f in policy.facts][:2] == ["a.yes_1", "a.yes_2"]


# --- use ------------------------------------------------------------------------------------------


def test_a_used_file_brings_its_declarations():
    decision = load(
        'use "words.policy" rule r "R" share when a.yes_1', {"words.policy": "infoshare 1\n" + FACTS}
    ).decide({"a": {"yes_1": True}}, as_of=DAY)
    assert fired(decision) == ["r"]


NATIONAL = (
    'infoshare 1 policy national "National" version "9" from 2026-03-01 until 2026-08-31\n'
    + FACTS
    + """
rule national_rule "N" withhold when a.yes_1
duty national_record "Record nationally" after deciding
guarantee national_promise "Never." never share
scenario "of the national policy" given a.yes_1 then share
"""
)


def test_a_used_policy_keeps_its_own_dates_for_its_clauses():
    policy = load('use "national.policy" rule local "L" must withhold', {"national.policy": NATIONAL})
    for day, standing in [
        (date(2026, 2, 28), ["local"]),
        (date(2026, 3, 1), ["national_rule", "local"]),
        (date(2026, 8, 31), ["national_rule", "local"]),
        (date(2026, 9, 1), ["local"]),
    ]:
        assert fired(policy.decide({"a": {"yes_1": True}}, as_of=day)) == standing


def test_the_decision_bears_the_name_of_the_file_that_was_loaded():
    policy = load('use "national.policy"', {"national.policy": NATIONAL})
    assert policy.decide({}, as_of=DAY).policy.name == "p"


def test_scenarios_and_guarantees_belong_to_their_own_file():
    policy = load(
        'use "national.policy" guarantee mine "M" never withhold scenario "mine" given a.yes_1 then withhold',
        {"national.policy": NATIONAL},
    )
    assert [s.title for s in policy.scenarios] == ["mine"]
    assert list(policy.model.guarantees) == ["mine"]


def test_a_file_of_scenarios_is_for_the_one_policy_that_it_uses():
    policy = load_sources(
        {
            "s.policy": b'infoshare 1 use "national.policy" scenario "s" given a.yes_1 then withhold',
            "national.policy": NATIONAL.encode(),
        },
        main="s.policy",
    )
    assert [s.title for s in policy.scenarios] == ["s"]
    assert policy.decide({"a": {"yes_1": True}}, as_of=DAY).outcome is Outcome.WITHHOLD


def test_lists_are_in_policy_order_used_files_first():
    policy = load(
        'rule mine "M" share use "b.policy" use "a.policy" ' + FACTS,
        {"a.policy": 'infoshare 1 rule first_a "A" share', "b.policy": 'infoshare 1 rule first_b "B" share'},
    )
    assert fired(policy.decide({}, as_of=DAY)) == ["first_b", "first_a", "mine"]


# --- source ---------------------------------------------------------------------------------------


def test_a_clause_cites_places_in_sources_or_a_whole_source():
    text = """
source act "The Act" by "Parliament" dated 2004-11-15 at "https://example.org/act"
source page "The page"
rule r "R" share cites act "10", "11" cites page
"""
    policy = load(text)
    (clause,) = policy.decide({}, as_of=DAY).fired
    assert [(c.source, c.at) for c in clause.cites] == [("act", "10"), ("act", "11"), ("page", None)]
    act = policy.model.sources["act"]
    assert (act.title, act.by, act.dated, act.at) == (
        "The Act",
        "Parliament",
        date(2004, 11, 15),
        "https://example.org/act",
    )


# --- facts ----------------------------------------------------------------------------------------


def test_facts_carry_enough_to_build_a_form():
    policy = load("""
facts about consent "the agreement"
  status "the answer" : one of given "agreed", refused  ask "What do they say?"
  written "it is in writing" : yes or no  unanswered means no
""")
    status, written = policy.facts
    assert (status.name, status.phrase, status.question) == (
        "consent.status",
        "the answer",
        "What do they say?",
    )
    assert status.type == "one of"
    assert dict(status.labels) == {"given": "agreed", "refused": "refused"}
    assert status.assumption is None
    assert written.type == "yes or no"
    assert written.assumption is False


def test_every_type_of_fact_can_be_answered():
    decision = decide(
        FACTS
        + """
rule r "R" share when all of these
  - a.yes_1
  - a.level is high
  - a.signs includes fear
  - a.age >= 18
  - a.day < 2026-06-15
  - a.note is "by hand"
""",
        {
            "a": {
                "yes_1": True,
                "level": "high",
                "signs": ["fear"],
                "age": 18,
                "day": "2026-06-14",
                "note": "by hand",
            }
        },
    )
    assert fired(decision) == ["r"]


def test_none_ticked_is_an_answer():
    text = FACTS + 'rule r "R" share when not a.signs includes fear'
    assert decide(text, {"a": {"signs": []}}).outcome is Outcome.SHARE
    assert decide(text, {"a": {}}).basis is Basis.UNKNOWN_FACTS


def test_a_group_of_each_is_a_list_of_elements_with_a_name_of_their_own():
    text = FACTS + 'rule r "R" share when any item (item.name is "GP letter" and item.necessary)'
    facts = {"item": [{"name": "GP letter", "necessary": True}, {"name": "notes", "necessary": False}]}
    assert decide(text, facts).outcome is Outcome.SHARE


# --- unanswered means -----------------------------------------------------------------------------

PRESUMED = """
facts about a "a"
  rare "it is rare" : yes or no  unanswered means no
  kind "its kind" : one of plain, grave  unanswered means plain
  signs "the signs" : some of bruising, fear  unanswered means fear
  age "the age" : number  unanswered means 0
rule r "R" share when not a.rare and a.kind is plain and a.signs includes fear and not a.signs includes bruising
  and a.age is 0
"""


def test_an_unanswered_fact_is_taken_to_be_what_the_policy_says():
    decision = decide(PRESUMED)
    assert decision.outcome is Outcome.SHARE
    assert {a.fact: a.value for a in decision.assumed} == {
        "a.rare": False,
        "a.kind": "plain",
        "a.signs": ["fear"],
        "a.age": 0,
    }
    assert all(a.matters for a in decision.assumed)


def test_an_answer_is_never_overridden_by_an_assumption():
    decision = decide(PRESUMED, {"a": {"rare": True}})
    assert decision.outcome is Outcome.SEEK_ADVICE
    assert "a.rare" not in [a.fact for a in decision.assumed]


# --- define ---------------------------------------------------------------------------------------


def test_defines_build_on_one_another_in_any_order():
    decision = decide(
        FACTS
        + """
rule r "R" share when grave
define grave "it is grave" as worrying and not a.yes_2
define worrying "it is worrying" as a.yes_1
""",
        {"a": {"yes_1": True, "yes_2": False}},
    )
    assert fired(decision) == ["r"]


# --- value ----------------------------------------------------------------------------------------

CHANGING = (
    FACTS
    + """
value majority 21 from 2026-01-01, 18 from 2026-07-01
value retention 1 month from 2026-01-01, 2 years from 2026-07-01
value start_of_act 2026-02-01 from 2026-01-01, 2026-03-01 from 2026-07-01
"""
)
FROM_2026 = 'infoshare 1 policy p "P" from 2026-01-01\n'


@pytest.mark.parametrize(
    ("day", "age", "adult"),
    [
        ("2026-06-30", 20, False),
        ("2026-06-30", 21, True),
        ("2026-07-01", 18, True),
        ("2026-07-01", 17, False),
    ],
)
def test_a_value_changes_with_the_law(day, age, adult):
    policy = load(CHANGING + 'rule r "R" share when a.age >= majority', head=FROM_2026)
    decision = policy.decide({"a": {"age": age}}, as_of=date.fromisoformat(day))
    assert (decision.outcome is Outcome.SHARE) is adult


def test_a_value_may_be_a_length_of_time_or_a_date():
    policy = load(
        CHANGING + 'rule r "R" share when a.day >= retention before today and a.day >= start_of_act',
        head=FROM_2026,
    )
    yes = [("2026-06-30", "2026-05-30"), ("2026-07-01", "2026-03-01")]
    no = [("2026-06-30", "2026-05-29"), ("2026-07-01", "2026-02-28")]
    for as_of, day in yes + no:
        decision = policy.decide({"a": {"day": day}}, as_of=date.fromisoformat(as_of))
        assert (decision.outcome is Outcome.SHARE) is ((as_of, day) in yes)


def test_a_clause_that_can_be_in_force_before_a_value_it_uses_begins_is_an_error():
    text = (
        FACTS
        + 'value majority 18 from 2026-01-01 define adult "A" as a.age >= majority rule r "R" share when adult'
    )
    assert places(faults(text)) == [("IS307", "r")]
    assert faults(text + " from 2026-01-01") == ()
    assert places(faults(text + " from 2025-12-31")) == [("IS307", "r")]
    assert faults(text, head=FROM_2026) == ()


# --- impossible -----------------------------------------------------------------------------------

UNBORN = """
facts about child "the child"
  unborn "the child is not yet born" : yes or no
  age "the age" : number from 0 to 17
impossible unborn_has_no_age "An unborn child has an age of nought." when child.unborn and child.age > 0
rule born "B" share when not child.unborn
rule old "O" withhold when child.unborn and child.age > 0
rule unborn "U" share when child.unborn and child.age is 0
"""


def test_what_is_impossible_is_no_completion_of_a_case():
    decision = decide(UNBORN, {})
    assert (decision.outcome, decision.exact) == (Outcome.SHARE, True)
    assert "old" not in [c.clause for c in decision.unresolved]
    assert decide(UNBORN, {"child": {"age": 7}}).outcome is Outcome.SHARE


def test_a_case_that_says_what_is_impossible_is_an_error():
    with pytest.raises(Exception, match="An unborn child has an age of nought") as raised:
        decide(UNBORN, {"child": {"unborn": True, "age": 3}})
    (fault,) = raised.value.diagnostics
    assert fault.code == "IS405"


def test_where_a_case_is_impossible_by_several_things_together_those_alone_are_named():
    policy = """
facts about child "the child"
  asked "they were asked" : yes or no
  agrees "they agree" : yes or no
  refuses "they refuse" : yes or no
  unborn "they are not born" : yes or no
impossible one_or_other "Whoever was asked agrees or refuses." when child.asked and not child.agrees and not child.refuses
impossible agreed "They do not agree." when child.agrees
impossible refused "They do not refuse." when child.refuses
impossible unborn_asked "An unborn child is not asked." when child.unborn and child.asked
rule r "R" share when child.asked
"""
    with pytest.raises(FactsError) as raised:
        decide(policy, {"child": {"asked": True}})
    told = [fault.path for fault in raised.value.diagnostics]
    assert told == ["one_or_other", "agreed", "refused"]


# --- consent and rule -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["consent", "rule"])
@pytest.mark.parametrize(
    ("effect", "outcome", "mandatory"),
    [
        ("share", Outcome.SHARE, False),
        ("must share", Outcome.SHARE, True),
        ("withhold", Outcome.WITHHOLD, False),
        ("must withhold", Outcome.WITHHOLD, True),
        ("must seek consent", Outcome.SEEK_CONSENT, True),
        ("must seek advice", Outcome.SEEK_ADVICE, True),
        ("seek consent", Outcome.SEEK_CONSENT, False),
        ("seek advice", Outcome.SEEK_ADVICE, False),
    ],
)
def test_a_consent_clause_and_a_rule_mean_the_same(kind, effect, outcome, mandatory):
    decision = decide(FACTS + f'{kind} c "C" {effect} when a.yes_1', {"a": {"yes_1": True}})
    assert (decision.outcome, decision.basis, decision.mandatory) == (outcome, Basis.CLAUSES, mandatory)
    (clause,) = decision.fired
    assert (clause.clause, clause.kind, clause.effect, clause.statement) == ("c", kind, effect, "C")
    assert dict(clause.facts) == {"a.yes_1": True}


def test_only_the_blanket_form_tells_a_consent_clause_from_a_rule():
    text = FACTS + 'override o "O" share prevails over every consent clause '
    assert decide(text + 'consent c "C" withhold').outcome is Outcome.SHARE
    assert decide(text + 'rule c "C" withhold').basis is Basis.CONFLICT


# --- when, unless, from, until, because, cites ----------------------------------------------------


@pytest.mark.parametrize(
    ("when", "unless", "holds"), [(1, 0, True), (1, 1, False), (0, 0, False), (0, 1, False)]
)
def test_a_clause_holds_when_its_when_is_yes_and_its_unless_is_no(when, unless, holds):
    decision = decide(
        FACTS + 'rule r "R" share when a.yes_1 unless a.yes_2',
        {"a": {"yes_1": bool(when), "yes_2": bool(unless)}},
    )
    assert (decision.outcome is Outcome.SHARE) is holds


def test_parts_of_a_clause_come_in_any_order():
    text = 'source s "S" rule r "R" share '
    parts = [
        "when a.yes_1",
        "unless a.yes_2",
        "from 2026-01-01",
        "until 2026-12-31",
        'because "B"',
        'cites s "1"',
    ]
    for order in (parts, parts[::-1], parts[3:] + parts[:3]):
        decision = decide(FACTS + text + " ".join(order), {"a": {"yes_1": True, "yes_2": False}})
        assert fired(decision) == ["r"]


@pytest.mark.parametrize(
    "twice",
    [
        "when a.yes_1 when a.yes_2",
        "unless a.yes_1 unless a.yes_2",
        "from 2026-01-01 from 2026-01-02",
        "until 2026-01-01 until 2026-01-02",
        'because "1" because "2"',
    ],
)
def test_each_part_is_said_once_but_cites(twice):
    assert [f.code for f in faults(FACTS + f'rule r "R" share {twice}')] == ["IS116"]


@pytest.mark.parametrize(
    ("day", "stands"),
    [("2026-02-28", False), ("2026-03-01", True), ("2026-05-31", True), ("2026-06-01", False)],
)
def test_a_clause_is_in_force_from_its_first_day_until_its_last_both_included(day, stands):
    decision = decide(
        FACTS + 'rule r "R" share from 2026-03-01 until 2026-05-31', as_of=date.fromisoformat(day)
    )
    assert (decision.basis is Basis.CLAUSES) is stands


# --- override -------------------------------------------------------------------------------------


def test_an_override_defeats_the_clauses_that_it_names_and_no_others():
    text = (
        FACTS
        + """
consent named "N" withhold when a.yes_1
rule other "R" withhold when a.yes_2
override o "O" share prevails over named
"""
    )
    decision = decide(text, {"a": {"yes_1": True, "yes_2": False}})
    assert decision.outcome is Outcome.SHARE
    assert [(c.clause, [b.clause for b in c.by]) for c in decision.defeated] == [("named", ["o"])]
    clash = decide(text, {"a": {"yes_1": False, "yes_2": True}})
    assert (clash.outcome, clash.basis) == (Outcome.SEEK_ADVICE, Basis.CONFLICT)
    assert fired(clash) == ["other", "o"]


def test_every_consent_clause_is_every_one_of_the_policy_as_loaded_that_does_not_say_must():
    policy = load(
        FACTS
        + """
use "used.policy"
consent mine "M" withhold
override o "O" share prevails over every consent clause
consent legal "L" must withhold when a.yes_1
""",
        {"used.policy": 'infoshare 1 policy u "U" consent theirs "T" withhold'},
    )
    decision = policy.decide({"a": {"yes_1": False}}, as_of=DAY)
    assert (fired(decision), [c.clause for c in decision.defeated]) == (["o"], ["theirs", "mine"])
    clash = policy.decide({"a": {"yes_1": True}}, as_of=DAY)
    assert (clash.basis, fired(clash)) == (Basis.CONFLICT, ["o", "legal"])


def test_an_override_without_must_prevails_by_name_over_one_with_it_and_that_is_a_warning():
    policy = load('rule legal "L" must withhold override o "O" share prevails over legal')
    assert policy.decide({}, as_of=DAY).outcome is Outcome.SHARE
    assert places(policy.diagnostics) == [("IS216", "legal")]
    assert policy.diagnostics[0].severity == "warning"


def test_an_override_that_would_conclude_the_same_defeats_nothing():
    decision = decide('consent c "C" share override o "O" share prevails over every consent clause')
    assert fired(decision) == ["c", "o"]
    assert decision.defeated == ()


def test_an_override_that_is_itself_defeated_defeats_nothing():
    decision = decide(
        'rule r "R" withhold override first "1" share prevails over r override second "2" seek advice prevails over first'
    )
    assert (decision.basis, fired(decision)) == (Basis.CONFLICT, ["r", "second"])
    assert [(c.clause, [b.clause for b in c.by]) for c in decision.defeated] == [("first", ["second"])]


# --- exception ------------------------------------------------------------------------------------


def test_an_exception_sets_a_clause_aside_and_puts_nothing_in_its_place():
    decision = decide('rule r "R" share exception e "E" sets aside r')
    assert (decision.outcome, decision.basis) == (Outcome.SEEK_ADVICE, Basis.SILENCE)
    assert [(c.clause, [b.clause for b in c.by]) for c in decision.excepted] == [("r", ["e"])]
    assert decision.fired == ()


def test_an_exception_takes_every_kind_of_target():
    text = """
consent c "C" withhold
rule r "R" share
override o "O" withhold prevails over r
duty d "Do it" after sharing
safeguard s "S" require a.yes_1 otherwise "mend"
advice v from "V"
exception x "X" sets aside r
exception e "E" sets aside every consent clause, o, d, s, v, x
"""
    decision = decide(FACTS + text, {"a": {"yes_1": False}})
    assert (decision.outcome, fired(decision)) == (Outcome.SHARE, ["r"])
    assert {c.clause for c in decision.excepted} == {"c", "o", "s", "v", "x"}
    assert [(duty.duty, [b.clause for b in duty.by]) for duty in decision.lifted] == [("d", ["e"])]
    assert (decision.duties, decision.advice) == ((), ())
    assert [row.release for row in decision.disclosures] == [True]


def test_every_consent_clause_set_aside_leaves_those_that_say_must():
    decision = decide(
        'consent c "C" share consent legal "L" must withhold exception e "E" sets aside every consent clause'
    )
    assert (fired(decision), decision.outcome) == (["legal"], Outcome.WITHHOLD)


def test_an_exception_to_an_exception_brings_the_clause_back():
    text = (
        FACTS
        + """
rule r "R" share
exception first "1" sets aside r when a.yes_1
exception second "2" sets aside first when a.yes_2
"""
    )
    back = decide(text, {"a": {"yes_1": True, "yes_2": True}})
    assert (fired(back), [c.clause for c in back.excepted]) == (["r"], ["first"])
    assert decide(text, {"a": {"yes_1": True, "yes_2": False}}).basis is Basis.SILENCE


def test_an_override_that_is_set_aside_prevails_over_nothing():
    decision = decide('rule r "R" withhold override o "O" share prevails over r exception e "E" sets aside o')
    assert (decision.outcome, fired(decision), decision.defeated) == (Outcome.WITHHOLD, ["r"], ())


# --- duty -----------------------------------------------------------------------------------------

ACTS = {
    "share": "sharing",
    "withhold": "withholding",
    "seek consent": "seeking consent",
    "seek advice": "seeking advice",
}


@pytest.mark.parametrize("effect", list(ACTS))
@pytest.mark.parametrize("order", ["before", "after"])
@pytest.mark.parametrize("act", list(ACTS.values()))
def test_a_duty_is_brought_by_the_outcome_that_its_timing_names(effect, order, act):
    decision = decide(f'rule r "R" {effect} duty d "Do it" {order} {act}')
    expected = [("d", f"{order} {act}", "Do it", "due")] if ACTS[effect] == act else []
    assert [(d.duty, d.timing, d.do, d.state) for d in decision.duties] == expected


@pytest.mark.parametrize("effect", list(ACTS))
def test_a_duty_after_deciding_is_due_whatever_the_outcome(effect):
    decision = decide(f'rule r "R" {effect} duty d "Record it" after deciding')
    assert [(d.duty, d.state) for d in decision.duties] == [("d", "due")]


def test_a_duty_may_have_several_timings():
    text = (
        FACTS
        + 'duty d "D" before sharing, after withholding rule s "S" share when a.yes_1 rule w "W" withhold unless a.yes_1'
    )
    for answer in (True, False):
        (duty,) = decide(text, {"a": {"yes_1": answer}}).duties
        assert (duty.state, duty.timing) == ("due", "before sharing, after withholding")


def test_a_duty_may_be_narrowed_by_when_and_lifted_only_by_an_exception():
    text = (
        FACTS
        + 'rule r "R" share duty d "D" before sharing when a.yes_1 exception e "E" sets aside d when a.yes_2'
    )
    states = {
        (when, set_aside): (
            [d.duty for d in decide(text, {"a": {"yes_1": when, "yes_2": set_aside}}).duties],
            [d.duty for d in decide(text, {"a": {"yes_1": when, "yes_2": set_aside}}).lifted],
        )
        for when in (True, False)
        for set_aside in (True, False)
    }
    assert states == {
        (True, False): (["d"], []),
        (True, True): ([], ["d"]),
        (False, True): ([], []),
        (False, False): ([], []),
    }


def test_a_duty_that_hangs_on_an_unknown_fact_is_open():
    (duty,) = decide(FACTS + 'rule r "R" share duty d "D" before sharing when a.yes_1').duties
    assert (duty.state, duty.waiting_for) == ("open", ("a.yes_1",))


# --- safeguard ------------------------------------------------------------------------------------

LISTED = {
    "item": [
        {"name": "letter", "necessary": True},
        {"name": "notes", "necessary": False},
        {"name": "report"},
    ],
    "recipient": [{"name": "nurse", "verified": True}, {"name": "caller", "verified": False}],
}


def rows(decision):
    return {(row.item, row.recipient): row.release for row in decision.disclosures}


def test_a_safeguard_for_each_item_speaks_of_each_item():
    decision = decide(
        FACTS
        + 'rule r "R" share safeguard s "S" for each item require item.necessary otherwise "Leave it out."',
        {"item": LISTED["item"]},
    )
    assert rows(decision) == {("letter", None): True, ("notes", None): False, ("report", None): None}
    held = decision.disclosures[1].held_by
    assert [(h.safeguard, h.remedy) for h in held] == [("s", "Leave it out.")]
    (open_by,) = decision.disclosures[2].open_by
    assert (open_by.safeguard, open_by.waiting_for) == ("s", ('item["report"].necessary',))
    assert questions(decision) == ['item["report"].necessary']


def test_a_safeguard_for_each_recipient_speaks_of_each_recipient():
    decision = decide(
        FACTS
        + 'rule r "R" share safeguard s "S" for each recipient require recipient.verified otherwise "Verify."',
        LISTED,
    )
    assert rows(decision) == {
        (item, recipient): recipient == "nurse"
        for item in ("letter", "notes", "report")
        for recipient in ("nurse", "caller")
    }


def test_a_safeguard_for_each_item_and_recipient_speaks_of_each_pair():
    decision = decide(
        FACTS
        + 'rule r "R" share safeguard s "S" for each item and recipient'
        + ' require item.necessary or recipient.verified otherwise "No."',
        LISTED,
    )
    assert rows(decision) == {
        ("letter", "nurse"): True,
        ("letter", "caller"): True,
        ("notes", "nurse"): True,
        ("notes", "caller"): False,
        ("report", "nurse"): True,
        ("report", "caller"): None,
    }


def test_a_safeguard_for_neither_speaks_of_every_row():
    text = FACTS + 'rule r "R" share safeguard s "S" require a.yes_1 otherwise "Mend it."'
    assert set(rows(decide(text, {**LISTED, "a": {"yes_1": False}})).values()) == {False}
    assert rows(decide(text, {"a": {"yes_1": True}})) == {(None, None): True}
    assert rows(decide(text, {})) == {(None, None): None}


def test_a_safeguard_whose_group_is_not_listed_is_a_condition_to_keep():
    text = (
        FACTS
        + 'rule r "R" share safeguard s "Only what is needed." for each item require item.necessary otherwise "No."'
    )
    decision = decide(text, {})
    assert [(s.safeguard, s.statement) for s in decision.safeguards] == [("s", "Only what is needed.")]
    assert rows(decision) == {(None, None): True}
    assert decide(text, {"item": LISTED["item"]}).safeguards == ()


def test_a_safeguard_is_narrowed_by_when_and_set_aside_by_an_exception():
    text = (
        FACTS
        + """
rule r "R" share
safeguard s "S" for each item require item.necessary otherwise "No." when a.yes_1 unless item.old
exception e "E" sets aside s when a.yes_2
"""
    )
    items = [
        {"name": "new", "necessary": False, "old": False},
        {"name": "old", "necessary": False, "old": True},
    ]

    def released(**facts):
        return [row.release for row in decide(text, {"a": facts, "item": items}).disclosures]

    assert released(yes_1=True, yes_2=False) == [False, True]
    assert released(yes_1=False, yes_2=False) == [True, True]
    assert released(yes_1=True, yes_2=True) == [True, True]


def test_a_safeguard_never_turns_a_refusal_into_a_share():
    decision = decide(FACTS + 'rule r "R" withhold safeguard s "S" require a.yes_1 otherwise "No."', LISTED)
    assert (decision.outcome, decision.disclosures, decision.safeguards) == (Outcome.WITHHOLD, (), ())


# --- advice ---------------------------------------------------------------------------------------


def test_advice_says_whom_to_ask_also_where_its_when_is_unknown():
    text = (
        FACTS
        + """
rule r "R" share
advice lead from "the lead"
advice lawyer from "the lawyer" when a.yes_1
"""
    )
    for answer, whom in [
        (True, ["the lead", "the lawyer"]),
        (None, ["the lead", "the lawyer"]),
        (False, ["the lead"]),
    ]:
        assert [a.whom for a in decide(text, {"a": {"yes_1": answer}}).advice] == whom


# --- words and names ------------------------------------------------------------------------------


def test_names_of_groups_and_values_may_be_words_of_the_language():
    text = """
facts about when "when"
  and "and" : one of share, not, none
rule r "R" share when when.and is one of share, none
"""
    assert decide(text, {"when": {"and": "none"}}).outcome is Outcome.SHARE
    assert decide(text, {"when": {"and": "not"}}).basis is Basis.SILENCE


def test_a_policy_that_says_nothing_of_a_case_is_silent_and_never_shares():
    decision = decide(FACTS + 'rule r "R" share when a.yes_1', {"a": {"yes_1": False}})
    assert (decision.outcome, decision.basis, outcomes(decision)) == (
        Outcome.SEEK_ADVICE,
        Basis.SILENCE,
        {"seek_advice"},
    )
    assert [c.clause for c in decision.not_fired] == ["r"]
