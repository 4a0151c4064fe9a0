"""`record show`, `list`, `receipt` and `export`: what is in a ledger, for those who may know.

Deliberately not here: what an audience may see (`infoshare.records`).
"""

import argparse
import json

from infoshare.cli import exit_codes, terminal
from infoshare.cli.arguments import output_argument, output_of
from infoshare.cli.files import CannotRead
from infoshare.cli.record.asked import (
    Command,
    complain_of,
    id_argument,
    json_argument,
    ledger_argument,
    opened,
    receipt_line,
    who,
    who_arguments,
)
from infoshare.cli.terminal import quoted


def _looking_arguments(command: argparse.ArgumentParser) -> None:
    ledger_argument(command)
    id_argument(command)
    who_arguments(command, what="looks", required=False)


def _show_arguments(command: argparse.ArgumentParser) -> None:
    _looking_arguments(command)
    json_argument(command)


def _show(arguments: argparse.Namespace) -> int:
    with opened(arguments) as ledger:
        shown = ledger.show(arguments.id, by=who(arguments))
    for standing in shown.signed_by:
        if standing.diagnostics:
            complain_of(standing.diagnostics, arguments)
    if arguments.json:
        terminal.json_line({**shown.body, "state": shown.state.words or None})
        return exit_codes.OK
    body, by = shown.body, shown.body["decided_by"]
    terminal.say(
        f"record {shown.id} (number {shown.number}){', ' if shown.state.words else ''}{shown.state.words}"
    )
    terminal.say(f"decided by {by['name']}, {by['role']}, {by['organisation']}, at {body['decided_at']}")
    terminal.say(f"signed by {', '.join(standing.key_id for standing in shown.signed_by)}; verified")
    if body["supersedes"] is not None:
        terminal.say(f"supersedes {body['supersedes']}")
    if not body["followed"]:
        terminal.say(f"NOT FOLLOWED, because: {body['because']}")
    elif body["because"] is not None:
        terminal.say(f"because: {body['because']}")
    terminal.say("")
    terminal.say_decision(shown.decision)
    return exit_codes.OK


def _list_arguments(command: argparse.ArgumentParser) -> None:
    ledger_argument(command)
    command.add_argument("--last", metavar="N", type=int, help="only so many, the newest")
    who_arguments(command, what="looks", required=False)
    json_argument(command)


def _list(arguments: argparse.Namespace) -> int:
    if arguments.last is not None and arguments.last < 1:
        raise CannotRead("--last takes a whole number from 1 on")
    with opened(arguments) as ledger:
        count = 0
        for record in ledger.list(by=who(arguments), last=arguments.last):
            count += 1
            if arguments.json:
                terminal.json_line(record.to_dict())
                continue
            if count == 1:
                terminal.say(_HEADING)
            case = "-" if record.case is None else record.case
            decided = "-" if record.decided_at is None else record.decided_at[:16].replace("T", " ")
            outcome = (record.outcome or "-").replace("_", " ")
            did = " (not followed)" if record.followed is False else ""
            policy = f"{record.policy or '-'} {record.version or ''}".rstrip()
            terminal.say(
                f"{record.id}  {decided:16}  {case:10}  {outcome + did:27}  {policy:16}  {record.role or '-'}"
                + (f"  [{record.state}]" if record.state else "")
            )
        if not count and not arguments.json:
            terminal.say("no records")
    return exit_codes.OK


_HEADING = f"{'record':36}  {'decided (UTC)':16}  {'case':10}  {'outcome':27}  {'policy':16}  by"


def _receipt_arguments(command: argparse.ArgumentParser) -> None:
    ledger_argument(command)
    id_argument(command)
    command.add_argument(
        "--envelope",
        action="store_true",
        help="put the signed record into it: whoever has it can read the record",
    )
    output_argument(command, "it")
    json_argument(command)


def _receipt(arguments: argparse.Namespace) -> int:
    output = output_of(arguments, arguments.output, [arguments.ledger], private=True)
    with opened(arguments, read_only=not arguments.envelope) as ledger:
        receipt = ledger.receipt(arguments.id, envelope=arguments.envelope)
    if output is None:
        terminal.say(receipt_line(receipt))
    else:
        output.write(receipt.to_bytes() + b"\n")
        terminal.say(f"the receipt is in {quoted(arguments.output)}")
    return exit_codes.OK


AUDIENCES = ("practitioner", "information_governance", "family")


def _export_arguments(command: argparse.ArgumentParser) -> None:
    _looking_arguments(command)
    command.add_argument(
        "--for",
        dest="audience",
        metavar="AUDIENCE",
        choices=AUDIENCES,
        help=f"{', '.join(AUDIENCES)} (the whole record)",
    )
    form = command.add_mutually_exclusive_group()
    form.add_argument("--html", action="store_true", help="write one HTML page to read, print and sign")
    form.add_argument("--pdf", action="store_true", help="the same as PDF, with the extra pdf; needs -o FILE")
    output_argument(command, "it")


def _export(arguments: argparse.Namespace) -> int:
    from infoshare.records.page import pdf

    output = output_of(arguments, arguments.output, [arguments.ledger], private=True)
    if arguments.pdf:
        if output is None:
            terminal.usage_error("a PDF goes to a file", "say which with -o FILE")
            return exit_codes.USAGE
        pdf.writer()  # before it is recorded that somebody was given the record
    with opened(arguments) as ledger:
        page = arguments.html or arguments.pdf
        text = ledger.export(arguments.id, arguments.audience, by=who(arguments), page=page)
    data = text if isinstance(text, str) else json.dumps(text, ensure_ascii=False, indent=2)
    if output is None:
        terminal.say(data.rstrip("\n"))
    else:
        output.write(pdf.page_pdf(data) if arguments.pdf else data.encode())
        terminal.say(f"wrote {quoted(arguments.output)}")
    return exit_codes.OK


COMMANDS = (
    Command(
        "show",
        "show a record",
        "Shows a record, verified. That it was shown, and to whom, becomes an entry of the log.",
        _show_arguments,
        _show,
    ),
    Command(
        "list",
        "list the records, without names",
        "Lists the records, oldest first. Cases bear a tag and practitioners their role; nobody is named.\n"
        "That they were listed becomes an entry of the log.",
        _list_arguments,
        _list,
    ),
    Command(
        "receipt",
        "print the receipt of a record again",
        "Prints the receipt of a record against the newest checkpoint of the log.",
        _receipt_arguments,
        _receipt,
    ),
    Command(
        "export",
        "write a record, or what one audience may see of it, to hand out",
        "Writes a record, or what one audience may see of it, as JSON or as a page to read and sign.\n"
        "That it was written, and for whom, becomes an entry of the log.",
        _export_arguments,
        _export,
    ),
)
