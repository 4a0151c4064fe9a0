"""Columns of text -> columns of answers: each different text is read once, strictly.

In a table of text an empty cell is unknown, `unsure` is unsure, yes-or-no is written yes, no, true or false
(TRUE and FALSE as spreadsheets write them), dates as 2026-01-31, and options ticked with a semicolon between
them (`[]` for none). Nothing else is guessed. Invariant: no message says what stands in a cell.
Deliberately not here: which column is which fact (`heading`).
"""

import re
from collections.abc import Sequence
from typing import Any, assert_never

import attrs
import numpy as np
import pyarrow as pa

from infoshare.batch.files.piece import Column, RowFault
from infoshare.diagnostic import Diagnostic
from infoshare.meaning.answers import Wrong, read_answer
from infoshare.meaning.model import Fact
from infoshare.meaning.types import UNSURE, Answer, Date, FactType, Number, OneOf, SomeOf, Text, YesNo

_YES_OR_NO = {"yes": True, "true": True, "TRUE": True, "no": False, "false": False, "FALSE": False}
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,17})", re.ASCII)
_EMPTY = "leave the cell empty where nobody answered"


@attrs.frozen
class _Unsure:
    """Somebody was asked and does not know."""


_Read = Answer | _Unsure | Wrong | None


def read_column(fact: Fact, column: "pa.DictionaryArray[Any, Any]") -> tuple[Column, Sequence[RowFault]]:
    """A column of text as a column of answers, and what is wrong with which rows.

    Args:
        fact: what the column answers.
        column: the different texts (as bytes or text), and for each row which of them, or null.
    """
    read = [_cell(fact.type, text) for text in column.dictionary.to_pylist()]
    places = column.indices.to_numpy(zero_copy_only=False)
    if column.null_count:
        places = np.where(np.isnan(places), len(read), places).astype(np.int64)
        read.append(None)
    return _answers(fact.type, read, places), _faults(fact, read, places)


def _faults(fact: Fact, read: Sequence[_Read], places: "np.ndarray[Any, Any]") -> list[RowFault]:
    wrong = {place: each for place, each in enumerate(read) if isinstance(each, Wrong)}
    if not wrong:
        return []
    said = {
        place: Diagnostic(each.code, each.message, help=each.help, path=fact.path)
        for place, each in wrong.items()
    }
    rows = np.flatnonzero(np.isin(places, list(wrong)))
    return [RowFault(int(row), said[int(places[row])]) for row in rows]


def _answers(type_: FactType, read: Sequence[_Read], places: "np.ndarray[Any, Any]") -> Column:
    """For each row its answer, null where there is none or a wrong one."""
    unsure = any(isinstance(each, _Unsure) for each in read)
    if isinstance(type_, OneOf | Text):
        words = [UNSURE if isinstance(each, _Unsure) else each for each in read]
        texts = list(dict.fromkeys(word for word in words if isinstance(word, str)))
        code_of = {text: code for code, text in enumerate(texts)}
        codes = np.array([code_of[w] if isinstance(w, str) else -1 for w in words] or [-1], np.int32)[places]
        indices = pa.array(codes, mask=codes < 0)
        return pa.DictionaryArray.from_arrays(indices, pa.array(texts, pa.string()))
    plain = [None if isinstance(each, Wrong | _Unsure) else each for each in read] or [None]
    if unsure:
        objects = np.empty(len(plain), object)
        objects[:] = [
            UNSURE if isinstance(each, _Unsure) else _listed(p) for each, p in zip(read, plain, strict=True)
        ]
        return objects[places]
    return pa.array([_listed(each) for each in plain], arrow_type(type_)).take(pa.array(places))


def arrow_type(type_: FactType) -> "pa.DataType":
    """How a column of answers of a type is held, but where some are unsure."""
    match type_:
        case YesNo():
            return pa.bool_()
        case Number():
            return pa.int64()
        case Date():
            return pa.date32()
        case SomeOf():
            return pa.list_(pa.string())
        case OneOf() | Text():
            return pa.string()
        case _:
            assert_never(type_)


def _listed(answer: Answer | None) -> Any:
    return sorted(answer) if isinstance(answer, frozenset) else answer


def _cell(type_: FactType, text: bytes | str | None) -> _Read:
    """What a cell says."""
    if isinstance(text, bytes):
        try:
            text = text.decode()
        except UnicodeDecodeError:
            return Wrong("IS801", "the text is not UTF-8", ("save the file as UTF-8",))
    if not text:
        return None
    if text == UNSURE:
        return _Unsure()
    match type_:
        case YesNo():
            answer = _YES_OR_NO.get(text)
            return (
                Wrong("IS402", "expected yes or no, found another text", (_written("yes, no"),))
                if answer is None
                else answer
            )
        case Number():
            if _WHOLE.fullmatch(text):
                return read_answer(type_, int(text))
            return Wrong(
                "IS402", "expected a whole number in digits", (_written("digits alone, such as 12"),)
            )
        case SomeOf(values):
            ticked = [] if text == "[]" else text.split(";")
            read = read_answer(type_, ticked)
            between = f"write them with a semicolon between and no spaces, such as {';'.join(values[:2])}; `[]` is none"
            return attrs.evolve(read, help=(*read.help, between)) if isinstance(read, Wrong) else read
        case OneOf() | Date() | Text():
            return read_answer(type_, text)
        case _:
            assert_never(type_)


def _written(how: str) -> str:
    return f"write {how} or unsure; {_EMPTY}"
