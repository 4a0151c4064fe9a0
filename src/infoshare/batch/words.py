"""Columns of texts, and of values of several kinds, read word by word: each different one once.

A few different words become a bit column each. Short ones are compared as Arrow's views hold them, length and
letters in two words of memory, which is several times quicker than looking every text up.
Deliberately not here: lists (`ticks`).
"""

import re
from collections.abc import Sequence
from typing import Any, assert_never

import numpy as np
import pyarrow as pa

from infoshare.batch import bits
from infoshare.batch.answers import Answers, Coded, Few, Ticked
from infoshare.batch.bits import Bits, Values
from infoshare.batch.numbers import Told, held
from infoshare.meaning.answers import Wrong, read_answer
from infoshare.meaning.types import UNSURE, Answer, Date, FactType, Number, OneOf, SomeOf, Text, YesNo

FEW = 64
"""Different words of a column up to which each is compared with every row."""

IN_A_VIEW = 12
"""Octets of text that Arrow's views hold in themselves."""

_TRUTHS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,18})", re.ASCII)


def is_text(kind: Any) -> bool:
    """Whether an Arrow type holds texts."""
    kinds = pa.types
    return bool(kinds.is_string(kind) or kinds.is_large_string(kind) or kinds.is_string_view(kind))


def of_texts(type_: FactType, column: Any, fault: Told) -> Answers:
    """Answers of a column of texts, with a code each or without."""
    if isinstance(type_, OneOf) and is_text(column.type):
        found = _of_views(type_.values, column)
        if found is not None:
            return found
    coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    texts = coded.dictionary.to_pylist()
    if len(texts) <= FEW and not isinstance(type_, SomeOf):
        return _of_few(type_, held(coded.indices), bits.validity(coded.indices), texts, fault)
    return _of_many(type_, _codes(coded.indices, texts), texts, fault)


def of_objects(type_: FactType, column: Values, fault: Told) -> Answers:
    """Answers of a column of whatever a program put there, each read as in a case."""
    codes = np.empty(len(column), np.int64)
    index: dict[Any, int] = {}
    values: list[Any] = []
    for row, given in enumerate(column):
        value = _plain(given)
        if value is None:
            codes[row] = -1
            continue
        key = (type(value), tuple(value) if isinstance(value, list) else value)
        try:
            code = index.setdefault(key, len(values))
        except TypeError:  # something within it cannot be looked up
            code = len(values)
        if code == len(values):
            values.append(value)
        codes[row] = code
    return _of_many(type_, codes, values, fault)


def encoded(column: Any) -> tuple[Values, list[Any]]:
    """A code for each row, -1 for null, and the texts."""
    coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    texts = coded.dictionary.to_pylist()
    return _codes(coded.indices, texts), texts


def _of_views(values: Sequence[str], column: Any) -> Answers | None:
    """Short texts; None where one is long, or is no answer, so that another way has to tell why."""
    if any(len(value.encode()) > IN_A_VIEW for value in (*values, UNSURE)):
        return None
    rows = len(column)
    if not pa.types.is_string_view(column.type):
        column = column.cast(pa.string_view())
    given = bits.validity(column)
    views = held(column, np.dtype("V16")).view("<u8")
    first, second = np.ascontiguousarray(views[0::2]), np.ascontiguousarray(views[1::2])
    each: dict[Answer, Bits] = {value: _same(first, second, value) for value in values}
    left = bits.ones(rows) if given is None else given
    for where in each.values():
        left = left & ~where
    if not bits.any_in(left, rows):
        return Few(rows, given, None, each)
    unsure = _same(first, second, UNSURE) & left
    if bits.any_in(left & ~unsure, rows):
        return None
    return Few(rows, ~unsure if given is None else given & ~unsure, unsure, each)


def _same(first: Any, second: Any, text: str) -> Bits:
    """Where a view is this text: its length and first four letters, then the eight that follow."""
    octets = text.encode()
    a, b = np.frombuffer(len(octets).to_bytes(4, "little") + octets.ljust(IN_A_VIEW, b"\0"), "<u8")
    if len(octets) <= 4:
        return bits.packed_where(lambda rows: first[rows] == a, len(first))
    return bits.packed_where(lambda rows: (first[rows] == a) & (second[rows] == b), len(first))


