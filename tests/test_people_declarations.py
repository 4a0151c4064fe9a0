"""Declarations that came with rows and people: each loads, means what it says, and has faults that say what to write."""

from datetime import date

import pytest

from infoshare import Basis, Outcome
from infoshare.meaning.model import (
    All,
    Among,
    Deadline,
    EachOf,
    InHand,
    Quantified,
    Referred,
)
from infoshare.meaning.types import OneOf, Reference
from small import DAY, FACTS, HEAD, decide, faults, fired, load, places

PEOPLE = (
    FACTS
    + """
facts about each person "somebody in the case" unanswered means none
  role "they are" : one of child, parent, other
  suspected "they are suspected" : yes or no
  partner "whom they are with" : one person
  born "the day they were born" : date

facts about concern "the concern"
  found_by "who found it" : one person
  about "whom it is about" : some person
  harm "the harm" : one of none, possible, grave in order

facts about each letter "a letter"
  about "whom it is about" : some person
"""
)


def model(text, files=None):
    return load(PEOPLE + text, files).model


def told(text, files=None):
    """The code, place and words of the only fault."""
    (fault,) = faults(PEOPLE + text, files)
    return (
        fault.code,
        fault.span.text,
        " ".join([fault.message, *(each.text for each in fault.labels), *fault.help]),
    )


def check(text, code, place, offered):
    found = told(text)
    assert found[:2] == (code, place)
    assert offered in found[2]


# --- references and assumptions ----------------------------------------------------------------------


def test_a_reference_may_name_a_list_that_is_declared_after_it():
    text = 'facts about b "b" who "who" : one place them "they" : some place '
    facts = load(text + 'facts about each place "p" x "x" : yes or no').model.facts
    assert facts["b.who"].type == Reference("place", many=False)
    assert facts["b.them"].type == Reference("place", many=True)


def test_a_reference_may_be_assumed_to_name_nobody_or_everybody_of_whom_something_is_so():
    facts = model(
        'facts about b "b" who "w" : one person unanswered means none'
        ' all_of "a" : some person unanswered means none'
        ' children "c" : some person unanswered means every person (person.role is child)'
    ).facts
    assert facts["b.who"].assumed == facts["b.all_of"].assumed == frozenset()
    assert facts["b.children"].assumed is None
    assert facts["b.children"].assumed_every == Among(facts["person.role"], frozenset({"child"}))


def test_what_is_assumed_of_a_reference_may_use_defines_and_values_that_are_there_by_then():
    text = """
value grown 18 years from 2020-01-01
define is_grown "grown up" for each person as person.born <= grown before today
facts about b "b" who "w" : some person unanswered means every person (person.is_grown)
  older "o" : some person unanswered means every person (person.born < grown before today)
"""
    found = faults(PEOPLE + text)
    assert [(f.code, f.span.text) for f in found] == [("IS307", "who"), ("IS307", "older")]
    assert faults(PEOPLE + text, head='infoshare 1 policy p "P" from 2020-01-01\n') == ()


def test_a_fact_may_be_asked_first_and_may_be_fixed():
    facts = model('facts about b "b" x "x" : yes or no ask first "X?" fixed y "y" : yes or no ask "Y?"').facts
    assert (facts["b.x"].ask, facts["b.x"].ask_first, facts["b.x"].fixed) == ("X?", True, True)
    assert (facts["b.y"].ask, facts["b.y"].ask_first, facts["b.y"].fixed) == ("Y?", False, False)


