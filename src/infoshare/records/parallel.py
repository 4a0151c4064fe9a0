"""Verifying shared by several processes: each opens the ledger itself and takes parts of it in turn.

Invariant: the parts and their order are the same as in one process. Deliberately not here: what is checked (`checking`).
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path

import attrs

from infoshare.records import places
from infoshare.records.checking import Checker, Part
from infoshare.records.key_folder import KeyFolder
from infoshare.records.keys import KeyRing
from infoshare.records.sealing import CaseKey, FileCaseKey
from infoshare.records.verifying import PART, in_turn, ranges

WORTH_IT = 4 * PART
"""Entries from which on it is quicker to start processes."""


@attrs.frozen
class _Task:
    where: str
    keys: Path
    ring: KeyRing
    now: datetime
    thorough: bool


_checker: list[Checker] = []


def shared_by(
    processes: int, where: str, keys: KeyFolder, case_key: CaseKey
) -> Callable[[Checker, int], Iterator[Part]]:
    """How to go through the entries of a ledger with so many processes, where that is worth it."""

    def parts(checker: Checker, size: int) -> Iterator[Part]:
        if size < WORTH_IT or not isinstance(case_key, FileCaseKey):
            yield from in_turn(checker, size)
            return
        task = _Task(where, keys.path, checker.keys, checker.now, checker.thorough)
        with ProcessPoolExecutor(
            processes, mp_context=get_context("spawn"), initializer=_begin, initargs=(task,)
        ) as pool:
            yield from pool.map(_part, ranges(size))

    return parts


def _begin(task: _Task) -> None:
    store = places.connect(task.where, read_only=True, wait=60)
    _checker.append(Checker(store, KeyFolder(task.keys).case_key(), task.ring, task.now, task.thorough))


def _part(numbers: tuple[int, int]) -> Part:
    (checker,) = _checker
    with checker.store.reading():
        return checker.part(*numbers)
