"""Diagnostics: what is wrong with a policy or a case, as values.

A diagnostic says what was found and what was expected (its message), where (its labels), and what
to do next (its help). Messages hold one clause in lower case and never name a Python type.
Deliberately not here: raising (`infoshare.errors`), terminals and colour (`infoshare.cli`).
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from typing import Any

import attrs

from infoshare.codes import name_of
from infoshare.text import Span
from infoshare.values import frozen


class Severity(StrEnum):
    """How bad it is: an error decides nothing; a warning does not stop a decision."""

    ERROR = "error"
    WARNING = "warning"


@frozen
class Label:
    """A place, and what to say beside it (may be empty)."""

    span: Span = attrs.field(eq=False)
    text: str = ""


@frozen
class Diagnostic:
    """One finding.

    Args:
        code: such as `IS201`, of the catalogue in `infoshare.codes`.
        message: one clause, lower-case, without a full stop.
        labels: the place itself first, then places that belong to it; empty for a fault of a case.
        help: what to do next, one sentence each.
        blocks: texts of several lines to show below as they stand: a table, a scenario to paste.
        path: for a fault of a case, where in it, such as `item["GP letter"].necessary`.
    """

    code: str
    message: str
    labels: tuple[Label, ...] = ()
    help: tuple[str, ...] = ()
    path: str | None = None
    severity: Severity = Severity.ERROR
    blocks: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The kebab name of the code, such as `unknown-fact`."""
        return name_of(self.code)

    @property
    def span(self) -> Span | None:
        """The place itself."""
        return self.labels[0].span if self.labels else None

    def __str__(self) -> str:
        """In one line, for a log: code, place, message and the nearest name; elements of lists are not named."""
        span = self.span
        place = self.path if span is None else f"{span.source.path}:{span.line}:{span.column}"
        near = next((f"; {each}" for each in self.help if each.startswith(_DID_YOU_MEAN)), "")
        said = f"{place}: {self.message}" if place else self.message
        return f"{self.code} {self.name}: {_without_elements(said)}{near}"

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON data, which `--format json` prints too; keys are only ever added.

        `file`, `line`, `column`, `end_line` and `end_column` are its own place, null where it has none, as a fault of a
        case, which has a `path`; the same place is the first of `labels`. Lines and columns are counted from 1, columns
        in characters; an end is the place just after the last character.
        """
        place = dict.fromkeys(_PLACE) if self.span is None else _place(self.span)
        return {
            "code": self.code,
            "name": self.name,
            "severity": self.severity.value,
            "message": self.message,
            "path": self.path,
            **place,
            "labels": [{**_place(label.span), "text": label.text} for label in self.labels],
            "help": list(self.help),
            "blocks": list(self.blocks),
        }


_PLACE = ("file", "line", "column", "end_line", "end_column")
_DID_YOU_MEAN = "did you mean "


def _place(span: Span) -> dict[str, str | int]:
    end = span.source.line_column(span.end)
    return dict(zip(_PLACE, (span.source.path, span.line, span.column, *end), strict=True))


def _without_elements(text: str) -> str:
    """`item["GP letter"].necessary` as `item[…].necessary`: what elements are called is part of the case."""
    import re  # only where something is wrong

    return re.sub(r'\["(?:[^"\\]|\\.)*"\]', "[…]", text)


NEAR = 0.62
"""How alike two names are that are taken for one another, from nought to one."""


class Nearest:
    """Finds which of some names a misspelt one most likely stands for.

    A word is compared with every name as long as that has cost no more than `BUDGET` pairs of letters in all. After that
    it is compared only with names that share its rarest runs of three letters, `MOST` of them, so that a thousand
    misspelt names among a thousand take time in proportion to both. After `MOST_LETTERS` no more are searched for:
    nobody reads so many suggestions.
    """

    BUDGET, MOST, MOST_LETTERS = 2_000_000, 20, 12_000_000

    def __init__(self, names: Iterable[str]) -> None:
        self._names = names
        self._spent = 0

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Those that there are, in order."""
        return tuple(self._names)

    def to(self, word: str) -> str | None:
        """The name that a word most likely stands for, if one is near enough."""
        from difflib import get_close_matches  # only where a word is not known

        if self._spent > self.MOST_LETTERS:
            return None
        names = self.names if self._spent <= self.BUDGET else self._alike(word)
        self._spent += len(word) * sum(map(len, names))
        group, dot, own = word.partition(".")
        elsewhere = [name for name in names if not dot or not name.startswith(group + dot)]
        mine = {
            name.removeprefix(group + dot): name for name in names if dot and name.startswith(group + dot)
        }
        # In its own group a fact is compared by its own name: the group's would make every fact near.
        matches = [mine[near] for near in get_close_matches(own, mine, n=1, cutoff=NEAR)]
        matches = matches or get_close_matches(word, elsewhere, n=1, cutoff=NEAR)
        if matches and len(word) > 2:
            return matches[0]
        slips = [name for name in names if _one_slip(word, name)]
        return slips[0] if slips else next(iter(matches), None)

    def _alike(self, word: str) -> list[str]:
        """The names that share a word's rarest runs of letters; those that share most of them, if they are many."""
        shared: dict[int, int] = {}
        for places in sorted((self._by_letters.get(letters, ()) for letters in _runs(word)), key=len):
            for place in places[: 8 * self.MOST]:
                shared[place] = shared.get(place, 0) + 1
            if len(shared) > 8 * self.MOST:
                break
        most = sorted(shared, key=lambda place: (-shared[place], place))[: self.MOST]
        return [self.names[place] for place in sorted(most)]

    @cached_property
    def _by_letters(self) -> Mapping[str, Sequence[int]]:
        """Where names stand that hold a run of three letters."""
        places: dict[str, list[int]] = {}
        for place, name in enumerate(self.names):
            for letters in _runs(name):
                places.setdefault(letters, []).append(place)
        return places


def _runs(word: str) -> set[str]:
    """The runs of three letters of a word, its two ends among them."""
    marked = f"^{word}$"
    return {marked[at : at + 3] for at in range(len(marked) - 2)}


def nearest(word: str, known: Iterable[str] | Nearest) -> str | None:
    """The known name that a misspelt one most likely stands for, if one is near enough."""
    if isinstance(known, Nearest):
        return known.to(word)
    return Nearest(known).to(word)


def _one_slip(word: str, name: str) -> bool:
    """Whether one letter more, less or other, or two that changed places, make the one of the other."""
    if abs(len(word) - len(name)) > 1 or len(name) < 2:
        return False
    start = next(
        (at for at, (a, b) in enumerate(zip(word, name, strict=False)) if a != b), min(len(word), len(name))
    )
    a, b = word[start:], name[start:]
    return a[1:] == b or a == b[1:] or a[1:] == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])


def did_you_mean(word: str, known: Iterable[str] | Nearest) -> tuple[str, ...]:
    """Help that offers the nearest name; empty when none is near."""
    match = nearest(word, known)
    return (f"{_DID_YOU_MEAN}`{match}`?",) if match else ()
