"""Colours: whoever highlights a policy, by Pygments or by the grammar for editors, colours it the same."""

import json
import re
from pathlib import Path
from random import Random

import pytest
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.token import Text as Plain
from pygments.token import Whitespace

from infoshare.authoring.highlighting import RULES, SCOPES, Role, written
from infoshare.authoring.pygments_lexer import TOKENS, PolicyLexer
from infoshare.syntax.words import DECLARATIONS, KEYWORDS
from infoshare.testing.comments import with_comments
from infoshare.testing.policies import random_policy, sources

ROOT = Path(__file__).parent.parent
GRAMMAR = json.loads((ROOT / "editors" / "infoshare.tmLanguage.json").read_text(encoding="utf-8"))
POLICIES = sorted((ROOT / "policies").glob("*.policy"))
ROLES = {token: role for role, token in TOKENS.items()} | {Plain: None, Whitespace: None}
ROLES_OF_SCOPES = {scope: role for role, scope in SCOPES.items()}


def by_pygments(text: str) -> list[Role | None]:
    """The role of every character but white space, by Pygments."""
    roles: list[Role | None] = []
    for _, token, part in PolicyLexer(stripnl=False, ensurenl=False).get_tokens_unprocessed(text):
        roles += [ROLES[token]] * len(part)
    assert len(roles) == len(text)
    return blanked(text, roles)


def by_grammar(text: str) -> list[Role | None]:
    """The same by the grammar, as editors follow it: line by line, the rule that begins first, ties in order."""
    roles: list[Role | None] = []
    inside = None
    for line in text.splitlines(keepends=True):
        body, at = line.rstrip("\n"), 0
        found: list[Role | None] = [None] * len(line)
        while at < len(body) or (at == 0 and not body):
            if inside is not None:
                end = re.compile(inside["end"]).search(body, at)
                stop = end.end() if end else len(body)
                found[at:stop] = [ROLES_OF_SCOPES[inside["name"]]] * (stop - at)
                at, inside = stop, None if end else inside
                if not body or stop >= len(body):
                    break
                continue
            matches = [
                (match.start(), number, match)
                for number, rule in enumerate(GRAMMAR["patterns"])
                if (match := re.compile(rule.get("match") or rule["begin"]).search(body, at))
            ]
            if not matches:
                break
            _, number, match = min(matches, key=lambda each: each[:2])
            rule = GRAMMAR["patterns"][number]
            if "begin" in rule:
                inside = rule
                found[match.start() : match.end()] = [ROLES_OF_SCOPES[rule["name"]]]
            elif "name" in rule:
                found[match.start() : match.end()] = [ROLES_OF_SCOPES[rule["name"]]] * len(match[0])
            else:
                for group, capture in rule["captures"].items():
                    start, end_ = match.span(int(group))
                    found[start:end_] = [ROLES_OF_SCOPES[capture["name"]]] * (end_ - start)
            at = match.end()
        roles += found
    return blanked(text, roles)


def blanked(text: str, roles: list[Role | None]) -> list[Role | None]:
    return [None if character.isspace() else role for character, role in zip(text, roles, strict=True)]


def same(text: str) -> None:
    one, other = by_pygments(text), by_grammar(text)
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=True)) if a != b), None)
    assert at is None, (text[max(0, at - 40) : at + 40], one[at], other[at])


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_a_shipped_policy_is_coloured_the_same_by_both_and_wholly(path):
    text = path.read_text("utf-8")
    same(text)
    unknown = {c for c, role in zip(text, by_pygments(text), strict=True) if role is None and not c.isspace()}
    assert unknown == set()


@pytest.mark.parametrize("seed", range(30))
def test_random_policies_with_comments_anywhere_are_coloured_the_same_by_both(seed):
    for text in sources(random_policy(Random(seed))).values():
        same(with_comments(Random(seed), text.decode()))


@pytest.mark.parametrize(
    "text", ['rule a "open', 'rule a "x\n y" share # "\n"', "", "\n\n", "'é%", 'x "" "#" #"']
)
def test_odd_files_are_coloured_the_same_by_both(text):
    same(text)


def coloured(text: str) -> list[tuple[str, Role | None]]:
    """Stretches of one role."""
    out: list[tuple[str, Role | None]] = []
    for character, role in zip(text, by_pygments(text), strict=True):
        if character.isspace() and (role is None):
            out.append((" ", None))
        elif out and out[-1][1] is role:
            out[-1] = (out[-1][0] + character, role)
        else:
            out.append((character, role))
    return [(part, role) for part, role in out if part != " "]


R = Role


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "infoshare 1 # x",
            [("infoshare", R.DECLARATION), ("1", R.NUMBER), ("#", R.COMMENT), ("x", R.COMMENT)],
        ),
        (
            "facts about each item",
            [("facts", R.DECLARATION), ("about", R.WORD), ("each", R.WORD), ("item", R.DECLARED)],
        ),
        ("consent agreed", [("consent", R.DECLARATION), ("agreed", R.DECLARED)]),
        ("seek consent", [("seek", R.PART), ("consent", R.WORD)]),
        (
            "when consent.status is given",
            [("when", R.PART), ("consent.status", R.FACT), ("is", R.LOGIC), ("given", R.VALUE)],
        ),
        ("a.b is not when", [("a.b", R.FACT), ("is", R.LOGIC), ("not", R.LOGIC), ("when", R.VALUE)]),
        ("not child.competent", [("not", R.LOGIC), ("child.competent", R.FACT)]),
        ("unanswered means no", [("unanswered", R.PART), ("means", R.WORD), ("no", R.VALUE)]),
        ("from 2026-01-31", [("from", R.PART), ("2026-01-31", R.DATE)]),
        (
            "6 months before today",
            [("6", R.NUMBER), ("months", R.WORD), ("before", R.PART), ("today", R.WORD)],
        ),
        ("sets aside inform_family", [("sets", R.PART), ("aside", R.WORD), ("inform_family", R.NAME)]),
        ("policy.use is given", [("policy.use", R.FACT), ("is", R.LOGIC), ("given", R.VALUE)]),
    ],
)
def test_words_are_what_they_are_in_their_place(text, expected):
    assert coloured(text) == expected


def test_every_word_of_the_language_has_a_colour_of_its_own():
    for word in KEYWORDS:
        assert set(by_pygments(word)) <= {R.PART, R.WORD, R.LOGIC, R.DECLARATION}, word
    for word in set(DECLARATIONS) - {"infoshare", "facts", "use", "scenario"}:
        assert by_pygments(f'{word} some_name "x"')[0] is R.DECLARATION


def test_every_character_of_a_match_is_in_one_group():
    for rule in RULES:
        groups = re.compile(rule.pattern).groups
        assert groups == (0 if len(rule.roles) == 1 else len(rule.roles)), rule.pattern


def test_the_grammar_for_editors_is_the_one_that_the_rules_give():
    assert (ROOT / "editors" / "infoshare.tmLanguage.json").read_text(encoding="utf-8") == written(), (
        "python -m infoshare.authoring.textmate > editors/infoshare.tmLanguage.json"
    )


def test_pygments_makes_a_page_of_a_policy():
    html = highlight('rule a "A."\n  share\n', PolicyLexer(), HtmlFormatter())
    assert '<span class="kd">rule</span>' in html
