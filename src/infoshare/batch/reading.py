"""Reading the columns of a table strictly: each as answers of its fact, or every fault of the table at once.

As strict as for one case (`meaning/facts`), with what a column needs besides:

- A number with a point is read where *every* one in the column is whole, as pandas makes them of whole numbers
  with gaps; a day with a time where every time is midnight and no zone is given.
- A column of text may hold the answers of any fact as a case file writes them: `true`, `17`, `2026-01-31`,
  `unsure`; the same is so of a column of mixed values. Nothing is trimmed, and an empty text is no answer.

Invariants: faults name column, rows (from 1) and what was expected, never an answer; a fault that many rows share
is told once. Deliberately not here: lists (`item`), which are read case by case (`patterns`).
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from infoshare.batch import bits
from infoshare.batch.answers import Answers, Coded, Few, Ticked, Whole
from infoshare.batch.bits import Bits
from infoshare.batch.tables import Column
from infoshare.diagnostic import Diagnostic
from infoshare.meaning.answers import LARGEST, Wrong, read_answer
from infoshare.meaning.model import Fact
from infoshare.meaning.types import UNSURE, Answer, Date, FactType, Number, OneOf, SomeOf, Text, YesNo

FEW = 24
"""Different answers of a column up to which each has a bit column of its own."""

MANY = 64
"""Different texts of a column up to which each is compared with every row."""

EPOCH = 719_163
"""The ordinal of 1970-01-01, from which Arrow counts days."""

_IN_A_VIEW = 12
"""Octets of text that Arrow's views hold in themselves."""

_DAY_IN = {"s": 86_400, "ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}
_TRUTHS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,18})", re.ASCII)


@attrs.frozen
class Fault:
    """What is wrong with some rows of a column."""

    path: str
    wrong: Wrong
    rows: "np.ndarray[Any, Any]" = attrs.field(eq=False)

    def told(self, first_row: int) -> Diagnostic:
        """The fault with its rows, a few of them by number."""
        message = f"{self.wrong.message}, {rows_told(self.rows, first_row)}"
        return Diagnostic(self.wrong.code, message, help=self.wrong.help, path=self.path)


def rows_told(rows: Sequence[int], first_row: int) -> str:
    """`in row 3`, `in rows 3, 7 and 12`, `in rows 3, 7, 12 and 41 more`."""
    shown = [f"{int(row) + first_row:,}" for row in rows[:3]]
    if len(rows) == 1:
        return f"in row {shown[0]}"
    last = shown.pop() if len(rows) <= 3 else f"{len(rows) - 3:,} more"
    return f"in rows {', '.join(shown)} and {last}"


