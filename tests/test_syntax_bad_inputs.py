"""Policy texts that are wrong character by character, number by number or by sheer size: what each must get."""

import pytest

from infoshare.diagnostic import Diagnostic
from infoshare.rendering import render_all
from infoshare.syntax import tree
from infoshare.syntax.parser import LARGEST_FILE, decode, parse
from infoshare.text import Source
from steps import grows_in_step

CLAUSE = 'consent c "S."\n  share\n'


def found(text: str) -> tuple[Diagnostic, ...]:
    return parse(Source("p.policy", text)).diagnostics


def only(text: str, code: str, at: str | None = None) -> Diagnostic:
    """The one diagnostic of a text, which has this code and stands at these characters."""
    (fault,) = found(text)
    assert fault.code == code, fault.message
    if at is not None:
        assert fault.labels[0].span.text == at
    return fault


def clause(condition: str) -> str:
    return f"infoshare 1\n{CLAUSE}  when {condition}\n"


# --- nothing, and too much ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["", "   \n\n\t", "# only\n# comments", "\r\n", "infoshare 1\n", "infoshare 1 # x"]
)
def test_a_file_that_declares_nothing_says_so(text):
    assert "nothing declared" in only(text, "IS105").message


@pytest.mark.parametrize(
    "condition",
    [
        "(" * 100_000 + "a.b" + ")" * 100_000,
        "not " * 100_000 + "a.b",
        "not (" * 50_000 + "a.b" + ")" * 50_000,
        "any item (" * 50_000 + "item.b" + ")" * 50_000,
        "a.b < " + "1 day before " * 50_000 + "today",
        "(# one\n" * 50_000 + "a.b" + ")" * 50_000,
        "not # one\n" * 50_000 + "a.b",
    ],
    ids=[
        "brackets",
        "not",
        "not with brackets",
        "quantifiers",
        "offsets",
        "comments between",
        "comments in not",
    ],
)
def test_nesting_deeper_than_64_is_found_before_anything_recurses(condition):
    (fault,) = found(clause(condition))
    assert fault.code == "IS106"
    assert "64" in fault.message


@pytest.mark.parametrize("opening", ["(", "not ", "any item ("])
def test_64_levels_are_allowed_and_65_are_not(opening):
    def nested(levels):
        return clause(opening * levels + "a.b" + ")" * (levels if "(" in opening else 0))

    assert found(nested(64)) == ()
    assert [fault.code for fault in found(nested(65))] == ["IS106"]


def test_a_chain_of_a_hundred_thousand_operands_is_one_flat_node():
    result = parse(Source("p.policy", clause(" or ".join(f"a.b{i}" for i in range(100_000)))))
    assert result.diagnostics == ()
    (declaration,) = result.file.declarations
    assert isinstance(declaration.provisions.when, tree.Or)
    assert len(declaration.provisions.when.items) == 100_000


def test_many_negated_operands_side_by_side_are_not_deep():
    assert found(clause(" and ".join(f"not (a.b{i})" for i in range(1_000)))) == ()


@pytest.mark.parametrize(("length", "codes"), [(100, []), (101, ["IS107"]), (1_000_000, ["IS107"])])
def test_a_name_has_at_most_a_hundred_characters(length, codes):
    diagnostics = found(f'infoshare 1\nconsent {"a" * length} "S."\n  share\n')
    assert [fault.code for fault in diagnostics] == codes
    assert all(len(fault.message) < 200 for fault in diagnostics)


def test_a_file_of_more_than_8_megabytes_is_not_parsed():
    source, (fault,) = decode("p.policy", b" " * (LARGEST_FILE + 1))
    assert source is None
    assert fault.code == "IS802"
    assert decode("p.policy", b" " * LARGEST_FILE)[1] == ()


def test_a_line_of_a_megabyte_is_neither_slow_nor_echoed():
    def rendered(operands):
        (fault,) = found(clause(f"a.b and {'a.c and ' * operands} !"))
        assert fault.labels[0].span.text == "!"
        return render_all([fault])

    assert len(rendered(130_000)) < 1_000
    assert grows_in_step(rendered, 2_000)


