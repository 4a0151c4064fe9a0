"""Cases whose elements name one another: read strictly, written back, described by the schema, and assumed."""

import json
from datetime import date
from types import MappingProxyType

import pytest
from jsonschema import Draft202012Validator

import infoshare
from infoshare import Basis, Outcome
from infoshare.casefile import read_case
from infoshare.meaning.case import as_facts
from infoshare.meaning.facts import read
from infoshare.meaning.presumption import presumed
from small import DAY, FACTS, case_faults, decide, load, questions

PEOPLE = (
    FACTS
    + """
facts about each person "somebody in the case"
  role "they are" : one of child, parent, other
  partner "whom they are with" : one person
  friends "their friends" : some person

facts about concern "the concern"
  found_by "who found it" : one person
  about "whom it is about" : some person

facts about each letter "a letter"
  about "whom it is about" : some person
"""
)
POLICY = load(PEOPLE)
TWO = [{"name": "Ann"}, {"name": "Bob"}]


def told(facts):
    """The code, path and words of every fault of a case."""
    return [(f.code, f.path, " ".join([f.message, *f.help])) for f in case_faults(POLICY, facts)]


def answers(facts):
    reading = read(POLICY.model, facts)
    assert reading.diagnostics == ()
    return reading.case.answers


# --- reading -----------------------------------------------------------------------------------------


def test_a_reference_is_answered_by_a_name_or_a_list_of_names_or_none():
    facts = {
        "letter": [{"name": "L", "about": ["Bob", "Ann"]}, {"name": "M", "about": []}],
        "concern": {"found_by": "Ann", "about": ("Bob",)},
        "person": [
            {"name": "Ann", "partner": {"none": True}, "friends": None},
            {"name": "Bob", "partner": "Ann", "friends": "unsure"},
        ],
    }
    assert answers(facts) == {
        'letter["L"].about': frozenset({"Ann", "Bob"}),
        'letter["M"].about': frozenset(),
        "concern.found_by": frozenset({"Ann"}),
        "concern.about": frozenset({"Bob"}),
        'person["Ann"].partner': frozenset(),
        'person["Bob"].partner': frozenset({"Ann"}),
    }
    assert read(POLICY.model, facts).case.unsure == {'person["Bob"].friends'}


def test_an_element_without_any_letter_in_its_name_is_somebody():
    facts = {"person": [{"name": ""}], "concern": {"found_by": ""}}
    assert as_facts(read(POLICY.model, facts).case, POLICY.model) == facts


def test_any_mapping_says_that_none_of_them_is_meant():
    assert answers({"concern": {"found_by": MappingProxyType({"none": True})}}) == {
        "concern.found_by": frozenset()
    }


def test_who_is_named_may_be_listed_later_and_is_read_with_dotted_keys_too():
    assert answers({"concern.found_by": "Ann", "person": TWO}) == {"concern.found_by": frozenset({"Ann"})}


def test_names_are_compared_as_letters_and_not_as_bytes():
    composed, decomposed = "Zo\u00eb", "Zoe\u0308"
    assert answers({"person": [{"name": composed}], "concern": {"found_by": decomposed}}) == {
        "concern.found_by": frozenset({composed})
    }


@pytest.mark.parametrize(
    ("facts", "path", "offered"),
    [
        ({"concern": {"found_by": "Anne"}}, "concern.found_by", "`Ann`"),
        ({"concern": {"found_by": "nobody at all"}}, "concern.found_by", "list this one too"),
        ({"concern": {"found_by": ["Ann"]}}, "concern.found_by", '{"none": true}'),
        ({"concern": {"found_by": True}}, "concern.found_by", "the name of one person"),
        ({"concern": {"found_by": {"none": False}}}, "concern.found_by", '{"none": true}'),
        ({"concern": {"found_by": {}}}, "concern.found_by", '{"none": true}'),
        ({"concern": {"about": "Ann"}}, "concern.about", "in square brackets"),
        ({"concern": {"about": {"none": True}}}, "concern.about", "[]"),
        ({"concern": {"about": ["Ann", 3]}}, "concern.about", "a list of names"),
        ({"concern": {"about": ["Ann", "Ann"]}}, "concern.about", "at most once"),
        ({"concern": {"about": ["Ann", "Bbo"]}}, "concern.about", "`Bob`"),
        ({"letter": [{"name": "L", "about": ["Bobb"]}]}, 'letter["L"].about', "`Bob`"),
    ],
)  # fmt: skip
def test_whom_the_case_does_not_list_is_a_fault_that_offers_the_nearest(facts, path, offered):
    ((code, at, words),) = told({"person": TWO} | facts)
    assert (code, at) == ("IS402", path)
    assert offered in words


