"""What a letter says where a wrong reading of it could hurt somebody, and how long what is read first is."""

import os
import re
import statistics
from datetime import date
from pathlib import Path

import pytest

import infoshare
from infoshare import Decision
from infoshare.casefile import format_of, read_case
from infoshare.cli import main
from infoshare.explain import explain
from infoshare.outcome import Basis, Outcome
from infoshare.scenarios import run_scenarios
from small import load
from steps import steps

ROOT = Path(__file__).parent.parent
DAY = date(2026, 11, 22)
SHIPPED = ["cscp", "hmg-2018", "hmg-2024", "england-2026"]
HEAD = 'infoshare 1\npolicy p "P" from 2026-01-01\n'


def decide(declarations, case):
    return load(declarations, head=HEAD).decide(case, as_of=DAY)


def both(decision):
    """What is read first, and all there is to say."""
    return explain(decision), explain(decision, full=True)


# --- lists without anybody on them ------------------------------------------------------------------

PARENTS = """
facts about each parent "a parent"
  agrees "they agree" : yes or no
  objects "they object" : yes or no
facts about a "the matter"
  grave "the matter is grave" : yes or no
  known "the matter is known" : yes or no
"""


@pytest.mark.parametrize(
    "asked",
    [
        "every parent (parent.agrees)",
        "no parent (not parent.agrees)",
        "at most 0 parents (not parent.agrees)",
    ],
)
def test_a_safeguard_that_asks_something_of_nobody_says_that_none_is_listed(asked):
    policy = f"""
        facts about each parent "a parent"
          agrees "they agree" : yes or no
        rule r "It goes." share
        safeguard s "Every parent agrees." require {asked} otherwise "Ask them."
        """
    told = "No parent is listed in this case, so “every parent agrees” was true of nobody. If that is wrong, decide again."
    for case, said in (({"parent": []}, True), ({"parent": [{"name": "Ann", "agrees": True}]}, False)):
        for letter in both(decide(policy, case)):
            assert (told in letter.split("\n")) == said


@pytest.mark.parametrize(
    "asked", ["every parent in item.about (parent.agrees)", "no parent in item.about (not parent.agrees)"]
)
def test_a_safeguard_over_those_whom_a_reference_names_says_that_it_names_nobody(asked):
    facts = """\
facts about c "the case"
  ok "it is fine" : yes or no
facts about each parent "a parent"
  agrees "they agree" : yes or no
facts about each item "an item"
  about "whom it is about" : some parent
"""
    declared = (
        facts
        + f'rule go "Go." share when c.ok\nsafeguard s "All agree." for each item require {asked} otherwise "No."\n'
    )
    of_one = {"c": {"ok": True}, "parent": [{"name": "m", "agrees": True}]}
    for about, told in (([], True), (["m"], False)):
        decision = decide(declared, {**of_one, "item": [{"name": "the note", "about": about}]})
        for text in both(decision):
            assert ("As the note is about none of them, “all agree” was true of nobody." in text) is told, (
                text
            )


def test_what_the_author_asks_first_is_told_first_of_what_was_assumed():
    names = [f"l{n}" for n in range(4)]
    facts = "".join(
        f'  {n} "{n} is so" : yes or no\n    unanswered means no\n    ask "Is {n} so?"\n' for n in names
    )
    facts += '  flag "abuse is suspected" : yes or no\n    unanswered means no\n    ask first "Is abuse suspected?"\n'
    declared = f"""\
facts about x "x"
  a "they agree" : yes or no
{facts}consent c "C." seek consent when x.a
override o "O." share prevails over c when x.flag
override o2 "O2." withhold prevails over c when {" or ".join(f"x.{n}" for n in names)}
"""
    short, full = both(decide(declared, {"x": {"a": True}}))
    assert "Check (assumed): abuse is not suspected; 4 more." in short
    assumed = full[full.index("Assumed") :]
    assert all(assumed.index("abuse is not suspected") < assumed.index(f"{n} is not so") for n in names)