def test_an_error_at_the_end_of_a_file_of_8_megabytes_is_found_by_reading_it_once():
    def misspelt(comments):
        filling = "# a comment of some length that fills the file\n" * comments
        (fault,) = found(f"infoshare 1\n{filling}{CLAUSE}  whn a.b\n")
        return fault

    assert misspelt(170_000).help == ("did you mean `when`?",)
    assert grows_in_step(misspelt, 2_000)


# --- bytes ----------------------------------------------------------------------------------------


def test_a_byte_order_mark_is_accepted_and_left_out():
    source, diagnostics = decode("p.policy", b"\xef\xbb\xbfinfoshare 1\n")
    assert diagnostics == ()
    assert source.text == "infoshare 1\n"


@pytest.mark.parametrize(
    ("data", "byte"),
    [
        ("infoshare 1\n".encode("utf-16"), 0),
        ('infoshare 1\nuse "café"\n'.encode("latin-1"), 20),
        (b"infoshare 1\n\xc0\xaf", 12),  # an overlong form of `/`
        (b"infoshare 1\n\xe2\x82", 12),  # a character cut short
        (b"infoshare 1\n\xed\xa0\x80", 12),  # half of a surrogate pair
    ],
    ids=["utf-16", "latin-1", "overlong", "truncated", "surrogate"],
)
def test_a_file_that_is_not_utf_8_says_at_which_byte(data, byte):
    source, (fault,) = decode("p.policy", data)
    assert source is None
    assert fault.code == "IS801"
    assert f"byte {byte} " in fault.message
    assert "UTF-8" in fault.help[0]


def test_crlf_is_a_line_end_like_any_other():
    result = parse(
        Source("p.policy", 'infoshare 1\r\nconsent c "S.\r\n  And more."\r\n  share\r\n  whn a.b\r\n')
    )
    (fault,) = result.diagnostics
    assert (fault.span.line, fault.span.column) == (5, 3)
    whole = parse(Source("p.policy", 'infoshare 1\r\nconsent c "S.\r\n  And more."\r\n  share # x\r\n'))
    assert whole.diagnostics == ()
    assert whole.file.declarations[0].statement == "S. And more."


@pytest.mark.parametrize("end", ["\r", "\x85", "\u2028", "\u2029"])
def test_other_line_ends_are_errors_that_name_the_character(end):
    fault = only(f'infoshare 1{end}consent c "S."{end}  share{end}', "IS118", end)
    assert f"U+{ord(end):04X}" in fault.message
    assert "3 times" in fault.message
    assert end not in fault.message


@pytest.mark.parametrize(
    "text", ['infoshare 1\nconsent c "S{}."\n  share\n', "infoshare 1\n# S{}.\n" + CLAUSE]
)
@pytest.mark.parametrize("end", ["\r", "\x85", "\u2028", "\u2029"])
def test_other_line_ends_are_errors_in_strings_and_comments_too(text, end):
    only(text.replace("{}", end), "IS118", end)


HIDDEN = (
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\u200b\u200c\u200d\xad\ufeff"
)


@pytest.mark.parametrize("character", HIDDEN, ids=[f"U+{ord(c):04X}" for c in HIDDEN])
@pytest.mark.parametrize(
    "text",
    [
        'infoshare 1\nconsent c "S{}."\n  share\n',
        "infoshare 1\n# S{}.\n" + CLAUSE,
        "infoshare 1\n" + CLAUSE + "{}\n",
        "infoshare 1\n" + CLAUSE + "  when a.b{}c\n",
    ],
    ids=["string", "comment", "between", "name"],
)
def test_a_hidden_character_is_an_error_everywhere_and_is_never_printed(text, character):
    fault = only(text.replace("{}", character), "IS117", character)
    assert f"U+{ord(character):04X}" in fault.message
    assert character not in render_all([fault])


