"""One mistake gives one message, in its place, in words; what is sound around it is read all the same."""

import re

import pytest

from infoshare.diagnostic import Diagnostic
from infoshare.policy.files import FilesInMemory
from infoshare.policy.load import _load
from infoshare.syntax.parser import ParseResult, parse
from infoshare.text import Source


def result(text: str) -> ParseResult:
    return parse(Source("p.policy", text))


def only(body: str, code: str, at: str, line: int) -> Diagnostic:
    """The one diagnostic of a file with this body, at these characters of this line (the body's first is 2)."""
    found = result(f"infoshare 1\n{body}").diagnostics
    assert [(fault.code, fault.span.text, fault.span.line) for fault in found] == [(code, at, line)]
    return found[0]


def clause(rest: str, kind: str = "consent") -> str:
    return f'{kind} c "S."\n  share\n{rest}\n\nrule d "T."\n  withhold\n'


# --- several at once, and what is sound -------------------------------------------------------------


def test_every_broken_declaration_is_told_and_every_sound_one_is_read():
    found = result(
        """infoshare 1
policy p "P"

conset a "A."
  share

consent b "B."
  shar

consent c "C."
  share

rule d "D."
  share
  when x.y and

duty e "E."
  after deciding

rule f "F."
  withhold
  cites s "1" "2"
"""
    )
    assert [fault.span.line for fault in found.diagnostics] == [4, 8, 15, 22]
    assert [declaration.name.text for declaration in found.file.declarations] == ["p", "c", "e"]
    assert found.broken >= {"a", "b", "d", "f"}
    assert not found.broken & {"p", "c", "e"}


def test_the_facts_of_a_broken_group_are_known_to_be_broken():
    found = result(
        'infoshare 1\nfacts about x "x"\n  a "a" : yes or no\n  b "b" yes or no\n  c "c" : date\n    ask "When?"\n'
    )
    assert [fault.span.line for fault in found.diagnostics] == [4]
    assert found.broken >= {"x", "x.a", "x.b", "x.c"}


def test_a_mistake_of_characters_and_one_of_grammar_are_told_together():
    found = result(f'infoshare 1\n{clause("  when x.Y")}\nduty e "E."\n  aftr deciding\n')
    assert [(fault.code, fault.span.line) for fault in found.diagnostics] == [("IS120", 4), ("IS101", 10)]


def test_diagnostics_come_in_the_order_of_the_text():
    found = result(
        f'infoshare 1\n{clause("  from 2026-02-30")}\nrule e "E."\n  shar\n\nrule f "F."\n  share\n  when \u0430.b\n'
    )
    places = [fault.span.start for fault in found.diagnostics]
    assert len(places) == 3
    assert places == sorted(places)


def test_a_hidden_character_in_a_comment_stops_nothing():
    found = result(f"infoshare 1\n# a\u200bb\n{clause('')}")
    assert [fault.code for fault in found.diagnostics] == ["IS117"]
    assert len(found.file.declarations) == 2


def test_a_thousand_mistakes_are_not_a_thousand_messages():
    found = result("infoshare 1\n" + 'consent c "S."\n  shar\n' * 1_000)
    assert 50 <= len(found.diagnostics) <= 100


# --- misspelt and missing words -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "at", "line", "meant"),
    [
        ('conset x "S."\n  share\n', "conset", 2, "consent"),
        ('polcy x "S."\n', "polcy", 2, "policy"),
        (clause("  prevals over x", "override"), "prevals", 4, "prevails"),
        (clause("  whn a.b"), "whn", 4, "when"),
        (clause("  when a.b adn c.d"), "adn", 4, "and"),
        ('consent c "S."\n  witholding\n', "witholding", 3, "withhold"),
        ('duty c "S."\n  befor sharing\n', "befor", 3, "before"),
        ('duty c "S."\n  after shareing\n', "shareing", 3, "sharing"),
        ('scenario "S."\n  givn\n    a.b\n  then share\n', "givn", 3, "given"),
        ('safeguard c "S."\n  requir a.b\n  otherwise "O."\n', "requir", 3, "require"),
        ('facts about x "x"\n  a "a" : yes ro no\n', "ro", 3, "or"),
    ],
)
def test_a_misspelt_keyword_gets_the_one_that_was_meant(body, at, line, meant):
    assert f"did you mean `{meant}`?" in only(body, "IS101", at, line).help