class Reader:
    """Reads the columns of one table; what is wrong is in `faults`."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.faults: list[Fault] = []

    def read(self, fact: Fact, column: Column) -> Answers:
        """The answers of a column; of no use if there are faults."""
        if isinstance(column, np.ndarray):
            return self._objects(fact, column)
        if isinstance(column, pa.ExtensionArray):
            column = column.storage
        kind = column.type
        if pa.types.is_null(kind):
            return Few(self.rows, bits.zeros(self.rows), None, {})
        if pa.types.is_dictionary(kind):
            if _is_text(kind.value_type):
                return self._worded(fact, column)
            column = column.dictionary_decode()
            kind = column.type
        if _is_text(kind):
            return self._text(fact, column)
        match fact.type:
            case YesNo() if pa.types.is_boolean(kind):
                return self._truths(column)
            case Number(_, low, high) if _is_number(kind):
                return self._numbers(fact, column, -LARGEST if low is None else low, LARGEST if high is None else high)
            case Date() if pa.types.is_temporal(kind):
                return self._dates(fact, column)
            case SomeOf() if _is_list(kind):
                return self._ticked(fact, column)
            case _:
                return self._all_wrong(fact, column)

    def _truths(self, column: Any) -> Answers:
        yes = bits.of_buffer(column.buffers()[1], column.offset, self.rows)
        return Few(self.rows, bits.validity(column), None, {True: yes}, False)

    def _numbers(self, fact: Fact, column: Any, low: int, high: int) -> Answers:
        if pa.types.is_floating(column.type) or pa.types.is_decimal(column.type):
            return self._with_point(fact, column, low, high)
        known = bits.validity(column)
        return self._in_range(fact, _values(column), known, low, high)

    def _with_point(self, fact: Fact, column: Any, low: int, high: int) -> Answers:
        if pa.types.is_decimal(column.type) or pa.types.is_float16(column.type):
            column = column.cast(pa.float64())
        known, values = bits.validity(column), _values(column).astype(np.float64, copy=False)
        good = bits.packed(np.abs(values) <= LARGEST) & bits.packed(values == np.trunc(values))
        bad = ~good if known is None else known & ~good
        if bits.any_in(bad, self.rows):
            rows = bits.rows_of(bad, self.rows)
            self._fault(fact, read_answer(fact.type, 0.5), rows)
            return self._nothing()
        with np.errstate(invalid="ignore"):
            return self._in_range(fact, values.astype(np.int64), known, low, high)

    def _in_range(self, fact: Fact, values: Any, known: Bits | None, low: int, high: int) -> Answers:
        if len(values) and (values.min() < low or values.max() > high):
            for bad, sample in ((values < low, low - 1), (values > high, high + 1)):
                rows = np.flatnonzero(bad)
                rows = rows if known is None else rows[bits.at(known, rows)]
                if len(rows):
                    self._fault(fact, read_answer(fact.type, sample), rows)
        return Whole(self.rows, known, None, values)

    def _dates(self, fact: Fact, column: Any) -> Answers:
        kind, known = column.type, bits.validity(column)
        if pa.types.is_date32(kind):
            days = _values(column, np.int32)
        elif pa.types.is_date64(kind) or (pa.types.is_timestamp(kind) and kind.tz is None):
            unit = _DAY_IN["ms" if pa.types.is_date64(kind) else kind.unit]
            counted = _values(column, np.int64)
            days, rest = np.divmod(counted, unit)
            bad = bits.packed(rest != 0)
            bad = bad if known is None else bad & known
            if bits.any_in(bad, self.rows):
                wrong = Wrong(
                    "IS402",
                    "expected a date, found a day with a time",
                    ("leave the time out: only midnight, without a zone, is read as a date",),
                )
                self._fault(fact, wrong, bits.rows_of(bad, self.rows))
        else:
            return self._all_wrong(fact, column)
        return self._in_calendar(fact, days, known)

    def _in_calendar(self, fact: Fact, days: Any, known: Bits | None) -> Answers:
        bad = bits.packed((days < 1 - EPOCH) | (days > 3_652_059 - EPOCH))
        bad = bad if known is None else bad & known
        if bits.any_in(bad, self.rows):
            wrong = Wrong("IS402", "expected a day that is in the calendar", ("check the year",))
            self._fault(fact, wrong, bits.rows_of(bad, self.rows))
        return Whole(self.rows, known, None, days, EPOCH, dates=True)

    def _ticked(self, fact: Fact, column: Any) -> Answers:
        kind = fact.type
        if not isinstance(kind, SomeOf):
            raise AssertionError("options are ticked of some-of facts")
        column = column.cast(pa.large_list(column.type.value_type)) if not _has_offsets(column.type) else column
        inner = column.flatten()
        if not (_is_text(inner.type) or pa.types.is_null(inner.type) or _is_text(getattr(inner.type, "value_type", inner.type))):
            return self._all_wrong(fact, column)
        known, lengths = bits.validity(column), pc.fill_null(pc.list_value_length(column), 0).to_numpy(zero_copy_only=False)
        row_of = np.repeat(np.arange(self.rows), lengths)
        codes, dictionary = _encoded(inner.cast(pa.string()) if pa.types.is_null(inner.type) else inner)
        faulty, twice = np.zeros(self.rows, bool), np.zeros(self.rows, bool)
        sample: object = None
        each: dict[str, Bits] = {}
        index = {option: i for i, option in enumerate(kind.values)}
        unsure = self._unsure_lists(codes, dictionary, row_of, lengths)
        for option in kind.values:
            counted = np.zeros(self.rows, np.int64)
            for code, word in enumerate(dictionary):
                if word == option:
                    counted += np.bincount(row_of[codes == code], minlength=self.rows)
            twice |= counted > 1
            each[option] = bits.packed(counted > 0)
        for code, word in enumerate([*dictionary, None]):
            where = codes == (code if word is not None else -1)
            if word not in index and where.any():
                rows = row_of[where]
                rows = rows if unsure is None else rows[~unsure[rows]]
                if len(rows):
                    faulty[rows], sample = True, word
        if faulty.any():
            self._fault(fact, read_answer(kind, [sample]), np.flatnonzero(faulty))
        if twice.any():
            self._fault(fact, read_answer(kind, [kind.values[0]] * 2), np.flatnonzero(twice))
        if unsure is None:
            return Ticked(self.rows, known, None, each)
        is_unsure = bits.packed(unsure)
        return Ticked(self.rows, ~is_unsure if known is None else known & ~is_unsure, is_unsure, each)

    def _unsure_lists(self, codes: Any, dictionary: Sequence[Any], row_of: Any, lengths: Any) -> Any:
        """The rows whose list is `unsure` alone: a column of lists has no other way to say so."""
        if UNSURE not in dictionary:
            return None
        said = np.zeros(self.rows, bool)
        said[row_of[codes == dictionary.index(UNSURE)]] = True
        return said & (lengths == 1)

    def _text(self, fact: Fact, column: Any) -> Answers:
        if isinstance(fact.type, OneOf) and all(
            len(value.encode()) <= _IN_A_VIEW for value in (*fact.type.values, UNSURE)
        ):
            found = self._viewed(fact, fact.type.values, column)
            if found is not None:
                return found
        return self._worded(fact, column)

    def _viewed(self, fact: Fact, values: Sequence[str], column: Any) -> Answers | None:
        """Short texts compared as the two words of memory that Arrow's views hold them in."""
        if not pa.types.is_string_view(column.type):
            column = column.cast(pa.string_view())
        known = bits.validity(column)
        views = np.frombuffer(column.buffers()[1], np.uint64)[2 * column.offset : 2 * (column.offset + self.rows)]
        first, second = np.ascontiguousarray(views[0::2]), np.ascontiguousarray(views[1::2])
        each = {value: _same(first, second, value) for value in values}
        told = bits.zeros(self.rows)
        for where in each.values():
            told |= where
        left = ~told if known is None else known & ~told
        if not bits.any_in(left, self.rows):
            return Few(self.rows, known, None, each)
        unsure = _same(first, second, UNSURE) & left
        if bits.any_in(left & ~unsure, self.rows):
            return None
        return Few(self.rows, ~unsure if known is None else known & ~unsure, unsure, each)

    def _worded(self, fact: Fact, column: Any) -> Answers:
        coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
        words = coded.dictionary.to_pylist()
        if len(words) <= MANY and not isinstance(fact.type, SomeOf):
            return self._few_words(fact, _values(coded.indices), bits.validity(coded.indices), words)
        return self._of_words(fact, _codes(coded.indices, words), words, lambda word: _meant(fact.type, word))

    def _few_words(self, fact: Fact, codes: Any, given: Bits | None, words: Sequence[str | None]) -> Answers:
        """Texts of which there are few, each compared with the codes of all rows."""
        each: dict[Answer, Bits] = {}
        unsure: Bits | None = None
        wrong: dict[Wrong, Bits] = {}
        for code, word in enumerate(words):
            where = bits.equal(codes, code)
            where = where if given is None else where & given
            meant = None if word is None else _meant(fact.type, word)
            if meant is None:
                given = ~where if given is None else given & ~where
            elif isinstance(meant, Wrong):
                if bits.any_in(where, self.rows):
                    wrong[meant] = wrong[meant] | where if meant in wrong else where
            elif meant == UNSURE:
                unsure = where if unsure is None else unsure | where
            else:
                each[meant] = each[meant] | where if meant in each else where
        for found, where in wrong.items():
            self._fault(fact, found, bits.rows_of(where, self.rows))
        if unsure is None:
            return Few(self.rows, given, None, each)
        return Few(self.rows, ~unsure if given is None else given & ~unsure, unsure, each)

    def _objects(self, fact: Fact, column: Any) -> Answers:
        """A column of whatever a program put there, each value read as in a case; text as in a column of text."""
        codes = np.empty(self.rows, np.int64)
        index: dict[Any, int] = {}
        distinct: list[Any] = []
        for row, value in enumerate(column):
            plain = _plain(value)
            if plain is None:
                codes[row] = -1
                continue
            key = (type(plain), tuple(plain) if isinstance(plain, list) else plain)
            try:
                code = index.setdefault(key, len(distinct))
            except TypeError:
                code = len(distinct)
            if code == len(distinct):
                distinct.append(plain)
            codes[row] = code
        return self._of_words(fact, codes, distinct, lambda value: _meant(fact.type, value))

    def _of_words(
        self, fact: Fact, codes: Any, dictionary: Sequence[Any], meant: Callable[[Any], Answer | Wrong]
    ) -> Answers:
        """Answers of coded values: each different value is read once; -1 is null."""
        used = np.bincount(codes[codes >= 0], minlength=len(dictionary)) > 0
        answers: list[Answer] = []
        renumbered = np.full(len(dictionary) + 1, -1, np.int64)
        index: dict[Answer, int] = {}
        wrong: dict[Wrong, list[int]] = {}
        for code, value in enumerate(dictionary):
            if not used[code]:
                continue
            match meant(value):
                case Wrong() as found:
                    wrong.setdefault(found, []).append(code)
                case answer:
                    renumbered[code] = index.setdefault(answer, len(answers))
                    if renumbered[code] == len(answers):
                        answers.append(answer)
        for found, said in wrong.items():
            self._fault(fact, found, np.flatnonzero(np.isin(codes, said)))
        if len(answers) < len(dictionary) or any(n != i for i, n in enumerate(renumbered[:-1])):
            codes = renumbered[codes]
        return self._coded(fact, codes, answers)

    def _coded(self, fact: Fact, codes: Any, answers: list[Answer]) -> Answers:
        known: Bits | None = None
        if len(codes) and codes.min() < 0:
            known = bits.packed(codes >= 0)
        unsure: Bits | None = None
        if UNSURE in answers:
            at = answers.index(UNSURE)
            unsure = bits.packed(codes == at)
            known = ~unsure if known is None else known & ~unsure
        if isinstance(fact.type, SomeOf):
            ticked = {
                option: _either([codes == i for i, a in enumerate(answers) if isinstance(a, frozenset) and option in a], self.rows)
                for option in fact.type.values
            }
            return Ticked(self.rows, known, unsure, ticked)
        if len(answers) <= FEW:
            each = {a: bits.packed(codes == i) for i, a in enumerate(answers) if a != UNSURE}
            return Few(self.rows, known, unsure, each)
        if UNSURE in answers:  # its rows are not known, so any answer may stand in for it
            answers = [a if a != UNSURE else answers[int(at == 0)] for a in answers]
        return Coded(self.rows, known, unsure, np.where(codes < 0, 0, codes), answers)

    def _all_wrong(self, fact: Fact, column: Any) -> Answers:
        valid = column.is_valid().to_numpy(zero_copy_only=False)
        if valid.any():
            sample = column[int(np.argmax(valid))]
            try:
                value: Any = sample.as_py()
            except (ValueError, OverflowError):
                value = object()
            wrong = read_answer(fact.type, bytes() if isinstance(value, bytes) else value)
            if not isinstance(wrong, Wrong):
                raise AssertionError("a column of another kind holds no answers")
            self._fault(fact, wrong, np.flatnonzero(valid))
        return self._nothing()

    def _nothing(self) -> Answers:
        return Few(self.rows, bits.zeros(self.rows), None, {})

    def _fault(self, fact: Fact, wrong: object, rows: "np.ndarray[Any, Any]") -> None:
        if isinstance(wrong, Wrong):
            self.faults.append(Fault(fact.path, wrong, rows))


