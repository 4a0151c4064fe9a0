"""Laws of parser and printer: printing and parsing again gives the same tree, and no comment is lost."""

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infoshare.syntax import tree
from infoshare.syntax.parser import parse
from infoshare.syntax.printer import print_condition, print_file, print_node
from infoshare.testing import trees
from infoshare.text import Source


def parsed(text: str) -> tree.File:
    result = parse(Source("test.policy", text))
    assert result.diagnostics == (), (text, [d.message for d in result.diagnostics])
    assert result.file is not None
    return result.file


@settings(max_examples=100)
@given(trees.files)
def test_parsing_what_was_printed_gives_the_same_tree(file: tree.File) -> None:
    assert parsed(print_file(file)) == file


@pytest.mark.slow
@settings(max_examples=60)
@given(trees.files)
def test_printing_twice_gives_the_same_text(file: tree.File) -> None:
    once = print_file(file)
    assert print_file(parsed(once)) == once


@pytest.mark.slow
@settings(max_examples=150)
@given(trees.conditions)
def test_a_condition_on_one_line_reads_as_itself(condition: tree.Condition) -> None:
    text = print_condition(condition)
    assert "\n" not in text
    (declaration,) = parsed(f'infoshare 1 impossible x "why" when {text}').declarations
    assert isinstance(declaration, tree.ImpossibleDecl)
    assert declaration.condition == condition


@pytest.mark.slow
@settings(max_examples=100)
@given(trees.declarations)
def test_a_declaration_alone_reads_as_itself(declaration: tree.Declaration) -> None:
    assert parsed("infoshare 1\n" + print_node(declaration)).declarations == (declaration,)


@pytest.mark.slow
@settings(max_examples=60)
@given(trees.files, st.randoms(use_true_random=False))
def test_comments_anywhere_between_words_are_all_kept_and_stay_where_they_are_put(
    file: tree.File, chance: random.Random
) -> None:
    pieces = re.split(r'("[^"]*"|\s+)', print_file(file))
    text = ""
    for number, piece in enumerate(pieces):
        text += piece
        if piece.isspace() and chance.random() < 0.3:
            text += f"# comment {number} \n"
    first = parsed(text)
    assert first == file
    printed = print_file(first)
    second = parsed(printed)
    assert second == file
    assert sorted(c.text for c in second.comments) == sorted(c.text for c in first.comments)
    assert print_file(second) == printed
