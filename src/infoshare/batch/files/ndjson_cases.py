"""A file of lines, a case a line in JSON -> pieces of a caseload.

Blank lines are passed over. There are two ways to read a line: a quick one for the ordinary line, that gives up at
whatever is out of the ordinary, and the strict one, that reads a line as a case file is read and says everything that
is wrong with it. Invariants: every line with something on it is a row of some piece, whatever is wrong with it; what
the quick way accepts, the strict one accepts with the same answers.
"""

import json
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, BinaryIO, NoReturn

import attrs
import numpy as np
import pyarrow as pa

from infoshare.batch.arrow import Column, is_coded
from infoshare.batch.files.cases import Piece, RowFault
from infoshare.batch.heading import CASE, Wanted, results
from infoshare.batch.reading import column_type
from infoshare.casefile import SIZE_LIMIT, read_case
from infoshare.diagnostic import Diagnostic
from infoshare.errors import FactsError
from infoshare.meaning.facts import read
from infoshare.meaning.model import Model
from infoshare.meaning.types import UNSURE, Answer, Date, FactType, OneOf, Wrong, YesNo

ROWS = 16_384
"""Lines of a piece at most."""

BYTES = 32 * 1024 * 1024
"""Bytes of a piece at most, but for one line."""


class NdjsonCases:
    """The cases of a file of lines.

    Args:
        file: read from where it is to its end; lines end in LF.
        shown: what to call it.
        model: of the policy that will decide.
        wanted: the names beside the groups that are carried through, as text, and those that are left out.
        rows: lines of a piece at most.
        told_of_rows: whether the result tells of each item and recipient too.
    """

    def __init__(
        self,
        file: BinaryIO,
        shown: str,
        model: Model,
        wanted: Wanted,
        *,
        rows: int = ROWS,
        told_of_rows: bool = False,
    ) -> None:
        self._rows = min(rows, ROWS)
        self._file, self._model = file, model
        self._keep = wanted.kept
        self._lines = Lines(model, shown, wanted)
        clash = [
            Diagnostic("IS403", f"`{name}` is the name of a column of the result", path=name)
            for name in self._keep
            if name in results(rows=told_of_rows)
        ]
        if clash:
            raise FactsError(clash)
        self.carried = pa.schema([(name, pa.string()) for name in self._keep])
        self.total: int | None = None

    def pieces(self, behind: int = 0) -> Iterator[Piece]:
        """The pieces behind so many bytes, in order."""
        if behind:
            self._file.seek(behind, 1)
        at = behind
        lines: list[bytes] = []
        begun = at
        for line, size in _lines(self._file):
            at += size
            if line.strip():
                lines.append(line.removeprefix(b"\xef\xbb\xbf") if at == size else line)
            if lines and (len(lines) == self._rows or at - begun >= BYTES):
                yield self._piece(lines, at)
                lines, begun = [], at
        if lines:
            yield self._piece(lines, at)

    def check(self, piece: Piece) -> None:
        """Holds the names in the first piece against the policy, as the heading of a table is.

        Raises:
            FactsError: every case in it has the same name that is no fact.
        """
        unknown: dict[str, list[RowFault]] = {}
        for fault in piece.faults:
            if fault.diagnostic.code == "IS401" and fault.diagnostic.path is not None:
                unknown.setdefault(fault.diagnostic.path, []).append(fault)
        everywhere = [found for found in unknown.values() if len(found) == piece.rows]
        if everywhere:
            otherwise = "if it is no fact, say --keep to carry it through or --ignore to leave it out"
            raise FactsError(
                [attrs.evolve(f[0].diagnostic, help=(*f[0].diagnostic.help, otherwise)) for f in everywhere]
            )

    def _piece(self, lines: list[bytes], at: int) -> Piece:
        rows = len(lines)
        faults: list[RowFault] = []
        answers: dict[str, list[Any]] = {}
        carried: dict[str, list[str | None]] = {name: [None] * rows for name in self._keep}
        for row, line in enumerate(lines):
            read = self._lines.read(line)
            for name, text in read.carried.items():
                carried[name][row] = text
            for key, answer in read.answers.items():
                column = answers.get(key)
                if column is None:
                    column = answers[key] = [None] * rows
                column[row] = answer
            if read.faults:
                faults += [RowFault(row, each) for each in read.faults]
        columns = {key: self._column(key, values) for key, values in answers.items()}
        return Piece(rows, columns, pa.table(carried, schema=self.carried), faults, at, at)

    def _column(self, key: str, values: list[Any]) -> Column:
        plain = [sorted(v) if isinstance(v, frozenset) else v for v in values]
        fact = self._model.facts.get(key)
        kind = None if fact is None else column_type(fact.type)
        if kind is not None and (is_coded(kind) or UNSURE not in values):
            return pa.array(plain, kind)
        objects = np.empty(len(values), object)
        objects[:] = plain
        return objects


