"""The interview where people refer to one another and where the answer is not the same for everybody."""

from datetime import date
from typing import Any

import pytest

from infoshare import Policy
from infoshare.asking import Dialogue, Turn
from infoshare.asking.answers import Command, Given, Unclear, understand
from infoshare.meaning.types import Reference
from infoshare.outcome import Outcome
from small import load

DAY = date(2026, 11, 22)

SCHOOL = load("""
facts about each person "somebody in the family" unanswered means none
  barred "a court order forbids them to have it" : yes or no ask first "Does a court order forbid them to have it?"
  unsafe "telling them is not safe" : yes or no ask "Is it unsafe to tell them?"
facts about each item "a record"
  about "whom it is about" : some person ask "Whom is it about?"
facts about each recipient "somebody who asks for it"
  who "which of the people this is" : one person ask "Which of the people is this?"
rule listed "The family has it."
  share
  for each recipient
  when any person in recipient.who (not person.barred)
rule barred "Whom a court order bars gets nothing."
  must withhold
  for each recipient
  when recipient.who.barred
rule nobody_else "Nobody else has it."
  withhold
  for each recipient
  when recipient.who is none of them
duty tell "Tell them what was shared."
  after sharing
  for each person
  unless person.unsafe
""")
FAMILY = [{"name": "mum", "barred": False, "unsafe": False}, {"name": "dad", "barred": True, "unsafe": False}]


def start(facts: dict[str, Any], policy: Policy = SCHOOL) -> Dialogue:
    return Dialogue.start(policy, facts, as_of=DAY)


def say(dialogue: Dialogue, *lines: str) -> Turn:
    turn = Turn(dialogue)
    for line in lines:
        turn = turn.dialogue.reply(line)
    return turn


def asked(dialogue: Dialogue) -> str | None:
    return dialogue.prompt.key if dialogue.prompt else None


def shown(dialogue: Dialogue) -> list[str]:
    assert dialogue.prompt is not None
    return list(dialogue.prompt.lines())


# --- references -------------------------------------------------------------------------------------


def test_whom_a_reference_names_is_chosen_among_those_who_are_listed_or_none_of_them():
    dialogue = start({"person": FAMILY, "recipient": [{"name": "Mr Hall"}]})
    assert asked(dialogue) == 'recipient["Mr Hall"].who'
    assert shown(dialogue)[0] == "Mr Hall: Which of the people is this?"
    assert [line.split("->")[0].split() for line in shown(dialogue) if "->" in line] == [
        ["1", "mum"], ["2", "dad"], ["3", "none", "of", "them"]
    ]  # fmt: skip
    assert any("dad" in line and "-> you must not share" in line for line in shown(dialogue))


@pytest.mark.parametrize(
    ("typed", "kept", "outcome"),
    [
        ("mum", "mum", Outcome.SHARE),
        ("2", "dad", Outcome.WITHHOLD),
        ("none of them", {"none": True}, Outcome.WITHHOLD),
        ("3", {"none": True}, Outcome.WITHHOLD),
        ("none", {"none": True}, Outcome.WITHHOLD),
    ],
)
def test_an_answer_is_a_name_its_number_or_none_of_them(typed, kept, outcome):
    dialogue = say(start({"person": FAMILY, "recipient": [{"name": "Mr Hall"}]}), typed).dialogue
    assert dialogue.facts["recipient"] == [{"name": "Mr Hall", "who": kept}]
    assert dialogue.decision.outcome is outcome


def test_what_is_noted_says_who_it_is():
    turn = say(start({"person": FAMILY, "recipient": [{"name": "Mr Hall"}]}), "dad")
    assert turn.said[0] == "Noted: Mr Hall is dad."
    turn = say(start({"person": FAMILY, "recipient": [{"name": "Mr Hall"}]}), "none")
    assert turn.said[0] == "Noted: Mr Hall is none of them."


ONE, SOME = Reference("person", many=False), Reference("person", many=True)
NAMES = ("Ann", "Anna Bell", "Bob")


