"""Columns of lists, read as the options that are ticked: a bit column for each."""

from typing import Any

import numpy as np
import pyarrow as pa

from infoshare.batch import bits, words
from infoshare.batch.answers import Answers, Ticked
from infoshare.batch.bits import Values
from infoshare.batch.numbers import Told
from infoshare.meaning.answers import read_answer
from infoshare.meaning.types import UNSURE, SomeOf


def is_list_of_texts(kind: Any) -> bool:
    """Whether an Arrow type holds lists whose values are texts, or nothing at all."""
    kinds = pa.types
    if kinds.is_list(kind) or kinds.is_large_list(kind) or kinds.is_fixed_size_list(kind):
        inner = kind.value_type
        return kinds.is_null(inner) or words.is_text(getattr(inner, "value_type", inner))
    return False


def of_lists(type_: SomeOf, column: Any, fault: Told) -> Answers:
    """Lists of options, each at most once; a list of `unsure` alone is unsure."""
    rows, known = len(column), bits.validity(column)
    lengths = _lengths(column)
    row_of = np.repeat(np.arange(rows), lengths)
    inner = column.flatten()
    codes, texts = words.encoded(inner.cast(pa.string()) if pa.types.is_null(inner.type) else inner)

    def counted(word: object) -> Values:
        same = [code for code, text in enumerate(texts) if text == word]
        return np.bincount(row_of[np.isin(codes, same)], minlength=rows)

    unsure = (counted(UNSURE) == 1) & (lengths == 1)
    counts = {option: counted(option) for option in type_.values}
    strange = lengths - sum(counts.values(), np.zeros(rows, np.int64)) - unsure > 0
    if strange.any():
        first = codes[(row_of == np.argmax(strange)) & ~np.isin(codes, _places(texts, type_.values))][0]
        fault(read_answer(type_, [texts[first] if first >= 0 else None]), np.flatnonzero(strange))
    twice = ~strange & np.any([count > 1 for count in counts.values()], axis=0)
    if twice.any():
        fault(read_answer(type_, [type_.values[0]] * 2), np.flatnonzero(twice))
    each = {option: bits.packed(count > 0) for option, count in counts.items()}
    if not unsure.any():
        return Ticked(rows, known, None, each)
    is_unsure = bits.packed(unsure)
    return Ticked(rows, ~is_unsure if known is None else known & ~is_unsure, is_unsure, each)


def _lengths(column: Any) -> Values:
    from pyarrow import compute

    lengths = compute.list_value_length(column)
    return np.asarray(lengths.fill_null(0).to_numpy(zero_copy_only=False), np.int64)


def _places(texts: list[Any], values: tuple[str, ...]) -> list[int]:
    return [code for code, text in enumerate(texts) if text in values]
