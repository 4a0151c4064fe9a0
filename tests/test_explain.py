"""The letter to a person: the two sample texts of section 5 of the language, and what every letter keeps to."""

import random
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import attrs
import pytest

import infoshare
from infoshare.errors import FactsError
from infoshare.explain import explain, short
from infoshare.explain.english import alike_but_for_one, drawn_together, inside, listed
from infoshare.explain.negation import negate
from infoshare.policy.decision import Decision
from infoshare.testing.policies import MAIN, random_day, random_policy, sources
from infoshare.testing.tree_cases import random_case
from infoshare.text import visible

DAY = date(2026, 11, 22)

# The policy of section 1, in the words of the sample texts.
SAMPLE = """infoshare 1
policy cscp "Information Sharing (Protocol)"
  version "2026.1"
  from 2026-01-01

source protocol "Information Sharing (Protocol)" by "CSCP"

facts about concern "the concern"
  harm_to_child "the child is likely to suffer …" :
    one of none "no harm", possible "possible harm", significant "significant harm", immediate "immediate danger"
    ask "How serious is the harm that the child may suffer?"
facts about consent "consent"
  status "…" : one of given "the family agrees", refused "the family refuses", not_sought "nobody has asked the family"
    ask "Has agreement been given?"
facts about telling "telling the family"
  endangers_child "telling them would endanger the child" : yes or no ask "Would telling them endanger the child?"
  endangers_adult "telling them would endanger an adult" : yes or no ask "Would telling them endanger an adult?"
facts about sharing "the sharing"
  prohibited_by_law "a court order or law forbids it" : yes or no unanswered means no ask "Does the law forbid it?"
facts about each item "a piece of information"
  necessary "it is needed for the purpose" : yes or no ask "Is this needed for the purpose?"
facts about each recipient "a person"
  verified "they are known to be who they say they are" : yes or no ask "Have you made sure who this is?"

define not_safe_to_tell "telling or asking the family is not safe" as
  telling.endangers_child or telling.endangers_adult

consent wishes_respected "The family's wishes are respected."
  withhold when consent.status is refused cites protocol "3"
consent speak_first "Where possible, the family is spoken with first."
  seek consent when consent.status is not_sought cites protocol "2"
consent family_agrees "What the family agrees to may be shared."
  share when consent.status is given cites protocol "3"
rule legal_bar "What the law forbids is not shared."
  must withhold when sharing.prohibited_by_law
override welfare_first "A child's safety overrides confidentiality."
  share prevails over every consent clause
  when concern.harm_to_child is one of significant, immediate
  cites protocol "1", "3"
exception telling_endangers "Telling them would put somebody at risk."
  sets aside speak_first, inform_family
  when not_safe_to_tell
  cites protocol "2"
duty inform_family "Tell the family." before sharing cites protocol "2"
duty record_decision "Record the decision and the reasons, signed and dated, in a secure place."
  after deciding cites protocol "6"
safeguard only_what_is_necessary "Only what is necessary for the purpose is shared."
  for each item require item.necessary otherwise "Leave out, or say why it is needed." cites protocol "5"
safeguard right_person "It reaches nobody but the right person."
  for each recipient require recipient.verified otherwise "Make sure first who they are." cites protocol "5"
advice safeguarding_lead from "your designated safeguarding lead" cites protocol "4"
"""
POLICY = infoshare.load_sources({"sample.policy": SAMPLE.encode()}, main="sample.policy")


def _decide(**case: Mapping[str, Any] | list[Mapping[str, Any]]) -> Decision:
    return POLICY.decide(case, as_of=DAY)


def _letter(**case: Mapping[str, Any] | list[Mapping[str, Any]]) -> list[str]:
    return explain(_decide(**case), full=True).split("\n")


def _line(letter: list[str], beginning: str) -> str:
    (found,) = [line for line in letter if line.startswith(beginning)]
    return found


SETTLED = _decide(
    consent={"status": "refused"},
    concern={"harm_to_child": "significant"},
    telling={"endangers_child": True},
    item=[{"name": "the GP letter", "necessary": True}, {"name": "counselling notes", "necessary": False}],
    recipient=[{"name": "Children's Social Care", "verified": True}],
)
UNSETTLED = _decide(consent={"status": "refused"})


