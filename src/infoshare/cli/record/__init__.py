"""Keeps decisions as records: signed, dated, decided again at any time, and impossible to alter quietly.

LEDGER is a file, or postgresql://… for a database (extra `postgres`). Its keys lie in the folder LEDGER.keys beside it, or
where --keys says. Needs the extra `records`. `infoshare record COMMAND --help` tells of each command.
"""

import argparse

from infoshare.cli import exit_codes, terminal
from infoshare.cli.record import adding, asked, checking, deeds, keeping, reading
from infoshare.errors import FactsError, InfoshareError, PolicyError
from infoshare.writing import NotWritten

EXIT_CODES = """\
exit codes:
  0    done
  7    a record, a receipt or a ledger that does not verify, or is not decided the same again
  8    nothing was recorded, changed or shown: the disk is full, somebody else writes, a legal hold, …
"""
COMMANDS = (*keeping.COMMANDS, *adding.COMMANDS, *reading.COMMANDS, *checking.COMMANDS, *deeds.COMMANDS)

NOT_DONE = {"IS722", "IS730", "IS731", "IS732", "IS735"}
"""What a ledger refuses or could not do, although it was asked rightly."""


_STAYS = {
    "init": "the ledger and its keys are made",
    "keygen": "the keys are made",
    "enrol": "the keys are entered: do not enter them again",
    "hold": "it is done, and is an entry of the log: do not do it again",
    "erase": "the record is erased",
}
"""What stays done where it could not be said on standard output."""


def arguments(command: argparse.ArgumentParser) -> None:
    """Declares what the command takes."""
    commands = command.add_subparsers(required=True, metavar="COMMAND", dest="record_command")
    for each in COMMANDS:
        inner = commands.add_parser(
            each.name,
            help=each.summary,
            description=each.description,
            epilog=f"{EXIT_CODES}\n{exit_codes.EVERYWHERE}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        each.arguments(inner)
        inner.set_defaults(perform=each.run)


def run(arguments: argparse.Namespace) -> int:
    """Does what is asked, and returns the exit code."""
    from infoshare.records import VerificationError

    try:
        code: int = arguments.perform(arguments)
        terminal.flush()
    except NotWritten as error:
        done = _STAYS.get(arguments.record_command)
        raise (error.although(done) if done else error) from None
    except FactsError as error:
        terminal.complain_of_case(getattr(arguments, "case", "the case"), error.diagnostics)
        return exit_codes.INVALID_CASE
    except PolicyError as error:
        terminal.complain_of(error.diagnostics)
        return exit_codes.of_policy_fault(error.diagnostics)
    except VerificationError as error:
        asked.complain_of(error.diagnostics, arguments)
        return exit_codes.NOT_VERIFIED
    except InfoshareError as error:
        asked.complain_of(error.diagnostics, arguments)
        refused = all(diagnostic.code in NOT_DONE for diagnostic in error.diagnostics)
        return exit_codes.NOT_DONE if refused else exit_codes.USAGE
    return code
