"""What a run over a file of cases is asked to do, and whether its result may be written at all."""

import os
from datetime import date
from pathlib import Path

import attrs

from infoshare.batch.files.formats import FileFormat
from infoshare.batch.files.refusal import Refused, reason_of
from infoshare.batch.files.unfinished import Unfinished
from infoshare.files import quoted
from infoshare.load import Policy

ROWS_PER_PART = 1_000_000


@attrs.frozen
class Options:
    """What a run is asked to do.

    Attributes:
        cases, out: paths, or `-` for a standard stream.
        as_of: the day to decide for; None is `today`, or the day that an unfinished run was begun for.
        read_as, write_as: the formats, where names do not say them.
        rows_per_part: an interrupted run goes on from a multiple of about so many cases.
        force: whether a result that is there is written over.
        restart: whether an unfinished run is thrown away.
        stop: whether the first row that cannot be decided ends the run.
    """

    policy: Policy
    cases: str
    out: str
    today: date
    as_of: date | None = None
    presume: bool = True
    keep: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    read_as: FileFormat | None = None
    write_as: FileFormat | None = None
    delimiter: str = ","
    rows_per_part: int = ROWS_PER_PART
    force: bool = False
    restart: bool = False
    stop: bool = False


def check_out(options: Options) -> None:
    """Sees to it that the result may be written, before anything is done for it.

    Raises:
        Refused: it may not.
    """
    out = options.out
    shown = quoted(out)
    if "\0" in out:
        raise Refused(f"{shown} cannot be written: not a name of a file")
    try:
        if os.path.isdir(out):  # noqa: PTH112 - a name with a NUL is no path
            raise Refused(f"{shown} is a folder", "name a file with -o")
        if os.path.lexists(out):
            _check_there(options, shown)
        folder = os.path.dirname(out) or "."  # noqa: PTH120 - keeps the path as it was given
        if not os.path.isdir(folder):  # noqa: PTH112
            raise Refused(f"there is no folder {quoted(folder)}", "make it, or name a file elsewhere")
    except (OSError, ValueError) as error:
        raise Refused(f"{shown} cannot be written: {reason_of(error)}") from None


def _check_there(options: Options, shown: str) -> None:
    """Whether a result that is there already may be written over."""
    out, cases = Path(options.out), Path(options.cases)
    if out.exists() and not out.is_file():
        raise Refused(f"{shown} is not a regular file", "name another with -o")
    if options.cases != "-" and out.exists() and cases.exists() and out.samefile(cases):
        raise Refused(f"{shown} is the file that the cases are in", "name another with -o")
    if not options.force and not Unfinished(options.out).is_published(options.out):
        raise Refused(
            f"{shown} is there already", "name another file with -o, or say --force to write over it"
        )