def test_the_first_sample_text_is_written() -> None:
    """Word for word, but for "the family's refusal" and "of telling them", which no rule can form."""
    assert explain(SETTLED, full=True).split("\n") == [
        "YES, you may share this with Children's Social Care. (The procedure allows it; it does not say you must.)",
        "Why: the child is likely to suffer significant harm, and a child's safety overrides confidentiality (points 1, 3).",
        "This outweighs: the family refuses, and the family's wishes are respected (point 3).",
        "Share: the GP letter.",
        "Hold back: counselling notes (not needed for the purpose: leave out, or say why it is needed; point 5).",
        "Before: do NOT tell the family. Telling or asking the family is not safe, as telling them would endanger the"
        " child, so this usual step is lifted (point 2).",
        "Assumed, as nobody said otherwise: no court order or law forbids it. If that is wrong, say so: the answer changes.",
        "Afterwards: record the decision and the reasons, signed and dated, in a secure place (point 6).",
        "In doubt: ask your designated safeguarding lead (point 4). You may decide otherwise: record why.",
        "Information Sharing (Protocol) 2026.1, as of 22 November 2026. welfare_first > wishes_respected;"
        " telling_endangers x inform_family.",
    ]


def test_the_second_sample_text_is_written() -> None:
    """Here the unanswered law bar is assumed and matters, so the letter has that line as well."""
    assert explain(UNSETTLED, full=True).split("\n") == [
        "NOT SETTLED YET: one answer decides it. This is not a refusal.",
        "Question: How serious is the harm that the child may suffer?",
        "  significant harm or immediate danger: you may SHARE although the family refuses (points 1, 3)",
        "  no harm or possible harm: DO NOT SHARE, the family's wishes are respected (point 3)",
        "Cannot say? Ask your designated safeguarding lead now (point 4).",
        "Do not tell the family yet: whether telling or asking the family is safe has not been answered (point 2).",
        "Assumed, as nobody said otherwise: no court order or law forbids it. If that is wrong, say so:"
        " the answer may change.",
        "Whatever you decide: record the decision and the reasons, signed and dated, in a secure place (point 6).",
        "Information Sharing (Protocol) 2026.1, as of 22 November 2026. Waiting: welfare_first."
        " Otherwise: wishes_respected.",
    ]


# --- other answers --------------------------------------------------------------------------

SAFE = {"endangers_child": False, "endangers_adult": False}


def test_a_refusal_that_stands_is_said_without_blame() -> None:
    letter = _letter(consent={"status": "refused"}, concern={"harm_to_child": "none"})
    assert letter[0].startswith("NO, do not share this.")
    assert letter[1] == "Why: the family refuses, and the family's wishes are respected (point 3)."


def test_a_legal_duty_is_said_as_one_and_is_not_left_to_choice() -> None:
    letter = _letter(
        consent={"status": "refused"}, concern={"harm_to_child": "none"}, sharing={"prohibited_by_law": True}
    )
    assert letter[0] == "NO, you MUST NOT share this. (This is a legal duty.)"
    assert "You may decide otherwise" not in "\n".join(letter)


def test_consent_is_sought_where_that_is_safe() -> None:
    letter = _letter(consent={"status": "not_sought"}, concern={"harm_to_child": "possible"}, telling=SAFE)
    assert letter[0].startswith("ASK FIRST: seek consent before you share this.")


def test_clauses_that_clash_are_each_named_by_what_they_say_and_whom_to_ask_comes_first() -> None:
    letter = _letter(
        consent={"status": "given"},
        concern={"harm_to_child": "significant"},
        sharing={"prohibited_by_law": True},
    )
    assert letter[0].startswith("SEEK ADVICE: the procedure gives different answers.")
    assert letter[1] == "Ask your designated safeguarding lead now (point 4)."
    text = "\n".join(letter[:-1])
    assert "a child's safety overrides confidentiality (points 1, 3)" in text
    assert (
        "you MUST NOT SHARE: a court order or law forbids it, and what the law forbids is not shared" in text
    )


def test_silence_says_so_and_what_was_set_aside() -> None:
    letter = _letter(
        consent={"status": "not_sought"}, concern={"harm_to_child": "none"}, telling={"endangers_child": True}
    )
    assert letter[0].startswith("SEEK ADVICE: nothing in the procedure speaks to this case.")
    assert letter[1] == "Ask your designated safeguarding lead now (point 4)."
    assert _line(letter, "Would have said") == (
        "Would have said ASK FIRST, but does not apply here: where possible, the family is spoken with first."
        " Telling or asking the family is not safe, as telling them would endanger the child (point 2)."
    )


