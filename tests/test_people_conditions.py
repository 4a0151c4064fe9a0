"""What is said of people: references, counts, sums and sets in conditions, each form with what it means and its faults."""

import pytest

from infoshare import Basis, Outcome
from small import FACTS, decide, faults, load, places

PEOPLE = (
    FACTS
    + """
facts about each person "somebody in the case"
  role "they are" : one of child, parent, other
  suspected "they are suspected" : yes or no
  years "their age" : number of years
  born "the day they were born" : date
  partner "whom they are with" : one person
  friends "their friends" : some person

facts about concern "the concern"
  harm "the harm" : one of none, possible, grave in order
  found_by "who found it" : one person
  told_by "who told it" : one person
  about "whom it is about" : some person

define is_adult "an adult" for each person as person.years >= 18
define is_safe "somebody safe" for each person as not person.suspected
define has_bad_partner "with somebody suspected" for each person as person.partner.suspected
"""
)

ANN = {"name": "Ann", "role": "child", "suspected": False, "years": 8, "born": "2018-06-01", "partner": {"none": True}, "friends": ["Bob"]}  # fmt: skip
BOB = {"name": "Bob", "role": "parent", "suspected": True, "years": 40, "born": "1986-06-16", "partner": "Cat", "friends": []}  # fmt: skip
CAT = {"name": "Cat", "role": "parent", "suspected": False, "years": 38, "born": "1988-01-01", "partner": "Bob", "friends": ["Ann", "Bob"]}  # fmt: skip
THREE = [ANN, BOB, CAT]


def truth(condition, **facts):
    """Yes, no, or None while it is unknown."""
    case = {"person": THREE} | facts
    decision = decide(PEOPLE + f'rule r "R" share when {condition}', case)
    if decision.basis is Basis.UNKNOWN_FACTS:
        return None
    assert decision.basis is (Basis.CLAUSES if decision.outcome is Outcome.SHARE else Basis.SILENCE)
    return decision.outcome is Outcome.SHARE


def told(condition, head='rule r "R" share when '):
    """The code, place and help of the only fault."""
    (fault,) = faults(PEOPLE + head + condition)
    return fault.code, fault.span.text, " ".join([fault.message, *fault.help])


# --- a fact of somebody whom a reference names ----------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "of_bob", "of_ann", "of_nobody"),
    [
        ("concern.found_by.suspected", True, False, False),
        ("not concern.found_by.suspected", False, True, True),
        ("concern.found_by.role is parent", True, False, False),
        ("concern.found_by.role is not parent", False, True, True),
        ("concern.found_by.role is not one of parent, other", False, True, True),
        ("concern.found_by.years < 18", False, True, False),
        ("not concern.found_by.years < 18", True, False, True),
        ("concern.found_by.years >= 18", True, False, False),
        ("concern.found_by.years is 40", True, False, False),
        ('concern.found_by.name is "Bob"', True, False, False),
        ("concern.found_by.is_adult", True, False, False),
        ("concern.found_by.is_safe", False, True, False),
        ("not concern.found_by.is_safe", True, False, True),
        ("concern.found_by.partner is none of them", False, True, False),
        ("concern.found_by.partner is not none of them", True, False, True),
        ("concern.found_by.friends is empty", True, False, False),
        ("concern.found_by.friends is not empty", False, True, True),
        ("concern.found_by is none of them", False, False, True),
        ("concern.found_by is not none of them", True, True, False),
        ("concern.found_by is empty", False, False, True),
        ("any person in concern.found_by (person.suspected)", True, False, False),
        ("every person in concern.found_by (person.suspected)", True, False, False),
        ("no person in concern.found_by (person.suspected)", False, True, False),
        ("at most 1 person in concern.found_by (person.suspected)", True, True, False),
        ("any person in concern.found_by.friends (person.suspected)", False, True, False),
        ("no person in concern.found_by.friends (person.suspected)", True, False, False),
    ],
)
def test_of_none_of_them_every_test_is_no_and_its_not_is_yes(condition, of_bob, of_ann, of_nobody):
    assert truth(condition, concern={"found_by": "Bob"}) is of_bob
    assert truth(condition, concern={"found_by": "Ann"}) is of_ann
    assert truth(condition, concern={"found_by": {"none": True}}) is of_nobody


