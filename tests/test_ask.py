"""Asking what is open: the dialogue without a terminal, and the command on a pipe."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from datetime import date
from types import SimpleNamespace
from typing import Any

import attrs
import pytest

import infoshare
from cli_samples import POLICY, write
from infoshare.asking import Dialogue, Turn
from infoshare.asking.answers import Command, Given, Unclear, understand
from infoshare.cli import main
from infoshare.meaning.types import Date, Number, OneOf, SomeOf, Text, YesNo
from infoshare.outcome import Outcome
from kept import kept
from small import load

DAY = date(2026, 11, 22)
SAMPLE = infoshare.load_sources({"sample.policy": POLICY.encode()}, main="sample.policy")
CSCP = kept("cscp")


def start(policy: infoshare.Policy = SAMPLE, facts: dict[str, Any] | None = None) -> Dialogue:
    return Dialogue.start(policy, facts or {}, as_of=DAY)


def say(dialogue: Dialogue, *lines: str) -> Turn:
    turn = Turn(dialogue)
    for line in lines:
        turn = turn.dialogue.reply(line)
    return turn


def asked(dialogue: Dialogue) -> str | None:
    return dialogue.prompt.key if dialogue.prompt else None


# --- what is asked, and in what order -------------------------------------------------------


def test_the_best_question_of_the_decision_is_asked_first():
    dialogue = start()
    assert asked(dialogue) == dialogue.decision.questions[0].fact == "concern.serious"


def test_a_case_that_is_known_in_part_is_only_asked_for_the_rest():
    assert asked(start(facts={"concern": {"serious": False}})) == "consent.status"


def test_nothing_is_asked_once_the_outcome_is_settled_and_nothing_else_is_open():
    turn = say(start(), "yes")
    assert turn.dialogue.decision.outcome is Outcome.SHARE
    assert asked(turn.dialogue) == ""  # the assumption that matters is to be confirmed
    assert asked(say(turn.dialogue, "yes").dialogue) is None


def test_each_question_is_shown_with_what_hangs_on_it_and_where_each_answer_leads():
    prompt = start().prompt
    assert prompt is not None
    assert prompt.text == "Is the child at risk?"
    assert (
        prompt.why
        == "It decides whether this may be shared, by “A child's safety overrides confidentiality”."
    )
    assert [(choice.label, choice.then) for choice in prompt.choices] == [
        ("yes", "you may share"),
        ("no", "more questions"),
    ]


def test_answers_that_settle_it_are_told_in_words_for_every_outcome():
    prompt = start(facts={"concern": {"serious": False}}).prompt
    assert prompt is not None
    assert [(choice.label, choice.then) for choice in prompt.choices] == [
        ("given", "you may share"),
        ("refused", "do not share"),
        ("not sought", "seek consent first"),
    ]


def test_where_an_answer_leads_says_must_where_the_law_leaves_no_choice():
    policy = load("""
facts about x "x"
  a "a" : yes or no  ask "A?"
  b "b" : yes or no  ask "B?"
rule law "The law asks for it." must share when x.a and x.b
rule bar "The law forbids it." must withhold when x.a and not x.b
rule free "Else it may go." share unless x.a
""")
    prompt = start(policy, {"x": {"a": True}}).prompt
    assert prompt is not None
    assert [choice.then for choice in prompt.choices] == ["you must share", "you must not share"]
    prompt = start(policy, {"x": {"b": True}}).prompt
    assert prompt is not None
    assert [choice.then for choice in prompt.choices] == ["you must share", "you may share, and need not"]


def test_a_number_on_which_the_outcome_rests_says_must_as_well():
    policy = load("""
facts about x "x"
  age "the age" : number of years from 0 to 130  ask "How old?"
