"""Inputs that a fuzzer found worth keeping, and every one that once broke something: none does any more."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fuzz_targets import TARGETS, protocol
from infoshare.syntax.words import KEYWORDS
from seeds import seeds, write_dictionary

CORPUS = Path(__file__).parent / "corpus"
KEPT = sorted(CORPUS.glob("*/*"))


@pytest.mark.parametrize("target", TARGETS)
def test_the_kept_corpus_ends_with_nothing_but_answers_and_errors_that_are_meant(target):
    kept = [path for path in KEPT if path.parent.name == target]
    assert kept
    became = {TARGETS[target](path.read_bytes()) for path in kept}
    assert became == ({"refused", "loaded"} if target == "policy" else {"unread", "refused", "decided"})


@pytest.mark.parametrize(
    "path", [path for path in KEPT if path.name.startswith("found-")], ids=lambda path: path.name
)
def test_what_once_broke_something_does_not_any_more(path):
    TARGETS[path.parent.name](path.read_bytes())


def test_the_corpus_stays_small():
    assert len(KEPT) < 700
    assert sum(path.stat().st_size for path in KEPT) < 1_000_000


@pytest.mark.parametrize("target", TARGETS)
def test_the_fuzzer_has_seeds_and_words_to_start_from(target, tmp_path):
    assert len(seeds(target)) > 30
    write_dictionary(target, tmp_path / "words")
    lines = (tmp_path / "words").read_text("ascii").splitlines()
    assert len(lines) > 80
    assert all(line.startswith('"') and line.endswith('"') for line in lines)


_WORDS = st.lists(
    st.sampled_from([
        *sorted(KEYWORDS), "item.necessary", "child.age", "consent.status", "refused", "c1", "c2", '"S."', '"', "(", ")",
        ",", ":", "-", "<", ">=", "5", "2026-01-01", "#", "\n", "\r", "\u202e", "é", 'use "words.policy"\n',
        'rule c1 "S." share when child.age < 5\n', 'consent c2 "S." withhold when consent.status is refused\n',
        'scenario "s" given child.age is 3 then share\n', 'facts about x "x"\n  y "z" : yes or no\n',
    ])
)  # fmt: skip


@settings(max_examples=150)
@given(
    st.binary()
    | st.text().map(str.encode)
    | _WORDS.map(lambda words: ("infoshare 1\n" + " ".join(words)).encode())
)
def test_no_bytes_as_a_policy_end_otherwise_than_loaded_or_refused(data):
    assert TARGETS["policy"](data) in {"loaded", "refused"}


def _spliced(data: bytes, at: int, length: int, put: bytes) -> bytes:
    at %= len(data) + 1
    return data[:at] + put + data[at + length :]


@settings(max_examples=150)
@given(
    st.sampled_from(sorted(seeds("policy").values())),
    st.integers(min_value=0),
    st.integers(0, 40),
    st.sampled_from(sorted(KEYWORDS)).map(lambda word: f" {word} ".encode()) | st.binary(max_size=4),
)
def test_no_edit_of_a_policy_ends_otherwise_than_loaded_or_refused(data, at, length, put):
    assert TARGETS["policy"](_spliced(data, at, length, put)) in {"loaded", "refused"}


_ANSWERS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(["unsure", "refused"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["name", "status", "necessary"]) | st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
_PATHS = st.sampled_from([
    *("case", "item", "recipient"), *(fact.name for fact in protocol().facts), *(group.name for group in protocol().groups),
])  # fmt: skip


@settings(max_examples=150)
@given(st.dictionaries(_PATHS | st.text(max_size=4), _ANSWERS, max_size=6))
def test_no_json_as_a_case_ends_otherwise_than_decided_or_refused(case):
    assert TARGETS["case"](json.dumps(case).encode()) in {"unread", "refused", "decided"}


@settings(max_examples=100)
@given(st.binary() | st.text().map(str.encode), st.sampled_from([b"", b"# toml\n", b"---\n"]))
def test_no_bytes_as_a_case_end_otherwise_than_unread_or_refused_or_decided(data, start):
    assert TARGETS["case"](start + data) in {"unread", "refused", "decided"}