def test_nothing_through_a_reference_is_rewritten_into_its_opposite():
    nobody = {"found_by": {"none": True}}
    assert truth("not concern.found_by.years < 18", concern=nobody) is True
    assert truth("concern.found_by.years >= 18", concern=nobody) is False


def test_two_who_are_named_are_compared_each_with_their_own_answer():
    younger = "concern.found_by.years < concern.told_by.years"
    assert truth(younger, concern={"found_by": "Ann", "told_by": "Bob"}) is True
    assert truth(younger, concern={"found_by": "Bob", "told_by": "Ann"}) is False
    assert truth(younger, concern={"found_by": {"none": True}, "told_by": "Ann"}) is False


def test_one_who_is_named_is_compared_with_the_element_in_hand():
    older = "any person (person.years > concern.found_by.years)"
    assert truth(older, concern={"found_by": "Cat"}) is True
    assert truth(older, concern={"found_by": "Bob"}) is False


def test_a_define_about_an_element_goes_through_its_own_references():
    assert truth("any person (person.has_bad_partner and person.role is parent)") is True
    assert truth("any person (person.has_bad_partner and person.role is child)") is False
    assert truth("concern.found_by.has_bad_partner", concern={"found_by": "Cat"}) is True
    assert truth("concern.found_by.has_bad_partner", concern={"found_by": "Bob"}) is False


def test_an_unknown_reference_may_name_each_who_is_listed_or_none():
    assert truth("concern.found_by.suspected") is None
    assert truth("concern.found_by.years < 100 or concern.found_by is none of them") is True
    assert truth("concern.found_by.years > 100") is False


@pytest.mark.parametrize(
    ("condition", "code", "place", "offered"),
    [
        ("concern.about.suspected", "IS211", "concern.about.suspected", "`any person in concern.about (person.suspected)`"),
        ("concern.harm.suspected", "IS302", "concern.harm.suspected", "`concern.found_by`"),
        ("concern.found_by.suspekted", "IS201", "concern.found_by.suspekted", "`person.suspected`"),
        ("concern.fond_by.suspected", "IS201", "concern.fond_by.suspected", "`concern.found_by`"),
        ("concern.found_by", "IS302", "concern.found_by", "cannot stand by itself"),
        ("concern.about", "IS302", "concern.about", "`concern.about is empty`"),
        ("any person in concern.harm (person.suspected)", "IS302", "concern.harm", "`concern.about`"),
        ("any item in concern.about (item.old)", "IS302", "concern.about", "one item"),
        ("any person in person.friends (person.suspected)", "IS211", "person.friends", "`any person (…)`"),
    ],
)  # fmt: skip
def test_a_path_that_leads_to_nobody_says_what_to_write(condition, code, place, offered):
    found = told(condition)
    assert found[:2] == (code, place)
    assert offered in found[2]


# --- whether it is the same ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found_by", "told_by", "same"),
    [
        ("Ann", "Ann", True),
        ("Ann", "Bob", False),
        ({"none": True}, "Ann", False),
        ("Ann", {"none": True}, False),
        ({"none": True}, {"none": True}, False),
    ],
)
def test_two_references_are_the_same_where_they_name_the_same_and_two_nones_are_not(found_by, told_by, same):
    concern = {"found_by": found_by, "told_by": told_by}
    assert truth("concern.found_by is concern.told_by", concern=concern) is same
    assert truth("concern.found_by is not concern.told_by", concern=concern) is not same


def test_a_reference_is_the_element_in_hand_where_it_names_it():
    suspected = "any person (person.suspected and concern.found_by is person)"
    assert truth(suspected, concern={"found_by": "Bob"}) is True
    assert truth(suspected, concern={"found_by": "Cat"}) is False
    assert truth("any person (person.partner.partner is person)", concern={}) is True
    assert truth("any person (person.friends includes person)", concern={}) is False


