"""Columns of texts, of lists and of values of several kinds, read value by value: each different one once.

A text means in every column what it means in a cell of CSV, where nothing but texts can stand: `read_text` has the
rules. A few different texts become a bit column each. Short ones are compared as Arrow's views hold them, length and
letters in two words of memory, which is several times quicker than looking every text up.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import reduce
from typing import Any, TypeAlias, assert_never

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from infoshare.batch import bits
from infoshare.batch.answers import Answers, DictionaryCoded, MultiHot, OneHot
from infoshare.batch.arrow import held, is_coded, plain_value
from infoshare.batch.bits import Bits, Values
from infoshare.meaning.types import (
    NONE_OF_THEM,
    UNSURE,
    Answer,
    Date,
    FactType,
    Number,
    OneOf,
    Reference,
    SomeOf,
    Text,
    Wrong,
    YesNo,
)

Report: TypeAlias = Callable[[object, Values], None]
"""Takes what is wrong, and the rows that have it."""

FEW = 64
"""Different texts of a column up to which each is compared with every row."""

IN_A_VIEW = 12
"""Octets of text that Arrow's views hold in themselves."""

NOBODY = "[]"
"""How a cell says that none is ticked, or that nobody is named."""

_YES_OR_NO = {
    **dict.fromkeys(("yes", "true", "True", "TRUE"), True),
    **dict.fromkeys(("no", "false", "False", "FALSE"), False),
}
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,18})", re.ASCII)
_NOT_UTF_8 = Wrong("IS801", "the text is not UTF-8", ("save the file as UTF-8",))


def read_text(type_: FactType, text: str) -> Answer | Wrong | None:
    """A text as an answer; None where nobody answered.

    Yes-or-no is written `yes`, `no`, `true` or `false` (and as Python and spreadsheets write the last two), a date
    as 2026-01-31, options and the names of elements with a semicolon between them, `[]` for none of them. Nothing
    else is guessed.
    """
    if not text:
        return None
    if text == UNSURE:
        return UNSURE
    match type_:
        case YesNo():
            answer = _YES_OR_NO.get(text)
            said = "expected yes or no, found another word"
            return _wrong(said, "yes, no") if answer is None else answer
        case Number():
            if _WHOLE.fullmatch(text):
                return type_.read(int(text))
            return _wrong("expected a whole number, found other text", "digits alone, such as 12,")
        case SomeOf(values):
            read = type_.read([] if text == NOBODY else text.split(";"))
            between = f"write them with a semicolon between and no spaces, such as {';'.join(values[:2])}; `[]` is none"
            return attrs.evolve(read, help=(*read.help, between)) if isinstance(read, Wrong) else read
        case Reference(many=True):
            return type_.read([] if text == NOBODY else text.split(";"))
        case Reference():
            return type_.read(NONE_OF_THEM if text == NOBODY else text)
        case OneOf() | Date() | Text():
            return type_.read(text)
        case _:
            assert_never(type_)


def read_value(type_: FactType, value: Any) -> Answer | Wrong | None:
    """A value that stands in a column of several kinds, as an answer; None where nobody answered."""
    match plain_value(value):
        case None:
            return None
        case str() as text:
            return read_text(type_, text)
        case bytes():
            return _NOT_UTF_8
        case Decimal():  # no whole number
            return type_.read(0.5)
        case [only] if only == UNSURE and isinstance(type_, SomeOf | Reference):
            return UNSURE
        case [*names] if isinstance(type_, Reference) and not type_.many and len(names) < 2:
            return type_.read(names[0] if names else NONE_OF_THEM)
        case other:
            return type_.read(other)