@pytest.mark.parametrize(
    ("text", "code", "place", "offered"),
    [
        ('facts about b "b" w "w" : one of person', "IS302", "one of person", "`one person`"),
        ('facts about b "b" w "w" : some of person', "IS302", "some of person", "`some person`"),
        ('facts about b "b" w "w" : one persn', "IS205", "one persn", "`person`"),
        ('facts about b "b" w "w" : one a', "IS205", "one a", "`facts about each a …`"),
        ('facts about b "b" w "w" : one person unanswered means ann', "IS302", "ann", "`unanswered means none`"),
        ('facts about b "b" w "w" : some person unanswered means ann', "IS302", "ann", "`unanswered means every person (…)`"),
        (
            'facts about b "b" w "w" : one person unanswered means every person (person.suspected)',
            "IS302",
            "every person (person.suspected)",
            "`some person`",
        ),
        (
            'facts about b "b" w "w" : some item unanswered means every person (person.suspected)',
            "IS302",
            "every person (person.suspected)",
            "`unanswered means every item (…)`",
        ),
        (
            'facts about b "b" w "w" : some person unanswered means every person (person.suspekted)',
            "IS201",
            "person.suspekted",
            "`person.suspected`",
        ),
        (
            'facts about b "b" w "w" : some person unanswered means every person (item.old)',
            "IS211",
            "item.old",
            "`any item (…)`",
        ),
    ],
)  # fmt: skip
def test_a_reference_that_cannot_be_says_what_to_write(text, code, place, offered):
    check(text, code, place, offered)


def test_one_value_with_a_label_is_still_one_value():
    assert isinstance(model('facts about b "b" w "w" : one of person "a person"').facts["b.w"].type, OneOf)


@pytest.mark.parametrize("group", ["item", "recipient"])
def test_what_is_shared_and_with_whom_is_never_assumed_to_be_none(group):
    text = f'facts about each {group} "x" unanswered means none more "m" : yes or no'
    check(text, "IS311", group, "the question is to list them")


def test_a_list_may_be_assumed_to_be_empty_wherever_it_is_declared_again():
    assert model("").groups["person"].none_listed
    assert not model("").groups["letter"].none_listed
    again = 'facts about each letter "a letter" unanswered means none old "o" : yes or no'
    assert model(again).groups["letter"].none_listed


# --- for each ----------------------------------------------------------------------------------------


def test_every_kind_of_provision_may_be_for_each():
    found = model(
        """
rule r "R" share for each item and recipient when item.old and recipient.verified
exception e "E" sets aside r for each recipient when recipient.verified
duty d "D" after sharing for each person when person.suspected
advice v from "them" for each item when item.old
guarantee g "G" never share for each recipient when recipient.verified
safeguard s "S" for each item require item.old otherwise "O"
rule p "P" share for each letter when any person in letter.about (person.suspected)
"""
    )
    scopes = {provision.name: provision.scope for provision in found.provisions()}
    assert scopes == {
        "r": ("item", "recipient"), "e": ("recipient",), "d": ("person",), "v": ("item",),
        "g": ("recipient",), "s": ("item",), "p": ("letter",),
    }  # fmt: skip
    assert found.clauses["r"].sides == ("item", "recipient") and found.clauses["r"].other_list is None
    assert found.clauses["p"].sides == () and found.clauses["p"].other_list == "letter"