def test_a_policy_out_of_force_decides_nothing_and_is_still_recorded() -> None:
    letter = explain(
        POLICY.decide({"consent": {"status": "given"}}, as_of=date(2025, 12, 31)), full=True
    ).split("\n")
    assert (
        letter[0] == "SEEK ADVICE: this procedure is not in force on 31 December 2025, so it decides nothing."
    )
    assert letter[1] == "Ask your designated safeguarding lead now (point 4)."
    assert _line(letter, "Whatever you decide: record")


def test_a_doubt_is_not_asked_again_but_taken_to_advice() -> None:
    letter = _letter(consent={"status": "refused"}, concern={"harm_to_child": "unsure"})
    assert (
        letter[0] == "NOT SETTLED YET: it turns on something that nobody knows so far. This is not a refusal."
    )
    assert letter[1] == (
        "The doubt to take advice on: the question “How serious is the harm that the child may suffer?”."
    )
    assert letter[2] == "Ask your designated safeguarding lead now (point 4)."
    assert not [line for line in letter if line.startswith("Question")]


def test_an_open_duty_is_never_an_instruction_and_a_due_one_is() -> None:
    case: dict[str, Any] = {"consent": {"status": "given"}, "concern": {"harm_to_child": "none"}}
    unknown = "\n".join(_letter(**case))
    assert (
        "Do not tell the family yet: whether telling or asking the family is safe has not been answered"
        in unknown
    )
    assert "Before:" not in unknown
    one_left = "\n".join(_letter(**case, telling={"endangers_child": False}))
    assert (
        "Do not tell the family yet: whether telling them would endanger an adult has not been answered"
        in one_left
    )
    unsure = "\n".join(_letter(**case, telling={"endangers_child": False, "endangers_adult": "unsure"}))
    assert (
        "Do not tell the family yet: whether telling them would endanger an adult has not become clear"
        in unsure
    )
    assert "Before: tell the family (point 2)." in _letter(**case, telling=SAFE)


def test_each_recipient_is_told_apart() -> None:
    letter = _letter(
        consent={"status": "given"},
        concern={"harm_to_child": "none"},
        item=[{"name": "school report", "necessary": True}, {"name": "notes"}],
        recipient=[{"name": "Ms Lee", "verified": True}, {"name": "a caller", "verified": False}],
    )
    assert letter[0].startswith("YES, you may share this with Ms Lee. ")
    assert letter[2:6] == [
        "Share: school report.",
        "Do not give a caller anything (not known to be who they say they are: make sure first who they are; point 5).",
        "Not yet: notes (whether it is needed for the purpose has not been answered; point 5).",
        "Do not tell the family yet: whether telling or asking the family is safe has not been answered (point 2).",
    ]


def test_yes_is_not_said_where_nothing_may_go() -> None:
    case: dict[str, Any] = {"consent": {"status": "given"}, "concern": {"harm_to_child": "none"}}
    held = _letter(**case, item=[{"name": "notes", "necessary": False}])
    assert held[0].startswith("NOT AS IT STANDS: you may share this, but all of it is held back")
    waiting = _letter(**case, item=[{"name": "notes"}])
    assert waiting[0].startswith("NOT YET: you may share this, but")


def test_safeguards_that_could_not_be_tried_are_conditions_to_keep() -> None:
    letter = _letter(consent={"status": "given"}, concern={"harm_to_child": "none"})
    assert _line(letter, "Make sure:") == (
        "Make sure: only what is necessary for the purpose is shared;"
        " it reaches nobody but the right person (point 5)."
    )


def test_where_nothing_can_be_asked_no_number_of_answers_is_promised() -> None:
    unsettled = attrs.evolve(_decide(), questions=())
    assert unsettled.explain().splitlines()[0] == (
        "NOT SETTLED YET: too much is still open to say which answer would decide it. This is not a refusal."
    )


def test_several_questions_are_asked_best_first_and_three_at_most() -> None:
    letter = _letter()
    assert letter[0].startswith("NOT SETTLED YET: ") and letter[0].endswith("This is not a refusal.")
    asked = [line for line in letter if re.match(r"Question \d: ", line)]
    assert 1 < len(asked) <= 3
    assert asked[0].split(": ")[0] == "Question 1"