rule law "The law asks for it." must share when x.age < 13
rule wish "Their wish counts." withhold unless x.age < 13
""")
    prompt = start(policy).prompt
    assert prompt is not None
    assert [note.partition(" -> ")[2] for note in prompt.notes] == ["you must share", "do not share"]


def test_no_question_names_a_fact_with_a_dot():
    dialogue = start(CSCP)
    for answer in ("2", "4", "n", "n", "n"):
        prompt = dialogue.prompt
        assert prompt is not None
        assert prompt.key not in "\n".join(prompt.lines())
        dialogue = dialogue.reply(answer).dialogue


def test_when_the_outcome_is_settled_what_only_duties_hang_on_is_asked_and_that_is_said():
    turn = say(start(CSCP), "significant", "yes")
    assert turn.dialogue.settled
    assert any(line.startswith("Settled") for line in turn.said)
    prompt = turn.dialogue.prompt
    assert prompt is not None
    assert prompt.key == "telling.endangers_child"
    assert prompt.why.startswith("It decides whether to tell the family")
    assert [choice.then for choice in prompt.choices] == ["NOT to be done", "more questions"]


TO_ASK_FIRST = ("2", "4", "n", "n", "n")
"""What is typed until the outcome is to seek consent, if all that is assumed is right."""


def told(turn: Turn) -> list[str]:
    return [line for line in turn.said if line.startswith(("Settled", "That changes"))]


def test_no_answer_is_told_before_what_could_change_it_was_confirmed():
    turn = say(start(CSCP), *TO_ASK_FIRST)
    assert turn.dialogue.decision.outcome is Outcome.SEEK_CONSENT
    assert told(turn) == []
    assert asked(turn.dialogue) == ""
    ended = say(turn.dialogue, "yes")
    assert ended.dialogue.prompt is None and told(ended) == []  # the whole decision follows at once
    settled = say(start(CSCP), "significant")
    assert told(settled) == []
    assert told(say(settled.dialogue, "yes"))[0].startswith("Settled: YES, you may share this.")


def test_what_was_left_assumed_by_choice_is_said_with_the_answer():
    turn = say(start(CSCP), "significant", "skip")
    (news,) = told(turn)
    assert news.startswith("Settled, if all that is assumed is right: YES, you may share this.")
    assert "sharing.prohibited_by_law" in {each.fact for each in turn.dialogue.decision.assumed}


@pytest.mark.parametrize("typed", ["", " ", "\t"])
def test_nothing_is_confirmed_by_enter_alone(typed):
    before = say(start(CSCP), *TO_ASK_FIRST).dialogue
    turn = before.reply(typed)
    assert turn.dialogue is before
    assert turn.said[0].startswith("Nothing is confirmed by Enter alone: type `yes`")


def test_what_is_confirmed_together_is_what_could_change_the_answer_and_only_that():
    prompt = say(start(CSCP), *TO_ASK_FIRST).dialogue.prompt
    assert prompt is not None
    dialogue = say(start(CSCP), *TO_ASK_FIRST).dialogue
    shown = {each.assumption.fact for each in dialogue.reviewed}
    for assumption in dialogue.decision.assumed:
        fact = next(f for f in CSCP.facts if f.name == assumption.fact)
        others = [False, True] if fact.type == "yes or no" else list(fact.labels)
        group, _, name = fact.name.partition(".")
        outcomes = set()
        for other in others:
            case = json.loads(json.dumps(dialogue.facts))
            case.setdefault(group, {})[name] = other
            decision = CSCP.decide(case, as_of=DAY)
            outcomes.add((decision.outcome, decision.mandatory))
        assert (fact.name in shown) == (len(outcomes) > 1), fact.name


def test_what_could_change_the_outcome_the_most_is_shown_first_and_what_belongs_together_stays_together():
    lines = list(say(start(CSCP), *TO_ASK_FIRST).dialogue.prompt.lines())
    headings = [line.strip() for line in lines if line.endswith(":")]
    assert headings == list(dict.fromkeys(headings))
    assert headings[:2] == ["The sharing:", "The concern:"]
    first = next(line for line in lines if line.strip().startswith("1 "))
    assert (
        "no court order or law forbids it" in first
    )  # the other answer of which is the furthest from asking


FLAGGED = """
facts about x "x"
  wanted "it is wanted" : yes or no  ask "Is it wanted?"
  other "the form is incomplete" : yes or no  unanswered means no
facts about danger "danger"
  neglect "neglect is suspected" : yes or no  ask first "Is neglect suspected?"  unanswered means no
rule r "R." share when x.wanted and not x.other and not danger.neglect
rule r2 "R2." withhold when x.other or danger.neglect
"""


def test_what_the_author_asks_first_is_confirmed_first():
    dialogue = say(start(load(FLAGGED)), "yes").dialogue
    assert [each.assumption.fact for each in dialogue.reviewed] == ["danger.neglect", "x.other"]


@pytest.mark.parametrize("then", ["stop", "skip"])
@pytest.mark.parametrize("number", ["1", "2"])
def test_what_was_called_wrong_or_not_known_is_not_taken_to_be_so_any_more(number, then):
    dialogue = say(start(load(FLAGGED)), "yes", number, then).dialogue
    fact = ["danger.neglect", "x.other"][int(number) - 1]
    assert fact in dialogue.case.unsure
    assert dialogue.decision.outcome is not Outcome.SHARE
    assert dialogue.stop().decision.outcome is not Outcome.SHARE  # the answers may also just end


def test_an_assumption_that_only_a_duty_rests_on_is_confirmed_at_the_end():
    policy = load("""