@pytest.mark.parametrize(
    ("text", "code", "place", "offered"),
    [
        ('rule r "R" share for each persn', "IS205", "r", "`person`"),
        ('duty d "D" after sharing for each a', "IS205", "d", "`facts about each a …`"),
        ('rule r "R" share for each item when recipient.verified', "IS211", "recipient.verified", "`any recipient (…)`"),
        ('rule r "R" share when item.old', "IS211", "item.old", "`any item (…)`"),
        (
            'safeguard s "S" for each person require person.suspected otherwise "O"',
            "IS217",
            "s",
            "`require every person (…)`",
        ),
        (
            'rule r "R" must share for each person exception e "E" relaxes r for each person',
            "IS217",
            "e",
            "`when every person (…)`",
        ),
        (
            'rule r "R" share exception e "E" sets aside r for each person when person.suspected',
            "IS217",
            "r",
            "`r` is not for each person",
        ),
        (
            'rule r "R" share for each letter exception e "E" sets aside r for each person when person.suspected',
            "IS217",
            "r",
            "`r` is not for each person",
        ),
        (
            'consent c "C" share exception e "E" sets aside every consent clause for each person',
            "IS217",
            "every consent clause",
            "`c`",
        ),
        (
            'duty d "D" after sharing exception e "E" sets aside d for each recipient when recipient.verified',
            "IS217",
            "d",
            "`d` for each recipient too",
        ),
        (
            'duty d "D" after sharing for each item exception e "E" sets aside d for each item and recipient',
            "IS217",
            "d",
            "`d` is not for each recipient",
        ),
        (
            'duty d "D" after sharing for each person exception e "E" sets aside d for each recipient',
            "IS217",
            "d",
            "`d` is not for each recipient",
        ),
        (
            'advice v from "them" exception e "E" sets aside v for each recipient when recipient.verified',
            "IS217",
            "v",
            "`v` is not for each recipient",
        ),
        (
            'duty d "D" after sharing exception e "E" sets aside d exception f "F" sets aside e'
            ' exception g "G" sets aside f for each item when item.old',
            "IS217",
            "f",
            "`d`, which `f` sets aside, is not",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_said_for_each_says_what_to_write(text, code, place, offered):
    check(text, code, place, offered)


@pytest.mark.parametrize(
    "text",
    [
        'rule r "R" share for each person exception e "E" sets aside r for each person when person.suspected',
        'duty d "D" after sharing for each item and recipient exception e "E" sets aside d for each item',
        'duty d "D" after sharing for each recipient exception e "E" sets aside d',
        'duty d "D" after sharing for each person exception e "E" sets aside d for each person'
        ' exception f "F" sets aside e for each person when person.suspected',
        'rule r "R" share exception e "E" sets aside r for each item when item.old',
        'rule r "R" must share exception e "E" relaxes r for each recipient when recipient.verified',
        'safeguard s "S" for each item require item.old otherwise "O" exception e "E" sets aside s for each recipient',
        'rule r "R" share exception e "E" sets aside r exception f "F" sets aside e for each item',
    ],
)
def test_what_acts_on_what_is_for_the_same_lists_may_be_for_each(text):
    assert faults(PEOPLE + text) == ()


def test_who_uses_a_provision_for_each_of_no_list_is_not_blamed_for_it():
    found = faults(PEOPLE + 'rule r "R" share for each persn when persn.old exception e "E" sets aside r')
    assert places(found) == [("IS205", "r")]


# --- strength, relaxing, closing ---------------------------------------------------------------------


@pytest.mark.parametrize("outcome", ["share", "withhold", "seek consent", "seek advice"])
def test_must_and_should_stand_before_all_four_effects(outcome):
    found = model(f'rule a1 "A" must {outcome} rule b1 "B" should {outcome} rule c1 "C" {outcome}').clauses
    assert [(c.must, c.should, c.effect) for c in found.values()] == [
        (True, False, f"must {outcome}"),
        (False, True, f"should {outcome}"),
        (False, False, outcome),
    ]


def test_what_relaxes_is_in_a_table_of_its_own_and_comes_before_what_it_relaxes():
    found = model('rule r "R" must share rule q "Q" should share exception e "E" relaxes r, q when a.yes_1')
    assert found.relaxed_by == {"r": ("e",), "q": ("e",)}
    assert found.set_aside_by == {} and found.targets["e"] == ("r", "q")
    assert found.order.index("e") < min(found.order.index("r"), found.order.index("q"))


@pytest.mark.parametrize(
    ("text", "code", "place", "offered"),
    [
        ('duty d "D" after sharing exception e "E" relaxes d', "IS208", "d", "`sets aside d`"),
        ('rule r "R" must share exception e "E" relaxes r exception f "F" relaxes e', "IS208", "e", "`sets aside e`"),
        ('rule law "R" must share exception e "E" relaxes lwa', "IS203", "lwa", "`law`"),
        (
            'rule r "R" share where no other clause stands override o "O" withhold prevails over r',
            "IS208",
            "r",
            "leave `r` out",
        ),
        (
            'rule r "R" share override o "O" withhold where no other clause stands prevails over r',
            "IS208",
            "o",
            "write it as a `rule`",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_relaxed_or_prevailed_over_says_what_to_write(text, code, place, offered):
    check(text, code, place, offered)


def test_a_closing_clause_comes_after_every_other_clause_and_no_blanket_target_reaches_it():
    found = model(
        """
rule closer "C" must withhold where no other clause stands
consent closer_2 "C" withhold where no other clause stands
consent c "C" share when a.yes_1
override o "O" seek consent prevails over every consent clause when a.yes_2
override b "B" seek advice prevails over all other clauses when a.yes_3
exception e "E" sets aside closer
"""
    )
    clauses = [name for name in found.order if name in found.clauses]
    assert set(clauses[-2:]) == {"closer", "closer_2"}
    assert found.targets["o"] == ("c",) and set(found.targets["b"]) == {"c", "o"}
    assert found.set_aside_by == {"closer": ("e",)}


# --- blanket targets and parts -----------------------------------------------------------------------


def test_all_other_clauses_are_those_without_must_but_for_those_above():
    found = model(
        """
rule law "L" must share
rule r "R" share
consent c "C" share
override blanket "B" withhold prevails over all other clauses
override blanket_2 "B" withhold prevails over all other clauses, law
override above "A" share prevails over blanket
override above_all "A" share prevails over above
override beside "B" share prevails over r
"""
    )
    assert set(found.targets["blanket"]) == {"r", "c", "beside"}
    assert set(found.targets["blanket_2"]) == {"r", "c", "beside", "above", "above_all", "law"}


def test_all_other_clauses_do_not_take_the_written_must_away_by_relaxing_it():
    found = model(
        'rule law "L" must share exception e "E" relaxes law'
        ' override b "B" withhold prevails over all other clauses'
    )
    assert found.targets["b"] == ()


def test_a_part_gives_its_condition_its_dates_and_its_source_to_what_it_heads():
    found = model(
        """
source act "Act"
source other "Other"
rule first "B" share when a.yes_1
part p "The part" when a.yes_2 from 2026-03-01 until 2026-09-30 cites act "5"
rule r "R" share when a.yes_1
rule q "Q" share from 2026-05-01 until 2027-01-01 cites other
exception e "E" sets aside r
duty d "D" after sharing when a.yes_3
safeguard s "S" require a.yes_3 otherwise "O"
advice v from "them"
part later "The next"
rule t "T" share
"""
    )
    p, yes_1 = found.facts["a.yes_2"], Among(found.facts["a.yes_1"], frozenset({True}))
    part_is = Among(p, frozenset({True}))
    assert found.clauses["first"].when == yes_1 and found.clauses["first"].part is None
    assert found.clauses["r"].when == All((part_is, yes_1))
    assert found.clauses["q"].when == found.exceptions["e"].when == found.safeguards["s"].when == part_is
    assert (found.clauses["r"].start, found.clauses["r"].end) == (date(2026, 3, 1), date(2026, 9, 30))
    assert (found.clauses["q"].start, found.clauses["q"].end) == (date(2026, 5, 1), date(2026, 9, 30))
    assert [c.source for c in found.clauses["r"].cites] == ["act"]
    assert [c.source for c in found.clauses["q"].cites] == ["other"]
    assert (found.advice["v"].when, found.advice["v"].start) == (None, None)
    assert (found.clauses["t"].when, found.clauses["t"].start, found.clauses["t"].cites) == (None, None, ())
    assert [found.provision(name).part for name in "rqedsvt"] == [*["p"] * 6, "later"]
    assert list(found.parts) == ["p", "later"] and found.parts["p"].title == "The part"


def test_a_part_ends_with_its_file():
    found = model('use "u.policy" rule r "R" share', {"u.policy": 'infoshare 1 part p "P" rule u "U" share'})
    assert (found.clauses["u"].part, found.clauses["r"].part) == ("p", None)


def test_every_clause_of_a_part_leaves_out_those_that_say_must_and_itself():
    found = model(
        """
part p "P"
rule law "L" must share
rule r "R" share
override o "O" withhold prevails over every clause of p
part q "Q"
rule s "S" share
override n "N" withhold prevails over every clause of p, law, s
"""
    )
    assert found.targets["o"] == ("r",)
    assert found.targets["n"] == ("r", "o", "law", "s")


@pytest.mark.parametrize(
    ("text", "code", "place", "offered"),
    [
        ('part p "P" rule r "R" share override o "O" withhold prevails over every clause of pp', "IS203", "pp", "`p`"),
        ('rule r "R" share override o "O" withhold prevails over every clause of grants', "IS203", "grants", "`part grants"),
        ('part p "P" rule r "R" share part p "P"', "IS206", "p", "another name"),
        ('part p "P" from 2026-02-01 until 2026-01-01', "IS306", "2026-01-01", "which date"),
        ('part p "P" from 2026-02-01 rule r "R" share until 2026-01-01', "IS306", "2026-01-01", "its part `p`"),
        ('part p "P" when a.yes_9 rule r "R" share', "IS201", "a.yes_9", "`a.yes_"),
        ('part p "P" when item.old rule r "R" share for each item', "IS211", "item.old", "`any item (…)`"),
    ],
)  # fmt: skip
def test_a_part_that_cannot_be_says_what_to_write(text, code, place, offered):
    check(text, code, place, offered)


# --- whom to ask -------------------------------------------------------------------------------------


def test_whom_to_ask_is_in_words_named_by_a_reference_in_hand_or_each_of_some():
    found = model(
        """
rule words "W" seek consent from "the student"
rule named "N" seek consent from concern.about
rule of_letter "L" seek consent from letter.about for each letter
rule in_hand "H" seek consent from person for each person when person.suspected
rule of_some "S" seek consent from each person in concern.about (person.suspected) when a.yes_1
rule nobody "N" seek consent
"""
    )
    facts, clauses = found.facts, found.clauses
    suspected = Among(facts["person.suspected"], frozenset({True}))
    about = Referred(facts["concern.about"])
    assert clauses["words"].whom == "the student" and clauses["nobody"].whom is None
    assert clauses["named"].whom == about
    assert clauses["of_letter"].whom == Referred(facts["letter.about"])
    assert clauses["in_hand"].whom == InHand("person")
    assert clauses["of_some"].whom == EachOf("person", suspected, about)
    assert clauses["of_some"].when == All(
        (Among(facts["a.yes_1"], frozenset({True})), Quantified("any", "person", suspected, about))
    )


@pytest.mark.parametrize(
    ("text", "code", "place", "offered"),
    [
        ('rule r "R" seek consent from person', "IS211", "person", "`seek consent from each person (…)`"),
        ('rule r "R" seek consent from person for each item', "IS211", "person", "`for each person`"),
        ('rule r "R" seek consent from letter.about', "IS211", "letter.about", "`for each letter`"),
        ('rule r "R" seek consent from a.yes_1', "IS302", "a.yes_1", "`concern.found_by`"),
        ('rule r "R" seek consent from concern.found_by.partner', "IS302", "concern.found_by.partner", "`from each person (…)`"),
        ('rule r "R" seek consent from each persn (persn.old)', "IS205", "persn", "`person`"),
        ('rule r "R" seek consent from each item in concern.about (item.old)', "IS302", "concern.about", "`each person in concern.about (…)`"),
        ('rule r "R" seek consent from each person (person.sus)', "IS201", "person.sus", "`person.suspected`"),
        ('rule r "R" seek consent from each person (person.suspected) when person.suspected', "IS211", "person.suspected", "`any person (…)`"),
    ],
)  # fmt: skip
def test_whom_nobody_can_ask_says_what_to_write(text, code, place, offered):
    check(text, code, place, offered)


# --- deadlines and holidays --------------------------------------------------------------------------


def test_a_duty_may_have_a_time_within_which_it_is_done():
    found = model(
        """
duty d1 "D" after sharing within 36 hours
duty d2 "D" after sharing within 3 working days of a.day
duty d3 "D" after sharing for each item within 1 month of item.dated
duty d4 "D" after sharing
"""
    )
    assert [duty.deadline for duty in found.duties.values()] == [
        Deadline(36, "hours"),
        Deadline(3, "working days", found.facts["a.day"]),
        Deadline(1, "months", found.facts["item.dated"]),
        None,
    ]


@pytest.mark.parametrize(
    ("text", "code", "place", "offered"),
    [
        ('duty d "D" after sharing within 3 days of a.age', "IS302", "a.age", "a `date`"),
        ('duty d "D" after sharing within 3 days of a.dya', "IS201", "a.dya", "`a.day`"),
        ('duty d "D" after sharing within 3 days of item.dated', "IS211", "item.dated", "`for each item`"),
        ('duty d "D" after sharing for each recipient within 3 days of item.dated', "IS211", "item.dated", "`for each item`"),
        ('duty d "D" after sharing within 3 days of concern.found_by.born', "IS302", "concern.found_by.born", "outside lists"),
    ],
)  # fmt: skip
def test_a_time_that_cannot_be_counted_says_what_to_write(text, code, place, offered):
    check(text, code, place, offered)


def test_holidays_are_all_that_the_policy_as_loaded_has_in_order():
    used = {"u.policy": "infoshare 1 holidays national 2026-12-25, 2026-01-01"}
    found = model('use "u.policy" holidays local 2026-06-24, 2026-12-25', used)
    assert found.holidays == (date(2026, 1, 1), date(2026, 6, 24), date(2026, 12, 25))
    check("holidays h 2026-12-25 holidays h 2026-12-26", "IS206", "h", "another name")


# --- values by a fact --------------------------------------------------------------------------------


def test_a_value_by_a_fact_holds_for_each_answer_until_a_later_entry_of_its_name():
    value = model(
        "value v by a.level: low 16, others 13 from 2018-05-25, low 17, high 14 from 2020-01-01,"
        " others 12 from 2022-01-01"
    ).values["v"]
    days = [date(2018, 5, 24), date(2018, 5, 25), date(2020, 1, 1), date(2022, 1, 1)]
    assert [value.on(day, "low") for day in days] == [None, 16, 17, 17]
    assert [value.on(day, "middle") for day in days] == [None, 13, 13, 12]
    assert [value.on(day, "high") for day in days] == [None, 13, 14, 14]


def test_a_value_may_be_by_a_yes_or_no():
    value = model("value v by a.yes_1: yes 3 days, no 5 days from 2018-05-25").values["v"]
    assert {answer: steps[0][1].count for answer, steps in value.tables.items()} == {True: 3, False: 5}


def test_a_value_by_a_fact_is_compared_with_and_looked_up():
    text = PEOPLE + "value v by a.level: low 16, others 13 from 2018-05-25"
    text += ' rule r "R" share when a.age >= v from 2018-05-25'
    for level, age, so in [("low", 15, False), ("low", 16, True), ("high", 13, True), ("high", 12, False)]:
        decision = decide(text, {"a": {"level": level, "age": age}})
        assert (decision.outcome is Outcome.SHARE) is so
    unknown = decide(text, {"a": {"age": 14}})
    assert (unknown.basis, [q.fact for q in unknown.questions]) == (Basis.UNKNOWN_FACTS, ["a.level"])
    assert decide(text, {"a": {"age": 16}}).outcome is Outcome.SHARE
    assert decide(text, {"a": {"age": 12}}).basis is Basis.SILENCE


@pytest.mark.parametrize(
    ("text", "code", "place", "offered"),
    [
        ("low 3, middle 4 from 2000-01-01", "IS309", "v", "`others 3`"),
        ("low 3, othrs 4 from 2000-01-01", "IS301", "othrs", "`others`"),
        ("low 3, mddle 4, others 5 from 2000-01-01", "IS301", "mddle", "`middle`"),
        ("low 3, others 4", "IS306", "others 4", "`from 2026-01-01`"),
        ("low 3, low 4, others 5 from 2000-01-01", "IS303", "low", "put a date between"),
        ("low 3, others 4 days from 2000-01-01", "IS302", "4 days", "the same kind"),
        (
            "low 3, others 4 from 2000-01-01, low 5 from 1999-01-01",
            "IS306",
            "1999-01-01",
            "order of their dates",
        ),
    ],
)
def test_a_value_by_a_fact_that_cannot_be_says_what_to_write(text, code, place, offered):
    check(f"value v by a.level: {text}", code, place, offered)


@pytest.mark.parametrize(
    ("by", "code", "offered"),
    [
        ("a.age", "IS302", "`one of …`"),
        ("person.role", "IS302", "no part of a list"),
        ("concern.found_by", "IS302", "`one of …`"),
        ("concern.found_by.role", "IS302", "no part of a list"),
        ("a.lvel", "IS201", "`a.level`"),
    ],
)
def test_a_value_is_by_a_fact_with_few_answers_outside_lists(by, code, offered):
    check(f"value v by {by}: low 3, others 4 from 2000-01-01", code, by, offered)


def test_a_clause_may_not_be_in_force_before_each_answer_has_its_value():
    text = (
        'value v by a.level: low 3 from 2020-01-01, others 4 from 2022-01-01 rule r "R" share when a.age < v'
    )
    check(text + " from 2021-01-01", "IS307", "r", "`from 2022-01-01`")
    assert faults(PEOPLE + text + " from 2022-01-01") == ()


# --- overlays ----------------------------------------------------------------------------------------

NATIONAL = (
    'infoshare 1 policy national "National" from 2026-01-01\n'
    + PEOPLE
    + """
rule bar "B" must withhold when a.yes_1
rule may "M" share when a.yes_2
rule serious "S" share when concern.harm is at least possible
rule not_low "N" share when a.level is not low
consent agreed "A" share when a.yes_3
duty tell "T" after sharing
override big "O" withhold prevails over may, every consent clause
exception exc "E" sets aside bar, tell
part p "P"
rule in_part "I" share
override of_part "O" withhold prevails over every clause of p
"""
)


def over(text):
    return load('use "national.policy" ' + text, {"national.policy": NATIONAL})


def test_what_stands_instead_is_reached_by_what_names_the_one_replaced():
    found = over('rule mine "M" instead of may share when a.yes_2 duty mine_2 "D" instead of tell after withholding').model  # fmt: skip
    assert found.replaced_by == {"may": "mine", "tell": "mine_2"}
    assert found.targets["big"] == ("may", "mine", "agreed")
    assert found.targets["exc"] == ("bar", "tell", "mine_2")
    assert found.clauses["mine"].instead_of == "may"
    inside = over('rule mine "M" instead of in_part share').model
    assert set(inside.targets["of_part"]) == {"in_part", "mine"}


def test_what_stands_instead_takes_the_place_while_it_is_itself_in_force():
    policy = over(
        'rule mine "M" instead of bar must seek advice when a.yes_1 from 2026-07-01 until 2026-12-31'
    )
    days = ("2026-06-30", "2026-07-01", "2026-12-31", "2027-01-01")
    found = policy.model
    in_force = [
        [name for name in ("bar", "mine") if found.in_force(found.clauses[name], date.fromisoformat(day))]
        for day in days
    ]
    assert in_force == [["bar"], ["mine"], ["mine"], ["bar"]]


def test_what_stands_instead_of_what_stands_instead_takes_both_places():
    files = {
        "national.policy": NATIONAL,
        "local.policy": 'infoshare 1 policy local "L" use "national.policy" rule l "L" instead of bar must withhold',
    }
    found = load('use "local.policy" rule s "S" instead of l must withhold from 2026-07-01', files).model
    before, after = date(2026, 6, 30), date(2026, 7, 1)
    named = [found.clauses[name] for name in ("bar", "l", "s")]
    assert [found.in_force(clause, before) for clause in named] == [False, True, False]
    assert [found.in_force(clause, after) for clause in named] == [False, False, True]


@pytest.mark.parametrize(
    ("text", "code", "place", "offered"),
    [
        ('rule r "R" instead of barr share', "IS203", "barr", "`bar`"),
        ('rule r "R" instead of agreed share', "IS208", "agreed", "a consent clause too"),
        ('consent r "R" instead of bar must share', "IS208", "bar", "a rule too"),
        ('duty r "R" instead of exc after sharing', "IS208", "exc", "an exception too"),
        ('rule r "R" share rule s "S" instead of r share', "IS218", "r", "change that one itself"),
        (
            'rule r "R" instead of may share rule s "S" instead of may share',
            "IS218",
            "may",
            "keep one of them",
        ),
    ],
)
def test_what_cannot_stand_instead_says_what_to_write(text, code, place, offered):
    (fault,) = faults('use "national.policy" ' + text, {"national.policy": NATIONAL})
    assert (fault.code, fault.span.text) == (code, place)
    assert offered in " ".join([fault.message, *fault.help])


def test_an_overlay_adds_facts_and_values_to_a_group_that_it_repeats():
    found = over('facts about a "a" level also one of top "the top" more "m" : yes or no signs also some of cuts').model  # fmt: skip
    level, signs = found.facts["a.level"].type, found.facts["a.signs"].type
    assert level.values == ("low", "middle", "high", "top") and level.labels[-1] == "the top"
    assert signs.values == ("bruising", "fear", "hunger", "cuts")
    assert "a.more" in found.facts


def test_clauses_of_the_used_policy_take_a_new_value_as_none_of_those_that_they_name():
    policy = over('facts about a "a" level also one of top')
    case = {
        "a": {"yes_1": False, "yes_2": False, "yes_3": False, "level": "top"},
        "concern": {"harm": "none"},
    }
    assert "not_low" in fired(policy.decide(case, as_of=DAY))


def test_more_values_of_a_fact_in_order_stand_where_the_whole_order_puts_them():
    policy = over(
        'facts about concern "the concern" harm also one of none, low, possible, serious, grave "very bad" in order'
    )
    type_ = policy.model.facts["concern.harm"].type
    assert type_.values == ("none", "low", "possible", "serious", "grave")
    assert type_.labels == ("none", "low", "possible", "serious", "very bad")
    case = {"a": {"yes_1": False, "yes_2": False, "yes_3": False, "level": "low"}}
    for harm, so in [("low", False), ("possible", True), ("serious", True)]:
        assert ("serious" in fired(policy.decide({**case, "concern": {"harm": harm}}, as_of=DAY))) is so


@pytest.mark.parametrize(
    ("text", "code", "place", "offered"),
    [
        ('facts about a "a" levl also one of top', "IS201", "levl", "`a.level`"),
        ('facts about a "a" level also one of low', "IS303", "low", "delete one"),
        ('facts about a "a" level also some of top', "IS302", "some of top", "`level also one of …`"),
        ('facts about a "a" age also one of top', "IS302", "one of top", "`one of` or `some of`"),
        ('facts about a "a" level also one of top in order', "IS310", "one of top in order", "leave out `in order`"),
        ('facts about a "an a" level also one of top', "IS214", "a", '`facts about a "a"`'),
    ],
)  # fmt: skip
def test_values_that_cannot_be_added_say_what_to_write(text, code, place, offered):
    (fault,) = faults('use "national.policy" ' + text, {"national.policy": NATIONAL})
    assert (fault.code, fault.span.text) == (code, place)
    assert offered in " ".join([fault.message, *fault.help])


def test_a_group_declared_again_with_another_phrase_still_loads_where_it_adds_no_values():
    assert load('facts about a "a" x "x" : yes or no facts about a "b" y "y" : yes or no', head=HEAD)


# --- nobody is blamed for another's fault ------------------------------------------------------------


@pytest.mark.parametrize(
    ("broken", "users"),
    [
        ('define d "D" for each person when person.suspected', 'rule r "R" share when any person (person.d)'),
        ('define d "D" for each person as person.gone', 'rule r "R" share when any person (person.d)'),
        ('define d "D" for each persn as a.yes_1', 'rule r "R" share when any person (person.d)'),
        ("part p when a.yes_1", 'override o "O" withhold prevails over every clause of p'),
        ('facts about b "b" who "w" : one persn', 'rule r "R" share when b.who.suspected'),
        ('facts about b "b" who "w" : one persn', 'rule r "R" share when b.who is none of them or b.who is person'),
        ('facts about b "b" who "w" : some persn', 'rule r "R" share when any person in b.who (person.suspected)'),
        ('facts about b "b" who "w" : one of person', 'rule r "R" share when b.who.suspected'),
        ("value v by a.lvel: low 3, others 4 from 2020-01-01", 'rule r "R" share when a.age < v from 2021-01-01'),
        ('duty d "D" after sharing for each persn', 'exception e "E" sets aside d for each person'),
        ('safeguard s "S" for each person require person.suspected otherwise "O"', 'exception e "E" sets aside s for each person'),
        ('rule r "R" seek consent from persn', 'override o "O" share prevails over r'),
        ('facts about each item "i" unanswered means none more "m" : yes or no', 'rule r "R" share for each item when item.more'),
        ('duty d "D" after sharing within 3 days of a.dya', 'exception e "E" sets aside d'),
    ],
)  # fmt: skip
def test_what_uses_a_declaration_with_a_fault_is_not_blamed_for_it(broken, users):
    alone = faults(PEOPLE + broken)
    assert len(alone) == 1
    assert places(faults(PEOPLE + broken + "\n\n" + users)) == places(alone)
