"""`record show`, `list`, `log`, `receipt` and `export`: what is in a ledger, for those who may know.

Deliberately not here: what an audience may see (`infoshare.records`).
"""

import argparse
import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from infoshare.cli import exit_codes, terminal
from infoshare.cli.arguments import calendar_day, output_argument, output_of
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
from infoshare.cli.terminal import counted, quoted
from infoshare.errors import Refused
from infoshare.outcome import Outcome

if TYPE_CHECKING:
    from infoshare.records.ledger.view import Consultation, ListedRecord

T = TypeVar("T", "ListedRecord", "Consultation")


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
    terminal.say_decision(shown.decision, full=True)
    return exit_codes.OK


def _days_arguments(command: argparse.ArgumentParser, what: str) -> None:
    command.add_argument("--on", metavar="DATE", type=calendar_day, help=f"only {what} on this day (UTC)")
    command.add_argument("--since", metavar="DATE", type=calendar_day, help="only from this day on")
    command.add_argument(
        "--until", metavar="DATE", type=calendar_day, help="only up to this day, it included"
    )
    command.add_argument("--last", metavar="N", type=int, help="only so many, the newest")


def _days(arguments: argparse.Namespace) -> dict[str, Any]:
    """`since`, `until` and `last`, as the ledger takes them."""
    if arguments.last is not None and arguments.last < 1:
        raise Refused("--last takes a whole number from 1 on")
    if arguments.on is not None and (arguments.since is not None or arguments.until is not None):
        raise Refused("--on is one day, and --since and --until are many", "give one or the other")
    return {
        "since": arguments.on or arguments.since,
        "until": arguments.on or arguments.until,
        "last": arguments.last,
    }


def _list_arguments(command: argparse.ArgumentParser) -> None:
    ledger_argument(command)
    command.add_argument(
        "--case", metavar="NAME", help="only those of one case: its name, or the tag that the list shows"
    )
    command.add_argument(
        "--outcome", choices=[outcome.value for outcome in Outcome], help="only those with this outcome"
    )
    command.add_argument("--not-followed", action="store_true", help="only those that were not followed")
    _days_arguments(command, "what was decided")
    who_arguments(command, what="looks", required=False)
    json_argument(command)


def _list(arguments: argparse.Namespace) -> int:
    days = _days(arguments)
    with opened(arguments) as ledger:
        records = ledger.list(
            by=who(arguments),
            case=arguments.case,
            outcome=arguments.outcome,
            followed=False if arguments.not_followed else None,
            **days,
        )
        heading = f"{'record':36}  {'decided (UTC)':16}  {'case':10}  {'outcome':27}  {'policy':16}  by"
        return _say_each(arguments, records, heading, _line_of_record, "no records")


def _line_of_record(record: "ListedRecord") -> str:
    outcome = (record.outcome or "-").replace("_", " ")
    did = " (not followed)" if record.followed is False else ""
    policy = f"{record.policy or '-'} {record.version or ''}".rstrip()
    return (
        f"{record.id}  {_minute(record.decided_at):16}  {record.case or '-':10}  {outcome + did:27}  {policy:16}"
        f"  {record.role or '-'}" + (f"  [{record.state}]" if record.state else "")
    )


def _log_arguments(command: argparse.ArgumentParser) -> None:
    ledger_argument(command)
    command.add_argument("id", metavar="ID", nargs="?", help="only who looked at this record")
    command.add_argument(
        "--who",
        metavar="NAME",
        help="only what this person looked at: a name, or what their organisation knows them by",
    )
    _days_arguments(command, "who looked")
    who_arguments(command, what="looks", required=False)
    json_argument(command)


def _log(arguments: argparse.Namespace) -> int:
    days = _days(arguments)
    with opened(arguments) as ledger:
        looked = ledger.log(arguments.id, by=who(arguments), person=arguments.who, **days)
        heading = f"{'looked (UTC)':16}  {'how':34}  {'record':36}  who"
        return _say_each(arguments, looked, heading, _line_of_consultation, "nobody looked")


def _line_of_consultation(looked: "Consultation") -> str:
    by = looked.by or {}
    person = ", ".join(str(by[each]) for each in ("name", "role", "organisation") if by.get(each))
    return f"{_minute(looked.at):16}  {looked.how or '-':34}  {looked.record or 'all':36}  {person or '-'}"


def _minute(moment: str | None) -> str:
    return "-" if moment is None else moment[:16].replace("T", " ")


def _say_each(
    arguments: argparse.Namespace, found: Iterator[T], heading: str, line: Callable[[T], str], none: str
) -> int:
    """Prints each, and complains of what is not as it was recorded; the exit code says whether there was such."""
    said = wrong = 0
    for each in found:
        wrong += bool(each.problems)
        if arguments.json:
            terminal.json_line(each.to_dict())
        elif each.problems:
            complain_of(each.problems, arguments)
        else:
            if not said:
                terminal.say(heading)
            said += 1
            terminal.say(line(each))
    if not said and not wrong and not arguments.json:
        terminal.say(none)
    if wrong:
        terminal.complain(
            f"not as it was recorded{'' if arguments.json else ', and left out'}: {counted(wrong, 'entry')}".replace(
                "entrys", "entries"
            )
        )
        return exit_codes.NOT_VERIFIED
    return exit_codes.OK


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
        "That they were listed becomes an entry of the log.\n\n"
        "What is not as it was recorded is named on standard error, everything else is listed, and the exit code is 7.",
        _list_arguments,
        _list,
    ),
    Command(
        "log",
        "list who looked at what, and when",
        "Lists who looked at records or at the list of them, when and how, oldest first.\n"
        "That this was looked at becomes an entry of the log as well, and is the last that it shows.",
        _log_arguments,
        _log,
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
