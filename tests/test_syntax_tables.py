"""The tables of the grammar are lark's, and what they read is what lark reads: the same tree, at the same places."""

import json
import os
import random
import re
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import attrs
import pytest
from hypothesis import given, settings
from lark import Lark, Token, UnexpectedInput, UnexpectedToken

from infoshare.authoring.findings.finding import nodes
from infoshare.syntax import parser, table_making, tables, tree
from infoshare.syntax.characters import are_sound
from infoshare.syntax.file_builder import FileBuilder
from infoshare.syntax.parser import ParseResult, file_of, parse
from infoshare.syntax.printer import print_file
from infoshare.syntax.words import BY_PLACE, KEYWORDS
from infoshare.testing import trees
from infoshare.text import Source

ROOT = Path(__file__).parent.parent
POLICIES = sorted((ROOT / "policies").glob("*.policy"))
CORPUS = [path for path in sorted((ROOT / "tests" / "corpus").rglob("*")) if path.is_file()]
EDITS = int(os.environ.get("INFOSHARE_TABLE_EDITS", "1500"))

# What an edit puts in the place of a token: every keyword, names, and the tokens of other kinds.
PUT = [
    *sorted(KEYWORDS | BY_PLACE),
    *["x", "y1", "a.b", "share.x", "of.one", "these", "not.x"],
    *[
        '"a"',
        '"a" :',
        "2026-01-31",
        "2026-1-31",
        "0",
        "7",
        "-7",
        "- 7",
        "-",
        "(",
        ")",
        ",",
        ":",
        "<",
        "<=",
        "# c\n",
    ],
]


def quickly(text: str) -> ParseResult | None:
    """What the tables make of a text; None where it has a fault."""
    result = parse(Source("p.policy", text))
    return None if result.diagnostics else result


@cache
def lark() -> tuple[Lark, FileBuilder]:
    builder = FileBuilder()
    grammar = tables.read(tables.GRAMMAR).decode("utf-8")
    return table_making.lark_of(grammar, lexer="contextual", transformer=builder), builder


def as_a_name(error: UnexpectedInput) -> bool:
    """Take a word of the language for a name where only a name fits, as the language has it, and go on."""
    if not isinstance(error, UnexpectedToken) or error.token.value not in KEYWORDS | BY_PLACE:
        return False
    kinds = ("NAME",) if error.token.value in KEYWORDS else ("DEFINED", "NAME")
    kind = next((kind for kind in kinds if kind in error.interactive_parser.accepts()), None)
    if kind is None:
        return False
    error.interactive_parser.feed_token(Token.new_borrow_pos(kind, error.token.value, error.token))
    return True


def by_lark(text: str) -> ParseResult | None:
    """What lark's own parser and lexer make of a text; None where it has a fault."""
    source = Source("p.policy", text)
    parser, builder = lark()
    builder.begin(source)
    if not are_sound(text):
        return None
    try:
        parser.parse(text, start="file", on_error=as_a_name)
    except UnexpectedInput:
        return None
    if not builder.declarations or builder.faults or builder.broken:
        return None
    return ParseResult(file_of(source, text, builder.declarations))


def places(value: object) -> Iterator[tuple[str, int, int]]:
    """Every node of a tree with where it stands, which is outside equality."""
    if isinstance(value, tree.Node):
        yield type(value).__name__, value.span.start, value.span.end
        for field in attrs.fields(type(value)):
            if field.name != "span":
                yield from places(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from places(item)


def assert_the_same(text: str, quick: ParseResult) -> None:
    slow = by_lark(text)
    assert slow is not None, text
    assert slow == quick, text
    assert list(places(slow.file)) == list(places(quick.file)), text
    assert slow.file is not None
    assert quick.file is not None
    assert slow.file.comments == quick.file.comments


@pytest.fixture(scope="module")
def declarations() -> list[str]:
    """Every declaration of the shipped policies, as it is written."""
    begins = re.compile(r'^(?=(?:facts about|[a-z]+ "|[a-z]+ [a-z_0-9]+ (?:"|from|[0-9])))', re.MULTILINE)
    found = [piece for path in POLICIES for piece in begins.split(path.read_text("utf-8"))[1:]]
    assert len(found) > 300
    return found


# --- the tables themselves --------------------------------------------------------------------------


def test_the_tables_that_are_kept_are_those_of_the_grammar() -> None:
    made = table_making.text_of(table_making.made())
    assert tables.read(tables.TABLES).decode() == made, "run: python -m infoshare.syntax.table_making"


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_tables_are_the_same_whenever_they_are_made(seed: str) -> None:
    code = "from infoshare.syntax.table_making import made, text_of; print(text_of(made()), end='')"
    made = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": seed},
    )
    assert made.stdout.replace(b"\r\n", b"\n") == tables.read(tables.TABLES).replace(b"\r\n", b"\n")


def test_every_rule_has_a_callback_or_stands_for_the_one_thing_in_it() -> None:
    kept = tables.tables()
    without = [rule for rule in kept.rules if not hasattr(FileBuilder, rule[2])]
    assert [rule for rule in without if not (rule[3] and rule[1] == 1)] == []


