"""Arguments that several commands take, declared and read in one way.

Deliberately not here: arguments of one command alone.
"""

import argparse
from collections.abc import Iterable

from infoshare.writing import Output


def output_argument(command: argparse.ArgumentParser, what: str, *flags: str) -> None:
    """FILE that something is written to, and --force; read it with `output_of`."""
    command.add_argument(
        *(flags or ("-o", "--output")),
        metavar="FILE",
        help=f"write {what} there, to a new file, not to standard output (-)",
    )
    force_argument(command)


def force_argument(command: argparse.ArgumentParser) -> None:
    """--force."""
    command.add_argument(
        "--force",
        action="store_true",
        help="write over a file that is there; never over what the command reads, nor a ledger or its keys",
    )


def output_of(
    arguments: argparse.Namespace, name: str | None, inputs: Iterable[str] = (), *, private: bool = False
) -> Output | None:
    """The file of that name, looked at before any work is done; None for standard output.

    Args:
        inputs: the files that the command reads.
        private: whether it will hold facts.

    Raises:
        NotWritten: it may not be written.
    """
    if name in {None, "-"}:
        return None
    return Output.at(name or "", inputs=inputs, force=arguments.force, private=private)
