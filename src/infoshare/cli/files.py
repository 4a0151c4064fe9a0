"""Files that a command is given: reading cases, and finding and reading policies under folders.

Invariants: what is not a regular file is never waited for; at most the size limit is read.
Deliberately not here: what is inside a case (`infoshare.casefile`) or a policy (`infoshare.policy.load`), and writing.
"""

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import attrs

from infoshare.casefile import SIZE_LIMIT, Read, format_of, holds_lines, read_case
from infoshare.diagnostic import nearest
from infoshare.errors import FactsError, Refused
from infoshare.policy.files import LARGEST_FILE, SHIPPED, NotRegularError, open_regular, policies_below
from infoshare.text import quoted
from infoshare.writing import reason_of

_A_CASE = "give a .json, .toml or .yaml file, or `-` for JSON on standard input"
_CHECK = "check the spelling and the folder"


@attrs.frozen
class PolicyPath:
    """A policy file to look at, and the folder that its `use` may not leave (None: its own)."""

    path: str
    root: str | None


@contextlib.contextmanager
def reading(name: str, expected: str = _A_CASE) -> Iterator[BinaryIO]:
    """A regular file, open to be read, or standard input for `-`.

    Args:
        expected: what to give, where it is a folder, a pipe or a device.

    Raises:
        Refused: it cannot be opened, or not be read in the block.
    """
    shown = "standard input" if name == "-" else quoted(name)
    try:
        with contextlib.nullcontext(sys.stdin.buffer) if name == "-" else open_regular(name) as file:
            yield file
    except BrokenPipeError:  # of what the block writes
        raise
    except NotRegularError:
        raise Refused(f"{shown} is not a regular file", expected) from None
    except FileNotFoundError:
        raise Refused(f"there is no file {shown}", _near(name)) from None
    except PermissionError:
        raise Refused(f"{shown} may not be read", "check the permissions of the file") from None
    except OSError as error:
        raise Refused(f"{shown} cannot be read: {reason_of(error)}") from None
    except ValueError as error:
        if "\0" not in name:
            raise
        raise Refused(f"{shown} cannot be read: {reason_of(error)}") from None


def case_from(name: str) -> Read:
    """The case that a file holds, `-` being JSON on standard input. Raises Refused."""
    with reading(name) as file:
        data = file.read(SIZE_LIMIT + 1)
    return read_case(data, *(("standard input", "json") if name == "-" else (name, format_of(name))))


def facts_from(name: str) -> dict[str, Any]:
    """The facts in a file. Raises Refused, and FactsError with everything that is wrong with it."""
    facts, diagnostics = case_from(name)
    if facts is None:
        raise FactsError(diagnostics)
    return facts


def cases_from(name: str, *, lines: bool = False) -> Iterator[tuple[str, Read]]:
    """The cases that a file holds, each with what to call it: one, or with `lines` one a line, as JSON.

    A file whose name ends in .ndjson or .jsonl holds lines. Raises Refused.
    """
    if not lines and not holds_lines(name):
        yield name, case_from(name)
        return
    with reading(name) as file:
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

    Hidden folders are passed over. Raises Refused for a path that is not there or a folder without any.
    """
    for name in names:
        if os.path.isdir(name):
            found = sorted(policies_below(name))
            if not found:
                raise Refused(f"there is no .policy file under {quoted(name)}")
            yield from (PolicyPath(path, name) for path in found)
        elif os.path.lexists(name) or name.startswith(SHIPPED):
            yield PolicyPath(name, None)
        else:
            raise Refused(f"there is no file {quoted(name)}", _CHECK)


def policy_bytes(name: str) -> bytes:
    """The bytes of a policy file, at most a little more than one may have. Raises Refused."""
    with reading(name, "give the name of a .policy file") as file:
        return file.read(LARGEST_FILE + 1)


def to_rewrite(file: PolicyPath) -> str:
    """Where a policy file that is to be changed really is, free of links.

    Raises:
        Refused: it comes with infoshare, or a link leads out of the folder that was given.
    """
    if file.path.startswith(SHIPPED):
        raise Refused(f"{quoted(file.path)} comes with infoshare and is not changed", "copy it first")
    folder = file.root or os.path.dirname(file.path) or "."
    root, place = os.path.realpath(folder), os.path.realpath(file.path)
    if not Path(place).is_relative_to(root):
        raise Refused(
            f"{quoted(file.path)} is a link that leads out of {quoted(folder)}",
            "name the file itself that it leads to",
        )
    return place


def _near(name: str) -> str:
    """What to do about a file that is not there: the nearest name in its folder, if one is near."""
    folder, wanted = os.path.split(name)
    try:
        there = [found for found in os.listdir(folder or ".") if not found.startswith(".")]
    except OSError:
        return _CHECK
    found = nearest(wanted, there)
    return f"did you mean {quoted(os.path.join(folder, found))}?" if found else _CHECK
