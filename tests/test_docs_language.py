"""The language reference: every example loads, or gives the code that it says it gives."""

import json
import re
from datetime import date
from pathlib import Path

import pytest

import infoshare

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/language.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(page: str, kind: str) -> list[tuple[int, str]]:
    """Line number and text of each fenced block of a kind."""
    return [
        (page.count("\n", 0, match.start()) + 1, match[1])
        for match in re.finditer(rf"^```{kind}\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    ]


((_, START),) = blocks(PAGE, "policy-start")
((_, WORDS),) = blocks(PAGE, "policy-words")
((_, NATIONAL),) = blocks(PAGE, "policy-national")
WORDS_BY_PLACE = {
    "in order",
    "ask first",
    "fixed",
    "also one of",
    "unanswered means none",
    "unanswered means every",
    "should",
    "relaxes",
    "where no other clause stands",
    "all other clauses",
    "every clause of",
    "seek consent from",
    "after holding back",
    "within",
    "working days",
    "hours",
    "instead of",
    "for each item",
    "for each recipient",
    "for each person",
    "is at least",
    "is at most",
    "is more than",
    "is less than",
    "is exactly",
    "is empty",
    "is not empty",
    "is none of them",
    "includes any of",
    "includes all of",
    "includes none of",
    "at least 3",
    "exactly 1",
    "plus",
    "minus",
    "years between",
    "then differs",
    "asking consent of",
    "others",
}
"""The words of rows, people and what authors of regimes asked for; each has an example on the page."""
EXAMPLES = [("language.md", line, text) for line, text in blocks(PAGE, "policy")] + [
    ("README.md", line, text) for line, text in blocks(README, "policy")
]
NATIONS = {name: (ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("wales.md", "scotland.md")}
EXAMPLES += [(name, line, text) for name, page in NATIONS.items() for line, text in blocks(page, "policy")]


def sources(text: str) -> dict[str, bytes]:
    whole = text if re.search(r"^infoshare ", text, re.MULTILINE) else START + text
    return {
        "main.policy": whole.encode(),
        "words.policy": WORDS.encode(),
        "national.policy": NATIONAL.encode(),
    }


@pytest.mark.parametrize(
    ("page", "line", "text"), EXAMPLES, ids=[f"{page}:{line}" for page, line, _ in EXAMPLES]
)
def test_an_example_loads_or_gives_the_code_that_it_says(page, line, text):
    expected = re.match(r"# gives (IS\d{3})\n", text)
    if expected is None:
        infoshare.load_sources(sources(text), main="main.policy")
        return
    with pytest.raises(infoshare.PolicyError) as raised:
        infoshare.load_sources(sources(text), main="main.policy")
    assert {diagnostic.code for diagnostic in raised.value.diagnostics if diagnostic.severity == "error"} == {
        expected[1]
    }


@pytest.mark.parametrize(
    ("page", "line", "text"), EXAMPLES, ids=[f"{page}:{line}" for page, line, _ in EXAMPLES]
)
def test_the_scenarios_of_an_example_pass(page, line, text):
    from infoshare.scenarios import run_scenarios

    if not text.startswith("# gives"):
        results = run_scenarios(
            infoshare.load_sources(sources(text), main="main.policy"), today=date(2026, 11, 22)
        )
        assert [(result.title, result.problems) for result in results if not result.passed] == []


def test_every_word_that_begins_a_declaration_has_an_example():
    words = (
        "policy use source facts define value holidays impossible part consent rule override exception duty safeguard advice"
        " guarantee scenario"
    )
    code = "\n".join(text for _, _, text in EXAMPLES)
    assert [word for word in words.split() if not re.search(rf"^{word} ", code, re.MULTILINE)] == []


@pytest.mark.parametrize("name", sorted(NATIONS))
def test_what_the_page_of_a_nation_names_is_declared_in_a_policy_or_in_its_example(name):
    page = NATIONS[name]
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "policies").glob("*.policy")]
    declared = {
        word
        for text in [*texts, *(text for _, text in blocks(page, "policy"))]
        for word in re.findall(r"^(?:[a-z]+|[ ]) (\w+)", text, re.MULTILINE)
    }
    named = set(re.findall(r"`([a-z0-9]+(?:_[a-z0-9]+)+)`", page))
    assert len(named) > 5
    assert named <= declared


@pytest.mark.parametrize("word", sorted(WORDS_BY_PLACE))
def test_every_word_that_is_one_by_its_place_has_an_example(word):
    code = "\n".join(text for _, _, text in EXAMPLES) + WORDS + NATIONAL
    assert re.search(rf"(?<![a-z_.]){word}(?![a-z_.])", code)


def test_the_python_example_of_the_readme_runs_and_says_share(capsys):
    ((_, code),) = blocks(README, "python")
    names: dict = {}
    exec(compile(code, "README.md", "exec"), names)
    assert names["decision"].outcome == "share"
    assert capsys.readouterr().out.startswith("share\nYES")


@pytest.mark.parametrize(
    "line_and_text", blocks((ROOT / "docs/decision.md").read_text(encoding="utf-8"), "json")
)
def test_the_json_of_the_decision_page_is_json(line_and_text):
    assert json.loads(line_and_text[1])