@pytest.mark.parametrize("text", ["infoshare 1\n\0" + CLAUSE, "infoshare 1\n# \0\n" + CLAUSE])
def test_a_nul_is_an_error_with_its_place(text):
    fault = only(text, "IS103", "\0")
    assert (fault.span.line, fault.span.column) == (2, text.split("\n")[1].index("\0") + 1)
    assert "U+0000" in fault.message


@pytest.mark.parametrize("character", ["\t", "\x1b", "\0", "\x07", "\x7f", "\x9b", "\\"])
def test_a_tab_a_control_character_or_a_backslash_in_a_string_is_an_error(character):
    only(f'infoshare 1\nconsent c "a{character}[2J."\n  share\n', "IS113", character)


@pytest.mark.parametrize("character", ["\x1b", "\x9b"])
def test_a_control_character_is_printed_as_its_number(character):
    rendered = render_all(found(f'infoshare 1\nconsent c "a{character}[2J."\n  share\n'))
    assert character not in rendered
    assert f"a\\x{ord(character):02x}[2J." in rendered


# --- strings --------------------------------------------------------------------------------------


def test_a_string_over_several_lines_is_folded():
    result = parse(
        Source("p.policy", 'infoshare 1\nconsent c "  One\n    two   three\n\n  four. "\n  share\n')
    )
    assert result.diagnostics == ()
    assert result.file.declarations[0].statement == "One two three four."


def test_composed_and_decomposed_letters_are_the_same_text():
    composed = parse(Source("p.policy", 'infoshare 1\nuse "caf\u00e9"\n'))
    decomposed = parse(Source("p.policy", 'infoshare 1\nuse "cafe\u0301"\n'))
    assert composed.diagnostics == decomposed.diagnostics == ()
    assert composed.file == decomposed.file
    assert decomposed.file.declarations[0].path == "caf\u00e9"


@pytest.mark.parametrize(
    "text",
    [
        'infoshare 1\nconsent c "S.\n  share\n',
        'infoshare 1\nconsent c "S.\n  share\n\nrule d "T."\n  share\n',
        'infoshare 1\nconsent c "S.\n  share\n  because "That is why."\n\nrule d "T."\n  share\n',
    ],
)
def test_an_unterminated_string_is_an_error_at_its_opening_quote(text):
    fault = only(text, "IS104")
    assert (fault.span.line, fault.span.column) == (2, 11)


def test_what_stands_after_an_unterminated_string_is_read_all_the_same():
    result = parse(Source("p.policy", 'infoshare 1\nconsent c "S.\n  share\n\nrule d "T."\n  share\n'))
    assert [declaration.name.text for declaration in result.file.declarations] == ["d"]
    assert "c" in result.broken


def test_a_double_quote_inside_a_string_is_explained():
    diagnostics = found('infoshare 1\nconsent c "He said \\"no\\" to us."\n  share\n')
    assert len(diagnostics) <= 3
    assert any("quot" in sentence for fault in diagnostics for sentence in fault.help)
    assert {fault.span.line for fault in diagnostics} == {2}


# --- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("\u0441hild.at_risk", "child.at_risk"),  # Cyrillic
        ("\ufb01le.x", "file.x"),  # a ligature
        ("\uff43hild.x", "child.x"),  # full width
        ("Child.At_Risk", "child.at_risk"),
        ("caf\u00e9.x", "cafe.x"),
        ("cafe\u0301.x", "cafe.x"),
    ],
)
def test_a_name_that_only_looks_like_one_is_an_error_that_offers_the_plain_one(name, plain):
    fault = only(clause(name), "IS120", name)
    assert f"did you mean `{plain}`?" in fault.help


def test_the_code_point_of_a_look_alike_is_named():
    assert "U+0441" in only(clause("\u0441hild.at_risk"), "IS120").message