@pytest.mark.parametrize(
    ("typed", "type_", "answer"),
    [
        ("ann", ONE, Given(frozenset(["Ann"]))),
        ("bo", ONE, Given(frozenset(["Bob"]))),
        ("4", ONE, Given(frozenset())),
        ("not sure", ONE, Command("not sure")),
        ("1, bob", SOME, Given(frozenset(["Ann", "Bob"]))),
        ("none", SOME, Given(frozenset())),
        ("stop", SOME, Command("stop")),
    ],
)
def test_names_are_understood_where_only_one_can_be_meant(typed, type_, answer):
    assert understand(typed, type_, NAMES) == answer


@pytest.mark.parametrize(("typed", "type_"), [("an", ONE), ("5", ONE), ("Cleo", ONE), ("Ann, Cleo", SOME)])
def test_a_name_that_nobody_bears_or_that_several_may_is_not_guessed(typed, type_):
    assert isinstance(understand(typed, type_, NAMES), Unclear)


def test_whom_a_reference_may_name_is_listed_before_it_is_asked():
    policy = load("""
facts about each person "somebody in the case"
  hurt "they are hurt" : yes or no ask "Are they hurt?"
facts about matter "the matter"
  told_by "who told it" : one person ask "Who told it?"
rule told "What somebody who is hurt tells is shared." share when matter.told_by.hurt
rule not_told "Nothing else is." withhold when not matter.told_by.hurt
""")
    dialogue = start({}, policy)
    assert dialogue.prompt is not None
    assert (dialogue.prompt.key, dialogue.prompt.stage) == ("person", "list")
    dialogue = say(dialogue, "Ann", "Bob", "").dialogue
    assert asked(dialogue) == "matter.told_by"
    dialogue = say(dialogue, "Ann", "yes").dialogue
    assert dialogue.facts == {
        "person": [{"name": "Ann", "hurt": True}, {"name": "Bob"}],
        "matter": {"told_by": "Ann"},
    }
    assert dialogue.decision.outcome is Outcome.SHARE


def test_several_may_be_named_with_commas():
    policy = load("""
facts about each person "somebody in the case"
  agrees "they agree" : yes or no
facts about matter "the matter"
  about "whom it is about" : some person ask "Whom is it about?"
rule all_agree "All whom it is about agree." share when every person in matter.about (person.agrees)
rule not_all "Not all agree." withhold when not every person in matter.about (person.agrees)
""")
    people = [
        {"name": "Ann", "agrees": True},
        {"name": "Bob", "agrees": False},
        {"name": "Cleo", "agrees": True},
    ]
    dialogue = start({"person": people}, policy)
    assert asked(dialogue) == "matter.about"
    assert "Type as many of these as there are, with commas between them; `none` for none of them." in [
        line.strip() for line in shown(dialogue)
    ]
    turn = say(dialogue, "Ann, 3")
    assert turn.said[0] == "Noted: it is about Ann and Cleo."
    assert turn.dialogue.facts["matter"] == {"about": ["Ann", "Cleo"]}
    assert turn.dialogue.decision.outcome is Outcome.SHARE


# --- what is confirmed, and what comes first -------------------------------------------------------------


def test_a_list_that_is_assumed_to_be_empty_is_confirmed_before_the_answer_and_put_right_by_its_number():
    dialogue = start({"recipient": [{"name": "Mr Hall"}]})
    assert asked(dialogue) == ""
    assert any("no person is listed" in line for line in shown(dialogue))
    confirmed = say(dialogue, "yes").dialogue
    assert confirmed.facts["person"] == []
    dialogue = say(dialogue, "1").dialogue
    assert dialogue.prompt is not None
    assert (dialogue.prompt.key, dialogue.prompt.stage) == ("person", "list")
    dialogue = say(dialogue, "mum", "").dialogue
    assert dialogue.facts["person"] == [{"name": "mum"}]


def test_what_is_to_be_asked_first_is_asked_before_what_settles_more():
    dialogue = start({"person": [{"name": "mum"}, {"name": "dad"}], "recipient": [{"name": "Mr Hall"}]})
    assert asked(dialogue) == 'person["mum"].barred'
    dialogue = say(dialogue, "no").dialogue
    assert asked(dialogue) == 'person["dad"].barred'
    assert asked(say(dialogue, "skip").dialogue) == 'recipient["Mr Hall"].who'


