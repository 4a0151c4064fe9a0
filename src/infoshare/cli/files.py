"""Files that a command is given: reading cases, and finding policies under folders.

Invariants: what is not a regular file is never waited for; at most the size limit is read.
Deliberately not here: what is inside a case (`infoshare.casefile`) or a policy (`infoshare.load`).
"""

import argparse
import contextlib
import os
import stat
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import attrs

from infoshare.casefile import SIZE_LIMIT, Read, format_of, holds_lines, read_case
from infoshare.cli.terminal import quoted
from infoshare.diagnostic import nearest
from infoshare.files import SHIPPED, shipped_folder
from infoshare.load import Policy
from infoshare.writing import reason_of


class CannotRead(Exception):  # noqa: N818 - says what happened
    """A file that cannot be read; the message says why, the help what to do."""

    def __init__(self, message: str, *help_: str) -> None:
        self.help = help_
        super().__init__(message)


@attrs.frozen
class PolicyPath:
    """A policy file to look at, and the folder that its `use` may not leave (None: its own)."""

    path: str
    root: str | None


def standard_input(most: int) -> bytes:
    """What standard input holds, at most so many bytes. Raises CannotRead."""
    with readable_input() as stream:
        return stream.read(most)


@contextlib.contextmanager
def readable_input() -> Iterator[BinaryIO]:
    """Standard input, as bytes. Raises CannotRead where it is closed, or is a folder."""
    try:
        yield sys.stdin.buffer
    except OSError as error:
        raise CannotRead(f"standard input cannot be read: {reason_of(error)}") from None


def files_of(policy: Policy, arguments: argparse.Namespace) -> tuple[str, ...]:
    """The paths of the files that a policy was loaded from, as `POLICY` and --root were given."""
    folder = arguments.root or os.path.dirname(arguments.policy)  # noqa: PTH120
    return tuple(
        os.path.join(shipped_folder(), name.removeprefix(SHIPPED) + ".policy")  # noqa: PTH118
        if name.startswith(SHIPPED)
        else os.path.join(folder, name)  # noqa: PTH118
        for name in policy.sources
    )


def read_small(name: str, most: int = SIZE_LIMIT) -> bytes:
    """The bytes of a regular file, at most one more than so many. Raises CannotRead."""
    with _regular(name) as file:
        return file.read(most + 1)


def case_from(name: str) -> Read:
    """The case that a file holds, `-` being JSON on standard input. Raises CannotRead."""
    if name == "-":
        return read_case(standard_input(SIZE_LIMIT + 1), "standard input", "json")
    with _regular(name) as file:
        return read_case(file.read(SIZE_LIMIT + 1), name, format_of(name))


def cases_from(name: str, *, lines: bool = False) -> Iterator[tuple[str, Read]]:
    """The cases that a file holds, each with what to call it: one, or with `lines` one a line, as JSON.

    A file whose name ends in .ndjson or .jsonl holds lines. Raises CannotRead.
    """
    if not lines and not holds_lines(name):
        yield name, case_from(name)
        return
    with readable_input() if name == "-" else _regular(name) as file:
        for number, line in enumerate(_lines(file), start=1):
            if line.strip():
                called = f"{'standard input' if name == '-' else name}:{number}"
                yield called, read_case(line, called, "json")


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """The lines of a file, none longer than a byte above the limit: what is beyond is not kept."""
    while line := file.readline(SIZE_LIMIT + 1):
        rest = line
        while len(rest) > SIZE_LIMIT and not rest.endswith(b"\n"):
            rest = file.readline(SIZE_LIMIT + 1)
        yield line


def policies_under(names: Sequence[str]) -> Iterator[PolicyPath]:
    """The files themselves, and every `.policy` file in the folders and what is below them, in order.

    Hidden folders are passed over. Raises CannotRead for a path that is not there or a folder without any.
    """
    for name in names:
        if not os.path.isdir(name):  # noqa: PTH112 - keeps the path as it was given
            if not (os.path.lexists(name) or name.startswith("infoshare:")):
                raise CannotRead(f"there is no file {quoted(name)}", "check the spelling and the folder")
            yield PolicyPath(name, None)
            continue
        found = sorted(_search(name))
        if not found:
            raise CannotRead(f"there is no .policy file under {quoted(name)}")
        yield from (PolicyPath(path, name) for path in found)


def _search(folder: str) -> Iterator[str]:
    for where, folders, files in os.walk(folder):
        folders[:] = [inner for inner in folders if not inner.startswith(".")]
        yield from (str(Path(where, file)) for file in files if file.endswith(".policy"))


@contextlib.contextmanager
def _regular(name: str) -> Iterator[BinaryIO]:
    try:
        # Not waiting: opening a pipe that nobody writes to would never come back.
        handle = os.open(name, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        raise CannotRead(f"there is no file {quoted(name)}", _near(name)) from None
    except PermissionError:
        if os.path.isdir(name):  # noqa: PTH112 - a name with a NUL is no path
            raise _not_regular(name) from None
        raise CannotRead(f"{quoted(name)} may not be read", "check the permissions of the file") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "not a name of a file"
        raise CannotRead(f"{quoted(name)} cannot be read: {reason.lower()}") from None
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise _not_regular(name)
        with os.fdopen(handle, "rb", closefd=False) as file:
            yield file
    finally:
        os.close(handle)


def _not_regular(name: str) -> CannotRead:
    return CannotRead(
        f"{quoted(name)} is not a regular file",
        "give a .json, .toml or .yaml file, or `-` for JSON on standard input",
    )


def _near(name: str) -> str:
    """What to do about a case file that is not there: the nearest name in its folder, if one is near."""
    folder, wanted = os.path.split(name)
    try:
        there = [found for found in os.listdir(folder or ".") if not found.startswith(".")]  # noqa: PTH208 - keeps bytes out
    except OSError:
        return "check the spelling and the folder"
    found = nearest(wanted, there)
    if not found:
        return "check the spelling and the folder"
    return f"did you mean {quoted(os.path.join(folder, found))}?"  # noqa: PTH118 - as it was typed