def test_a_duty_that_hangs_on_an_answer_about_somebody_names_them_after_what_is_asked():
    declared = """\
facts about x "x"
  a "the child is safe" : yes or no
facts about each item "an item"
  needed "it is needed" : yes or no
facts about each recipient "a recipient"
  trusted "they are trusted" : yes or no
rule go "Go." share when x.a
safeguard s "Only to the trusted." for each recipient require recipient.trusted otherwise "Ask."
duty d "Tell the child that it did not go." after holding back
"""
    case = {"x": {"a": True}, "item": [{"name": "notes"}], "recipient": [{"name": "Ann Lee"}]}
    short, _ = both(decide(declared, case))
    assert "Depending on whether they are trusted (Ann Lee), this may have to be done" in short


def test_every_over_nobody_says_that_none_is_listed():
    decision = decide(
        PARENTS + 'consent all_agree "All agree." share when every parent (parent.agrees)', {"parent": []}
    )
    for letter in both(decision):
        assert (
            "No parent is listed in this case, so “all agree” was true of nobody. If that is wrong, decide again."
        ) in letter.split("\n")


def test_none_of_nobody_and_not_any_of_nobody_say_so_too():
    for condition in (
        "no parent (parent.objects)",
        "not any parent (parent.objects)",
        "a.grave or no parent (parent.objects)",
    ):
        decision = decide(PARENTS + f'rule r "Nobody objects." share when {condition}', {"parent": []})
        for letter in both(decision):
            assert "No parent is listed in this case, so “nobody objects” was true of nobody." in letter


@pytest.mark.parametrize(
    "condition",
    [
        "at most 0 parents (parent.objects)",
        "exactly 0 parents (parent.objects)",
        "not at least 1 parents (parent.objects)",
        "every parent (parent.agrees) and no parent (parent.objects)",
        "not any parent (not parent.agrees)",
    ],
)
def test_a_count_of_nobody_and_what_is_denied_of_nobody_say_so_too(condition):
    decision = decide(PARENTS + f'rule r "Nobody objects." share when {condition}', {"parent": []})
    for letter in both(decision):
        assert "No parent is listed in this case, so “nobody objects” was true of nobody." in letter


def test_two_clauses_that_were_true_of_nobody_are_told_of_as_two():
    two = 'rule r "Nobody objects." share when no parent (parent.objects)\n'
    two += 'rule s "All agree." share when every parent (parent.agrees)'
    for letter in both(decide(PARENTS + two, {"parent": []})):
        assert "so “nobody objects” and “all agree” were true of nobody." in letter


def test_a_clause_that_an_empty_list_kept_from_holding_is_named():
    decision = decide(
        PARENTS + 'rule r "What is grave is shared." share when a.grave\n'
        'override o "An objection is respected." withhold prevails over r when any parent (parent.objects)',
        {"parent": [], "a": {"grave": True}},
    )
    for letter in both(decision):
        assert "No parent is listed in this case, so “an objection is respected” was not looked at." in letter


def test_an_empty_list_behind_an_exception_that_lifts_a_duty_is_named():
    decision = decide(
        PARENTS + 'rule r "It is shared." share\n'
        'duty tell "Tell the parents." before sharing\n'
        'exception e "Nobody agrees." sets aside tell when no parent (parent.agrees)',
        {"parent": []},
    )
    assert [each.duty for each in decision.lifted] == ["tell"]
    for letter in both(decision):
        assert "No parent is listed in this case, so “nobody agrees” was true of nobody." in letter


def test_a_list_with_somebody_on_it_and_one_that_decides_nothing_are_not_spoken_of():
    listed = decide(PARENTS + 'consent c "All agree." share when every parent (parent.agrees)',
                    {"parent": [{"name": "Ann", "agrees": True}]})  # fmt: skip
    idle = decide(PARENTS + 'rule r "It is grave." share when a.grave or every parent (parent.agrees)',
                  {"parent": [{"name": "Ann"}], "a": {"grave": True}})  # fmt: skip
    assert not [letter for each in (listed, idle) for letter in both(each) if "is listed" in letter]


def test_the_decision_itself_tells_the_empty_list_and_reads_back():
    decision = decide(
        PARENTS + 'consent c "All agree." share when every parent (parent.agrees)', {"parent": []}
    )
    assert dict(decision.fired[0].facts) == {"parent": []}
    assert Decision.from_dict(decision.to_dict()) == decision


# --- must and may -----------------------------------------------------------------------------------

STRENGTH = """
facts about x "the matter"
  a "it is so" : yes or no
  b "it is grave" : yes or no ask "Is it grave?"
rule else_kept "Else it is kept." withhold when not x.a or not x.b
"""