def _lines(file: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """The lines of a file, none longer than a byte above the limit, and how long each really is."""
    while line := file.readline(SIZE_LIMIT + 1):
        size, rest = len(line), line
        while len(rest) > SIZE_LIMIT and not rest.endswith(b"\n"):
            rest = file.readline(SIZE_LIMIT + 1)
            size += len(rest)
        yield line, size


@attrs.define
class Line:
    """What a line says.

    Attributes:
        answers: by path; for a list, by its group, as it is written.
        carried: the texts that go into the result.
    """

    answers: dict[str, Any] = attrs.field(factory=dict)
    carried: dict[str, str] = attrs.field(factory=dict)
    faults: Sequence[Diagnostic] = ()


class Lines:
    """Reads lines for one policy.

    Args:
        wanted: the names that are carried through, and those that are left out.
    """

    def __init__(self, model: Model, shown: str, wanted: Wanted) -> None:
        self._model, self._shown = model, shown
        self._keep, self._ignore = frozenset(wanted.kept), frozenset(wanted.ignore)
        self._types = {path: fact.type for path, fact in model.facts.items() if not fact.each}
        self._words = {
            p: frozenset((*t.values, UNSURE)) for p, t in self._types.items() if isinstance(t, OneOf)
        }
        self._truths = frozenset(path for path, type_ in self._types.items() if isinstance(type_, YesNo))
        self._groups = {
            group: {path.partition(".")[2]: path for path in self._types if path.startswith(f"{group}.")}
            for group, about in model.groups.items()
            if not about.each
        }
        self._plain = not model.has_references
        self._lists = frozenset(group for group, about in model.groups.items() if about.each)
        self._decoder = json.JSONDecoder(
            object_pairs_hook=_once, parse_float=_unusual, parse_constant=_unusual
        )

    def read(self, line: bytes) -> Line:
        """What a line says, or everything that is wrong with it."""
        try:
            return self._quick(line)
        except (_Unusual, ValueError, RecursionError):
            return self._strict(line)

    def _quick(self, line: bytes) -> Line:
        if len(line) > SIZE_LIMIT or not self._plain:  # whom a name refers to, the whole case says
            raise _Unusual
        text = line.decode()
        given = self._decoder.decode(text)
        if type(given) is not dict:
            raise _Unusual
        found = Line()
        answers = found.answers
        for key, value in given.items():
            if key in self._keep:
                if value is not None:
                    found.carried[key] = _plain_text(value, number=key != CASE and "-0" not in text)
                if key == CASE or (key not in self._types and key not in self._groups):
                    continue
            if key in self._ignore:
                continue
            if key not in answers and (
                value in self._words.get(key, ())
                if type(value) is str
                else (value is True or value is False) and key in self._truths
            ):
                answers[key] = value
            elif key in self._types:
                self._answer(answers, key, value)
            elif key in self._groups and type(value) is dict:
                names = self._groups[key]
                for name, each in value.items():
                    if name not in names:
                        raise _Unusual
                    self._answer(answers, names[name], each)
            elif key in self._lists and (value == UNSURE or not read(self._model, {key: value}).diagnostics):
                if value is not None:
                    answers[key] = value
            else:
                raise _Unusual
        return found

    def _answer(self, answers: dict[str, Any], path: str, value: Any) -> None:
        if value is None:
            return
        if path in answers:
            raise _Unusual
        answers[path] = UNSURE if value == UNSURE else _answer(self._types[path], value)

    def _strict(self, line: bytes) -> Line:
        facts, faults = read_case(line, self._shown, "json")
        if facts is None:
            return Line(faults=faults)
        found = Line(carried=self._carried(facts, line))
        reading = read(self._model, facts)
        if reading.diagnostics:
            return attrs.evolve(found, faults=reading.diagnostics)
        found.answers.update({k: v for k, v in reading.case.answers.items() if "[" not in k})
        found.answers.update({k: UNSURE for k in reading.case.unsure if "[" not in k})
        found.answers.update({group: facts[group] for group in reading.case.elements})
        return found

    def _carried(self, facts: dict[str, Any], line: bytes) -> dict[str, str]:
        """The texts that are carried through; what is no fact is taken out of the case."""
        carried = {}
        written = _as_written(line.decode("utf-8-sig"))
        for name in self._keep:
            value = facts.get(name)
            if value is not None and not (name == CASE and not isinstance(value, str)):
                carried[name] = value if isinstance(value, str) else written[name]
            if name not in self._types and name not in self._model.groups and name != CASE:
                facts.pop(name, None)
        for name in self._ignore:
            facts.pop(name, None)
        return carried


def _as_written(text: str) -> dict[str, str]:
    """What stands behind each name of a JSON object, letter for letter: 1.10 is not 1.1."""
    scan, space = json.JSONDecoder().raw_decode, re.compile(r"[ \t\r\n]*")

    def after(place: int) -> int:
        found = space.match(text, place)
        return place if found is None else found.end()

    place = after(text.index("{") + 1)
    found: dict[str, str] = {}
    while text[place] != "}":
        name, place = scan(text, place)
        begin = after(after(place) + 1)
        _, end = scan(text, begin)
        found[name] = text[begin:end]
        place = after(end)
        if text[place] == ",":
            place = after(place + 1)
    return found


class _Unusual(Exception):  # noqa: N818 - no fault: the strict way finds out
    """A line that the quick way does not read."""


def _unusual(_: str) -> NoReturn:
    raise _Unusual


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _Unusual
    return found


def _plain_text(value: Any, *, number: bool) -> str:
    """What is carried through, if it is text, or (with `number`) a whole number or yes or no."""
    if type(value) is str:
        if not value.isascii():
            value.encode()  # half a character is a ValueError
        return value
    if number and isinstance(value, int):
        return json.dumps(value)
    raise _Unusual


def _answer(type_: FactType, value: Any) -> Answer:
    """An answer of a type that is not unsure."""
    if type(value) is str and isinstance(type_, Date):
        return _day(value)
    found = type_.read(value)
    if isinstance(found, Wrong):
        raise _Unusual
    return found


@lru_cache(maxsize=65_536)
def _day(text: str) -> Answer:
    found = Date().read(text)
    if isinstance(found, Wrong):
        raise _Unusual
    return found