# --- what every letter keeps to -------------------------------------------------------------


def _cases(count: int) -> list[dict[str, Any]]:
    rng = random.Random(20261122)
    answers: dict[str, list[Any]] = {
        fact.path: [*(fact.labels or (True, False)), "unsure", None, None] for fact in POLICY.facts
    }

    def group(name: str) -> dict[str, Any]:
        return {p.split(".")[1]: rng.choice(a) for p, a in answers.items() if p.startswith(f"{name}.")}

    return [
        {
            **{name: group(name) for name in ("concern", "consent", "telling", "sharing")},
            "item": [{"name": f"item {n}", **group("item")} for n in range(rng.randrange(3))],
            "recipient": [{"name": f"person {n}", **group("recipient")} for n in range(rng.randrange(3))],
        }
        for _ in range(count)
    ]


@pytest.mark.parametrize("read_back", [False, True], ids=["decided", "read back"])
def test_no_letter_holds_a_dotted_name_or_jargon_before_its_last_line(read_back: bool) -> None:
    for case in _cases(300):
        decision = _decide(**case)
        if read_back:
            decision = Decision.from_dict(decision.to_dict())
        *body, last = explain(decision, full=True).split("\n")
        text = "\n".join(body)
        assert not re.search(r"\b[a-z_]+\.[a-z_]+\b", text), text
        assert not re.search(r"\b(outcome|clauses?|None|null|True|False|completion|override)\b", text), text
        assert "_" not in text and '["' not in text, text
        assert last.startswith("Information Sharing (Protocol) 2026.1, as of 22 November 2026.")
        assert all(
            line == line.rstrip() and "  " not in line.strip() and ".." not in line for line in body
        ), text


def test_yes_stands_only_over_a_decision_to_share() -> None:
    for case in _cases(300):
        decision = _decide(**case)
        first = explain(decision).split("\n")[0]
        beginning = {
            ("share", True): ("YES",),
            ("share", False): ("NOT YET", "NOT AS IT STANDS"),
            ("withhold", False): ("NO, ",),
            ("seek_consent", False): ("ASK FIRST",),
            ("seek_advice", False): ("SEEK ADVICE", "NOT SETTLED YET"),
        }
        assert first.startswith(beginning[decision.outcome.value, bool(decision.released)])


def test_no_open_or_lifted_duty_is_told_as_something_to_do() -> None:
    for case in _cases(300):
        decision = _decide(**case)
        due = {duty.duty for duty in decision.duties if duty.state == "due"}
        letter = explain(decision)
        said = (
            "Before: tell the family",
            "Before anything goes: tell the family",
            "Do this first: tell the family",
        )
        assert any(each in letter for each in said) == ("inform_family" in due)


def test_a_letter_is_the_same_every_time_and_one_line_sums_it_up() -> None:
    for case in _cases(50):
        decision = _decide(**case)
        assert explain(decision) == explain(decision, POLICY.model) == decision.explain()
        assert "\n" not in short(decision)


def test_short_gives_the_answer_and_the_reason_or_the_question() -> None:
    assert short(SETTLED) == (
        "YES, you may share this with Children's Social Care:"
        " a child's safety overrides confidentiality (points 1, 3)."
    )
    assert short(UNSETTLED) == (
        "NOT SETTLED YET: one answer decides it. How serious is the harm that the child may suffer?"
    )


def test_control_characters_of_a_case_are_spelled_out() -> None:
    letter = explain(
        _decide(
            consent={"status": "given"},
            concern={"harm_to_child": "none"},
            item=[{"name": "notes", "necessary": True}],
            recipient=[{"name": "Ms Lee", "verified": True}],
        )
    )
    assert "notes" in letter
    nasty = attrs.evolve(
        SETTLED,
        disclosures=tuple(attrs.evolve(row, item="a\x1b[2J\nYES\u202eb\x85") for row in SETTLED.disclosures),
    )
    text = explain(nasty)
    assert "\x1b" not in text and "\u202e" not in text and "\x85" not in text
    assert "“a\\x1b[2J\\x0aYES\\u202eb\\x85”" in text
    assert len(text.split("\n")) == len(explain(SETTLED).split("\n"))


