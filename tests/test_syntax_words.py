"""The words of the language: where they may stand for something else, and what messages call them."""

import pytest

from infoshare.syntax import expected, tree
from infoshare.syntax.parser import parse
from infoshare.syntax.tables import tables
from infoshare.syntax.words import DECLARATIONS, KEYWORDS, PARTS
from infoshare.text import Source

WORDS = sorted(KEYWORDS)


def parsed(text: str) -> tuple[tree.Declaration, ...]:
    result = parse(Source("p.policy", f"infoshare 1\n{text}"))
    assert result.diagnostics == (), [fault.message for fault in result.diagnostics]
    assert result.file is not None
    return result.file.declarations


def test_a_word_begins_a_declaration_or_a_part_of_one_or_neither():
    assert not set(DECLARATIONS) & PARTS
    assert {"policy", "rule", "scenario"} <= set(DECLARATIONS)
    assert {"share", "when", "prevails", "given", "releasing"} <= PARTS
    assert {"is", "over", "aside", "back", "these", "days"} <= KEYWORDS - PARTS - set(DECLARATIONS)


def test_every_terminal_has_words_for_people():
    terminals = {terminal for row in tables().states for terminal in row}
    for terminal in terminals:
        said = expected.phrase({terminal}, ["x"])
        assert said
        assert said == said.lower()
        assert "_" not in said.replace("__", "_") or "`" in said


def test_any_word_may_be_a_group_a_fact_and_a_value():
    groups = "".join(
        f'facts about {word} "x"\n  first "f" : one of {word} "label", other\n    unanswered means {word}\n'
        f'  {word} "w" : text\n  last "l" : date\n'
        for word in WORDS
    )
    for word, node in zip(WORDS, parsed(groups), strict=True):
        assert node.group == tree.Name(word)
        assert [fact.name.text for fact in node.facts] == ["first", word, "last"]
        assert node.facts[0].type.options[0] == tree.Option(tree.Name(word), "label")
        assert node.facts[0].assumed == (tree.Word(word),)


@pytest.mark.parametrize(
    "before",
    ["yes or no", "one of a, b", 'one of a "A"', "number", "number of years from 0 to 9", 'date\n ask "Q?"'],
)
def test_any_word_may_name_a_fact_after_a_fact_of_any_type(before):
    facts = "".join(f'  before_{word} "f" : {before}\n  {word} "w" : text\n' for word in WORDS)
    (group,) = parsed(f'facts about x "x"\n{facts}')
    assert [fact.name.text for fact in group.facts[1::2]] == WORDS


def test_any_word_may_be_a_value_that_is_asked_for_or_denied():
    rules = "".join(
        f'rule r "S." share when {word}.a is {word} or {word}.a is one of {word}, other cites s\n'
        f'rule r "S." share when a.b is not {word}\n  cites s\n'
        for word in WORDS
    )
    found = parsed(rules)
    for word, asked, denied in zip(WORDS, found[::2], found[1::2], strict=True):
        first, second = asked.provisions.when.items
        assert first.values == (tree.Word(word),)
        assert second.values == (tree.Word(word), tree.Word("other"))
        assert denied.provisions.when == tree.Is(tree.Path("a", "b"), (tree.Word(word),), negated=True)


def test_any_word_may_be_a_value_in_a_scenario():
    scenarios = "".join(
        f'scenario "s"\n  given\n    a.b is {word}\n    a.c is exactly {word}, other\n  then share\n'
        for word in WORDS
    )
    for word, scenario in zip(WORDS, parsed(scenarios), strict=True):
        assert scenario.given == (
            tree.GivenIs(tree.Path("a", "b"), (tree.Word(word),)),
            tree.GivenIs(tree.Path("a", "c"), (tree.Word(word), tree.Word("other")), exactly=True),
        )