def test_what_is_asked_first_and_was_assumed_is_confirmed_before_the_answer():
    policy = load("""
facts about matter "the matter"
  grave "it is grave" : yes or no ask "Is it grave?"
  secret "it is secret" : yes or no unanswered means no ask first "Is it secret?"
rule grave "What is grave is shared." share when matter.grave
duty keep "Keep it in the safe." after deciding when matter.secret
""")
    dialogue = start({"matter": {"grave": True}}, policy)
    assert asked(dialogue) == ""
    assert shown(dialogue)[0].startswith("Before the answer")
    assert any("it is not secret" in line for line in shown(dialogue))


# --- rows ---------------------------------------------------------------------------------------------------


def test_it_goes_on_while_a_row_is_open():
    recipients = [{"name": "Mr Hall", "who": "dad"}, {"name": "Ms Hall"}]
    dialogue = start({"person": FAMILY, "recipient": recipients})
    assert dialogue.decision.outcome is Outcome.DIFFERS
    assert not dialogue.settled
    assert asked(dialogue) == 'recipient["Ms Hall"].who'
    assert any("(Ms Hall)" in line for line in shown(dialogue))
    turn = say(dialogue, "mum")
    assert turn.dialogue.settled
    assert turn.dialogue.prompt is None


def test_what_goes_nowhere_is_said_before_the_first_question():
    dialogue = start(
        {"person": FAMILY, "recipient": [{"name": "Mr Hall", "who": "dad"}, {"name": "Ms Hall"}]}
    )
    assert dialogue.opening[0] == (
        "You MUST NOT share anything with Mr Hall, whatever the rest turns out to be: whom a court order bars gets nothing."
    )


def test_the_answer_is_told_row_by_row_where_it_differs():
    family = [FAMILY[0] | {"unsafe": None}, FAMILY[1]]
    dialogue = start(
        {"person": family, "recipient": [{"name": "Mr Hall", "who": "dad"}, {"name": "Ms Hall"}]}
    )
    turn = say(dialogue, "mum")
    assert "Settled: IT DEPENDS ON WHO: the answer is not the same for everybody." in turn.said
    assert "You may share this with Ms Hall: the family has it." in turn.said
    assert asked(turn.dialogue) == 'person["mum"].unsafe'


def test_a_duty_for_each_says_for_whom_it_hangs_on_the_answer():
    family = [FAMILY[0] | {"unsafe": None}, FAMILY[1] | {"unsafe": None}]
    dialogue = start({"person": family, "recipient": [{"name": "Ms Hall", "who": "mum"}]})
    assert asked(dialogue) == 'person["mum"].unsafe'
    assert any(
        "It decides whether to tell them what was shared (for mum)." in line for line in shown(dialogue)
    )
    assert [line.split("->")[1].strip() for line in shown(dialogue) if "->" in line] == [
        "not called for",
        "to be done",
    ]


def test_a_question_says_in_its_place_whose_consent_it_is():
    policy = load("""
facts about consent "consent"
  by "whose consent it is" : one of child "the child", parents "the parents" ask "Whose consent is it?"
  refused "{consent.by} refuses" : yes or no ask "Does {consent.by} refuse?"
rule refused "What is refused is not shared." withhold when consent.refused
rule agreed "What is not refused is shared." share when not consent.refused
""")
    dialogue = start({"consent": {"by": "parents"}}, policy)
    assert shown(dialogue)[0] == "Do the parents refuse?"
    assert say(dialogue, "yes").said[0] == "Noted: the parents refuse."


def test_an_answer_with_a_place_in_it_can_be_typed_as_it_is_shown():
    policy = load("""
facts about consent "consent"
  by "whose consent it is" : one of child "the child", parents "the parents" ask "Whose consent is it?"
  status "…" : one of given "{consent.by} agrees", refused "{consent.by} refuses" ask "What is the answer?"
rule refused "What is refused is not shared." withhold when consent.status is refused
rule agreed "What is agreed to is shared." share when consent.status is given
""")
    dialogue = start({"consent": {"by": "parents"}}, policy)
    assert any("the parents refuse" in line for line in shown(dialogue))
    turn = say(dialogue, "the parents refuse")
    assert turn.dialogue.facts["consent"] == {"by": "parents", "status": "refused"}
    assert turn.said[0] == "Noted: the parents refuse."