def test_the_words_of_the_tables_are_the_keywords_and_those_that_are_words_by_place() -> None:
    kept = tables.tables()
    assert set(kept.keywords) == KEYWORDS
    assert set(kept.words) - KEYWORDS == BY_PLACE
    assert KEYWORDS - set(kept.words) == {"these"}, "it stands only inside a terminal of several words"


def test_no_file_of_tables_names_a_terminal_that_the_grammar_does_not_have() -> None:
    kept = tables.tables()
    told = {*kept.names, *kept.signs, *(name for names in kept.words.values() for name in names)}
    assert {symbol for row in kept.states for symbol in row} - {"$END"} == told


# --- what they read ---------------------------------------------------------------------------------


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.name)
def test_every_shipped_policy_is_read_by_the_tables_and_as_lark_reads_it(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    quick = quickly(text)
    assert quick is not None
    assert_the_same(text, quick)


def test_every_sound_file_of_the_corpus_is_read_as_lark_reads_it() -> None:
    read = 0
    for path in CORPUS:
        text = path.read_bytes().decode("utf-8", errors="replace")
        quick = quickly(text)
        if quick is not None:
            read += 1
            assert_the_same(text, quick)
    assert read > 50


@settings(max_examples=60)
@given(trees.files)
def test_whatever_can_be_written_is_read_as_lark_reads_it(file: tree.File) -> None:
    text = print_file(file)
    quick = quickly(text)
    assert quick is not None
    assert_the_same(text, quick)


def cuts_a_word(read: ParseResult, text: str) -> bool:
    """Whether lark alone read part of a word as a name: of `none` the end, after `no`. A word ends where its letters end."""
    names = [
        node.span for each in read.file.declarations for node in nodes(each) if isinstance(node, tree.Name)
    ]
    return any(f"{text[s.start - 1]}{text[s.start]}".isalnum() for s in names)


def test_whatever_an_edit_makes_of_a_declaration_it_is_read_as_lark_reads_it_or_not_at_all(
    declarations: list[str],
) -> None:
    chance = random.Random(20260101)
    token = re.compile(r'"[^"]*"|[a-z][a-z0-9_.]*|[0-9-]+|[^\s\w]')
    read = 0
    for _ in range(EDITS):
        text = "infoshare 1\n" + chance.choice(declarations)
        for _ in range(chance.choice((1, 1, 2))):
            found = chance.choice(list(token.finditer(text, len("infoshare 1\n"))))
            new = " ".join(chance.choices(PUT, k=chance.choice((0, 1, 1, 2))))
            # Lark alone would read `clausecites` as two words; a word of the language ends where its letters end. It is
            # not asked of a word that touches a string: that text goes the long way, which tells faults.
            before, after = text[: found.start()], text[found.end() :]
            left, right = (" " * (end.isalnum() or end == '"') for end in (before[-1:], after[:1]))
            text = f"{before}{left}{new}{right}{after}"
        quick = quickly(text)
        if quick is None:
            alone = by_lark(text)
            assert alone is None or cuts_a_word(alone, text), text
        else:
            read += 1
            assert_the_same(text, quick)
    assert read > EDITS // 20, "too few of the edits leave a text that can be read"


# --- without them -----------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["of another grammar", "missing", "no JSON"])
def test_without_tables_of_this_grammar_they_are_made_from_it(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "tables.json"
    if what == "of another grammar":
        file.write_text(json.dumps({**table_making.made(), "made_from": "0" * 64}), encoding="utf-8")
    elif what == "no JSON":
        file.write_text("{", encoding="utf-8")
    text = (ROOT / "policies" / "cscp.policy").read_text("utf-8")
    quick = quickly(text)
    monkeypatch.setattr(tables, "TABLES", str(file))
    monkeypatch.setattr(parser, "_MINE", threading.local())
    tables.tables.cache_clear()
    try:
        assert quickly(text) == quick
    finally:
        monkeypatch.undo()
        tables.tables.cache_clear()
    assert quickly(text) == quick


def test_a_package_in_an_archive_reads_policies_and_tells_faults_too(tmp_path: Path) -> None:
    archive = tmp_path / "package.zip"
    source = ROOT / "src"
    with zipfile.ZipFile(archive, "w") as writer:
        for path in (source / "infoshare").rglob("*"):
            if path.suffix in {".py", ".lark", ".json", ".txt"}:
                writer.write(path, path.relative_to(source))
    code = (
        f"import sys; sys.path.insert(0, {str(archive)!r}); import infoshare\n"
        "assert 'package.zip' in infoshare.__file__\n"
        """infoshare.load_sources({"p.policy": b'infoshare 1 facts about a "a" f "f" : yes or no'}, main="p.policy")\n"""
        "try: infoshare.load_sources({'p.policy': b'infoshare 1 plicy'}, main='p.policy')\n"
        "except infoshare.PolicyError as error: print(error.diagnostics[0].code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=False, text=True, cwd=tmp_path
    )
    assert (done.stdout.strip(), done.stderr) == ("IS101", "")
