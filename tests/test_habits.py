"""What people write by habit, and what they are told to write instead: which is then read."""

import re
from importlib.resources import files

import pytest

from infoshare.diagnostic import Diagnostic
from infoshare.policy.files import FilesInMemory
from infoshare.policy.load import _load
from infoshare.syntax.habits import _habits

HEAD = """infoshare 1
policy p "P" from 2026-01-01
source kcsie "Keeping children safe"
source procedure "Procedure"
facts about child "the child"
  age "their age" : number of years from 0 to 20
  competent "they are competent" : yes or no
  born_on "their birthday" : date
facts about other "another"
  age "their age" : number
facts about concern "the concern"
  level "how serious it is" : one of none, low, high
  signs "the signs" : some of gap, force, fear
  seen_on "the day it was seen" : date
  was "how serious it was" : one of none, low, high
facts about each item "an item"
  excluded "it is excluded" : yes or no
  kind "its kind" : one of letter, note
rule known "K." withhold
duty record "D." after deciding
"""

FACT = 'facts about x "x"\n  a "a" : {}\n'
ASSUMED = 'facts about x "x"\n  a "a" : yes or no\n    {}\n'
EFFECT = 'rule r "R."\n  {}\n'
CONDITION = 'rule r "R."\n  share\n  when {}\n'
PART = 'rule r "R."\n  share\n  {}\n'
TIMING = 'duty d "D."\n  {}\n'
OVERRIDE = 'override o "O."\n  share\n  {}\n'
EXCEPTION = 'exception e "E."\n  {}\n'
SAFEGUARD = 'safeguard s "S."\n  {}\n'
GIVEN = 'scenario "s"\n  given\n    {}\n  then share\n'
THEN = 'scenario "s"\n  given\n    child.competent\n  {}\n'
WHOLE = "{}\n"