facts about c "c"
  risk "there is a risk" : yes or no  ask "Is there a risk?"
  flight "they would flee" : yes or no  unanswered means no
  legal "the law forbids it" : yes or no  unanswered means no
  told "they were told" : yes or no  ask "Were they told?"
rule go "It goes." share when c.risk
rule stay "It stays." withhold unless c.risk
override bar "The law bars it." withhold prevails over go when c.legal
duty tell "Tell them." before sharing unless c.flight
duty again "Tell them again." before sharing when c.told
""")
    dialogue = say(start(policy), "yes").dialogue
    assert [each.assumption.fact for each in dialogue.reviewed] == ["c.legal"]
    turn = say(dialogue, "yes")
    assert told(turn) == [
        "Settled: YES, you may share this. (The procedure allows it; it does not say you must.)"
    ]
    assert asked(turn.dialogue) == "c.told"
    last = say(turn.dialogue, "no").dialogue
    assert [each.assumption.fact for each in last.reviewed] == ["c.flight"]
    assert last.prompt is not None and last.prompt.text.startswith("Last, ")
    assert say(last, "yes").dialogue.facts == {
        "c": {"risk": True, "flight": False, "legal": False, "told": False}
    }


def test_several_that_are_wrong_or_not_known_are_asked_one_after_the_other():
    dialogue = say(start(CSCP), *TO_ASK_FIRST).dialogue
    facts = [each.assumption.fact for each in dialogue.reviewed]
    dialogue = say(dialogue, "3, 1").dialogue
    assert asked(dialogue) == facts[0]
    dialogue = say(dialogue, "no").dialogue
    assert asked(dialogue) == facts[2]
    turn = say(dialogue, "not sure")
    assert facts[2] in turn.dialogue.case.unsure
    assert asked(say(dialogue, "back").dialogue) == facts[0]


@pytest.mark.parametrize("typed", ["0", "11", "1, 99", "-1", "1.5", "one", "1 x", "9" * 30])
def test_a_number_that_is_not_in_the_list_takes_nothing_back(typed):
    before = say(start(CSCP), *TO_ASK_FIRST).dialogue
    turn = before.reply(typed)
    assert turn.dialogue is before
    assert "or the numbers, from 1 to 10, of what is wrong or not known" in turn.said[0]


def test_the_answer_is_told_once_and_then_only_where_it_changes():
    turn = say(start(CSCP), "significant", "yes")
    assert len(told(turn)) == 1
    while turn.dialogue.prompt is not None:
        turn = turn.dialogue.reply("skip")
        assert told(turn) == []


def test_telling_the_family_is_never_an_instruction_while_it_is_open():
    dialogue = start(CSCP)
    at_once, warning = dialogue.opening
    assert at_once.startswith("If somebody is in immediate danger: ring 999 now")
    assert warning.startswith("Do not yet tell the family")
    for answer in ("significant", "n", "n"):
        turn = dialogue.reply(answer)
        told = [*turn.said, *(turn.dialogue.prompt.lines() if turn.dialogue.prompt else ())]
        assert not [line for line in told if line.strip().casefold().startswith("tell the family")]
        dialogue = turn.dialogue


def test_a_doubt_about_the_outcome_ends_the_questions_and_stays_in_the_case():
    turn = say(start(facts={"consent": {"status": "refused"}}), "not sure")
    assert turn.dialogue.facts == {"consent": {"status": "refused"}, "concern": {"serious": "unsure"}}
    assert not turn.dialogue.settled
    assert asked(turn.dialogue) == ""
    assert asked(say(turn.dialogue, "skip").dialogue) is None


def test_what_is_skipped_stays_unanswered_and_is_not_asked_again():
    dialogue = say(start(), "skip").dialogue
    assert asked(dialogue) == "consent.status"
    assert dialogue.facts == {}


def test_back_takes_the_last_answer_away_and_asks_it_again():
    dialogue = say(start(), "no", "refused", "back").dialogue
    assert (asked(dialogue), dialogue.facts) == ("consent.status", {"concern": {"serious": False}})
    again = say(dialogue, "back").dialogue
    assert (asked(again), again.facts) == ("concern.serious", {})
    assert say(again, "back").said == ("This is the first question.",)


def test_back_undoes_a_skip_and_a_doubt_as_well():
    assert asked(say(start(), "skip", "back").dialogue) == "concern.serious"
    undone = say(start(), "not sure", "back").dialogue
    assert (asked(undone), undone.facts) == ("concern.serious", {})


def test_stop_ends_with_what_is_known():
    dialogue = say(start(), "no", "stop").dialogue
    assert dialogue.prompt is None
    assert dialogue.facts == {"concern": {"serious": False}}
    assert not dialogue.settled


def test_help_says_what_can_be_typed_and_asks_again_in_full():
    turn = say(start(), "?")
    assert {"not sure", "skip", "back", "stop"} <= {line.split("  ")[1].strip() for line in turn.said[1:]}
    assert turn.anew


def test_help_is_about_what_is_asked_for_now():
    listing = say(start(LISTS), "?").said
    assert listing[0] == "Type one name on each line, and an empty line when that is all."
    assumed = say(start(), "yes", "?").said
    assert any(line.startswith("  yes ") for line in assumed)
    assert not any(line.startswith("  not sure ") for line in assumed)


def test_what_is_not_understood_changes_nothing():
    turn = say(start(), "perhaps")
    assert asked(turn.dialogue) == "concern.serious"
    assert not turn.anew


# --- assumptions ----------------------------------------------------------------------------


def test_an_assumption_that_matters_is_shown_and_put_right_by_its_number():
    turn = say(start(), "yes", "1")
    assert asked(turn.dialogue) == "concern.secret"
    turn = say(turn.dialogue, "yes")
    assert turn.dialogue.decision.outcome is Outcome.SEEK_ADVICE
    assert turn.dialogue.facts["concern"] == {"serious": True, "secret": True}


def test_assumptions_that_are_confirmed_become_answers_and_those_that_are_passed_over_do_not():
    dialogue = say(start(), "yes").dialogue
    assert say(dialogue, "yes").dialogue.facts["concern"] == {"serious": True, "secret": False}
    assert say(dialogue, "skip").dialogue.facts["concern"] == {"serious": True}


def test_without_presumptions_what_would_be_assumed_is_asked():
    dialogue = Dialogue.start(SAMPLE, {"concern": {"serious": True}}, as_of=DAY, presume=False)
    assert asked(dialogue) == "concern.secret"


# --- lists ----------------------------------------------------------------------------------

LISTS = load("""
facts about each child "a child of the family"
  harmed "they are harmed" : yes or no  ask "Is this child harmed?"