def test_a_missing_effect_is_expected_in_words():
    fault = only('consent c "S."\n  when a.b\n', "IS101", '"S."', 2)
    assert "the effect: share, withhold, seek consent or seek advice" in fault.message


def test_a_bracket_that_is_not_closed_is_pointed_at():
    only(clause("  when (a.b and c.d\n  cites s"), "IS101", "(", 4)
    only(clause("  when any item (item.b"), "IS101", "(", 4)


def test_a_bracket_that_was_never_opened_is_pointed_at():
    only(clause("  when a.b and c.d)"), "IS101", ")", 4)


def test_the_end_of_the_file_is_called_so():
    fault = only('consent c "S."', "IS102", '"S."', 2)
    assert "the end of the file" in fault.message


def test_only_an_override_prevails():
    fault = only(clause("  prevails over d"), "IS101", "prevails", 4)
    assert "override" in fault.help[0]


def test_a_hyphen_in_a_name_is_explained():
    found = result('infoshare 1\nconsent legal-bar "S."\n  share\n').diagnostics
    assert len(found) == 1
    assert any("`_`" in sentence for sentence in found[0].help)


@pytest.mark.parametrize(
    ("sign", "word"),
    [("=", "`a.b is 5`"), ("==", "`a.b is 5`"), ("!=", "`a.b is not 5`"), ("&", "`and`"), ("≤", "`<=`")],
)
def test_a_sign_of_other_languages_gets_the_word_of_this_one(sign, word):
    found = result(f"infoshare 1\n{clause(f'  when a.b {sign} 5')}").diagnostics
    assert [(fault.code, fault.span.line) for fault in found] == [("IS103", 4)]
    assert any(word in sentence for sentence in found[0].help)


# --- ambiguities that are asked about -------------------------------------------------------------------


@pytest.mark.parametrize("condition", ["a.b and c.d or e.f", "a.b or c.d and e.f", "not a.b and c.d or e.f"])
def test_and_and_or_are_not_mixed_without_brackets(condition):
    (fault,) = result(f"infoshare 1\n{clause('  when ' + condition)}").diagnostics
    assert fault.code == "IS111"
    assert {label.span.text for label in fault.labels} == {"and", "or"}


def test_they_are_mixed_with_brackets():
    assert (
        result(f"infoshare 1\n{clause('  when (a.b and c.d) or (e.f and not (g.h or i.j))')}").diagnostics
        == ()
    )


@pytest.mark.parametrize("joiner", ["and", "or"])
@pytest.mark.parametrize("kind", ["any", "all", "none"])
def test_a_line_that_goes_on_after_a_list_is_asked_about(kind, joiner):
    fault = only(
        clause(f"  when {kind} of these\n    - a.b\n    - c.d\n    {joiner} e.f"), "IS112", joiner, 7
    )
    assert fault.message.endswith("?")
    assert f"`- (c.d {joiner} e.f)`" in fault.help[0]
    assert f"`({kind} of these - … - c.d) {joiner} e.f`" in fault.help[1]


def test_an_item_in_the_middle_that_goes_on_is_not_called_the_last():
    first, last = result(
        "infoshare 1\n" + clause("  when any of these\n    - a.b\n    or c.d\n    - e.f\n    and g.h or i.j")
    ).diagnostics
    assert (first.code, first.span.text, first.span.line) == ("IS112", "or", 6)
    assert "last" not in first.message
    assert first.help == ("put the item in brackets: `- (a.b or c.d)`",)
    assert (last.code, last.span.text, last.span.line) == ("IS112", "and", 8)
    assert "last item" in last.message


@pytest.mark.parametrize("joiner", ["and", "or"])
@pytest.mark.parametrize("kind", ["any", "all", "none"])
@pytest.mark.parametrize("before", [0, 1, 2])
def test_every_item_that_goes_on_is_told_at_once_wherever_it_stands(kind, joiner, before):
    items = [f"    - a.b{number}\n" for number in range(4)]
    items[before] += f"    {joiner} c.d\n"
    items[3] += f"    {joiner} e.f\n"
    told = result("infoshare 1\n" + clause(f"  when {kind} of these\n" + "".join(items))).diagnostics
    assert [(fault.code, fault.span.text, fault.span.line) for fault in told] == [
        ("IS112", joiner, 6 + before),
        ("IS112", joiner, 10),
    ]
    assert ["last" in fault.message for fault in told] == [False, True]
    assert told[0].help == (f"put the item in brackets: `- (a.b{before} {joiner} c.d)`",)