def _of_few(
    type_: FactType, codes: Any, given: Bits | None, texts: Sequence[str | None], fault: Told
) -> Answers:
    rows = len(codes)
    each: dict[Answer, Bits] = {}
    unsure: Bits | None = None
    wrong: dict[Wrong, Bits] = {}
    for code, text in enumerate(texts):
        where = bits.equal(codes, code)
        where = where if given is None else where & given
        meant = None if text is None else _meant(type_, text)
        if meant is None:
            given = ~where if given is None else given & ~where
        elif isinstance(meant, Wrong):
            wrong[meant] = wrong[meant] | where if meant in wrong else where
        elif meant == UNSURE:
            unsure = where if unsure is None else unsure | where
        else:
            each[meant] = each[meant] | where if meant in each else where
    for found, where in wrong.items():
        if bits.any_in(where, rows):
            fault(found, bits.rows_of(where, rows))
    if unsure is None:
        return Few(rows, given, None, each)
    return Few(rows, ~unsure if given is None else given & ~unsure, unsure, each)


def _of_many(type_: FactType, codes: Any, values: Sequence[Any], fault: Told) -> Answers:
    """Answers of coded values: each different one is read once; -1 is null."""
    used = np.bincount(codes[codes >= 0], minlength=len(values)) > 0
    answers: dict[Answer, int] = {}
    number = np.full(len(values) + 1, -1, np.int64)
    wrong: dict[Wrong, list[int]] = {}
    for code, value in enumerate(values):
        if used[code]:
            match _meant(type_, value):
                case Wrong() as found:
                    wrong.setdefault(found, []).append(code)
                case answer:
                    number[code] = answers.setdefault(answer, len(answers))
    for found, said in wrong.items():
        fault(found, np.flatnonzero(np.isin(codes, said)))
    return _coded(type_, number[codes], list(answers))


def _coded(type_: FactType, codes: Any, answers: list[Answer]) -> Answers:
    rows = len(codes)
    known: Bits | None = None
    unsure: Bits | None = None
    if rows and codes.min() < 0:
        known = bits.packed(codes >= 0)
    if UNSURE in answers:
        unsure = bits.equal(codes, answers.index(UNSURE))
        known = ~unsure if known is None else known & ~unsure
    if isinstance(type_, SomeOf):
        of_option = {
            option: [code for code, a in enumerate(answers) if isinstance(a, frozenset) and option in a]
            for option in type_.values
        }
        return Ticked(rows, known, unsure, {o: bits.packed(np.isin(codes, c)) for o, c in of_option.items()})
    if len(answers) <= FEW:
        each = {a: bits.equal(codes, code) for code, a in enumerate(answers) if a != UNSURE}
        return Few(rows, known, unsure, each)
    other = next(a for a in answers if a != UNSURE)  # those rows are not known: any answer may stand there
    return Coded(rows, known, unsure, np.maximum(codes, 0), [other if a == UNSURE else a for a in answers])


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
            help_ = "write true, false or unsure"
            return Wrong("IS402", "expected yes or no (true or false), found another word", (help_,))
        case Number() if _WHOLE.fullmatch(value):
            return read_answer(type_, int(value))
        case Number():
            help_ = "write it in digits, without a point or spaces"
            return Wrong("IS402", "expected a whole number, found other text", (help_,))
        case SomeOf(values):
            wanted = f"expected a list of some of {', '.join(values)}, found text"
            return Wrong("IS402", wanted, ("give a column of lists",))
        case OneOf() | Date() | Text():
            return read_answer(type_, value)
        case _:
            assert_never(type_)


def _plain(value: Any) -> Any:
    """A value of a column of objects as plain data; None for what is missing."""
    if isinstance(value, np.ndarray):
        return [_plain(each) for each in value.tolist()]
    if isinstance(value, np.datetime64):
        return None if np.isnat(value) else value.astype("datetime64[us]").item()
    if isinstance(value, np.generic):
        value = value.item()
    try:
        return None if value is None or value != value else value  # noqa: PLR0124 - what is not itself is missing
    except (TypeError, ValueError):  # pandas.NA is neither itself nor not
        return None if type(value).__name__ == "NAType" else value


def _codes(indices: Any, texts: Sequence[Any]) -> Values:
    """Codes that may be counted on: -1 is null."""
    codes: Values = indices.cast(pa.int64()).fill_null(-1).to_numpy(zero_copy_only=False)
    if None in texts:
        codes = np.array([-1 if t is None else i for i, t in enumerate(texts)] + [-1], np.int64)[codes]
    return codes
