"""Single-edit mistakes in policies of real size, as hands make them, and what becomes of each.

Turns a seed into mistakes: a letter lost in a keyword, name or value; a keyword left out; a value
misspelt; a bracket, quote, colon or comma lost. An edit after which the policy is as valid as before is
no mistake: it is counted, and another is drawn. `python tests/single_edits.py [SEED…]` prints the figures.
"""

import random
import re
import sys
from collections.abc import Iterator

import attrs

import infoshare
from infoshare.diagnostic import Diagnostic
from infoshare.syntax.words import KEYWORDS
from kept import KEPT

SOURCES = {path.name: path.read_bytes() for path in sorted(KEPT.glob("*.policy"))}
# A library is loaded through a policy that uses it.
MAIN = {name: "cscp.policy" if name == "vocabulary.policy" else name for name in SOURCES}
TOKEN = re.compile(
    r'(?P<skip>\s+|#[^\n]*)|(?P<string>"[^"]*")|(?P<word>[a-z][a-z0-9_.]*)|(?P<other>[^\s\w]|[0-9-]+)'
)
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@attrs.frozen
class Edit:
    """One change to one file: `old` at `start` becomes `new`."""

    kind: str
    file: str
    start: int
    old: str
    new: str

    @property
    def text(self) -> str:
        text = SOURCES[self.file].decode()
        return text[: self.start] + self.new + text[self.start + len(self.old) :]

    @property
    def line(self) -> int:
        return SOURCES[self.file].decode().count("\n", 0, self.start) + 1

    @property
    def misspells_a_name(self) -> bool:
        return self.kind in {"letter lost in a name", "value misspelt"}


@attrs.frozen
class Result:
    """What became of an edit."""

    edit: Edit
    diagnostics: tuple[Diagnostic, ...]

    @property
    def points_at_the_line(self) -> bool:
        span = self.diagnostics[0].span
        return span is not None and (span.source.path, span.line) == (self.edit.file, self.edit.line)

    @property
    def suggests(self) -> bool:
        """Whether what was written before is offered somewhere in the help of the first message."""
        return any(
            re.search(rf"(?<![\w]){re.escape(self.edit.old)}(?![\w])", line)
            for line in self.diagnostics[0].help
        )


def draw(rng: random.Random) -> Edit:
    """One edit; whether it is a mistake is not known yet."""
    file = rng.choice(sorted(SOURCES))
    text = SOURCES[file].decode()
    tokens = [m for m in TOKEN.finditer(text) if m.lastgroup != "skip"]
    kind = rng.choice(
        [
            "letter lost in a keyword",
            "letter lost in a name",
            "keyword missing",
            "value misspelt",
            "sign lost",
        ]
    )
    match kind:
        case "letter lost in a keyword" | "keyword missing":
            token = rng.choice([m for m in tokens if m.group() in KEYWORDS and len(m.group()) > 1])
            if kind == "keyword missing":
                return Edit(kind, file, token.start(), token.group(), "")
            return Edit(kind, file, token.start(), token.group(), _without_a_letter(rng, token.group()))
        case "letter lost in a name":
            names = [
                m
                for m in tokens
                if m.lastgroup == "word" and m.group() not in KEYWORDS and len(m.group()) > 2
            ]
            token = rng.choice(names)
            return Edit(kind, file, token.start(), token.group(), _without_a_letter(rng, token.group()))
        case "value misspelt":
            values = list(
                re.finditer(
                    r"(?<=\bis )(?!not\b|one\b|exactly\b)[a-z_]{3,}|(?<=\bof )(?!these\b)[a-z_]{3,}", text
                )
            )
            inside = [m for m in tokens if m.lastgroup != "string"]
            starts = {m.start() for m in inside}
            token = rng.choice([m for m in values if m.start() in starts] or names_in(tokens))
            return Edit(kind, file, token.start(), token.group(), _misspelt(rng, token.group()))
        case _:
            places = [m.start() for m in tokens if m.group() in {"(", ")", ":", ","}]
            places += [at for m in tokens if m.lastgroup == "string" for at in (m.start(), m.end() - 1)]
            at = rng.choice(places)
            return Edit(f"{text[at]} lost", file, at, text[at], "")


def names_in(tokens: list[re.Match[str]]) -> list[re.Match[str]]:
    return [m for m in tokens if m.lastgroup == "word" and m.group() not in KEYWORDS and len(m.group()) > 2]


def _without_a_letter(rng: random.Random, word: str) -> str:
    at = rng.choice([index for index, letter in enumerate(word) if letter.isalpha()])
    return word[:at] + word[at + 1 :]


def _misspelt(rng: random.Random, word: str) -> str:
    at = rng.randrange(len(word) - 1)
    if rng.random() < 0.5 and word[at] != word[at + 1]:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return (
        word[:at]
        + rng.choice(LETTERS.replace(word[at], "") if word[at] in LETTERS else LETTERS)
        + word[at + 1 :]
    )


def tried(edit: Edit) -> Result:
    """Loads the policies with the edit made in one of them."""
    try:
        policy = infoshare.load_sources({**SOURCES, edit.file: edit.text.encode()}, main=MAIN[edit.file])
    except infoshare.PolicyError as error:
        return Result(edit, error.diagnostics)
    return Result(edit, policy.diagnostics)


def mistakes(seed: int, number: int = 100) -> tuple[list[Result], list[Edit]]:
    """So many mistakes, and the edits drawn on the way that nothing is said about."""
    rng = random.Random(seed)
    found: list[Result] = []
    silent: list[Edit] = []
    while len(found) < number:
        result = tried(draw(rng))
        if result.diagnostics:
            found.append(result)
        else:
            silent.append(result.edit)
    return found, silent


def _report(seed: int) -> Iterator[str]:
    found, silent = mistakes(seed)
    astray = [r for r in found if not r.points_at_the_line]
    cascades = [r for r in found if len(r.diagnostics) > 3]
    names = [r for r in found if r.edit.misspells_a_name]
    unhelpful = [r for r in names if not r.suggests]
    for title, results in (("ASTRAY", astray), ("CASCADE", cascades), ("NO SUGGESTION", unhelpful)):
        for r in results:
            first = r.diagnostics[0]
            where = f"{first.span.source.path}:{first.span.line}" if first.span else "-"
            line = SOURCES[r.edit.file].decode().splitlines()[r.edit.line - 1].strip()
            yield f"{title} {r.edit.kind} `{r.edit.old}`->`{r.edit.new}` {r.edit.file}:{r.edit.line} [{line}]"
            yield f"     {len(r.diagnostics)} found; first {where} {first.code} {first.message} | {first.help}"
    yield (
        f"seed {seed}: {len(found) - len(astray)} of {len(found)} point at the line, {len(cascades)} cascade,"
        f" {len(names) - len(unhelpful)} of {len(names)} names are suggested;"
        f" {len(silent)} edits more left a valid policy"
    )
    for edit in silent:
        yield f"  SILENT {edit.kind} {edit.old}->{edit.new} {edit.file}:{edit.line} [{SOURCES[edit.file].decode().splitlines()[edit.line - 1].strip()}]"


if __name__ == "__main__":
    for seed in map(int, sys.argv[1:] or ["1"]):
        print("\n".join(_report(seed)))