@pytest.mark.parametrize(
    ("effect", "told"),
    [
        ("must share", "  yes: you MUST SHARE: it goes"),
        ("share", "  yes: you may SHARE: it goes"),
        ("must seek consent", "  yes: you MUST SEEK CONSENT: it goes"),
        ("must seek advice", "  yes: you MUST SEEK ADVICE"),
    ],
)
def test_a_preview_says_must_where_the_answer_is_must(effect, told):
    decision = decide(f'{STRENGTH}rule r "It goes." {effect} when x.a and x.b', {"x": {"a": True}})
    for letter in both(decision):
        assert told in letter.split("\n")


def test_a_preview_says_must_although_several_clauses_may_be_the_one():
    decision = decide(
        STRENGTH
        + 'rule r "It goes." must share when x.a and x.b rule q "It goes too." must share when x.b and x.a',
        {"x": {"a": True}},
    )
    assert "  yes: you MUST SHARE" in explain(decision)


# --- whose facts ------------------------------------------------------------------------------------

FAMILY = """
facts about each item "a thing"
  secret "it is secret" : yes or no
facts about each recipient "a person"
  custody "they have lawful custody" : yes or no
  suspected "they are suspected" : yes or no
rule r "It goes." share
"""


def test_a_reason_never_gives_the_facts_of_one_person_to_another():
    decision = decide(
        FAMILY + 'safeguard s "Not while anybody is suspected." for each recipient'
        ' require not recipient.custody or no recipient (recipient.suspected) otherwise "Ask a lawyer."',
        {"recipient": [{"name": "the mother", "custody": True, "suspected": False},
                       {"name": "the father", "custody": False, "suspected": True}]},
    )  # fmt: skip
    for letter in both(decision):
        (line,) = [line for line in letter.split("\n") if line.startswith("Do not give")]
        assert line == (
            "Do not give the mother anything (the mother has lawful custody and the father is suspected: ask a lawyer)."
        )


def test_facts_of_two_elements_in_the_reasons_of_a_clause_each_say_whose():
    decision = decide(
        FAMILY + 'override o "Two of them differ." withhold prevails over r when'
        " any recipient (recipient.custody) and any recipient (recipient.suspected)",
        {"recipient": [{"name": "Ann", "custody": True, "suspected": False},
                       {"name": "Bob", "custody": False, "suspected": True}]},
    )  # fmt: skip
    assert "Why: Ann has lawful custody and Bob is suspected, and two of them differ." in explain(decision)


def test_with_one_thing_and_one_person_the_person_is_still_named():
    safeguard = 'safeguard s "Right people." for each recipient require recipient.custody otherwise "Ask."'
    case = {"item": [{"name": "notes"}], "recipient": [{"name": "Ann", "custody": False}]}
    for letter in both(decide(FAMILY + safeguard, case)):
        assert "Do not give Ann anything (they do not have lawful custody: ask)." in letter
    del case["recipient"][0]["custody"]
    first, full = both(decide(FAMILY + safeguard, case))
    assert "Do not give Ann anything yet (find out whether they have lawful custody)." in first
    assert "Do not give Ann anything yet (whether they have lawful custody has not been answered)." in full


def test_what_is_about_a_thing_and_a_person_names_both():
    decision = decide(
        FAMILY + 'safeguard s "No secrets." for each item and recipient'
        ' require not item.secret or recipient.custody otherwise "Take it out."',
        {"item": [{"name": "notes", "secret": True}, {"name": "map", "secret": False}],
         "recipient": [{"name": "Ann", "custody": False}, {"name": "Bob", "custody": True}]},
    )  # fmt: skip
    letter = explain(decision)
    assert "Share: notes and map with Bob; map with Ann." in letter
    assert (
        "Do not give Ann notes (notes are secret and Ann does not have lawful custody: take it out)."
        in letter
    )


# --- nothing goes -----------------------------------------------------------------------------------

DUTIES = """
duty tell "Tell them." before sharing
duty log "Write down what went." after sharing
duty record "Record the decision." after deciding
safeguard s "Open things." for each item require not item.secret otherwise "Leave it out."
"""