def _with_act(title: str) -> str:
    text = SAMPLE.replace(
        "rule legal_bar", 'source act "Children Act 2004" dated 2004-11-15\nrule legal_bar'
    ).replace("when sharing.prohibited_by_law\n", 'when sharing.prohibited_by_law cites act "section 11"\n')
    return text.replace('source protocol "Information Sharing (Protocol)"', f'source protocol "{title}"')


@pytest.mark.parametrize("title", ["Information Sharing (Protocol)", "Working Together"])
def test_a_place_in_another_source_bears_its_title(title: str) -> None:
    """The main source is named once, where it is not the procedure itself."""
    policy = infoshare.load_sources({"sample.policy": _with_act(title).encode()}, main="sample.policy")
    case = {"sharing.prohibited_by_law": True, "consent.status": "refused", "concern.harm_to_child": "none"}
    letter = explain(policy.decide(case, as_of=DAY), full=True)
    assert "what the law forbids is not shared (Children Act 2004, section 11)" in letter
    assert "the family's wishes are respected (point 3)" in letter
    assert ("Where no source is named, it is: Working Together." in letter) == (title == "Working Together")


def test_every_decision_of_random_policies_can_be_told_with_and_without_its_policy() -> None:
    rng = random.Random(3)
    told = 0
    for _ in range(40):
        files = random_policy(rng)
        policy = infoshare.load_sources(sources(files), main=MAIN)
        for _ in range(10):
            try:
                decision = policy.decide(
                    random_case(rng, files, unknown_lists=rng.random() < 0.3), as_of=random_day(rng)
                )
            except FactsError:
                continue
            for letter in (explain(decision), explain(Decision.from_dict(decision.to_dict()))):
                told += 1
                assert letter.startswith("YES") == bool(decision.released)
                assert all(line.strip() for line in letter.split("\n"))
            assert "\n" not in short(decision)
    assert told > 400


NUMBERS = """infoshare 1
policy ages "Ages"
source law "The Act"
facts about child "the child"
  age "the child's age" : number of years from 0 to 130 ask "How old is the child?"
facts about case_file "the file"
  opened "the day it was opened" : date ask "When was it opened?"
  signs "the signs seen" : some of bruising "bruises", fear "fear" ask "Which signs are seen?"
rule young "A young child's file is shared." share
  when child.age < 13 cites law "1"
rule old "An older child decides." must withhold
  when child.age >= 13 and case_file.opened < 2020-01-01 cites law "2"
rule new "A new file is shared." must share
  when child.age >= 13 and case_file.opened >= 2020-01-01
duty look "Look at the child." before sharing when case_file.signs includes bruising
"""


def _ages(**case: Any) -> list[str]:
    policy = infoshare.load_sources({"ages.policy": NUMBERS.encode()}, main="ages.policy")
    return explain(policy.decide(case, as_of=DAY), full=True).split("\n")


def test_numbers_and_dates_are_told_by_the_stretches_that_decide() -> None:
    assert _ages(case_file={"opened": "2010-06-01"})[1:4] == [
        "Question: How old is the child?",
        "  0 to 12: you may SHARE: a young child's file is shared (point 1)",
        "  13 to 130: you MUST NOT SHARE, an older child decides (point 2)",
    ]
    letter = _ages(child={"age": 14})
    assert "  2020-01-01" not in "\n".join(letter)
    assert _line(letter, "  before 1 January 2020") == (
        "  before 1 January 2020: you MUST NOT SHARE, an older child decides (point 2)"
    )


def test_what_is_unsettled_beside_the_answer_is_said() -> None:
    letter = _ages(case_file={"opened": "2021-06-01"})
    assert letter[0] == "YES, you may share this. (Whether you must has not been answered.)"
    assert _line(letter, "Still to answer:") == "Still to answer: How old is the child?"
    assert _line(letter, "Not yet clear") == (
        "Not yet clear whether this is to be done: look at the child."
        " The question “Which signs are seen?” has not been answered."
    )
    letter = _ages(child={"age": 1}, case_file={"opened": "2021-06-01", "signs": ["bruising"]})
    assert letter[1] == "Why: the child's age is 1 year, and a young child's file is shared (point 1)."
    assert "Before: look at the child." in letter