def of_texts(type_: FactType, column: Any, report: Report) -> Answers:
    """Answers of a column of texts, or of codes for texts."""
    if isinstance(type_, OneOf) and pa.types.is_string(column.type):
        found = _of_views(type_.values, column.cast(pa.string_view()))
        if found is not None:
            return found
    coded = column if is_coded(column.type) else column.dictionary_encode()
    texts = coded.dictionary.to_pylist()
    if len(texts) <= FEW and not isinstance(type_, SomeOf):
        return _of_few(type_, held(coded.indices), bits.validity(coded.indices), texts, report)
    return _of_many(type_, _codes(coded.indices), texts, report)


def of_values(type_: FactType, column: Values, report: Report) -> Answers:
    """Answers of a column of objects: whatever a program put there."""
    codes = np.full(len(column), -1, np.int64)
    index: dict[Any, int] = {}
    values: list[Any] = []
    for row, given in enumerate(column):
        value = plain_value(given)
        if value is None:
            continue
        key = (type(value), tuple(value) if isinstance(value, list) else value)
        try:
            code = index.setdefault(key, len(values))
        except TypeError:  # something within it cannot be looked up
            code = len(values)
        if code == len(values):
            values.append(value)
        codes[row] = code
    return _of_many(type_, codes, values, report)


def of_lists(type_: SomeOf, column: Any, report: Report) -> Answers:
    """Lists of options, each at most once; a list of `unsure` alone is unsure."""
    rows, known = len(column), bits.validity(column)
    lengths = pc.list_value_length(column).fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
    row_of = np.repeat(np.arange(rows), lengths)
    inner = column.flatten()
    coded = inner.cast(pa.string()) if pa.types.is_null(inner.type) else inner
    coded = coded if is_coded(coded.type) else coded.dictionary_encode()
    texts = [plain_value(text) for text in coded.dictionary.to_pylist()]
    codes = _codes(coded.indices)

    def counted(word: str) -> Values:
        same = [code for code, text in enumerate(texts) if text == word]
        return np.bincount(row_of[np.isin(codes, same)], minlength=rows)

    unsure = (counted(UNSURE) == 1) & (lengths == 1)
    counts = {option: counted(option) for option in type_.values}
    strange = lengths - sum(counts.values(), np.zeros(rows, np.int64)) - unsure > 0
    if strange.any():
        options = [code for code, text in enumerate(texts) if text in type_.values]
        first = codes[(row_of == np.argmax(strange)) & ~np.isin(codes, options)][0]
        report(type_.read([texts[first] if first >= 0 else None]), np.flatnonzero(strange))
    twice = ~strange & np.any([count > 1 for count in counts.values()], axis=0)
    if twice.any():
        report(type_.read([type_.values[0]] * 2), np.flatnonzero(twice))
    each = {option: bits.packed(count > 0) for option, count in counts.items()}
    is_unsure = bits.packed(unsure) if unsure.any() else None
    return MultiHot(rows, _but(known, is_unsure), is_unsure, each)


def _of_views(values: Sequence[str], views: Any) -> Answers | None:
    """Short texts; None where one is long, or is no answer, so that another way has to find out why."""
    if any(len(value.encode()) > IN_A_VIEW for value in (*values, UNSURE)):
        return None
    rows, given = len(views), bits.validity(views)
    words = held(views, np.dtype("V16")).view("<u8")
    first, second = np.ascontiguousarray(words[0::2]), np.ascontiguousarray(words[1::2])
    each: dict[Answer, Bits] = {value: _same(first, second, value) for value in values}
    left = bits.ones(rows) if given is None else given
    for where in each.values():
        left = left & ~where
    if not bits.any_in(left, rows):
        return OneHot(rows, given, None, each)
    unsure = _same(first, second, UNSURE) & left
    if bits.any_in(left & ~unsure, rows):
        return None
    return OneHot(rows, _but(given, unsure), unsure, each)


def _same(first: Any, second: Any, text: str) -> Bits:
    """Where a view is this text: its length and first four letters, then the eight that follow."""
    octets = text.encode()
    a, b = np.frombuffer(len(octets).to_bytes(4, "little") + octets.ljust(IN_A_VIEW, b"\0"), "<u8")
    if len(octets) <= 4:
        return bits.packed_where(lambda rows: first[rows] == a, len(first))
    return bits.packed_where(lambda rows: (first[rows] == a) & (second[rows] == b), len(first))