def _meant(type_: FactType, value: Any) -> Answer | Wrong:
    """What a text, or a value of a column of mixed ones, says of a fact."""
    if not isinstance(value, str):
        return read_answer(type_, value)
    if value == UNSURE:
        return UNSURE
    match type_:
        case YesNo() if value in _TRUTHS:
            return _TRUTHS[value]
        case YesNo():
            return Wrong("IS402", "expected yes or no, found another word", ("write true, false or unsure",))
        case Number() if _WHOLE.fullmatch(value):
            return read_answer(type_, int(value))
        case Number():
            return Wrong(
                "IS402", "expected a whole number, found other text", ("write it in digits, without a point",)
            )
        case SomeOf(values):
            return Wrong(
                "IS402", f"expected a list of some of {', '.join(values)}, found text", ("give a column of lists",)
            )
        case _:
            return read_answer(type_, value)


def _plain(value: Any) -> Any:
    """A value of a column of objects as plain data; None for what is missing."""
    if isinstance(value, np.datetime64):
        return None if np.isnat(value) else value.astype("datetime64[us]").item()
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, np.ndarray):
        return [_plain(each) for each in value.tolist()]
    if value is None:
        return None
    try:
        missing = bool(value != value) and not isinstance(value, str)  # noqa: PLR0124 - nan and its like
    except (TypeError, ValueError):
        missing = type(value).__name__ == "NAType"
    return None if missing else value