@pytest.mark.parametrize(
    ("about", "includes_found", "any_of", "all_of", "none_of", "exactly_found", "exactly_both"),
    [
        ([], False, False, False, True, False, False),
        (["Ann"], True, True, False, False, True, False),
        (["Bob"], False, True, False, False, False, False),
        (["Cat"], False, False, False, True, False, False),
        (["Ann", "Bob"], True, True, True, False, False, True),
        (["Ann", "Bob", "Cat"], True, True, True, False, False, False),
    ],
)
def test_whom_a_reference_includes(
    about, includes_found, any_of, all_of, none_of, exactly_found, exactly_both
):
    concern = {"about": about, "found_by": "Ann", "told_by": "Bob"}
    both = "concern.found_by, concern.told_by"
    assert truth("concern.about includes concern.found_by", concern=concern) is includes_found
    assert truth(f"concern.about includes any of {both}", concern=concern) is any_of
    assert truth(f"concern.about includes all of {both}", concern=concern) is all_of
    assert truth(f"concern.about includes none of {both}", concern=concern) is none_of
    assert truth("concern.about is exactly concern.found_by", concern=concern) is exactly_found
    assert truth(f"concern.about is exactly {both}", concern=concern) is exactly_both
    assert truth("concern.about is empty", concern=concern) is (about == [])


def test_what_is_exactly_the_element_in_hand_is_told_apart_from_those_that_are_gone_through():
    alone = "any person (person.suspected and concern.about is exactly person)"
    assert truth(alone, concern={"about": ["Bob"]}) is True
    assert truth(alone, concern={"about": ["Bob", "Ann"]}) is False
    assert truth(alone, concern={"about": ["Ann"]}) is False


@pytest.mark.parametrize(
    ("condition", "code", "place", "offered"),
    [
        ("concern.about is concern.found_by", "IS302", "concern.about", "`concern.about includes concern.found_by`"),
        ("concern.found_by includes concern.told_by", "IS302", "concern.found_by", "`concern.found_by is concern.told_by`"),
        ("concern.found_by is concern.about", "IS302", "concern.about", "`any person in concern.about (…)`"),
        ("concern.about includes concern.about", "IS302", "concern.about", "`any person in concern.about (…)`"),
        ("concern.found_by is person", "IS211", "person", "`any person (…)`"),
        ("concern.found_by is concern.harm", "IS302", "concern.harm", "`concern.told_by`"),
        ("concern.found_by is ann", "IS302", "ann", "`concern.found_by is none of them`"),
        ('concern.found_by is "Ann"', "IS302", '"Ann"', "`concern.found_by is none of them`"),
        ("concern.harm is concern.found_by", "IS302", "concern.found_by", "`concern.harm is none`"),
        ("concern.harm is none of them", "IS302", "none of them", "`who is none of them`"),
        ("a.age is a.count", "IS302", "a.count", "`a.age <= a.count and a.age >= a.count`"),
        ("a.signs includes concern.found_by", "IS302", "concern.found_by", "`a.signs includes bruising`"),
    ],
)  # fmt: skip
def test_what_cannot_be_the_same_says_what_to_write(condition, code, place, offered):
    found = told(condition)
    assert found[:2] == (code, place)
    assert offered in found[2]


# --- defines about an element ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code", "place", "offered"),
    [
        ('rule r "R" share when is_adult', "IS211", "is_adult", "`person.is_adult`"),
        ('rule r "R" share when person.is_adult', "IS211", "person.is_adult", "`any person (…)`"),
        ('rule r "R" share when any item (item.is_adult)', "IS201", "item.is_adult", "`person.is_adult`"),
        ('rule r "R" share when any person (person.is_adlt)', "IS201", "person.is_adlt", "`person.is_adult`"),
        (
            'define d "D" as a.yes_1 rule r "R" share when any person (person.d)',
            "IS201",
            "person.d",
            "write `d`",
        ),
        ('define d "D" for each persn as a.yes_1', "IS205", "persn", "`person`"),
        ('define d "D" for each person as item.old', "IS211", "item.old", "`any item (…)`"),
        ('define suspected "D" for each person as person.years < 3', "IS207", "suspected", "another name"),
        ('define is_adult "D" as a.yes_1', "IS206", "is_adult", "another name"),
        ('define d "D" for each person as person.partner.d', "IS209", "d", "leave `d` out"),
    ],
)
def test_a_define_about_an_element_is_named_with_its_list(text, code, place, offered):
    (fault,) = faults(PEOPLE + text)
    assert (fault.code, fault.span.text) == (code, place)
    assert offered in " ".join([fault.message, *fault.help])