@pytest.mark.parametrize("secret", [{"secret": True}, {}], ids=["held back", "open"])
def test_duties_are_told_to_wait_until_anything_goes(secret):
    letter = explain(decide(FAMILY + DUTIES, {"item": [{"name": "notes", **secret}]}), full=True).split("\n")
    assert "Before anything goes: tell them." in letter
    assert "Once anything goes: write down what went." in letter
    assert "Afterwards: record the decision." in letter


def test_where_something_goes_duties_are_told_as_ever():
    case = {"item": [{"name": "notes", "secret": True}, {"name": "map", "secret": False}]}
    letter = explain(decide(FAMILY + DUTIES, case), full=True).split("\n")
    assert "Before: tell them." in letter
    assert "Afterwards: write down what went; record the decision." in letter


def test_it_is_unmistakable_who_must_not_receive_something():
    decision = decide(
        FAMILY + 'safeguard s "Not to suspects." for each recipient require not recipient.suspected otherwise "Wait."',
        {"item": [{"name": "chronology"}],
         "recipient": [{"name": "Grandmother", "suspected": True}, {"name": "Social care"}]},
    )  # fmt: skip
    first, full = both(decision)
    assert "Do not give Social care anything yet (find out whether they are suspected)." in first
    assert "Do not give Social care anything yet (whether they are suspected has not been answered)." in full
    for letter in (first, full):
        assert "Do not give Grandmother anything (suspected: wait)." in letter
        assert " from Grandmother" not in letter
        assert " from Social care" not in letter


# --- emergencies ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize(
    "case", [{"sharing.emergency": True}, {"concern.harm_to_child": "immediate"}], ids=str
)
@pytest.mark.parametrize(
    "more", [{}, {"sharing.prohibited_by_law": True}, {"consent.status": "refused"}], ids=str
)
def test_an_emergency_says_first_of_all_to_ring_the_emergency_number(name, case, more):
    decision = infoshare.load(f"infoshare:{name}").decide({**case, **more}, as_of=DAY)
    for letter in both(decision):
        assert letter.split("\n")[1].startswith("Before all else: ring 999 now")


@pytest.mark.parametrize("name", SHIPPED)
def test_what_is_no_emergency_says_nothing_of_the_emergency_number(name):
    case = {"concern.harm_to_child": "significant", "sharing.emergency": False}
    assert "999" not in explain(infoshare.load(f"infoshare:{name}").decide(case, as_of=DAY), full=True)


@pytest.mark.parametrize("name", SHIPPED)
def test_labels_read_as_english_where_they_stand_in_a_phrase(name):
    policy = infoshare.load(f"infoshare:{name}")
    for harm in ("none", "possible", "significant", "immediate"):
        text = explain(policy.decide({"concern.harm_to_child": harm}, as_of=DAY), full=True)
        assert "suffer immediate danger" not in text
        assert "suffer possible harm" not in text


# --- how it is said ---------------------------------------------------------------------------------

MANDATED = """
facts about a "the matter"
  one "the first thing is so" : yes or no
  two "the second thing is so" : yes or no
  three "the third thing is so" : yes or no
  four "the fourth thing is so" : yes or no
  five "the fifth thing is so" : yes or no
  six "the sixth thing is so" : yes or no
  signs "signs of harm" : some of bruises, fear, hunger
  opened "it was opened on …" : date
define all_five "all five are so" as a.one and a.two and a.three and a.four and a.five
"""
FIVE = dict.fromkeys(("one", "two", "three", "four", "five"), True)


def test_no_fact_of_a_reason_is_hidden():
    decision = decide(
        MANDATED + 'rule r "It goes." share when a.one and a.two and a.three and a.four and a.five',
        {"a": FIVE},
    )
    for letter in both(decision):
        assert "more things like it" not in letter
        assert all(
            f"the {number} thing is so" in letter
            for number in ("first", "second", "third", "fourth", "fifth")
        )


def test_a_named_condition_is_read_by_its_own_phrase_and_once():
    decision = decide(
        MANDATED + 'rule r "It goes." share when all_five and a.six', {"a": {**FIVE, "six": True}}
    )
    for letter in both(decision):
        assert "Why: all five are so and the sixth thing is so, and it goes." in letter
        assert "the first thing" not in letter


@pytest.mark.parametrize(
    "condition", ["when not all_five", "unless all_five", "when none of these - all_five"]
)
def test_a_named_condition_that_is_denied_is_read_by_its_own_phrase(condition):
    decision = decide(MANDATED + f'rule r "It goes." share {condition}', {"a": {**FIVE, "one": False}})
    for letter in both(decision):
        assert "it is not so that all five are so" in letter
        assert "the first thing" not in letter


