"""Diagnostics as text: the contract's own sample, tabs, wide characters, long lines, several labels, cases."""

from infoshare.diagnostic import Diagnostic, Label, Severity
from infoshare.rendering import WIDEST_LINE, render, render_all
from infoshare.text import Source, Span


def place(text: str, words: str, path: str = "policies/cscp.policy") -> Span:
    source = Source(path, text)
    start = text.index(words)
    return Span(source, start, start + len(words))


def test_the_sample_of_the_contract():
    span = place("\n" * 23 + "  when consnet.status is given\n", "consnet.status")
    fault = Diagnostic(
        "IS201",
        "no fact is named `consnet.status`",
        (Label(span, "not declared here, nor in vocabulary.policy"),),
        ("did you mean `consent.status`?",),
    )
    assert render(fault) == (
        "error[IS201] unknown-fact: no fact is named `consnet.status`\n"
        " --> policies/cscp.policy:24:8\n"
        "   |\n"
        "24 |   when consnet.status is given\n"
        "   |        ^^^^^^^^^^^^^^ not declared here, nor in vocabulary.policy\n"
        "   |\n"
        "   = help: did you mean `consent.status`?"
    )


def test_a_fault_of_a_case_names_the_case_and_the_path():
    fault = Diagnostic("IS402", "found `maybe`", help=("write yes or no",), path="consent.status")
    assert render(fault, case="case.json") == (
        "error[IS402] wrong-answer: found `maybe`\n  --> case.json: consent.status\n   = help: write yes or no"
    )


def test_a_warning_says_so():
    fault = Diagnostic("IS216", "a warning", (Label(place("abc", "b")),), severity=Severity.WARNING)
    assert render(fault).startswith("warning[IS216] prevails-over-must: a warning\n")


def test_a_second_label_on_another_line_shows_that_line_too():
    text = "first line\nsecond line\n"
    fault = Diagnostic(
        "IS206", "twice", (Label(place(text, "second"), "again"), Label(place(text, "first"), "here"))
    )
    assert render(fault) == (
        "error[IS206] duplicate-name: twice\n"
        " --> policies/cscp.policy:2:1\n"
        "  |\n"
        "2 | second line\n"
        "  | ^^^^^^ again\n"
        "  |\n"
        "1 | first line\n"
        "  | ^^^^^ here"
    )


def test_a_second_label_on_the_same_line_does_not_repeat_the_line():
    text = "one and two or three"
    fault = Diagnostic("IS111", "mixed", (Label(place(text, "or"), "or"), Label(place(text, "and"), "and")))
    assert render(fault).count("one and two or three") == 1
    assert "  |     ^^^ and" in render(fault)


def test_a_label_in_another_file_names_the_file():
    fault = Diagnostic(
        "IS206", "twice", (Label(place("x", "x", "a.policy")), Label(place("y", "y", "b.policy"), "first"))
    )
    assert "::: b.policy:1:1\n1 | y\n  | ^ first" in render(fault)


def test_carets_stand_under_the_place_after_tabs_and_wide_characters():
    text = "\tx 漢字 \U0001f600 here"
    line, carets = render(Diagnostic("IS101", "m", (Label(place(text, "here")),))).split("\n")[-2:]
    assert line == "1 |     x 漢字 \U0001f600 here"
    assert carets == "  | " + " " * (4 + 2 + 4 + 1 + 2 + 1) + "^^^^"


def test_a_very_long_line_is_clipped_around_the_place():
    text = "a " * 300_000 + "here " + "b " * 300_000
    line, carets = render(Diagnostic("IS101", "m", (Label(place(text, "here")),))).split("\n")[-2:]
    assert len(line) <= WIDEST_LINE + 10
    assert line.index("here") == carets.index("^^^^")
    assert "…" in line


def test_control_and_hidden_characters_are_shown_by_number():
    text = "a\x1b[2Jb \u202e here"
    rendered = render(Diagnostic("IS101", "found \x1b", (Label(place(text, "here"), "\u202e"),)))
    assert "\x1b" not in rendered
    assert "\u202e" not in rendered
    assert "a\\x1b[2Jb \\u202e here" in rendered
    line, carets = rendered.split("\n")[-2:]
    assert line.index("here") == carets.index("^^^^")


def test_a_place_at_the_end_of_the_text_is_shown():
    source = Source("p.policy", "infoshare 1\n")
    rendered = render(Diagnostic("IS102", "m", (Label(Span(source, 12, 12), "here"),)))
    assert rendered.endswith("2 |\n  | ^ here")


def test_a_place_over_several_lines_is_underlined_on_its_first():
    text = 'consent c "one\n two"\n'
    assert render(Diagnostic("IS104", "m", (Label(place(text, '"one\n two"')),))).endswith(
        '1 | consent c "one\n  |           ^^^^'
    )


def test_all_of_them_have_a_blank_line_between_them_and_none_is_nothing():
    fault = Diagnostic("IS405", "m", path="a.b")
    assert render_all([]) == ""
    assert render_all([fault, fault]) == f"{render(fault)}\n\n{render(fault)}\n"
