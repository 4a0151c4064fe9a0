"""`record verify` and `replay`: whether a ledger, a receipt or a decision is as it should be.

Deliberately not here: verifying itself (`infoshare.records`).
"""

import argparse
import os
import sys

from infoshare.cli import exit_codes, terminal
from infoshare.cli.record.asked import (
    Command,
    complain_of,
    id_argument,
    json_argument,
    ledger_argument,
    opened,
    public_keys,
    receipts,
    who,
    who_arguments,
)
from infoshare.cli.terminal import counted, quoted
from infoshare.errors import Refused


def _verify_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "ledger", metavar="LEDGER", nargs="?", help="a file, or postgresql://… for a database"
    )
    command.add_argument("--keys", metavar="DIR", help="the folder of its keys (LEDGER.keys, beside it)")
    command.add_argument(
        "--receipt",
        metavar="FILE",
        action="append",
        default=[],
        help="a receipt that was kept outside, more than once for several; the ledger must agree with each",
    )
    command.add_argument(
        "--public-key",
        metavar="FILE",
        action="append",
        default=[],
        help="the public key of the log, from a place that nobody who can change the ledger can change",
    )
    command.add_argument(
        "--quick",
        action="store_true",
        help="leave out the signatures of single entries and of older checkpoints, the form of each record, the dates of"
        " keys and the database's own check of its file: the newest checkpoint covers every byte of the entries",
    )
    command.add_argument("--processes", metavar="N", type=int, help="how many share the work (one a core)")
    json_argument(command)


def _verify(arguments: argparse.Namespace) -> int:
    if arguments.ledger is None:
        return _verify_receipts(arguments)
    keys = public_keys(arguments.public_key) if arguments.public_key else None
    with opened(arguments, read_only=True) as ledger:
        found = ledger.verify(
            thorough=not arguments.quick,
            receipts=receipts(arguments.receipt),
            public_keys=keys,
            processes=arguments.processes or os.cpu_count() or 1,
            progress=_progress if sys.stderr.isatty() else None,
        )
    if arguments.json:
        terminal.json_line(
            {
                "origin": found.origin,
                "entries": found.size,
                "counts": found.counts,
                "thorough": found.thorough,
                "verified": found.holds,
                "problems": [problem.to_dict() for problem in found.problems],
                "more_problems": found.more,
                "checkpoint": found.checkpoint.decode("utf-8", "replace") if found.checkpoint else None,
                "checkpoints": found.checkpoints,
                "left_out": list(found.left_out),
            }
        )
        return exit_codes.OK if found.holds else exit_codes.NOT_VERIFIED
    if found.problems:
        complain_of(found.problems, arguments)
    if found.more:
        terminal.complain(f"and {counted(found.more, 'problem')} more")
    erased = found.counts.get("erased", 0)
    records = counted(found.counts.get("record", 0), "record") + (f" ({erased} erased)" if erased else "")
    held = f"{records}, {counted(found.size, 'entry').replace('entrys', 'entries')} in all"
    if not found.holds:
        terminal.say(f"DOES NOT VERIFY: {held}")
        return exit_codes.NOT_VERIFIED
    terminal.say(f"verified: {held}, {counted(found.checkpoints, 'checkpoint')}; log {found.origin}")
    terminal.say_all(found.left_out)
    return exit_codes.OK


def _progress(done: int, size: int) -> None:
    """Tells on a terminal how far it is, on one line that is gone at the end."""
    text = "" if done >= size else f"{done:,} of {size:,} entries"
    print(f"\r{text:40}", end="\r", file=sys.stderr, flush=True)


def _verify_receipts(arguments: argparse.Namespace) -> int:
    from infoshare.records import VerificationError, verify_receipt

    if not arguments.receipt or not arguments.public_key:
        raise Refused(
            "there is nothing to verify",
            "give LEDGER; or, away from it, --receipt FILE and --public-key FILE",
        )
    keys = public_keys(arguments.public_key)
    code = exit_codes.OK
    for name, receipt in zip(arguments.receipt, receipts(arguments.receipt), strict=True):
        try:
            proved = verify_receipt(receipt, keys)
        except VerificationError as error:
            complain_of(
                error.about(f"{quoted(name)}, the receipt of record {receipt.record}").diagnostics, arguments
            )
            code = exit_codes.NOT_VERIFIED
            continue
        log = proved.checkpoint
        if arguments.json:
            terminal.json_line(
                {
                    "record": proved.record,
                    "number": proved.index,
                    "origin": log.origin,
                    "size": log.size,
                    "checkpoint_signed_by": list(proved.checkpoint_signed_by),
                    "envelope_signed_by": list(proved.envelope_signed_by),
                    "verified": True,
                }
            )
            continue
        terminal.say(f"verified: the log {log.origin} holds record {proved.record} (number {proved.index})")
        terminal.say(
            f"its checkpoint of {log.size} entries is signed by {', '.join(proved.checkpoint_signed_by)}"
        )
        if proved.envelope_signed_by:
            terminal.say(f"the record in it is signed by {', '.join(proved.envelope_signed_by)}")
    return code


def _replay_arguments(command: argparse.ArgumentParser) -> None:
    ledger_argument(command)
    id_argument(command)
    who_arguments(command, what="looks", required=False)
    json_argument(command)


def _replay(arguments: argparse.Namespace) -> int:
    with opened(arguments) as ledger:
        again = ledger.replay(arguments.id, by=who(arguments))
    if arguments.json:
        terminal.json_line(
            {
                "record": again.id,
                "same": again.same,
                "differences": list(again.differences),
                "amended": {each.key: each.change for each in again.amended},
                "recorded_with": again.recorded_with,
                "replayed_with": again.replayed_with,
            }
        )
    elif again.same:
        terminal.say(f"record {again.id}: decided again, and the same, byte for byte")
    elif again.holds:
        terminal.say(f"record {again.id}: decided again, and the same but for what was amended since")
        terminal.say_all(f"  amended `{each.key}`: {each.change}" for each in again.amended)
    if not again.holds:
        terminal.complain(f"record {again.id}: decided again, and not the same")
        complain_of(again.problems, arguments)
    return exit_codes.OK if again.holds else exit_codes.NOT_VERIFIED


COMMANDS = (
    Command(
        "verify",
        "verify a ledger, or a receipt away from it",
        "Verifies every entry of a ledger, its tree, its checkpoints and its policies, and holds receipts against it.\n"
        "Away from the ledger, verifies receipts with the public key of the log alone.",
        _verify_arguments,
        _verify,
    ),
    Command(
        "replay",
        "decide a record again",
        "Decides a record again from its own facts and the policy that was kept with it: the same, byte for byte, or what differs.",
        _replay_arguments,
        _replay,
    ),
)