def test_a_named_condition_of_named_conditions_is_read_by_its_own_phrase_alone():
    decision = decide(
        MANDATED
        + 'define most "most of it is so" as all_five and a.six\nrule r "It goes." share when most and a.one',
        {"a": {**FIVE, "six": True}},
    )
    for letter in both(decision):
        assert "most of it is so" in letter
        assert (
            "all five" not in letter and "the sixth thing" not in letter and "the second thing" not in letter
        )


def test_a_named_condition_that_lifts_a_duty_or_prevails_is_read_by_its_own_phrase():
    decision = decide(
        MANDATED + 'rule r "It goes." share when a.six duty t "Tell them." before withholding'
        ' override o "It stays." withhold prevails over r when all_five'
        ' exception e "Not so." sets aside t when all_five',
        {"a": {**FIVE, "six": True}},
    )
    for letter in both(decision):
        assert "Why: all five are so, and it stays." in letter
        assert "do NOT tell them. All five are so" in letter
        assert "the first thing" not in letter


def test_a_named_condition_of_an_element_is_read_by_its_own_phrase():
    decision = decide(
        FAMILY.replace(
            "facts about each recipient", '  old "it is old" : yes or no\nfacts about each recipient'
        )
        + 'define hard "it is hard to keep" for each item as item.secret and item.old\n'
        'safeguard s "S." for each item require not item.hard otherwise "Leave it out."',
        {"item": [{"name": "notes", "secret": True, "old": True}]},
    )
    for letter in both(decision):
        assert "Hold back: notes (hard to keep: leave it out)." in letter
        assert "secret" not in letter and "old," not in letter


def test_what_is_outweighed_is_told_by_what_it_says():
    decision = decide(
        MANDATED + 'rule r "You report it." share when a.one'
        ' override o "The court keeps it." withhold prevails over r when a.two',
        {"a": {"one": True, "two": True}},
    )
    assert "This outweighs: the first thing is so, and you report it." in explain(decision, full=True).split(
        "\n"
    )


def test_each_of_several_clauses_that_are_outweighed_is_told_by_what_it_says():
    decision = decide(
        MANDATED
        + 'rule r "You report it." share when a.one rule q "The school asks for it." share when a.three'
        ' override o "The court keeps it." withhold prevails over r, q when a.two',
        {"a": {"one": True, "two": True, "three": True}},
    )
    (line,) = [line for line in explain(decision, full=True).split("\n") if line.startswith("This outweighs")]
    assert "the first thing is so, and you report it" in line
    assert "the third thing is so, and the school asks for it" in line


def test_what_was_ticked_reads_as_english():
    for ticked, told in (
        (["bruises", "fear"], "signs of harm include bruises and fear"),
        (["hunger"], "signs of harm include hunger"),
    ):
        decision = decide(MANDATED + 'rule r "It goes." share when a.signs includes fear or a.signs includes hunger',
                          {"a": {"signs": ticked}})  # fmt: skip
        assert f"Why: {told}, and it goes." in explain(decision)


def test_dates_have_one_form():
    decision = decide(
        MANDATED + 'rule r "Old." share when a.opened < 2019-06-01 rule q "Middle." withhold when'
        ' a.opened >= 2019-06-01 and a.opened < 2020-05-01 rule s "New." must share when a.opened >= 2020-05-01',
        {},
    )
    assert "  1 June 2019 to 30 April 2020: DO NOT SHARE, middle" in explain(decision, full=True).split("\n")


def test_points_of_one_source_have_one_form_and_stand_once():
    decision = decide(
        'source law "P" rule r "It goes." share cites law "99.30", "point 99.30", "99.31(a)(1)" ', {}
    )
    assert explain(decision, full=True).split("\n")[1] == "Why: it goes (points 99.30, 99.31(a)(1))."