def test_no_message_repeats_a_name_that_is_not_of_the_case():
    ((_, _, words),) = told({"person": TWO, "concern": {"found_by": "Somebody Secret"}})
    assert "Secret" not in words


@pytest.mark.parametrize("listed", [{}, {"person": None}, {"person": "unsure"}])
def test_whom_a_case_names_it_also_lists(listed):
    ((code, path, words),) = told({"concern": {"found_by": "Ann"}} | listed)
    assert (code, path) == ("IS402", "concern.found_by")
    assert '"person": [{"name": "…"}]' in words


def test_every_name_that_nobody_has_is_told_at_once():
    found = told({"person": TWO, "concern": {"found_by": "Cat", "about": ["Dan", "Eve", "Ann"]}})
    assert [path for _, path, _ in found] == ["concern.found_by", "concern.about", "concern.about"]


def test_a_list_at_fault_is_the_only_thing_told():
    (found,) = told({"person": {"Ann": {}}, "concern": {"found_by": "Ann"}})
    assert found[:2] == ("IS408", "person")


def test_no_element_that_may_be_named_is_called_unsure():
    ((code, path, words),) = told({"person": [{"name": "unsure"}]})
    assert (code, path) == ("IS402", "person[1].name")
    assert "another name" in words
    assert told({"item": [{"name": "unsure"}]}) == []


def test_a_case_with_references_is_written_back_as_it_reads():
    facts = {
        "case": "C",
        "person": [{"name": "Ann", "partner": {"none": True}, "friends": ["Bob"]}, {"name": "Bob", "partner": "unsure"}],
        "concern": {"found_by": "Bob", "about": []},
        "letter": [{"name": "L", "about": ["Ann", "Bob"]}],
    }  # fmt: skip
    case = read(POLICY.model, facts).case
    assert as_facts(case, POLICY.model) == facts
    assert read(POLICY.model, json.loads(json.dumps(as_facts(case, POLICY.model)))).case == case


@pytest.mark.parametrize(
    ("text", "format"),
    [
        ('{"person": [{"name": "Ann", "partner": {"none": true}, "friends": ["Ann"]}]}', "json"),
        ('[[person]]\nname = "Ann"\npartner = {none = true}\nfriends = ["Ann"]\n', "toml"),
        ("person:\n- name: Ann\n  partner: {none: true}\n  friends: [Ann]\n", "yaml"),
    ],
)
def test_references_are_read_from_every_format(text, format):
    facts, found = read_case(text.encode(), f"case.{format}", format)
    assert found == ()
    assert answers(facts) == {
        'person["Ann"].partner': frozenset(),
        'person["Ann"].friends': frozenset({"Ann"}),
    }


# --- the schema and the vocabulary -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "valid"),
    [
        ({"concern": {"found_by": "Ann"}, "person": TWO}, True),
        ({"concern": {"found_by": {"none": True}}}, True),
        ({"concern": {"found_by": "unsure"}}, True),
        ({"concern": {"found_by": None, "about": []}}, True),
        ({"concern": {"about": ["Ann", "Bob"]}, "person": TWO}, True),
        ({"concern": {"found_by": ["Ann"]}, "person": TWO}, False),
        ({"concern": {"found_by": {"none": False}}}, False),
        ({"concern": {"found_by": {"none": True, "x": 1}}}, False),
        ({"concern": {"found_by": {"none": 1}}}, False),
        ({"concern": {"about": "Ann"}, "person": TWO}, False),
        ({"concern": {"about": ["Ann", "Ann"]}, "person": TWO}, False),
        ({"person": [{"name": "unsure"}]}, False),
        ({"item": [{"name": "unsure"}]}, True),
    ],
)
def test_the_schema_accepts_what_is_read_and_refuses_what_is_not(facts, valid):
    assert Draft202012Validator(POLICY.case_schema()).is_valid(facts) is valid
    assert (told(facts) == []) is valid