# Where it stands, what people write there, what they are told to write.
INSTEAD = [
    (FACT, "yes/no", "yes or no"),
    (FACT, "y/n", "yes or no"),
    (FACT, "true or false", "yes or no"),
    (FACT, "yes, no", "yes or no"),
    (FACT, "no or yes", "yes or no"),
    (FACT, "boolean", "yes or no"),
    (FACT, "yes or no or unsure", "yes or no"),
    (FACT, "number between 3 and 12", "number from 3 to 12"),
    (FACT, "number 3 to 12", "number from 3 to 12"),
    (FACT, "number 0-18", "number from 0 to 18"),
    (FACT, "number of years between 0 and 18", "number of years from 0 to 18"),
    (FACT, "number up to 18", "number from 0 to 18"),
    (FACT, "integer", "number"),
    (FACT, "age", "number of years from 0 to 130"),
    (FACT, "string", "text"),
    (FACT, "datetime", "date"),
    (FACT, "one of a or b", "one of a, b"),
    (FACT, "one of a/b", "one of a, b"),
    (FACT, "one of: a, b", "one of a, b"),
    (FACT, "either a or b", "one of a, b"),
    (ASSUMED, "default no", "unanswered means no"),
    (ASSUMED, "if unanswered no", "unanswered means no"),
    (ASSUMED, "unanswered is no", "unanswered means no"),
    (ASSUMED, 'question "Is it so?"', 'ask "Is it so?"'),
    (EFFECT, "do not share", "withhold"),
    (EFFECT, "don't share", "withhold"),
    (EFFECT, "must not share", "must withhold"),
    (EFFECT, "may share", "share"),
    (EFFECT, "disclose", "share"),
    (EFFECT, "hold back", "withhold"),
    (EFFECT, "obtain consent", "must seek consent"),
    (EFFECT, "seek permission", "seek consent"),
    (EFFECT, "ask the lead", "seek advice"),
    (EFFECT, "share by 2027-01-31", "until 2027-01-31"),
    (TIMING, "before share", "before sharing"),
    (TIMING, "after you share", "after sharing"),
    (TIMING, "before consent", "before seeking consent"),
    (TIMING, "after the decision", "after deciding"),
    (TIMING, "immediately", "after sharing"),
    (CONDITION, "child.age is 16 or more", "child.age >= 16"),
    (CONDITION, "child.age is 16 or over", "child.age >= 16"),
    (CONDITION, "child.age is 16 or younger", "child.age <= 16"),
    (CONDITION, "child.age is not 16 or more", "child.age < 16"),
    (CONDITION, "child.age is not less than 16", "not child.age is less than 16"),
    (CONDITION, "child.age is not at least 16", "not child.age is at least 16"),
    (CONDITION, "no item in concern.signs", "concern.signs is empty"),
    (CONDITION, "any item in concern.signs", "concern.signs is not empty"),
    (CONDITION, "child.age is over 16", "child.age > 16"),
    (CONDITION, "child.age under 16", "child.age < 16"),
    (CONDITION, "child.age is between 3 and 12", "child.age >= 3 and child.age <= 12"),
    (CONDITION, "3 <= child.age <= 12", "3 <= child.age and child.age <= 12"),
    (CONDITION, "child.age > 3 and < 12", "child.age > 3 and child.age < 12"),
    (CONDITION, "child.age => 16", "child.age >= 16"),
    (CONDITION, "child.age = 16", "child.age is 16"),
    (CONDITION, "child.age == 16", "child.age is 16"),
    (CONDITION, "child.age != 16", "child.age is not 16"),
    (CONDITION, "child.age is > 16", "child.age > 16"),
    (CONDITION, "child.age is 16 years", "child.age is 16"),
    (CONDITION, "child.age equals 16", "child.age is 16"),
    (CONDITION, "child.competent = yes", "child.competent"),
    (CONDITION, "child.competent is true", "child.competent"),
    (CONDITION, "child.competent is false", "not child.competent"),
    (CONDITION, "!child.competent", "not child.competent"),
    (CONDITION, "no child.competent", "not child.competent"),
    (CONDITION, "child is competent", "child.competent"),
    (CONDITION, "the child is competent", "child.competent"),
    (CONDITION, "child competent", "child.competent"),
    (CONDITION, 'concern.level is "low"', "concern.level is low"),
    (CONDITION, "concern.level was low", "concern.level is low"),
    (CONDITION, "concern.level low", "concern.level is low"),
    (CONDITION, "concern.level isn't low", "concern.level is not low"),
    (CONDITION, "concern.level is either low or high", "concern.level is one of low, high"),
    (CONDITION, "concern.level in low, high", "concern.level is one of low, high"),
    (CONDITION, "concern.level is neither low nor high", "concern.level is not one of low, high"),
    (CONDITION, "concern.level is low, high", "is one of low, high"),
    (CONDITION, "concern.signs includes gap or force", "concern.signs includes any of gap, force"),
    (CONDITION, "concern.signs includes gap and force", "concern.signs includes all of gap, force"),
    (CONDITION, "concern.signs includes gap or fear", "concern.signs includes fear"),
    (CONDITION, "concern.signs does not include gap", "not concern.signs includes gap"),
    (CONDITION, "concern.signs contains gap", "concern.signs includes gap"),
    (CONDITION, "concern.signs is one of gap, fear", "concern.signs includes gap or concern.signs includes fear"),
    (CONDITION, "gap in concern.signs", "concern.signs includes gap"),
    (CONDITION, "any item (item.excluded is none)", "no item (item.excluded)"),
    (CONDITION, "any item where item.excluded", "any item (item.excluded)"),
    (CONDITION, "any item is excluded", "any item (item.excluded)"),
    (CONDITION, "concern.seen_on is after 2026-01-31", "concern.seen_on > 2026-01-31"),
    (CONDITION, "concern.seen_on is on or before today", "concern.seen_on <= today"),
    (CONDITION, "concern.seen_on within the last 6 months", "concern.seen_on >= 6 months before today"),
    (CONDITION, "child.born_on is more than 18 years ago", "child.born_on < 18 years before today"),
    (CONDITION, "concern.seen_on < today - 6 months", "6 months before today"),
    (PART, 'cites procedure "6.1", kcsie "121"', "cites"),
    (PART, "cites procedure 3", 'cites procedure "3"'),
    (PART, "cites procedure section 3.1", 'cites procedure "3.1"'),
    (PART, 'cite procedure "3"', 'cites procedure "3"'),
    (PART, 'cites procedure "3" and "4"', 'cites procedure "3", "4"'),
    (PART, "if child.competent", "when"),
    (PART, "only if child.competent", "when"),
    (PART, "except when child.competent", "unless"),
    (OVERRIDE, "overrides known", "prevails over known"),
    (OVERRIDE, "prevails over all", "every consent clause"),
    (OVERRIDE, "prevails over rule known", "prevails over known"),
    (EXCEPTION, "sets known aside", "sets aside known"),
    (EXCEPTION, "lifts record", "sets aside record"),
    (SAFEGUARD, 'requires child.competent otherwise "x"', "require"),
    (SAFEGUARD, 'require child.competent else "x"', 'otherwise "…"'),
    (SAFEGUARD, 'for all items require item.excluded otherwise "x"', "for each item"),
    (GIVEN, "child.age = 3", "child.age is 3"),
    (GIVEN, "child.age: 3", "child.age is 3"),
    (GIVEN, "child.competent is not yes", "not child.competent"),
    (GIVEN, "child.competent unsure", "child.competent is unsure"),
    (GIVEN, "concern.signs is gap and force", "concern.signs is exactly gap, force"),
    (GIVEN, 'item "x" excluded', 'item "x" (excluded)'),
    (GIVEN, 'item "x" (item.excluded)', "(excluded)"),
    (WHOLE, GIVEN.format('item "x" (about is "A" and "B")'), 'about is exactly ("A", "B")'),
    (WHOLE, GIVEN.format('item "x" (excluded, about includes "A")'), 'about is "A"'),
    (THEN, "then do not share", "then withhold"),
    (THEN, "then we share", "then share"),
    (THEN, "then share because known", "because of known"),
    (THEN, "then share and record", "with record"),
    (WHOLE, 'clause c "S."\n  share', "rule c …"),
    (WHOLE, 'test "It works"\n  given\n  then share', 'scenario "It works"'),
    (WHOLE, 'include "words.policy"', 'use "words.policy"'),
    (WHOLE, "define d as child.competent", 'define d "…" as'),
    (WHOLE, 'define d "D" = child.competent', '"D" as …'),
    (WHOLE, "value v = 3", "value v 3 from 2026-01-31"),
    (WHOLE, "value v 3", "value v 3 from 2026-01-31"),
    (WHOLE, 'advice lead "the lead"', 'advice lead from "the lead"'),
    (WHOLE, 'rule family agrees "R." share', "family_agrees"),
    (WHOLE, 'rule family-agrees "R." share', "family_agrees"),
    (WHOLE, "// a comment", "#"),
]  # fmt: skip

