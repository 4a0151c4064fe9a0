"""`record add` and `supersede`: decide a case, record the decision, print the receipt.

Invariant: what goes to standard output is the receipt; the decision in words goes to standard error.
Deliberately not here: deciding and recording (`infoshare.records`).
"""

import argparse
from typing import TYPE_CHECKING

from infoshare.casefile import read_case
from infoshare.cli import exit_codes, terminal
from infoshare.cli.arguments import calendar_day, case_argument, files_of, output_argument, output_of
from infoshare.cli.files import case_from
from infoshare.cli.record.asked import (
    Command,
    complain_of,
    day_argument,
    id_argument,
    json_argument,
    ledger_argument,
    named,
    opened,
    read,
    receipt_line,
    receipt_value,
    shown_place,
    who_arguments,
)
from infoshare.cli.terminal import quoted
from infoshare.errors import FactsError, Refused
from infoshare.policy.decision import Decision
from infoshare.policy.load import load
from infoshare.writing import NotWritten, Output

if TYPE_CHECKING:
    from infoshare.records import Receipt
    from infoshare.records.body.model import Particulars


def _arguments(command: argparse.ArgumentParser) -> None:
    ledger_argument(command)
    _told_arguments(command)


def _supersede_arguments(command: argparse.ArgumentParser) -> None:
    ledger_argument(command)
    id_argument(command)
    _told_arguments(command)


def _told_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("policy", metavar="POLICY", help="a policy file, or infoshare:NAME")
    case_argument(command)
    who_arguments(command, what="decides", required=True)
    command.add_argument(
        "--key",
        metavar="FILE",
        action="append",
        default=[],
        help="a private key to sign with, more than once where a manager signs too (the ledger's own)",
    )
    command.add_argument(
        "--followed", choices=("yes", "no"), default="yes", help="whether the decision is followed (yes)"
    )
    command.add_argument("--because", metavar="TEXT", help="why not; needed where it is not followed")
    command.add_argument(
        "--particulars",
        metavar="FILE",
        help="what else is to be recorded, as JSON: who asked, who was told, advice taken, …",
    )
    day_argument(command, calendar_day)
    command.add_argument(
        "--no-presumptions",
        action="store_true",
        help="take unanswered facts as unknown, whatever the policy presumes",
    )
    command.add_argument(
        "--root", metavar="DIR", help="the folder that no used file may lie outside of (the policy's own)"
    )
    output_argument(command, "the receipt", "--receipt")
    command.add_argument(
        "--envelope",
        action="store_true",
        help="put the signed record into the receipt: whoever has it can read it",
    )
    json_argument(command)


def _add(arguments: argparse.Namespace) -> int:
    return _record(arguments, None)


def _supersede(arguments: argparse.Namespace) -> int:
    return _record(arguments, arguments.id)


def _record(arguments: argparse.Namespace, supersedes: str | None) -> int:
    from infoshare.records import FileSigner, NotRecordedError, RecordError

    policy = load(arguments.policy, root=arguments.root)
    facts, diagnostics = case_from(arguments.case)
    if facts is None:
        raise FactsError(diagnostics)
    by = named(arguments)
    try:
        particulars = _particulars(arguments.particulars)
    except RecordError as error:
        complain_of(error.diagnostics, arguments, place=arguments.particulars)
        return exit_codes.USAGE
    inputs = [
        arguments.ledger,
        *files_of(policy, arguments),
        arguments.case,
        arguments.particulars or "",
        *arguments.key,
    ]
    output = output_of(arguments, arguments.receipt, inputs, private=True)
    signers = [FileSigner.load(name) for name in arguments.key]
    presume = not arguments.no_presumptions
    with opened(arguments) as ledger:
        decision = policy.decide(facts, as_of=arguments.as_of, presume=presume)
        try:
            receipt = ledger.record(
                decision,
                facts,
                policy=policy,
                by=by,
                presume=presume,
                followed=arguments.followed == "yes",
                because=arguments.because,
                particulars=particulars,
                signers=signers,
                supersedes=supersedes,
            )
        except NotRecordedError:
            terminal.complain(decision.explain(full=True).rstrip("\n"))
            terminal.complain("")
            raise
        if arguments.envelope:
            try:
                receipt = ledger.receipt(receipt.record, envelope=True, by=by)
            except RecordError:
                terminal.complain(f"the decision is {_recorded(receipt)}; but:")
                raise
    try:
        _tell(arguments, decision, receipt, output)
        terminal.flush()
    except NotWritten as error:
        raise error.although(
            f"the decision is {_recorded(receipt)}",
            f"its receipt: infoshare record receipt {shown_place(arguments.ledger)} {receipt.record}",
        ) from None
    return exit_codes.OK


def _recorded(receipt: "Receipt") -> str:
    return f"recorded as {receipt.record} (number {receipt.index}): do not record it again"


def _particulars(name: str | None) -> "Particulars":
    from infoshare.records.body.model import NOTHING, Particulars

    if name is None:
        return NOTHING
    told, faults = read_case(read(name, "particulars"), name, "json")
    if told is None:
        raise Refused(f"{quoted(name)}: {faults[0].message}", *faults[0].help)
    return Particulars.from_json(told)


def _tell(
    arguments: argparse.Namespace, decision: Decision, receipt: "Receipt", output: Output | None
) -> None:
    if output is not None:
        output.write(receipt.to_bytes() + b"\n")
    if arguments.json:
        terminal.json_line(
            {
                "record": receipt.record,
                "number": receipt.index,
                "decision": decision.to_dict(),
                "receipt": receipt_value(receipt),
            }
        )
        return
    terminal.complain(decision.explain(full=True).rstrip("\n"))
    terminal.complain(f"\nRecorded as {receipt.record} (number {receipt.index}).")
    if output is None:
        terminal.complain("The receipt, to be kept away from the ledger:")
        terminal.say(receipt_line(receipt))
    else:
        terminal.complain(f"The receipt is in {quoted(arguments.receipt)}: keep it away from the ledger.")


COMMANDS = (
    Command(
        "add",
        "decide a case, record the decision, print the receipt",
        "Decides a case, records the decision with its facts and its policy, and prints the receipt.\n\n"
        "The receipt proves, without this ledger and for ever, that the record was there; it tells nothing of the case.",
        _arguments,
        _add,
    ),
    Command(
        "supersede",
        "record a decision that takes the place of another",
        "As `add`, for a decision that takes the place of the record ID, such as when more is known. That record stays.",
        _supersede_arguments,
        _supersede,
    ),
)