def test_the_schema_shows_what_is_assumed_of_references_and_lists():
    schema = load(
        'facts about each person "p" unanswered means none old "o" : yes or no'
        ' facts about b "b" who "w" : one person unanswered means none'
        ' them "t" : some person unanswered means none'
    ).case_schema()
    assert schema["properties"]["person"]["x-unanswered-means"] == []
    group = schema["properties"]["b"]["properties"]
    assert group["who"]["x-unanswered-means"] == {"none": True}
    assert group["them"]["x-unanswered-means"] == []


def test_the_vocabulary_says_whom_a_fact_names_and_how_it_is_to_be_asked():
    policy = load(
        PEOPLE + 'facts about b "b" x "x" : one of low, high in order ask first "X?" y "y" : date fixed'
    )
    facts = {fact.name: fact for fact in policy.facts}
    assert (facts["concern.found_by"].type, facts["concern.found_by"].names) == ("one", "person")
    assert (facts["letter.about"].type, facts["letter.about"].names) == ("some", "person")
    assert facts["a.level"].names is None and not facts["a.level"].in_order
    assert (facts["b.x"].in_order, facts["b.x"].ask_first, facts["b.x"].question) == (True, True, "X?")
    assert facts["b.y"].fixed and not facts["b.x"].fixed


# --- assuming ----------------------------------------------------------------------------------------


def assumed(text, facts=None, day=DAY):
    """What is assumed of a case, by key, and the lists of the case as it is then decided."""
    model = load(text).model
    case = read(model, facts or {}).case
    known = dict(case.answers)
    found, whole = presumed(model, case, day, known)
    return found, dict(whole.elements)


LISTS = """
facts about each person "somebody" unanswered means none
  role "r" : one of child, parent
  hurt "h" : yes or no unanswered means no
facts about b "b"
  who "w" : one person unanswered means none
  children "c" : some person unanswered means every person (person.role is child)
  so "s" : yes or no unanswered means no
facts about each letter "a letter"
  about "whom" : some person unanswered means every person (person.role is child)
"""


def test_a_list_that_is_not_given_is_assumed_to_be_empty_under_its_own_name():
    found, elements = assumed(LISTS)
    assert found == {"person": frozenset(), "b.who": frozenset(), "b.children": frozenset(), "b.so": False}
    assert list(found) == ["person", "b.who", "b.children", "b.so"]
    assert elements == {"person": ()}


@pytest.mark.parametrize("given", [[], [{"name": "Ann"}], "unsure"])
def test_a_list_that_is_given_or_unsure_is_not_assumed(given):
    found, elements = assumed(LISTS, {"person": given})
    assert "person" not in found
    assert ("person" in elements) is (given != "unsure")


def test_a_reference_is_assumed_to_name_everybody_of_whom_something_is_known_to_be_so():
    people = [
        {"name": "Ann", "role": "child"},
        {"name": "Bob", "role": "parent"},
        {"name": "Cat", "role": "child"},
    ]
    found, _ = assumed(LISTS, {"person": people, "letter": [{"name": "L"}, {"name": "M", "about": []}]})
    both = frozenset({"Ann", "Cat"})
    assert found["b.children"] == found['letter["L"].about'] == both
    assert 'letter["M"].about' not in found


@pytest.mark.parametrize("role", [None, "unsure"])
def test_it_is_not_assumed_while_that_is_unknown_of_one(role):
    people = [{"name": "Ann", "role": "child"}, {"name": "Bob", "role": role}]
    found, _ = assumed(LISTS, {"person": people})
    assert "b.children" not in found and found["b.who"] == frozenset()


def test_it_is_not_assumed_of_a_list_that_nobody_gave():
    text = LISTS.replace('somebody" unanswered means none', 'somebody"')
    found, elements = assumed(text)
    assert set(found) == {"b.who", "b.so"} and elements == {}