rule any_harm "Harm to any child is shared."
  share
  when any child (child.harmed)
rule no_harm "Without harm nothing is shared."
  withhold
  when no child (child.harmed)
""")


def test_an_unknown_list_is_asked_for_by_name_one_a_line_and_then_each_element():
    dialogue = start(LISTS)
    assert dialogue.prompt is not None
    assert (dialogue.prompt.key, dialogue.prompt.stage) == ("child", "list")
    dialogue = say(dialogue, "Ann", "Ben", "").dialogue
    assert dialogue.facts == {"child": [{"name": "Ann"}, {"name": "Ben"}]}
    assert asked(dialogue) == 'child["Ann"].harmed'
    assert say(dialogue, "yes").dialogue.decision.outcome is Outcome.SHARE


def test_none_of_them_is_an_answer_too():
    dialogue = say(start(LISTS), "none").dialogue
    assert dialogue.facts == {"child": []}
    assert dialogue.decision.outcome is Outcome.WITHHOLD


def test_a_name_given_twice_is_refused_and_the_rest_is_kept():
    turn = say(start(LISTS), "Ann", "Ann")
    assert turn.said == ("That name was given already: every one needs a name of its own.",)
    assert say(turn.dialogue, "Ben", "").dialogue.facts == {"child": [{"name": "Ann"}, {"name": "Ben"}]}


def test_back_in_a_list_takes_the_last_name_away_and_after_it_the_whole_list():
    dialogue = say(start(LISTS), "Ann", "Bne", "back", "Ben", "").dialogue
    assert dialogue.facts == {"child": [{"name": "Ann"}, {"name": "Ben"}]}
    assert asked(say(dialogue, "back").dialogue) == "child"


def test_a_list_that_nobody_knows_is_unsure():
    dialogue = say(start(LISTS), "not sure").dialogue
    assert dialogue.facts == {"child": "unsure"}
    assert dialogue.prompt is None


def test_when_it_may_be_shared_what_and_with_whom_is_offered_and_can_be_left_out():
    dialogue = say(start(CSCP), "significant", "yes", "yes").dialogue
    assert asked(dialogue) == "item"
    assert asked(say(dialogue, "").dialogue) == "recipient"
    named = say(dialogue, "GP letter", "", "").dialogue
    assert asked(named) == 'item["GP letter"].accurate'
    assert [choice.then for choice in named.prompt.choices] == [
        "more questions",
        "held back for now: check it and put it right first",
    ]
    assert named.prompt.why == "It decides whether GP letter may go."


# --- what cannot be -------------------------------------------------------------------------


def test_an_answer_that_cannot_be_is_refused_kindly_and_nothing_is_recorded():
    policy = load("""