# --- counting, sums, years ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "so"),
    [
        ("at least 2 persons (person.role is parent)", True),
        ("at least 3 person (person.role is parent)", False),
        ("at most 1 persons (person.suspected)", True),
        ("at most 1 persons (person.role is parent)", False),
        ("exactly 2 persons (person.role is parent)", True),
        ("exactly 1 person (person.role is parent)", False),
        ("at least 0 persons (person.years > 100)", True),
        ("at least 1 person in concern.about (person.suspected)", True),
        ("exactly 2 persons in concern.about (person.years > 0)", True),
        ("at most 0 persons in concern.about (person.suspected)", False),
    ],
)
def test_elements_are_counted(condition, so):
    assert truth(condition, concern={"about": ["Ann", "Bob"]}) is so


def test_a_list_whose_name_ends_in_s_is_counted_by_it():
    text = FACTS + 'facts about each news "news" bad "bad" : yes or no\n'
    for group in ("news", "newss"):
        policy = load(f'{text}rule r "R" share when at least 1 {group} (news.bad)')
        assert policy.decide({"news": [{"name": "x", "bad": True}]}).outcome is Outcome.SHARE


@pytest.mark.parametrize(
    ("condition", "so"),
    [
        ("a.count plus 2 > 11", True),
        ("a.count plus 2 > 12", False),
        ("a.count minus a.other minus 1 is at least 5", True),
        ("a.count minus a.other minus 1 is more than 5", False),
        ("a.count is less than a.other plus 7", True),
        ("20 minus a.count is at most 10", True),
        ("years between a.day and today is at least 16", True),
        ("years between a.day and today is more than 16", False),
        ("years between today and a.day < 0", True),
    ],
)
def test_numbers_are_added_and_taken_away_from_left_to_right(condition, so):
    # sixteen years before the day that is decided for
    assert truth(condition, a={"count": 10, "other": 4, "day": "2010-06-15"}) is so


@pytest.mark.parametrize(
    ("condition", "code", "place", "offered"),
    [
        ("at least 2 persns (person.suspected)", "IS205", "persns", "`person`"),
        ("at least 2 persons (person.years)", "IS302", "person.years", "`person.years < 3`"),
        ("a.count plus a.day > 3", "IS308", "a.day", "`6 months after DATE`"),
        ("a.count plus a.level > 3", "IS308", "a.level", "no order"),
        ("years between a.count and today > 3", "IS308", "a.count", "two dates"),
        ("years between a.day and today > a.end", "IS308", "years between a.day and today > a.end", "a number with a number"),
    ],
)  # fmt: skip
def test_what_cannot_be_counted_says_what_to_write(condition, code, place, offered):
    found = told(condition)
    assert found[:2] == (code, place)
    assert offered in found[2]


# --- sets and order ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("signs", "any_of", "all_of", "none_of", "exactly"),
    [
        ([], False, False, True, False),
        (["bruising"], True, False, False, False),
        (["hunger"], False, False, True, False),
        (["bruising", "fear"], True, True, False, True),
        (["bruising", "fear", "hunger"], True, True, False, False),
    ],
)
def test_what_is_ticked_is_held_against_a_set(signs, any_of, all_of, none_of, exactly):
    a = {"signs": signs}
    assert truth("a.signs includes any of bruising, fear", a=a) is any_of
    assert truth("a.signs includes all of bruising, fear", a=a) is all_of
    assert truth("a.signs includes none of bruising, fear", a=a) is none_of
    assert truth("a.signs is exactly bruising, fear", a=a) is exactly
    assert truth("a.signs is empty", a=a) is (signs == [])
    assert truth("a.signs is not empty", a=a) is (signs != [])


