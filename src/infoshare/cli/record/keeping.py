"""`record init`, `keygen` and `enrol`: a ledger and the keys that sign.

Deliberately not here: what keys are (`infoshare.records`).
"""

import argparse
from datetime import UTC, datetime, time
from pathlib import Path

from infoshare.cli import exit_codes, terminal
from infoshare.cli.arguments import calendar_day
from infoshare.cli.record.asked import Command, ledger_argument, named, opened, who_arguments
from infoshare.cli.terminal import quoted


def _init_arguments(command: argparse.ArgumentParser) -> None:
    ledger_argument(command)
    command.add_argument(
        "--origin",
        metavar="NAME",
        help="the name of its log, unlike any other, such as records.example.org/2026 (made up)",
    )


def _init(arguments: argparse.Namespace) -> int:
    from infoshare.records import Ledger

    with Ledger.create(arguments.ledger, origin=arguments.origin, keys=arguments.keys) as ledger:
        folder, origin = ledger.keys.path, ledger.origin
        shown = ledger.shown
    public = folder / "log.key.pub"
    terminal.say(f"made the ledger {quoted(shown)}, whose log is named {origin}")
    terminal.say(f"its keys are in {quoted(str(folder))}:")
    terminal.say(
        "  case.key     opens the records: keep a copy where the ledger is not; without it nobody can read them"
    )
    terminal.say("  log.key      signs: keep it to yourself")
    terminal.say("  log.key.pub  is to give away: whoever has it and a receipt can verify without you")
    terminal.say(
        f"now try: infoshare record add {quoted(shown)} POLICY CASE --by NAME --role ROLE --organisation NAME"
    )
    terminal.say(f"and keep a copy of {quoted(str(public))} outside")
    return exit_codes.OK


def _keygen_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "file", metavar="FILE", help="where the private key is to be; the public one goes to FILE.pub"
    )
    command.add_argument(
        "--name",
        metavar="NAME",
        required=True,
        help="whose it is, without spaces, such as m.rose@school.example",
    )
    command.add_argument("--until", metavar="DATE", type=calendar_day, help="the last day on which it counts")


def _keygen(arguments: argparse.Namespace) -> int:
    from infoshare.records import FileSigner

    until = arguments.until and datetime.combine(arguments.until, time.max, UTC)
    signer = FileSigner.generate(arguments.file, arguments.name, not_after=until)
    terminal.say(f"made the private key {quoted(arguments.file)}: keep it to yourself")
    terminal.say(f"and its public key {quoted(arguments.file + '.pub')}, to give away:")
    terminal.say(signer.public.vkey)
    terminal.say(
        f"a ledger takes its signatures after: infoshare record enrol LEDGER {quoted(arguments.file + '.pub')}"
    )
    return exit_codes.OK


def _enrol_arguments(command: argparse.ArgumentParser) -> None:
    ledger_argument(command)
    command.add_argument("file", metavar="FILE", help="the public key: a file that ends in .pub")
    command.add_argument(
        "--revoke",
        action="store_true",
        help="let it count no longer, from now on; what it signed before stays",
    )
    command.add_argument("--because", metavar="TEXT", help="why")
    who_arguments(command, what="vouches for the key", required=True)


def _enrol(arguments: argparse.Namespace) -> int:
    import attrs

    from infoshare.records import read_keys

    keys = list(read_keys(Path(arguments.file)))
    with opened(arguments) as ledger:
        for key in keys:
            told = attrs.evolve(key, revoked_at=datetime.now(UTC)) if arguments.revoke else key
            ledger.enrol(told, by=named(arguments), because=arguments.because)
            what = "counts no longer" if arguments.revoke else "may sign records from now on"
            terminal.say(f"{key.key_id} {what}")
    return exit_codes.OK


COMMANDS = (
    Command(
        "init",
        "make a ledger and its keys",
        "Makes a ledger and the keys that it needs.",
        _init_arguments,
        _init,
    ),
    Command(
        "keygen",
        "make a key to sign records with",
        "Makes a pair of keys for somebody who signs records: a practitioner, or a manager.",
        _keygen_arguments,
        _keygen,
    ),
    Command(
        "enrol",
        "let a key sign records of a ledger, or let it no longer",
        "Lets a key sign records of a ledger. Who vouches for it, and when, becomes an entry of the log.",
        _enrol_arguments,
        _enrol,
    ),
)