# What cannot be said, and how it is told.
CANNOT = [
    (CONDITION, "other.age <= child.age + 2", "child.age plus 2"),
    (CONDITION, "child.age - 2 > other.age", "child.age minus 2"),
    (CONDITION, "child.age - other.age > 2", "child.age minus other.age"),
    (CONDITION, "years from child.born_on to today > 2", "years between child.born_on and today"),
    (CONDITION, "at least two item (item.excluded)", "at least 2 item (…)"),
    (CONDITION, "at least 2 item where item.excluded", "at least 2 item (…)"),
    (CONDITION, "2 or more item (item.excluded)", "at least 2 item (…)"),
    (CONDITION, "every item in concern.signs", "every item in concern.signs (…)"),
    (CONDITION, "any item of concern.signs (item.excluded)", "any item in concern.signs (…)"),
    (CONDITION, "any item in concern (item.excluded)", "such as `any item in concern."),
    (CONDITION, "all items in concern.signs (item.excluded)", "`every item in concern.signs (…)`"),
    (CONDITION, "some item in concern.signs (item.excluded)", "`any item in concern.signs (…)`"),
    (CONDITION, "any item concern.signs (item.excluded)", "`any item in concern.signs (…)`"),
    (CONDITION, "any of concern.signs (item.excluded)", "in concern.signs (…)`"),
    (
        CONDITION,
        "concern.level is concern.was",
        "`concern.level is none`; its values are `none`, `low`, `high`",
    ),
    (
        CONDITION,
        "concern.was is not concern.level",
        "`concern.was is none`; its values are `none`, `low`, `high`",
    ),
    (CONDITION, "concern.signs includes concern.was", "`concern.signs includes gap`"),
    (CONDITION, "every item (item.excluded is none)", "`no item (item.excluded)`"),
    (CONDITION, "child.competent is none", "or `not child.competent`"),
    (CONDITION, "concern.level at least low", "concern.level is at least low"),
    (CONDITION, "other.age <= child.age * 2", "only `plus` and `minus`"),
    (CONDITION, "other.age minus (child.age minus 2) > 3", "sums have no brackets"),
    (CONDITION, "months between child.born_on and today > 6", "only years are counted"),
    (CONDITION, "concern.level is unknown", "cannot ask whether"),
    (CONDITION, "child.competent is unanswered", "cannot ask whether"),
    (CONDITION, "at least two of these\n - child.competent", "only the elements of a list are counted"),
    (TIMING, "within 24 hours", "comes first, such as `after sharing`"),
    (TIMING, "after sharing within three days", "`within 3 days`"),
    (TIMING, "after sharing within a week", "`within 1 week`"),
    (TIMING, "after sharing within 3 business days", "`within 3 working days`"),
    (TIMING, "after sharing in 3 days", "`within 3 days`"),
    (TIMING, "after sharing within 2 years", "in months: `within 24 months`"),
    (PART, "within 3 days", "only a duty has a deadline"),
    (PART, "for every recipient", "`for each recipient`"),
    (PART, "for each item and child", "only `item and recipient` stand together"),
    (PART, "for each child and item", "only `item and recipient` stand together"),
    (WHOLE, 'facts about item "i"\n kind also : one of memo', "`kind also one of …`, without a colon"),
    (PART, "instead of known", "right after the statement"),
    (OVERRIDE, "prevails over consent clauses", "prevails over every consent clause"),
    (CONDITION, "consent is given", "`consent.status`"),
    (CONDITION, "consent.", "`consent.status`"),
    (CONDITION, "no concern.signs", "`concern.signs is empty`"),
    (CONDITION, "concern.seen_on within 24 hours", "`concern.seen_on >= 1 days before today`"),
    (CONDITION, "concern.seen_on is less than 24 hours ago", "`concern.seen_on >= 1 days before today`"),
    (CONDITION, "child.competent and", "write after `and` what is to be so"),
    (WHOLE, 'override o "O."\n  share\n  when child.competent', "prevails over every consent clause"),
    (GIVEN, "child.age is 7, concern.level is low", "one fact a line"),
    (GIVEN, "concern.level is low, child.competent", "one fact a line"),
    (CONDITION, "concern.level is low, child.competent", "with `and`"),
    (PART, "should", "before the effect: `should share`"),
    (TIMING, "before deciding", "nothing is due before deciding"),
    (EFFECT, "seek consent from the mother", '`seek consent from "the mother"`'),
    (EFFECT, 'seek consent of "the mother"', '`seek consent from "the mother"`'),
    (EFFECT, "seek consent from every item", "`seek consent from each item (…)`"),
    (EFFECT, "seek consent from each item when child.competent", "say in brackets who"),
    (EFFECT, "share only what is necessary", "safeguard"),
    (EFFECT, "share with the school", "`for each recipient`"),
    (EXCEPTION, "weakens known", "`relaxes known`"),
    (THEN, 'then share "note" to "school"', '`share for "note" to "school"`'),
    (THEN, 'then differs share "note"', '`share for "note"` of an item'),
    (THEN, 'then seek consent asking consent from "Ann"', '`asking consent of "Ann"`'),
    (THEN, "then depends", "`then differs`"),
    (WHOLE, "holidays 2026-01-01", "`holidays bank_holidays 2026-01-01`"),
    (WHOLE, 'chapter two "Two"', '`part two "Two"`'),
    (EFFECT, "share and seek consent", "one effect"),
    (PART, "else withhold", "another clause"),
    (OVERRIDE, "prevails over everything", "names"),
    (GIVEN, "child.age > 3", "one answer"),
    (WHOLE, "share when child.competent", "begin a clause with"),
]