@pytest.mark.parametrize("kind", ["consent", "rule", "duty", "safeguard", "define", "exception", "guarantee"])
@pytest.mark.parametrize("word", ["when", "consent", "not", "share", "today"])
def test_a_keyword_may_not_name_a_clause_or_a_definition(kind, word):
    rest = {
        "duty": "after deciding",
        "define": "as a.b",
        "exception": "sets aside x",
        "guarantee": "never share",
        "safeguard": 'require a.b otherwise "O."',
    }.get(kind, "share")
    fault = only(f'infoshare 1\n{kind} {word} "S."\n  {rest}\n', "IS110", word)
    assert any(f"`{word}_{kind}`" in sentence for sentence in fault.help)


def test_a_clause_without_a_name_is_told_that_a_keyword_is_none():
    only("infoshare 1\nconsent when consent.status is given\n  share\n", "IS110", "when")


def test_a_group_may_not_be_called_case_nor_a_value_unsure():
    text = 'infoshare 1\nfacts about case "x"\n  a "a" : one of yes, unsure "not sure"\n'
    assert [(fault.code, fault.span.text) for fault in found(text)] == [
        ("IS212", "case"),
        ("IS212", "unsure"),
    ]


# --- numbers and dates ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "hint"),
    [
        ("1_000", "1000"),
        ("+5", "5"),
        ("0x10", "16"),
        ("007", "7"),
        ("1e3", "1000"),
        ("18.0", "18"),
        ("18.5", "whole numbers"),
        ("\uff11\uff18", "18"),  # full width
        ("\u0661\u0668", "18"),  # Arabic
        ("6months", "6 months"),
        ("9" * 5_000, "largest"),
        ("9007199254740992", "9007199254740991"),
    ],
)
def test_a_number_written_otherwise_is_an_error_with_a_hint(number, hint):
    fault = only(clause(f"a.b < {number}"), "IS108", number)
    assert hint in " ".join([*fault.help, *(label.text for label in fault.labels)])
    assert len(fault.message) < 120


@pytest.mark.parametrize("number", ["0", "7", "-3", "1000", "9007199254740991", "-9007199254740991"])
def test_whole_numbers_are_read(number):
    (declaration,) = parse(Source("p.policy", clause(f"a.b < {number}"))).file.declarations
    assert declaration.provisions.when.right == tree.Number(int(number))


@pytest.mark.parametrize(
    ("date", "hint"),
    [
        ("2026-02-30", None),
        ("2025-02-29", None),
        ("22/11/2026", "write 2026-11-22"),
        ("22.11.2026", "write 2026-11-22"),
        ("2026/11/22", "write 2026-11-22"),
        ("2026-1-5", "write 2026-01-05"),
        ("20261122", "write 2026-11-22"),
        ("2026-W01-1", "weeks"),
        ("2026-11", "2026-01-31"),
        ("0000-01-01", None),
    ],
)
def test_a_date_that_is_none_is_an_error_with_a_hint(date, hint):
    fault = only(f"infoshare 1\n{CLAUSE}  from {date}\n", "IS109", date)
    assert hint is None or hint in " ".join(fault.help)


def test_29_february_of_a_leap_year_is_a_day():
    assert found(f"infoshare 1\n{CLAUSE}  from 2028-02-29\n") == ()


# --- the version ------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [CLAUSE, f"{CLAUSE}infoshare 1\n", 'policy x "X"\n'])
def test_the_version_stands_first(text):
    assert {fault.code for fault in found(text)} == {"IS115"}


def test_the_version_stands_once():
    result = parse(Source("p.policy", f"infoshare 1\n{CLAUSE}infoshare 1\n{CLAUSE.replace('c', 'd', 1)}"))
    assert [fault.code for fault in result.diagnostics][:1] == ["IS115"]


@pytest.mark.parametrize("version", ["2", "0", "12"])
def test_another_version_names_the_one_that_is_understood(version):
    fault = only(f"infoshare {version}\n{CLAUSE}", "IS114", version)
    assert "version 1 is understood" in fault.labels[0].text