def test_two_lists_that_are_joined_are_told_to_take_names():
    text = clause("  when any of these\n    - a.b\n  or all of these\n    - c.d")
    assert "`define`" in only(text, "IS112", "or", 6).help[0]


def test_after_a_list_in_brackets_a_condition_may_go_on():
    assert result(f"infoshare 1\n{clause('  when (any of these - a.b - c.d) and e.f')}").diagnostics == ()
    assert (
        result(f"infoshare 1\n{clause('  when e.f and any of these - a.b - (c.d and g.h)')}").diagnostics
        == ()
    )


@pytest.mark.parametrize("item", ["any of these - a.b", "(any of these - a.b)", "not (all of these - a.b)"])
def test_a_list_inside_an_item_is_an_error(item):
    (fault,) = result(f"infoshare 1\n{clause(f'  when any of these - {item} - c.d')}").diagnostics
    assert fault.code == "IS121"
    assert "define" in fault.help[0]


@pytest.mark.parametrize(
    ("condition", "instead"),
    [
        ("x.harm is significant or immediate", "is one of significant, immediate"),
        ("x.harm is not significant or immediate", "is not one of significant, immediate"),
        ("x.age is 13 or 14", "is one of 13, 14"),
        ("x.harm is significant, immediate", "is one of significant, immediate"),
    ],
)
def test_a_value_or_another_value_is_told_how_to_write_it(condition, instead):
    facts = 'facts about x "x"\n  harm "h" : one of none, significant, immediate\n  age "a" : number\n\n'
    text = f"infoshare 1\n{facts}{clause('  when ' + condition)}"
    (fault,) = _load(FilesInMemory({"p.policy": text.encode()}, "p.policy")).diagnostics
    assert fault.code == "IS119"
    assert any(f"`{instead}`" in sentence for sentence in fault.help)


def test_a_definition_after_or_is_a_condition():
    define = 'define immediate "at once" as x.now\n\n'
    facts = 'facts about x "x"\n  harm "h" : one of none, significant, immediate\n  now "n" : yes or no\n\n'
    assert (
        result(f"infoshare 1\n{facts}{define}{clause('  when x.harm is none or immediate')}").diagnostics
        == ()
    )


# --- parts ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "part", ["when a.b", "unless a.b", "from 2026-01-01", "until 2026-01-01", 'because "Why."']
)
def test_a_part_is_said_once_and_both_places_are_named(part):
    fault = only(clause(f"  {part}\n  cites s\n  {part}"), "IS116", part.split()[0], 6)
    assert [label.span.line for label in fault.labels] == [6, 4]


def test_parts_come_in_any_order_and_sources_are_cited_more_than_once():
    text = clause(
        '  cites s "1"\n  until 2027-01-01\n  because "R."\n  unless a.b\n  cites t\n  from 2026-01-01\n  when c.d'
    )
    found = result(f"infoshare 1\n{text}")
    assert found.diagnostics == ()
    assert [cite.source.text for cite in found.file.declarations[0].provisions.cites] == ["s", "t"]


# --- no message speaks of the machinery -------------------------------------------------------------------


def test_no_message_shows_a_terminal_or_a_type():
    sample = clause('  when a.b is one of x, y and any item (item.c < 5)\n  because "R."\n  cites s "1"')
    text = f"infoshare 1\n{sample}"
    words = text.split(" ")
    for index in range(3, len(words)):
        for replaced in ("", "x", "5", '"t"', "(", "-", "when"):
            broken = " ".join([*words[:index], replaced, *words[index + 1 :]])
            for fault in result(broken).diagnostics:
                for sentence in (fault.message, *fault.help, *(label.text for label in fault.labels)):
                    assert "__" not in sentence
                    assert "$END" not in sentence
                    assert "Token" not in sentence
                    assert not re.search(r"\b[A-Z]{3,}", sentence.replace("UTF", "").replace("IS1", ""))
                assert not fault.message.endswith(".")
                assert len(result(broken).diagnostics) <= 3
