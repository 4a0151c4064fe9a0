"""`record hold` and `erase`: what may be done with a record.

Deliberately not here: what they mean (`infoshare.records`).
"""

import argparse

from infoshare.cli import exit_codes, terminal
from infoshare.cli.record.asked import Command, id_argument, ledger_argument, named, opened, who_arguments


def _hold_arguments(command: argparse.ArgumentParser) -> None:
    _erase_arguments(command)
    command.add_argument("--release", action="store_true", help="end the hold")


def _hold(arguments: argparse.Namespace) -> int:
    with opened(arguments) as ledger:
        deed = ledger.release if arguments.release else ledger.hold
        record = ledger.id_of(arguments.id)
        receipt = deed(record, by=named(arguments), because=arguments.because)
    what = "is no longer on legal hold" if arguments.release else "is on legal hold: it cannot be erased"
    terminal.say(f"record {record} {what} (entry {receipt.record})")
    return exit_codes.OK


def _erase_arguments(command: argparse.ArgumentParser) -> None:
    ledger_argument(command)
    id_argument(command)
    who_arguments(command, what="orders it", required=True)
    command.add_argument("--because", metavar="TEXT", required=True, help="why")


def _erase(arguments: argparse.Namespace) -> int:
    with opened(arguments) as ledger:
        record = ledger.id_of(arguments.id)
        erasure = ledger.erase(record, by=named(arguments), because=arguments.because)
    terminal.say(f"record {record} was erased: its content, its key and its salt are destroyed")
    terminal.say(f"that it was there, and who erased it and why, stays (entry {erasure.receipt.record})")
    terminal.say("copies of the ledger made before still hold it: see that they are erased too")
    if erasure.found:
        terminal.complain(
            f"its content was {erasure.found} before: the entry says so, and the ledger still does not verify"
        )
    if not erasure.cleared:
        terminal.complain(
            "somebody is reading the ledger: traces leave its files when the last of them closes it"
        )
    return exit_codes.OK


COMMANDS = (
    Command(
        "hold",
        "put a record on legal hold, or end that",
        "Puts a record on legal hold, so that it cannot be erased. Who ordered it, and why, becomes an entry of the log.",
        _hold_arguments,
        _hold,
    ),
    Command(
        "erase",
        "erase what a record says",
        "Erases what a record says, by destroying its content, its key and its salt. Every other record still verifies.\n"
        "Who erased it, when and why becomes an entry of the log. A record on legal hold is not erased.",
        _erase_arguments,
        _erase,
    ),
)
