"""The command line: from `argv` to printed text and an exit code.

A module a command; each reads its arguments, calls the library and prints. Invariants: nothing is
decided here; no traceback is ever shown; nothing but the core's own requirements is imported, and of the
commands none but the one that is run.
"""

import argparse
import errno
import os
import sys
from collections.abc import Collection, Sequence
from importlib import import_module
from typing import Any, NoReturn

from infoshare.cli import exit_codes, terminal
from infoshare.diagnostic import Diagnostic
from infoshare.errors import FactsError, PolicyError, Refused
from infoshare.writing import NotWritten, reason_of

# What each command does; the module of its name says how, and is imported when it is asked for.
COMMANDS = {
    "decide": "decide cases by a policy, and say why",
    "batch": "decide a whole caseload in a file",
    "ask": "ask the open questions in turn, and decide",
    "read": "read a policy out in plain English",
    "check": "check policies: errors, and everything else that can be wrong with them",
    "fmt": "lay policy files out",
    "test": "run the scenarios of policies",
    "diff": "say what a new version of a policy changes, and for whom",
    "why": "say what kept a case from another answer, or a clause from acting",
    "what-if": "find the smallest changes of a case that would lead to another answer",
    "prove": "hold a promise against every case there can be",
    "doc": "write a policy as a page to read and sign",
    "record": "keep decisions as signed records, show them, decide them again, verify them",
    "serve": "serve policies over HTTP",
    "new": "start a policy of your own",
    "code": "say what a code such as IS201 means, and what to do",
    "playground": "write a page that policies are tried on, in a browser",
    "lsp": "serve an editor: findings, completion and more, as one types",
    "completion": "print a script that completes commands in a shell",
}


class _Parser(argparse.ArgumentParser):
    """Argparse, but what a person typed is never printed raw."""

    def error(self, message: str) -> NoReturn:
        terminal.complain(f"{self.format_usage()}{self.prog}: error: {message}")
        raise SystemExit(exit_codes.USAGE)


class _Version(argparse.Action):
    """`--version`, looked up when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any, **__: Any) -> None:
        terminal.write(f"infoshare {_version()}\n")
        parser.exit()


def parser(only: Collection[str] = tuple(COMMANDS)) -> argparse.ArgumentParser:
    """The grammar of the command line: the whole of it, or of some commands the arguments and of the others the name."""
    top = _Parser(
        prog="infoshare",
        description="Decides, by a written policy, whether information about a child may be shared.",
        epilog=exit_codes.EVERYWHERE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    top.add_argument("--version", action=_Version, nargs=0, help="show program's version number and exit")
    commands = top.add_subparsers(required=True, metavar="COMMAND", dest="command")
    for name, summary in COMMANDS.items():
        if name not in only:
            commands.add_parser(name, help=summary)
            continue
        module = import_module(f"infoshare.cli.{name.replace('-', '_')}")
        command = commands.add_parser(
            name,
            help=summary,
            description=module.__doc__,
            epilog=f"{module.EXIT_CODES}\n{exit_codes.EVERYWHERE}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        module.arguments(command)
        command.set_defaults(run=module.run, parser=top)
    return top


def _asked_for(argv: Sequence[str]) -> Collection[str]:
    """The commands whose arguments are needed to read a command line; completing needs those of all."""
    command = next((argument for argument in argv if not argument.startswith("-")), "")
    return COMMANDS if command == "completion" else (command,)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a command; `argv` is without the program's own name. Returns the exit code."""
    terminal.prepare()
    try:
        code = _run(sys.argv[1:] if argv is None else argv)
        terminal.flush()
    except BrokenPipeError:
        terminal.drop_output()
        return exit_codes.CLOSED_PIPE
    except KeyboardInterrupt:
        terminal.complain("interrupted")
        return exit_codes.INTERRUPTED
    except Refused as error:
        terminal.usage_error(str(error), *error.help)
        try:
            terminal.flush()
        except (NotWritten, BrokenPipeError):
            terminal.drop_output()
        return exit_codes.of_refusal(error)
    return code


def _run(typed: Sequence[str]) -> int:
    """Runs a command. Raises Refused, BrokenPipeError and KeyboardInterrupt."""
    try:
        arguments = parser(_asked_for(typed)).parse_args(typed)
        code: int = arguments.run(arguments)
    except SystemExit as exit_:  # argparse: help, version, usage
        return exit_.code if isinstance(exit_.code, int) else exit_codes.USAGE
    except PolicyError as error:
        terminal.complain_of(error.diagnostics)
        return exit_codes.of_policy_fault(error.diagnostics)
    except FactsError as error:
        case = getattr(arguments, "case", None) or getattr(arguments, "cases", None)
        terminal.complain_of_case(case or "no case", error.diagnostics)
        return exit_codes.INVALID_CASE
    except (BrokenPipeError, Refused):
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, no traceback is shown to people
        if isinstance(error, OSError) and error.errno in _NOBODYS_FAULT:
            why = f"the system refuses: {reason_of(error)}"
            help_ = "see to it, such as by making room on the disk, and run the command again"
            raise NotWritten(why, help_) from None
        return _own_fault(error)
    return code


_NOBODYS_FAULT = {
    getattr(errno, name)
    for name in ["ENOSPC", "EDQUOT", "EFBIG", "EIO", "EROFS", "EMFILE", "ENFILE"]
    if hasattr(errno, name)
}
"""What no program can help: a full or broken disk, too many open files."""


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
        "this is our fault, not yours",
        f"report it with the command, the policy and `infoshare {_version()}`; leave out what the case holds",
        "run it again with INFOSHARE_TRACEBACK=1 to see where it happened",
    )
    terminal.complain_of([Diagnostic("IS901", message, help=help_)])
    return exit_codes.INTERNAL


def _version() -> str:
    from importlib.metadata import version

    return version("infoshare")
