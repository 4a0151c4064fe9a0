"""The command line: from `argv` to printed text and an exit code.

A module a command; each reads its arguments, calls the library and prints. Invariants: nothing is
decided here; no traceback is ever shown; nothing but the core's own requirements is imported.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import NoReturn

from infoshare.cli import ask, check, code, completion, decide, doc, exit_codes, fmt, new, read, record, terminal
from infoshare.cli import test as test_command
from infoshare.cli.files import CannotRead
from infoshare.diagnostic import Diagnostic


class _Parser(argparse.ArgumentParser):
    """Argparse, but what a person typed is never printed raw."""

    def error(self, message: str) -> NoReturn:
        terminal.complain(f"{self.format_usage()}{self.prog}: error: {message}")
        raise SystemExit(exit_codes.USAGE)


def parser() -> argparse.ArgumentParser:
    """The whole grammar of the command line."""
    top = _Parser(
        prog="infoshare",
        description="Decides, by a written policy, whether information about a child may be shared.",
        epilog=exit_codes.EVERYWHERE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"infoshare {version('infoshare')}")
    commands = top.add_subparsers(required=True, metavar="COMMAND", dest="command")
    for module in (decide, ask, read, check, fmt, test_command, doc, record, new, code, completion):
        command = commands.add_parser(
            module.NAME,
            help=module.SUMMARY,
            description=module.__doc__,
            epilog=f"{module.EXIT_CODES}\n{exit_codes.EVERYWHERE}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        module.arguments(command)
        command.set_defaults(run=module.run, parser=top)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a command; `argv` is without the program's own name. Returns the exit code."""
    terminal.prepare()
    try:
        code = _run(argv)
        sys.stdout.flush()
    except BrokenPipeError:
        terminal.drop_output()
        return exit_codes.CLOSED_PIPE
    except KeyboardInterrupt:
        terminal.complain("interrupted")
        return exit_codes.INTERRUPTED
    return code


def _run(argv: Sequence[str] | None) -> int:
    try:
        arguments = parser().parse_args(argv)
        code: int = arguments.run(arguments)
    except SystemExit as exit_:  # argparse: help, version, usage
        return exit_.code if isinstance(exit_.code, int) else exit_codes.USAGE
    except CannotRead as error:
        terminal.usage_error(str(error), *error.help)
        return exit_codes.USAGE
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, no traceback is shown to people
        return _own_fault(error)
    return code


def _own_fault(error: Exception) -> int:
    """Says that infoshare is at fault, where, and never what the case held."""
    if os.environ.get("INFOSHARE_TRACEBACK"):
        raise error
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{place.tb_frame.f_globals.get('__name__')}:{place.tb_lineno}" if place else "nowhere"
    message = f"infoshare failed where it should not ({type(error).__name__} at {where})"
    help_ = (
        "this is our fault, not yours, and nothing was decided",
        f"report it with the command, the policy and `infoshare {version('infoshare')}`;"
        " leave out what the case holds",
        "run it again with INFOSHARE_TRACEBACK=1 to see where it happened",
    )
    terminal.complain_of([Diagnostic("IS901", message, help=help_)])
    return exit_codes.INTERNAL