def test_what_is_not_answered_of_one_thing_is_told_once():
    decision = decide(
        FAMILY + 'safeguard s "S." for each item require not item.secret otherwise "Leave it out."\n'
        'safeguard t "T." for each recipient require recipient.custody and not recipient.suspected otherwise "Wait."',
        {"item": [{"name": "notes"}], "recipient": [{"name": "Ann"}]},
    )
    first, full = both(decision)
    for letter in (first, full):
        assert len([line for line in letter.split("\n") if "whether they" in line]) == 1
    assert (
        "Do not give Ann anything yet (find out whether they have lawful custody and whether they are suspected)."
    ) in first
    assert (
        "Do not give Ann anything yet (these have not been answered: whether they have lawful custody;"
        " whether they are suspected)."
    ) in full


def test_one_answer_is_not_promised_where_several_are_asked():
    decision = decide(
        MANDATED
        + 'rule r "It goes." share when a.one and a.two and a.three rule q "Q." withhold when not a.one',
        {},
    )
    for letter in both(decision):
        assert letter.startswith("NOT SETTLED YET: up to 3 answers decide it.")


def test_what_is_denied_whole_comes_last_or_before_nothing():
    policy = MANDATED.replace("the first thing is so", "the nurse may go").replace(
        "the second thing is so", "they may stay"
    )
    decision = decide(policy + 'rule r "It goes." share when not a.one and a.three and not a.two',
                      {"a": {"one": False, "two": False, "three": True}})  # fmt: skip
    assert (
        "Why: it goes: the third thing is so; and it is not so that the nurse may go, nor that they may stay."
        in explain(decision)
    )


def test_answers_that_settle_nothing_are_not_all_read_first_but_in_full():
    first, full = both(
        decide(
            """
            facts about a "a"
              kind "the kind" : one of one "first", two "second", three "third", four "fourth", five "fifth"
              b "it is so" : yes or no
              c "it is so too" : yes or no
            define goes "it goes" as a.kind is one or (a.b and a.c)
            rule r "It goes." share when goes
            rule q "It stays." withhold when not goes
            """,
            {},
        )
    )
    assert "  any other answer: more is needed" in first.split("\n")
    assert "  second, third, fourth or fifth: more answers are needed (SHARE or DO NOT SHARE)" in full.split(
        "\n"
    )


# --- how long it is ---------------------------------------------------------------------------------


EVERY = int(os.environ.get("INFOSHARE_EVERY_SCENARIO", "15"))
"""Of so many scenarios of the shipped policies one is told here; 1 tells them all."""


LIFTED = re.compile(r"(Before|Before anything goes|Afterwards): ")
"""How a line begins that says what is not to be done, or not yet."""


def decisions():
    for name in SHIPPED:
        policy = infoshare.load(ROOT / "policies" / f"{name}.policy")
        for path in sorted((ROOT / "examples").glob("*.*")):
            if path.suffix in {".json", ".toml"}:
                facts, _ = read_case(path.read_bytes(), path.name, format_of(path.name))
                yield "example", policy.decide(facts, as_of=DAY)
        scenarios = infoshare.load(ROOT / "policies" / f"{name}-scenarios.policy")
        for result in run_scenarios(scenarios, today=DAY)[::EVERY]:
            yield "scenario", result.decision


@pytest.fixture(scope="module")
def shipped():
    return list(decisions())


