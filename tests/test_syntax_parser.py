"""The parser as a whole: it never raises, its spans are exact, threads may share it."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from infoshare.codes import CODES
from infoshare.rendering import render_all
from infoshare.syntax import tree
from infoshare.syntax.parser import decode, parse
from infoshare.syntax.words import KEYWORDS
from infoshare.text import Source

POLICIES = sorted((Path(__file__).parent.parent / "policies").glob("*.policy"))
_pieces = st.lists(
    st.sampled_from([*sorted(KEYWORDS), "a.b", "x", '"s"', '"', "(", ")", ",", ":", "-", "<", "5", "2026-01-01", "#", "\n", "\r", "\u202e", "é", "=", "infoshare 1\n", 'consent c "S." share\n', 'facts about x "x"\n'])
)  # fmt: skip


@example("#\x1f", False)
@settings(max_examples=300)
@given(st.text() | _pieces.map(" ".join) | _pieces.map("".join), st.booleans())
def test_no_text_makes_the_parser_raise_and_every_fault_can_be_rendered(text, headed):
    result = parse(Source("p.policy", ("infoshare 1\n" if headed else "") + text))
    places = [fault.labels[0].span.start for fault in result.diagnostics]
    assert places == sorted(places)
    assert all(fault.code in CODES for fault in result.diagnostics)
    render_all(result.diagnostics)


@settings(max_examples=100)
@given(st.binary())
def test_no_bytes_make_decoding_raise(data):
    source, diagnostics = decode("p.policy", data)
    assert (source is None) == bool(diagnostics)


def test_spans_say_exactly_what_the_nodes_say():
    text = 'infoshare 1  # c\n\nrule r "S."\n  must withhold\n  when not (a.b is one of x, y and z)  # d\n  cites s "1"\n'
    (rule,) = parse(Source("p.policy", text)).file.declarations
    assert rule.span.text == text[text.index("rule") : -1]
    assert rule.name.span.text == "r"
    assert rule.effect.span.text == "must withhold"
    assert rule.provisions.when.span.text == "not (a.b is one of x, y and z)"
    assert rule.provisions.when.item.span.text == "(a.b is one of x, y and z)"
    within, name = rule.provisions.when.item.items
    assert within.span.text == "a.b is one of x, y"
    assert [value.span.text for value in within.values] == ["x", "y"]
    assert name.span.text == "z"
    assert rule.provisions.cites[0].span.text == 'cites s "1"'


def test_comments_are_kept_with_their_places_and_a_hash_in_a_string_is_none():
    text = 'infoshare 1 # one\n# two\nuse "a#b" # three'
    comments = parse(Source("p.policy", text)).file.comments
    assert [comment.text for comment in comments] == ["# one", "# two", "# three"]
    assert [comment.span.text for comment in comments] == ["# one", "# two", "# three"]


def test_threads_share_the_parser_without_mixing_their_files():
    sources = [Source(path.name, path.read_text(encoding="utf-8")) for path in POLICIES] * 4
    expected = [parse(source).file for source in sources]
    with ThreadPoolExecutor(8) as pool:
        files = list(pool.map(lambda source: parse(source).file, sources))
    assert files == expected
    for source, file in zip(sources, files, strict=True):
        assert isinstance(file, tree.File)
        assert all(declaration.span.source is source for declaration in file.declarations)
