"""Collecting what is wrong with a policy, while going on with the rest of it.

Invariant: one mistake is told once. A name that nothing declares is one diagnostic with all its places; and where a
declaration that nothing uses is nearly of that name, the two are told together, at the one that is more likely wrong.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

import attrs

from infoshare.diagnostic import Diagnostic, Label, Nearest, Severity, nearest
from infoshare.syntax.parser import EVERYTHING
from infoshare.text import Source, Span

_MOST_PLACES = 4
_NOT_DECLARED = frozenset({"IS201", "IS202", "IS203", "IS204", "IS205", "IS215"})
_STRING = re.compile(r'"[^"]*"')
_WORD = re.compile(r"[a-z0-9_]+")
_OUTSIDE_CODE = re.compile(r'"[^"]*"|#[^\n]*')


@attrs.define
class _Unknown:
    """A name that nothing declares: where among the diagnostics it is told, and what is nearly of that name."""

    index: int
    word: str
    space: str
    near: str | None
    spans: list[Span]


class Faults:
    """The diagnostics of one load, in the order in which they were found.

    Args:
        broken: names (and fact paths) that a declaration which did not parse would have declared;
            nothing is said about them, as the cause has been told already.
        incomplete: whether a file is missing; then nothing is said about names that are not declared,
            as it may have declared them.
    """

    def __init__(self, broken: Iterable[str] = (), *, incomplete: bool = False) -> None:
        self.broken = frozenset(broken)
        self.incomplete = incomplete or EVERYTHING in self.broken
        self.found: list[Diagnostic] = []
        self._unknown: dict[tuple[str, str, str], _Unknown] = {}

    def error(
        self,
        code: str,
        message: str,
        span: Span,
        label: str = "",
        *,
        help: Iterable[str] = (),
        also: Iterable[Label] = (),
    ) -> None:
        """One error at a place; `also` are places that belong to it."""
        if self.incomplete and code in _NOT_DECLARED:
            return
        self.found.append(Diagnostic(code, message, (Label(span, label), *also), tuple(help)))

    def add(self, diagnostic: Diagnostic) -> None:
        """One that was made elsewhere."""
        self.found.append(diagnostic)

    def warning(
        self, code: str, message: str, span: Span, label: str = "", *, help: Iterable[str] = ()
    ) -> None:
        """One warning at a place."""
        self.found.append(
            Diagnostic(code, message, (Label(span, label),), tuple(help), severity=Severity.WARNING)
        )

    def unknown(
        self,
        code: str,
        message: str,
        span: Span,
        label: str = "",
        *,
        space: str,
        known: Iterable[str] | Nearest,
        of: str = "",
        word: str = "",
        help: Iterable[str] | Callable[[], Iterable[str]] = (),
    ) -> None:
        """A name that nothing declares; told once, however often it is used.

        Args:
            space: what kind of name it is, as in the places that `settle` is given.
            known: the names that there are.
            of: for a value, the path of its fact.
            word: the name, where the place does not say it alone.
            help: what to do where no known name is near; called for it then, if it takes time to say.
        """
        if self.incomplete and code in _NOT_DECLARED:
            return
        word = word or span.text
        earlier = self._unknown.get((code, of, word))
        if earlier is not None:
            earlier.spans.append(span)
            return
        near = nearest(word, known)
        self._unknown[code, of, word] = _Unknown(
            len(self.found), word, space, f"{of} {near}".strip() if near else None, [span]
        )
        told = (f"did you mean `{near}`?",) if near else tuple(help() if callable(help) else help)
        self.found.append(Diagnostic(code, message, (Label(span, label),), told))

    def settle(self, places: Mapping[tuple[str, str], Span], sources: Iterable[Source]) -> None:
        """Adds the other places of each unknown name, and looks for the declaration that it was meant for."""
        texts = [source.text for source in sources] if self._unknown else []
        code = Counter(word for text in texts for word in _WORD.findall(_OUTSIDE_CODE.sub(" ", text)))
        said = set(
            re.findall(r"[a-z]+", " ".join(s for text in texts for s in _STRING.findall(text)).lower())
        )
        # A word that several names have is a word too.
        parts = Counter(part for name in code for part in set(name.split("_")))
        said |= {part for part, names in parts.items() if names > 1}
        for unknown in self._unknown.values():
            declared = _unused(unknown, places, code)
            if declared is None:
                self._tell_places(unknown)
            else:
                self._tell_together(unknown, *declared, said, code)

    def _tell_places(self, unknown: _Unknown) -> None:
        diagnostic = self.found[unknown.index]
        labels = [Label(span, "and here") for span in unknown.spans[1:_MOST_PLACES]]
        self.found[unknown.index] = attrs.evolve(
            diagnostic, labels=(*diagnostic.labels, *labels), help=(*diagnostic.help, *_more(unknown))
        )

    def _tell_together(
        self, unknown: _Unknown, declared: Span, used: str, said: set[str], code: Mapping[str, int]
    ) -> None:
        """Which of the two is wrong: the one that is no word of the texts; else the one that is there once."""
        diagnostic = self.found[unknown.index]
        theirs, ours = _worded(declared.text, said), _worded(used, said)
        if ours < theirs or (ours == theirs and code[used] == 1):
            if ours == theirs and unknown.space != "value":
                label = Label(declared, f"`{declared.text}` is declared here, and nothing uses it")
                self.found[unknown.index] = attrs.evolve(diagnostic, labels=(*diagnostic.labels, label))
            self._tell_places(unknown)
            return
        labels = [Label(span, "used here") for span in unknown.spans[: _MOST_PLACES - 1]]
        self.found[unknown.index] = attrs.evolve(
            diagnostic,
            message=f"{diagnostic.message}, while nothing uses `{declared.text}`",
            labels=(Label(declared, "declared here"), *labels),
            help=(f"did you mean `{used}` here?", *_more(unknown)),
        )


def _unused(
    unknown: _Unknown, places: Mapping[tuple[str, str], Span], code: Mapping[str, int]
) -> tuple[Span, str] | None:
    """The declaration of the nearest name, if nothing uses it, and the part of the unknown name that stands for it."""
    if unknown.near is None:
        return None
    place, used = places.get((unknown.space, unknown.near)), unknown.word
    if unknown.space == "fact":
        group, _, name = unknown.near.partition(".")
        used_group, _, used = unknown.word.partition(".")
        if used_group != group:
            place, used = (places.get(("group", group)), used_group) if used == name else (None, used)
    if place is None or code[place.text] != 1:
        return None
    return place, used


def _worded(name: str, said: set[str]) -> float:
    """How much of a name is words that texts of the policy hold."""
    parts = name.split("_")
    return sum(part in said for part in parts) / len(parts)


def _more(unknown: _Unknown) -> tuple[str, ...]:
    left = len(unknown.spans) - _MOST_PLACES
    return (f"the same name stands in {left} more place{'s' if left > 1 else ''}",) if left > 0 else ()


def an(noun: str) -> str:
    """A noun with its article."""
    return f"{'an' if noun[0] in 'aei' else 'a'} {noun}"