def test_what_is_unsure_or_answered_is_never_assumed():
    people = [{"name": "Ann", "role": "child"}]
    found, _ = assumed(LISTS, {"person": people, "b": {"children": "unsure", "who": "Ann"}})
    assert set(found) == {'person["Ann"].hurt', "b.so"}


def test_an_assumption_may_rest_on_another_whatever_their_order():
    text = """
facts about each person "somebody"
  hurt "h" : yes or no unanswered means yes
  near "n" : some person unanswered means every person (person.friends is not empty)
  friends "f" : some person unanswered means every person (person.hurt)
"""
    found, _ = assumed(text, {"person": TWO})
    both = frozenset({"Ann", "Bob"})
    assert found['person["Ann"].friends'] == found['person["Bob"].near'] == both


def test_an_assumption_that_makes_the_case_impossible_is_not_made():
    listed = LISTS + 'impossible i "there is somebody" when no person (person.hurt or not person.hurt)'
    found, elements = assumed(listed)
    assert "person" not in found and "person" not in elements and found["b.so"] is False
    assert "b.children" not in found, "nobody knows whom it would name"
    named = LISTS + 'impossible i "somebody is meant" when b.who is none of them'
    assert "b.who" not in assumed(named, {"person": TWO})[0]
    every = LISTS + 'impossible i "never all" when b.children is not empty'
    assert "b.children" not in assumed(every, {"person": [{"name": "Ann", "role": "child"}]})[0]


def test_assumptions_that_are_impossible_together_are_dropped_all_together():
    text = LISTS + 'impossible i "not both" when not b.so and no person (person.hurt or not person.hurt)'
    found, elements = assumed(text)
    assert "person" not in found and "b.so" not in found and elements == {}
    assert found["b.who"] == frozenset()
    refers = LISTS + 'impossible i "not both" when not b.so and b.children is not empty'
    found, _ = assumed(refers, {"person": [{"name": "Ann", "role": "child"}]})
    assert "b.so" not in found and "b.children" not in found


def test_what_was_worked_out_with_an_assumption_that_is_not_made_is_not_assumed():
    text = """
facts about each person "somebody"
  hurt "h" : yes or no unanswered means yes
facts about b "b"
  so "s" : yes or no unanswered means no
  them "t" : some person unanswered means every person (person.hurt)
impossible i "not both" when any person (person.hurt) and not b.so
"""
    found, _ = assumed(text, {"person": TWO})
    assert found == {}


def test_what_is_assumed_of_a_list_is_in_the_decision_and_is_not_without_presumptions():
    text = LISTS + 'rule r "R" share when every person (person.hurt)'
    decision = decide(text)
    assert decision.outcome is Outcome.SHARE
    assert {a.fact: a.value for a in decision.assumed}["person"] == []
    unknown = decide(text, presume=False)
    assert unknown.basis is Basis.UNKNOWN_FACTS and questions(unknown) == ["person"]


def test_the_day_has_a_say_in_what_is_assumed():
    text = """
facts about each person "somebody"
  born "b" : date
facts about b "b"
  grown "g" : some person unanswered means every person (person.born <= 18 years before today)
"""
    people = {"person": [{"name": "Ann", "born": "2008-06-16"}]}
    assert assumed(text, people)[0] == {"b.grown": frozenset()}
    assert assumed(text, people, date(2026, 6, 16))[0] == {"b.grown": frozenset({"Ann"})}


@pytest.mark.parametrize("word", ["none", "nobody"])
def test_who_types_none_as_a_name_is_told_how_none_of_them_is_written(word):
    text = """infoshare 1
policy p "P" from 2026-01-01
facts about each person "somebody"
  old "they are of age" : yes or no
facts about each recipient "somebody who asks"
  who "who they are" : one person
rule all_of_them "All get it." share for each recipient when recipient.who.old
"""
    policy = infoshare.load_sources({"p.policy": text.encode()}, main="p.policy")
    with pytest.raises(infoshare.FactsError) as caught:
        policy.decide({"person": [{"name": "Ann"}], "recipient": [{"name": "r", "who": word}]})
    (fault,) = caught.value.diagnostics
    assert '{"none": true}' in " ".join(fault.help)
