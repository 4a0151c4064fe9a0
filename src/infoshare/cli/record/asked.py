"""What the commands of `record` have in common: which ledger, who, why, and reading and writing small files.

Deliberately not here: what any of them does.
"""

import argparse
import json
from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

import attrs

from infoshare import rendering
from infoshare.cli import terminal
from infoshare.cli.files import reading
from infoshare.cli.terminal import quoted
from infoshare.diagnostic import Diagnostic
from infoshare.errors import Refused

if TYPE_CHECKING:
    from infoshare.records import KeyRing, Ledger, Practitioner, Receipt

MOST_BYTES = 16 * 1024 * 1024


@attrs.frozen
class Command:
    """One of the commands of `record`."""

    name: str
    summary: str
    description: str
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


def ledger_argument(command: argparse.ArgumentParser) -> None:
    """LEDGER and --keys."""
    command.add_argument("ledger", metavar="LEDGER", help="a file, or postgresql://… for a database")
    command.add_argument("--keys", metavar="DIR", help="the folder of its keys (LEDGER.keys, beside it)")


def id_argument(command: argparse.ArgumentParser) -> None:
    """ID."""
    command.add_argument(
        "id",
        metavar="ID",
        help="the id of a record, or as much of its beginning as no other has; `infoshare record list` shows them",
    )


def who_arguments(command: argparse.ArgumentParser, *, what: str, required: bool) -> None:
    """--by, --role, --organisation and --id-of-person."""
    default = "" if required else " (the account on this computer)"
    command.add_argument("--by", metavar="NAME", required=required, help=f"who {what}, by name{default}")
    command.add_argument(
        "--role", metavar="ROLE", required=required, help="what they are, such as school nurse"
    )
    command.add_argument("--organisation", metavar="NAME", required=required, help="whom they act for")
    command.add_argument("--person", metavar="ID", help="what their organisation knows them by")


def json_argument(command: argparse.ArgumentParser) -> None:
    """--json."""
    command.add_argument("--json", action="store_true", help="print it as one line of JSON")


def who(arguments: argparse.Namespace) -> "Practitioner | None":
    """Who is named; None where nobody is. Raises Refused for half a name."""
    from infoshare.records import Practitioner

    name, role, organisation = arguments.by, arguments.role, arguments.organisation
    if name is None and role is None and organisation is None:
        return None
    if name is None or role is None or organisation is None:
        raise Refused("somebody is named by half", "give --by, --role and --organisation together")
    return Practitioner(name, role, organisation, arguments.person)


def named(arguments: argparse.Namespace) -> "Practitioner":
    """Who is named, where somebody must be."""
    found = who(arguments)
    if found is None:
        raise Refused("nobody is named", "give --by, --role and --organisation")
    return found


def opened(arguments: argparse.Namespace, *, read_only: bool = False) -> "Ledger":
    """The ledger that is asked for."""
    from infoshare.records import Ledger

    return Ledger.open(arguments.ledger, keys=arguments.keys, read_only=read_only)


def read(name: str, what: str) -> bytes:
    """The bytes of a small file, or of standard input for `-`. Raises Refused."""
    with reading(name, f"give the file of {what}") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise Refused(f"{quoted(name)} is too large for {what}")
    return data


def receipts(names: list[str]) -> "list[Receipt]":
    """The receipts in files. Raises Refused and VerificationError."""
    from infoshare.records import Receipt

    return [Receipt.from_bytes(read(name, "a receipt")) for name in names]


def public_keys(names: list[str]) -> "KeyRing":
    """The public keys in files. Raises RecordError."""
    from infoshare.records import KeyRing, read_keys

    return KeyRing(tuple(dict.fromkeys(key for name in names for key in read_keys(name))))


def complain_of(
    diagnostics: Iterable[Diagnostic], arguments: argparse.Namespace, *, place: str | None = None
) -> None:
    """Prints what is wrong with a ledger and what is in it, or with another place, on standard error."""
    where = shown_place(place or getattr(arguments, "ledger", None) or "the receipt")
    terminal.complain("\n\n".join(rendering.render(diagnostic, case=where) for diagnostic in diagnostics))


def shown_place(place: str) -> str:
    """A file or a database, without a password."""
    from infoshare.records.store.url import without_password

    return quoted(without_password(place))


def receipt_line(receipt: "Receipt") -> str:
    """A receipt as one line."""
    return receipt.to_bytes().decode()


def receipt_value(receipt: "Receipt") -> Any:
    """A receipt as plain JSON."""
    return json.loads(receipt.to_bytes())


def day_argument(command: argparse.ArgumentParser, read_day: Callable[[str], date]) -> None:
    """--as-of."""
    command.add_argument(
        "--as-of", metavar="DATE", type=read_day, help="the day to decide for, such as 2026-01-31 (today)"
    )