def _of_few(type_: FactType, codes: Any, given: Bits | None, texts: Sequence[Any], report: Report) -> Answers:
    """Answers of coded texts of which there are few: every row is compared with each."""
    rows = len(codes)
    where = {}
    for code in range(len(texts)):
        found = bits.equal(codes, code)
        where[code] = found if given is None else found & given
    read = _read_once(type_, texts, [code for code in where if bits.any_in(where[code], rows)])
    for wrong, said in read.wrong.items():
        report(wrong, bits.rows_of(_any_of([where[code] for code in said]), rows))
    each = {answer: _any_of([where[code] for code in said]) for answer, said in read.answers.items()}
    unsure = each.pop(UNSURE, None)
    for code in read.missing:
        given = _but(given, where[code])
    return OneHot(rows, _but(given, unsure), unsure, each)


def _of_many(type_: FactType, codes: Any, values: Sequence[Any], report: Report) -> Answers:
    """Answers of coded values, -1 being null."""
    rows = len(codes)
    used = np.bincount(codes[codes >= 0], minlength=len(values)) > 0
    read = _read_once(type_, values, np.flatnonzero(used).tolist())
    for wrong, said in read.wrong.items():
        report(wrong, np.flatnonzero(np.isin(codes, said)))
    answers = list(read.answers)
    number = np.full(len(values) + 1, -1, np.int64)
    for place, said in enumerate(read.answers.values()):
        number[said] = place
    codes = number[codes]
    unsure = bits.equal(codes, answers.index(UNSURE)) if UNSURE in read.answers else None
    known = _but(bits.packed(codes >= 0) if rows and codes.min() < 0 else None, unsure)
    if isinstance(type_, SomeOf):
        ticking = {
            option: [i for i, a in enumerate(answers) if a != UNSURE and option in a]
            for option in type_.values
        }
        return MultiHot(rows, known, unsure, {o: bits.packed(np.isin(codes, c)) for o, c in ticking.items()})
    if len(answers) <= FEW:
        each = {a: bits.equal(codes, code) for code, a in enumerate(answers) if a != UNSURE}
        return OneHot(rows, known, unsure, each)
    other = next(a for a in answers if a != UNSURE)  # those rows are not known: any answer may stand there
    plain = [other if a == UNSURE else a for a in answers]
    return DictionaryCoded(rows, known, unsure, np.maximum(codes, 0), plain)


@attrs.frozen
class _Read:
    """What the different values of a column say: the codes of each answer, of each fault, and of what says nothing."""

    answers: dict[Any, list[int]]
    wrong: dict[Wrong, list[int]]
    missing: list[int]


def _read_once(type_: FactType, values: Sequence[Any], used: Iterable[int]) -> _Read:
    found = _Read({}, {}, [])
    for code in used:
        match read_value(type_, values[code]):
            case None:
                found.missing.append(code)
            case Wrong() as wrong:
                found.wrong.setdefault(wrong, []).append(code)
            case answer:
                found.answers.setdefault(answer, []).append(code)
    return found


def _any_of(columns: Sequence[Bits]) -> Bits:
    return reduce(np.bitwise_or, columns)


def _but(known: Bits | None, others: Bits | None) -> Bits | None:
    """The rows that are known, without some others; None is every row of the first, no row of the second."""
    if others is None:
        return known
    return ~others if known is None else known & ~others


def _codes(indices: Any) -> Values:
    """Codes that may be counted on: -1 is null."""
    codes: Values = indices.cast(pa.int64()).fill_null(-1).to_numpy(zero_copy_only=False)
    return codes


def _wrong(message: str, how: str) -> Wrong:
    return Wrong("IS402", message, (f"write {how} or unsure; leave it empty where nobody answered",))