def _same(first: Any, second: Any, text: str) -> Bits:
    octets = text.encode()
    view = np.frombuffer(len(octets).to_bytes(4, "little") + octets.ljust(_IN_A_VIEW, b"\0"), "<u8")
    a, b = view
    if len(octets) <= 4:
        return bits.packed_where(lambda rows: first[rows] == a, len(first))
    return bits.packed_where(lambda rows: (first[rows] == a) & (second[rows] == b), len(first))


def _encoded(column: Any) -> tuple[Any, list[Any]]:
    """A code for each row, -1 for null, and the texts."""
    coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    words = coded.dictionary.to_pylist()
    return _codes(coded.indices, words), words


def _codes(indices: Any, words: Sequence[Any]) -> Any:
    """Codes that may count on: -1 is null."""
    codes = indices.cast(pa.int64()).fill_null(-1).to_numpy(zero_copy_only=False)
    if None in words:
        codes = np.array([-1 if w is None else i for i, w in enumerate(words)] + [-1], np.int64)[codes]
    return codes


def _values(column: Any, dtype: Any = None) -> Any:
    """The values of an Arrow column of fixed width, whatever stands where it is null."""
    width = dtype or column.type.to_pandas_dtype()
    return np.frombuffer(column.buffers()[1], width)[column.offset : column.offset + len(column)]


def _either(columns: Sequence[Any], rows: int) -> Bits:
    found = np.zeros(rows, bool)
    for column in columns:
        found |= column
    return bits.packed(found)


def _is_text(kind: Any) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _is_number(kind: Any) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def _is_list(kind: Any) -> bool:
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind) or pa.types.is_list_view(kind) or pa.types.is_large_list_view(kind))


def _has_offsets(kind: Any) -> bool:
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind))