def told(frame: str, written: str) -> tuple[Diagnostic, ...]:
    text = HEAD + frame.format(written)
    return _load(FilesInMemory({"p.policy": text.encode()}, "p.policy")).diagnostics


@pytest.mark.parametrize(("frame", "written", "instead"), INSTEAD)
def test_what_is_written_by_habit_is_told_what_to_write_instead(frame, written, instead):
    (fault,) = told(frame, written)
    assert instead in " ".join(fault.help)


WHOLE_LINES = [
    case for case in INSTEAD if case[0] in (FACT, ASSUMED, CONDITION, GIVEN) and " is " in f"{case[2]} is "
]


@pytest.mark.parametrize(("frame", "written", "instead"), WHOLE_LINES)
def test_what_is_told_instead_of_a_whole_line_is_read(frame, written, instead):
    partial = instead.startswith(("is one of", "(excluded", "6 months"))
    assert partial or told(frame, instead) == ()


@pytest.mark.parametrize(("frame", "written", "why"), CANNOT)
def test_what_cannot_be_said_is_told_as_that(frame, written, why):
    (fault,) = told(frame, written)
    assert why in " ".join(fault.help)


def test_each_line_of_the_table_is_an_expression_with_help():
    text = (files("infoshare.syntax") / "habits.txt").read_text(encoding="utf-8")
    helps = [line for line in text.splitlines() if line.startswith("    ")]
    assert len(_habits()) == len(helps)
    for _, pattern, _, help_ in _habits():
        groups = {int(number) for number in re.findall(r"\\(\d)", help_)}
        assert groups <= set(range(1, pattern.groups + 1))


def test_a_habit_inside_a_text_is_none():
    text = 'rule r "We do not share it, or 16 or more."\n  shar\n'
    (fault,) = told("{}", text)
    assert fault.help == ("did you mean `share`?",)


def test_what_goes_on_over_a_line_end_is_not_shown_as_one_phrase():
    (fault,) = told(EFFECT, "when child.competent\n  share")
    assert fault.message.startswith("expected the effect")
    assert fault.help == ("the effect comes first, such as `share`, and then `when`",)