facts about child "the child"
  unborn "the child is not yet born" : yes or no
  age "the child is …" : one of infant "an infant", older "older", grown "grown up"
impossible unborn_age "A child who is not yet born has not grown up." when child.unborn and child.age is grown
rule infants "I." share when child.age is infant
rule others "O." withhold when child.age is not infant
""")
    dialogue = start(policy, {"child": {"unborn": True}})
    assert dialogue.prompt is not None
    assert [choice.then for choice in dialogue.prompt.choices] == [
        "you may share",
        "do not share",
        "cannot be, after what was said",
    ]
    turn = say(dialogue, "grown up")
    assert turn.dialogue.facts == {"child": {"unborn": True}}
    assert "A child who is not yet born has not grown up." in turn.said[0]
    assert turn.said[1] == "Answer otherwise, or go back."
    assert "child.unborn" not in " ".join(turn.said)


# --- reading what is typed ------------------------------------------------------------------

HARM = OneOf(("none", "possible", "significant"), ("no harm", "possible harm", "significant harm"))


@pytest.mark.parametrize(
    ("typed", "answer"),
    [("3", "significant"), ("significant", "significant"), ("Significant Harm", "significant"), ("sig", "significant"),
     ("poss", "possible"), ("none", "none"), (" no  harm. ", "none")],
)  # fmt: skip
def test_a_number_a_word_a_label_or_an_unambiguous_beginning_is_an_answer(typed, answer):
    assert understand(typed, HARM) == Given(answer)


@pytest.mark.parametrize(
    ("typed", "word"),
    [("?", "help"), ("help", "help"), ("BACK", "back"), ("skip", "skip"), ("not sure", "not sure"),
     ("unsure", "not sure"), ("don't know", "not sure"), ("I don’t know.", "not sure"), ("stop", "stop")],
)  # fmt: skip
def test_commands_are_words(typed, word):
    assert understand(typed, HARM) == Command(word)


@pytest.mark.parametrize("typed", ["s", "no", "n", "4", "0", "perhaps", "-1", "1.5", "no harm at all"])
def test_what_could_be_two_things_or_is_none_is_not_guessed(typed):
    assert isinstance(understand(typed, HARM), Unclear)


def test_not_alone_is_neither_an_answer_nor_a_doubt_where_both_begin_with_it():
    consent = OneOf(("given", "not_sought"), ("the family agrees", "the family has not been asked"))
    assert isinstance(understand("not", consent), Unclear)
    assert understand("not so", consent) == Given("not_sought")
    assert understand("not sure", consent) == Command("not sure")


@pytest.mark.parametrize(
    ("typed", "answer"), [("y", True), ("Yes", True), ("1", True), ("n", False), ("NO", False), ("2", False)]
)
def test_yes_or_no_may_be_one_letter(typed, answer):
    assert understand(typed, YesNo()) == Given(answer)


@pytest.mark.parametrize("typed", ["no yes", "ye s", "true", "ja"])
def test_nothing_else_is_yes_or_no(typed):
    assert isinstance(understand(typed, YesNo()), Unclear)


def test_several_may_be_ticked_with_commas_and_none_is_an_answer():
    signs = SomeOf(("bruising", "fear", "hunger"), ("bruising", "fear", "hunger"))
    assert understand("1, hunger", signs) == Given(frozenset({"bruising", "hunger"}))
    assert understand("none", signs) == Given(frozenset())
    assert isinstance(understand("1, x", signs), Unclear)
    assert understand("skip", signs) == Command("skip")


@pytest.mark.parametrize(("typed", "answer"), [("7", 7), ("07", 7), ("7 years", 7), ("1 year", 1), ("0", 0)])
def test_a_number_is_digits_with_or_without_what_it_counts(typed, answer):
    assert understand(typed, Number("years", 0, 130)) == Given(answer)


@pytest.mark.parametrize("typed", ["seven", "7.5", "131", "-1", "１８", "1e2", "7 months", "9" * 400])
def test_what_is_no_number_in_range_is_told_what_is(typed):
    unclear = understand(typed, Number("years", 0, 130))
    assert isinstance(unclear, Unclear)
    assert "a whole number of years, from 0 to 130" in unclear.why


@pytest.mark.parametrize("typed", ["2026-01-31", "31 January 2026", "31 jan 2026", "31st January, 2026"])
def test_a_date_is_year_month_day_or_names_its_month(typed):
    assert understand(typed, Date()) == Given(date(2026, 1, 31))


@pytest.mark.parametrize(
    "typed", ["31/1/2026", "01-02-2026", "2026-02-30", "20260131", "31 j 2026", "yesterday"]
)
def test_a_date_that_could_be_misread_or_is_none_is_told_how_to_write_it(typed):
    unclear = understand(typed, Date())
    assert isinstance(unclear, Unclear)
    assert "2026-01-31" in unclear.why


def test_text_is_kept_composed_and_without_control_characters():
    assert understand("  cafe\u0301 ", Text()) == Given("caf\u00e9")
    assert isinstance(understand("a\x1b[2J", Text()), Unclear)
    assert isinstance(understand("x" * 1001, Text()), Unclear)


@pytest.mark.parametrize(
    ("fact", "typed", "value"),
    [("a.age", "17", 17), ("a.day", "2026-01-31", "2026-01-31"), ("a.signs", "fear", ["fear"]), ("a.note", "yes", "yes")],
)  # fmt: skip
def test_every_type_of_fact_is_asked_for_and_recorded_as_json_holds_it(fact, typed, value):
    condition = {
        "a.age": "a.age > 15",
        "a.day": "a.day < 2026-02-01",
        "a.signs": "a.signs includes fear",
        "a.note": 'a.note is "yes"',
    }[fact]
    policy = load(f"""
