"""The words of the language, the grammar and what messages say of it, held against each other."""

import re
from importlib.resources import files

import pytest

from infoshare.syntax import expected, tree
from infoshare.syntax.parser import parse
from infoshare.syntax.words import DECLARATIONS, INNER, KEYWORDS, PARTS
from infoshare.text import Source

GRAMMAR = (files("infoshare.syntax") / "grammar.lark").read_text(encoding="utf-8")
TERMINALS = re.findall(r"^([A-Z][A-Z_]*)(?:\.\d)?:", GRAMMAR, re.MULTILINE)


def parsed(text: str) -> tree.File:
    result = parse(Source("p.policy", text))
    assert result.diagnostics == (), [fault.message for fault in result.diagnostics]
    return result.file


def test_the_keywords_are_the_words_of_the_grammar():
    words = set(re.findall(r'"([a-z]+)"', GRAMMAR.split("// --- terminals")[1]))
    lookahead = {"ask", "unanswered", "of", "from", "is", "not", "exactly"}
    units = {"day", "days", "week", "weeks", "month", "months", "year", "years"}
    assert words | lookahead | units == KEYWORDS


def test_a_keyword_has_one_use():
    assert not set(DECLARATIONS) & PARTS
    assert not set(DECLARATIONS) & INNER
    assert not PARTS & INNER


def test_every_terminal_has_words_for_people():
    ignored = {"COMMENT", "SPACE"}
    for terminal in set(TERMINALS) - ignored:
        said = expected.phrase({terminal}, ["x"])
        assert said
        assert terminal not in said
        assert "__" not in said


def test_the_grammar_has_no_nameless_terminal():
    rules = GRAMMAR.split("// --- terminals")[0]
    assert '"' not in re.sub(r"//.*", "", rules)


@pytest.mark.parametrize("word", sorted(KEYWORDS))
def test_a_keyword_may_be_a_group_and_a_value(word):
    text = f'infoshare 1\nfacts about {word} "x"\n  a "a" : one of {word} "label", other\n    unanswered means {word}\n'
    text += f'impossible i "why" when {word}.a is {word} or {word}.a is one of {word}, other\n'
    facts, impossible = parsed(text).declarations
    assert facts.group == tree.Name(word)
    assert facts.facts[0].type.options[0] == tree.Option(tree.Name(word), "label")
    assert facts.facts[0].assumed == (tree.Word(word),)
    assert impossible.condition.items[0].values == (tree.Word(word),)


@pytest.mark.parametrize("word", sorted(KEYWORDS))
@pytest.mark.parametrize(
    "before",
    ["yes or no", "one of a, b", 'one of a "A"', "number", "number of years from 0 to 9", 'date\n ask "Q?"'],
)
def test_a_keyword_may_name_a_fact(word, before):
    text = f'infoshare 1\nfacts about x "x"\n  first "f" : {before}\n  {word} "w" : text\n  last "l" : date\n'
    (facts,) = parsed(text).declarations
    assert [fact.name.text for fact in facts.facts] == ["first", word, "last"]


@pytest.mark.parametrize("word", sorted(KEYWORDS))
def test_a_keyword_may_be_a_value_in_a_scenario(word):
    text = f'infoshare 1\nscenario "s"\n  given\n    a.b is {word}\n    a.c is exactly {word}, other\n  then share\n'
    (scenario,) = parsed(text).declarations
    assert scenario.given == (
        tree.GivenIs(tree.Path("a", "b"), (tree.Word(word),)),
        tree.GivenIs(tree.Path("a", "c"), (tree.Word(word), tree.Word("other")), exactly=True),
    )


@pytest.mark.parametrize("word", sorted(KEYWORDS))
def test_a_keyword_may_be_the_value_that_is_denied(word):
    (clause,) = parsed(
        f'infoshare 1\nrule r "S."\n  share\n  when a.b is not {word}\n  cites s\n'
    ).declarations
    assert clause.provisions.when == tree.Is(tree.Path("a", "b"), (tree.Word(word),), negated=True)


def test_a_name_that_was_declared_is_never_a_keyword():
    (words,) = re.findall(r"^DEFINED: /\(\?!\(\?:([a-z|]+)\)", GRAMMAR, re.MULTILINE)
    assert set(words.split("|")) == KEYWORDS