@pytest.mark.parametrize("kinds", [{"example"}, {"scenario"}, {"example", "scenario"}], ids=sorted)
def test_what_is_read_first_has_at_most_120_words_in_the_median(shipped, kinds):
    lengths = [len(explain(decision).split()) for kind, decision in shipped if kind in kinds]
    assert len(lengths) > (600 // EVERY if "scenario" in kinds else 20)
    assert statistics.median(lengths) <= 120


def test_what_is_read_first_leaves_out_nothing_that_could_hurt(shipped):
    for _, decision in shipped:
        first, full = both(decision)
        assert first.split("\n")[0].partition(" (")[0] == full.split("\n")[0].partition(" (")[0]
        # what a policy promises never to ask for is forbidden, and anything else that is lifted only not due
        for need_not, says in ((None, "do NOT "), (False, "do not yet "), (True, "you need not yet ")):
            lifted = any(each.need_not is need_not for each in decision.lifted)
            for letter in (first, full):
                told = " ".join(line for line in letter.split("\n") if LIFTED.match(line))
                assert (says in told.replace("Do ", "do ").replace("You ", "you ")) == lifted
        for each in decision.lifted:
            what = " ".join(each.do.rstrip(".").split()[-3:])
            for letter in (first, full):
                lines = [line for line in letter.split("\n") if what in line and LIFTED.match(line)]
                assert all(any(whom in line for line in lines) for whom in (each.for_ or {"": ""}).values())
        for beginning in (
            "Do not give",
            "Do not tell",
            "Hold back",
            "Not yet:",
            "It says",
            "It may say",
            "Before all else",
        ):
            lines = [
                [line for line in each.split("\n") if line.startswith(beginning)] for each in (first, full)
            ]
            assert len(lines[0]) == len(lines[1]), beginning
        # what waits for an answer is joined where one thing that is not known is reason enough for all of it
        not_yet, nor_yet = (
            " ".join(line for line in each.split("\n") if line.startswith("Do not yet"))
            for each in (first, full)
        )
        assert bool(not_yet) == bool(nor_yet)
        for duty in decision.duties:
            if duty.state == "open":
                what = re.sub(
                    r"^(tell|speak with) the (child|family) ", "", duty.do.rstrip("."), flags=re.IGNORECASE
                )
                for said in (" ".join(what.split()[-4:]), *(duty.for_ or {}).values()):
                    assert said in not_yet or said not in nor_yet
        for row in decision.disclosures:
            if row.release is not True:
                # where the answer is that nothing goes, that is said of all of it
                nothing = decision.outcome is not Outcome.SHARE and decision.basis is not Basis.ROWS
                assert nothing or any(
                    side in first for side in (row.item, row.recipient, "everything") if side is not None
                )
        for duty in decision.duties:
            if duty.state == "open" and "this may have to be done" in first and "before " in duty.timing:
                assert " ".join(duty.do.rstrip(".").split()[-3:]).casefold() in first.casefold()
        assert all(each.whom.partition(",")[0].split()[-1] in first for each in decision.advice)
        assert "--full" in first.split("\n")[-1]
        assert "--full" not in full


def test_the_dotted_names_are_in_the_full_letter_alone(shipped):
    for _, decision in shipped:
        first, full = both(decision)
        names = [clause.clause for clause in decision.fired if "_" in clause.clause]
        assert not any(name in first for name in names)
        assert all(name in full.split("\n")[-1] for name in names)


def test_both_doors_give_the_rest_on_request(tmp_path, capsys, monkeypatch):
    case = str(ROOT / "examples" / "refused.json")
    assert main(["decide", "infoshare:cscp", case, "--as-of", "2026-11-22"]) == 0
    first = capsys.readouterr().out
    assert main(["decide", "infoshare:cscp", case, "--as-of", "2026-11-22", "--full"]) == 0
    full = capsys.readouterr().out
    policy = infoshare.load("infoshare:cscp")
    decision = policy.decide(read_case(Path(case).read_bytes(), case, "json")[0], as_of=DAY)
    assert (first, full) == (decision.explain() + "\n", decision.explain(full=True) + "\n")


def explained(decision):
    decision.to_dict()  # what is worked out when it is first looked at is not the letter's
    return lambda: explain(decision, full=True)


@pytest.mark.parametrize("duty", ["", 'duty d "Do it." before sharing exception e "E." sets aside d when {}'])
@pytest.mark.parametrize("answers", [{}, {"f0": True}], ids=["unknown", "known"])
def test_a_letter_takes_steps_in_proportion_to_the_facts_of_its_conditions(duty, answers):
    def letter(count):
        names = [f"f{number}" for number in range(count)]
        either = " or ".join(f"a.{name}" for name in names)
        facts = "".join(f'  {name} "{name} is so" : yes or no\n' for name in names)
        text = f'facts about a "a"\n{facts}rule r "R." share when {either}\n{duty.format(either)}'
        return explained(decide(text, {"a": answers}))

    assert steps(letter(80)) <= 2.5 * steps(letter(40))


def test_a_letter_takes_steps_in_proportion_to_its_rows():
    def letter(count):
        items = [{"name": f"item {number}", "secret": number % 2 == 0} for number in range(count)]
        people = [{"name": f"person {number}", "custody": number % 3 == 0} for number in range(count)]
        policy = FAMILY + (
            'safeguard s "S." for each item require not item.secret otherwise "Leave it out."\n'
            'safeguard t "T." for each recipient require recipient.custody otherwise "Wait."\n'
        )
        return explained(decide(policy, {"item": items, "recipient": people}))

    assert steps(letter(24)) <= 5 * steps(letter(12))  # four times as many rows