facts about a "a"
  signs "the signs" : some of bruising, fear
  age "the age" : number of years from 0 to 130
  day "the day" : date
  note "the note" : text
rule first "One." share when {condition}
rule second "Two." withhold unless {condition}
""")
    dialogue = start(policy)
    assert asked(dialogue) == fact
    assert dialogue.prompt is not None
    assert any(line.strip().startswith("Type ") for line in dialogue.prompt.lines())
    after = say(dialogue, typed).dialogue
    group, _, name = fact.partition(".")
    assert after.facts == {group: {name: value}}
    assert after.decision.outcome is Outcome.SHARE


# --- the command ----------------------------------------------------------------------------


@pytest.fixture
def policy(tmp_path):
    return write(tmp_path / "sample.policy", POLICY)


@attrs.frozen
class Done:
    returncode: int
    stdout: bytes
    stderr: bytes


@pytest.fixture
def ask(capsysbinary, monkeypatch):
    """Runs the command with what is typed on a pipe."""

    def run(*arguments: object, typed: str | bytes = "") -> Done:
        data = typed.encode() if isinstance(typed, str) else typed
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(data), isatty=lambda: False))
        code = main(["ask", *map(str, arguments), "--as-of", "2026-11-22"])
        return Done(code, *capsysbinary.readouterr())

    return run


def program(*arguments: object, typed: bytes, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "infoshare", "ask", *map(str, arguments), "--as-of", "2026-11-22"],
        input=typed,
        capture_output=True,
        check=False,
        timeout=60,
        env={**os.environ, **environment},
    )


def case_in(output: bytes) -> Any:
    return json.loads(output[output.rindex(b"\n{\n") :])


def test_on_a_pipe_it_ends_with_the_decision_and_the_case(ask, policy):
    done = ask(policy, typed="no\nrefused\n\n")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\nNO, do not share this." in done.stdout
    assert case_in(done.stdout) == {"consent": {"status": "refused"}, "concern": {"serious": False}}


def test_the_end_of_the_answers_is_no_fault(ask, policy):
    done = ask(policy, typed="no\n")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"NOT SETTLED YET" in done.stdout
    assert case_in(done.stdout) == {"concern": {"serious": False}}


def test_a_case_that_is_settled_is_asked_nothing(ask, policy, tmp_path):
    full = {"case": "A", "consent": {"status": "given"}, "concern": {"serious": False, "secret": False}}
    done = ask(policy, write(tmp_path / "full.json", full))
    assert done.stdout.startswith(b"\nYES")
    assert case_in(done.stdout) == full


@pytest.mark.parametrize(
    ("typed", "code"), [("yes\n", 0), ("no\nnot_sought\n", 10), ("no\n2\n", 11), ("no\n", 12)]
)
def test_with_exit_code_the_exit_code_tells_the_outcome(ask, policy, typed, code):
    assert ask(policy, "--exit-code", typed=typed).returncode == code
    assert ask(policy, typed=typed).returncode == 0


def test_the_case_that_is_saved_decides_the_same(ask, policy, tmp_path):
    file = tmp_path / "saved.json"
    assert ask(policy, "--save", file, typed="no\nrefused\nyes\n").returncode == 0
    assert json.loads(file.read_text()) == {
        "consent": {"status": "refused"},
        "concern": {"serious": False, "secret": False},
    }
    assert main(["decide", policy, str(file), "--as-of", "2026-11-22", "--exit-code"]) == 11
    if os.name == "posix":
        assert file.stat().st_mode & 0o077 == 0


def test_nothing_that_is_there_is_overwritten_but_the_case_itself(ask, policy, tmp_path):
    there = write(tmp_path / "there.json", {"concern": {"serious": False}})
    done = ask(policy, "--save", there, typed="no\n")
    assert done.returncode == 2
    assert b"is there already" in done.stderr
    assert ask(policy, there, "--save", there, typed="refused\n").returncode == 0
    assert json.loads((tmp_path / "there.json").read_text())["consent"] == {"status": "refused"}
    assert ask(policy, "--save", tmp_path / "no" / "x.json").returncode == 2


def test_json_is_the_only_thing_on_standard_output_and_the_questions_are_beside_it(ask, policy):
    done = ask(policy, "--json", typed="yes\n")
    assert json.loads(done.stdout)["outcome"] == "share"
    assert b"Is the child at risk?" in done.stderr


def test_a_bad_case_and_a_bad_policy_have_the_exit_codes_of_decide(ask, policy, tmp_path):
    assert ask(policy, write(tmp_path / "bad.json", {"consnet": {}})).returncode == 4
    assert ask(policy, write(tmp_path / "broken.json", "{")).returncode == 4
    assert ask(policy, tmp_path / "none.json").returncode == 2
    assert ask(write(tmp_path / "bad.policy", "infoshare 1\nrule")).returncode == 3
    assert ask(policy, "-").returncode == 2


def test_it_works_where_the_terminal_knows_only_ascii(policy):
    done = program(
        policy,
        typed=b"yes\n",
        LC_ALL="C",
        LANG="C",
        PYTHONUTF8="0",
        PYTHONCOERCECLOCALE="0",
        PYTHONIOENCODING="",
    )
    assert done.returncode == 0
    assert done.stdout.isascii()
    assert b'by "A child\'s safety overrides confidentiality"' in done.stdout


def test_what_is_typed_in_another_encoding_is_asked_for_again(ask, policy):
    done = ask(policy, typed=b"\xe9\nyes\n")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"not UTF-8" in done.stdout
    assert b"YES" in done.stdout


def test_control_characters_that_are_typed_are_not_printed_raw(ask, policy):
    done = ask(policy, typed="\x1b[2J\nyes\n")
    assert b"\x1b" not in done.stdout


@pytest.mark.skipif(os.name != "posix", reason="signals are sent otherwise there")
def test_interrupted_it_says_so_and_exits_with_130(policy):
    started = subprocess.Popen(
        [sys.executable, "-m", "infoshare", "ask", policy],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no threads here; a job in the background ignores it
    )
    with started:
        assert started.stdout is not None
        while b"help" not in started.stdout.readline():
            pass
        time.sleep(0.3)
        started.send_signal(signal.SIGINT)
        _, err = started.communicate(timeout=30)
    assert (started.returncode, err) == (130, b"interrupted\n")