# --- single words ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("yes", "no"),
    [
        ("a court order or law forbids it", "no court order or law forbids it"),
        ("sexual abuse is suspected", "sexual abuse is not suspected"),
        ("telling them would endanger the child", "telling them would not endanger the child"),
        ("the purpose needs it", "the purpose does not need it"),
        ("they have been told", "they have not been told"),
        ("the child has a plan", "the child does not have a plan"),
        ("the family can be reached", "the family cannot be reached"),
        ("someone is suspected of it", "nobody is suspected of it"),
        ("it would identify someone who would be harmed", "it would not identify anyone who would be harmed"),
        ("the child is not yet born", "the child is already born"),
        ("it is not safe", "it is safe"),
        ("they agree", "they do not agree"),
        ("there is domestic abuse", "there is no domestic abuse"),
        ("there is a plan", "there is no plan"),
        ("nobody has been asked yet", "somebody has been asked already"),
        ("the family cannot be reached in time", "the family can be reached in time"),
        ("a child who is able to decide refuses", "no child who is able to decide refuses"),
        ("nobody told anybody", "it is not so that nobody told anybody"),
        ("they know and tell", "it is not so that they know and tell"),
        # "may not" forbids rather than denies, and "not … and …" denies one or both
        ("the family may flee", "it is not so that the family may flee"),
        ("you must be told", "it is not so that you must be told"),
        ("everyone is safe", "it is not so that everyone is safe"),
        (
            "the child is hurt, or the child is ill",
            "it is not so that the child is hurt, or the child is ill",
        ),
        ("a parent and a child are at risk", "it is not so that a parent and a child are at risk"),
        ("the person who is ill asks for it", "it is not so that the person who is ill asks for it"),
        ("time flies", "it is not so that time flies"),
        # to deny the verb is not to deny a count, nor one thing or another
        ("at least one parent has agreed", "it is not so that at least one parent has agreed"),
        ("one of the parents agrees", "it is not so that one of the parents agrees"),
        ("2 parents have agreed", "it is not so that 2 parents have agreed"),
        ("more than one person knows", "it is not so that more than one person knows"),
        ("another child is at risk", "it is not so that another child is at risk"),
        ("one parent does not agree", "it is not so that one parent does not agree"),
        ("the mother or the father agrees", "it is not so that the mother or the father agrees"),
        ("they know more than one person", "they do not know more than one person"),
        ("there is somebody who knows", "there is nobody who knows"),
        ("they have told somebody", "they have not told anybody"),
    ],
)
def test_a_sentence_is_denied_whole(yes: str, no: str) -> None:
    assert negate(yes) == no


def test_places_of_one_kind_are_told_together() -> None:
    text = SAMPLE.replace(
        'cites protocol "1", "3"', 'cites protocol "golden rule 3", "golden rule 1", "the preface"'
    )
    policy = infoshare.load_sources({"sample.policy": text.encode()}, main="sample.policy")
    letter = explain(policy.decide({"concern.harm_to_child": "immediate"}, as_of=DAY))
    assert "overrides confidentiality (golden rules 1, 3, the preface)." in letter


def test_sentences_that_are_alike_are_said_as_one() -> None:
    child, family = "tell the child what goes to whom", "tell the family what goes to whom"
    assert alike_but_for_one([child, family]) == ["tell the child and the family what goes to whom"]
    assert alike_but_for_one([child, "record it", family]) == [child, "record it", family]
    assert alike_but_for_one([child, "ask the child what goes to whom"]) == [
        child,
        "ask the child what goes to whom",
    ]
    assert alike_but_for_one(["tell the child now", "tell the family now"]) == [
        "tell the child now",
        "tell the family now",
    ]
    assert alike_but_for_one([child, child]) == [child, child]
    assert alike_but_for_one([]) == []
    assert drawn_together(["it is accurate", "they agree", "it is needed"]) == [
        "it is accurate and needed",
        "they agree",
    ]


def test_lists_and_sentences_read_as_english() -> None:
    assert listed([]) == "" and listed(["a"]) == "a" and listed(["a", "b"]) == "a and b"
    assert listed(["a", "b", "c"], "or") == "a, b or c"
    assert listed(["a, b", "c"]) == "a, b; and c"
    assert inside("Tell the family.") == "tell the family"
    assert inside("GP letters are shared.") == "GP letters are shared"
    assert inside("A child's safety.") == "a child's safety"
    assert visible("é “x” 日本\t") == "é “x” 日本\\x09"