@pytest.mark.parametrize(
    ("words", "so_of"),
    [
        ("is at least possible", ["possible", "grave"]),
        ("is more than possible", ["grave"]),
        ("is at most possible", ["none", "possible"]),
        ("is less than possible", ["none"]),
    ],
)
def test_values_in_order_are_compared_in_words(words, so_of):
    for harm in ("none", "possible", "grave"):
        assert truth(f"concern.harm {words}", concern={"harm": harm}) is (harm in so_of)


@pytest.mark.parametrize(
    ("condition", "code", "place", "offered"),
    [
        ("concern.harm is more than grave", "IS305", "grave", "`concern.harm is at least grave`"),
        ("concern.harm is less than none", "IS305", "none", "`concern.harm is at most none`"),
        ("concern.harm is at least grvae", "IS301", "grvae", "`grave`"),
        ("concern.harm >= grave", "IS308", "concern.harm >= grave", "`concern.harm is at least grave`"),
        ("a.level is at least middle", "IS308", "a.level", "`one of low, middle, high in order`"),
        ("a.signs includes any of bruising, bruising", "IS303", "bruising", "delete one"),
        ("a.signs includes all of bruising, fera", "IS301", "fera", "`fear`"),
        ("a.level includes any of low, high", "IS302", "a.level", "`a.level is one of low, high`"),
    ],
)
def test_what_is_no_set_and_in_no_order_says_what_to_write(condition, code, place, offered):
    found = told(condition)
    assert found[:2] == (code, place)
    assert offered in found[2]


# --- what the model says of it -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ('rule r "R" share when a.signs includes fear', False),
        ('rule r "R" share when any item (item.old)', False),
        ('safeguard s "S" for each item require item.old otherwise "O"', False),
        ('rule r "R" share when a.signs includes any of fear, hunger', True),
        ('rule r "R" share when a.signs is empty', True),
        ('rule r "R" share when a.age is at least 3', True),
        ('rule r "R" share when a.age plus 2 > 3', True),
        ('rule r "R" share when at least 1 item (item.old)', True),
        ('rule r "R" share for each item when item.old', True),
        ('rule r "R" should share', True),
        ('rule r "R" share override o "O" withhold prevails over all other clauses', True),
        ('rule r "R" share where no other clause stands', True),
        ('rule r "R" must share exception e "E" relaxes r', True),
        ('part p "P" rule r "R" share', True),
        ('define d "{a.level} it is" as a.yes_1', True),
        ('define d "{it} is" as a.yes_1', False),
        ('define d "it is old" for each item as item.old', True),
        ("holidays h 2026-12-25", True),
        ('duty d "D" after sharing within 3 days', True),
        ('facts about each person "p" suspected "s" : yes or no', False),
        ('facts about each person "p" unanswered means none suspected "s" : yes or no', True),
        ('facts about b "b" x "x" : one of low, high in order', True),
        ('facts about b "b" x "x" : one item', True),
        ('facts about b "b" x "x" : yes or no ask first "X?"', True),
    ],
)
def test_the_model_knows_whether_anything_of_rows_and_people_is_used(text, new):
    assert load(FACTS + text).model.uses_new_forms is new


def test_a_place_in_a_phrase_that_names_no_fact_is_a_warning_and_is_printed_as_it_stands():
    policy = load(FACTS + 'define d "{a.levl} it is" as a.yes_1 rule r "R" share when d')
    (warning,) = policy.diagnostics
    assert (warning.code, warning.severity, warning.span.text) == ("IS201", "warning", "d")
    assert "`a.level`" in warning.help[0]
    element = load(FACTS + 'define d "{item.dated} it is" as a.yes_1').diagnostics
    assert places(element) == [("IS211", "d")]
    assert load(FACTS + 'define d "{item.dated} it is" for each item as item.old').diagnostics == ()
