"""Serves policies over HTTP: decisions, questions, records and AuthZEN, until it is told to stop.

POLICY is a file, or `infoshare:NAME` for a policy that comes with infoshare. Without --tokens only programs on this
computer are answered. Needs the extra `service`. See docs/how-to/serve.md.
"""

import argparse
import ipaddress

from infoshare.cli import exit_codes, terminal
from infoshare.cli.arguments import root_argument
from infoshare.errors import InfoshareError, PolicyError, Refused

EXIT_CODES = """\
exit codes:
  0    stopped, as it was told to
"""
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def arguments(command: argparse.ArgumentParser) -> None:
    """Declares what the command takes."""
    command.add_argument("policies", metavar="POLICY", nargs="+", help="a policy file, or infoshare:NAME")
    root_argument(command)
    command.add_argument("--host", default="127.0.0.1", help="the address to listen at (127.0.0.1)")
    command.add_argument("--port", type=_port, default=8080, help="the port to listen at (8080)")
    command.add_argument(
        "--tokens",
        metavar="FILE",
        help="who may ask: a name and a token a line, in a file that nobody else reads",
    )
    command.add_argument(
        "--ledger", metavar="LEDGER", help="where decisions are recorded: a file, or postgresql://…"
    )
    command.add_argument(
        "--keys", metavar="DIR", help="the folder of the ledger's keys (LEDGER.keys, beside it)"
    )
    command.add_argument(
        "--reload",
        action="store_true",
        help="read policies and tokens again when they change, all or nothing",
    )
    command.add_argument(
        "--workers", type=_count, default=1, metavar="N", help="how many processes answer (1)"
    )
    command.add_argument(
        "--authzen", metavar="NAME", help="the policy that answers AuthZEN (the first with its groups)"
    )
    command.add_argument(
        "--authzen-entities", metavar="FILE", help="what AuthZEN's searches look through, as JSON"
    )
    command.add_argument(
        "--authzen-obligations",
        action="store_true",
        help="give duties as obligations, by the draft of that profile",
    )
    command.add_argument("--url", help="where the service is found, for AuthZEN's metadata (as it was asked)")
    command.add_argument(
        "--proxy",
        metavar="ADDRESS",
        action="append",
        default=[],
        help="a proxy whose word for https is taken",
    )
    command.add_argument(
        "--seconds", type=_seconds, default=10.0, metavar="S", help="how long a decision is waited for (10)"
    )
    command.add_argument(
        "--log-level",
        choices=("debug", "info", "warning", "error"),
        default="info",
        help="what is logged (info)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Serves, and returns the exit code when it is told to stop."""
    try:
        from infoshare.service.authzen import Entities
        from infoshare.service.limits import Limits
        from infoshare.service.server import Settings, serve
        from infoshare.service.shelf import PolicyPlace
    except ImportError as error:
        if (error.name or "").startswith("infoshare"):
            raise
        raise Refused(
            "serving needs the extra `service`", "install it: pip install 'infoshare[service]'"
        ) from None
    alone = _is_loopback(arguments.host)
    if arguments.tokens is None and not alone:
        raise Refused(
            f"without --tokens only this computer is served, and {arguments.host} is open to others",
            "give a file of tokens: --tokens FILE",
            "or leave --host out",
        )
    entities = arguments.authzen_entities
    settings = Settings(
        policies=tuple(PolicyPlace(path, arguments.root) for path in arguments.policies),
        ledger=arguments.ledger,
        keys=arguments.keys,
        tokens=arguments.tokens,
        hosts=LOOPBACK if arguments.tokens is None else None,
        authzen=arguments.authzen,
        entities=None if entities is None else Entities.read(entities),
        obligations=arguments.authzen_obligations,
        url=arguments.url,
        watch=arguments.reload,
        limits=Limits(seconds=arguments.seconds),
        log_level=arguments.log_level,
    )
    try:
        serve(
            settings,
            host=arguments.host,
            port=arguments.port,
            workers=arguments.workers,
            proxies=arguments.proxy,
        )
    except PolicyError as error:
        terminal.complain_of(error.diagnostics)
        return exit_codes.of_policy_fault(error.diagnostics)
    except InfoshareError as error:
        terminal.complain_of(error.diagnostics)
        return exit_codes.USAGE
    return exit_codes.OK


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _port(text: str) -> int:
    if text.isascii() and text.isdecimal() and len(text) <= 5 and int(text) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError("a port is a whole number up to 65535")


def _count(text: str) -> int:
    if text.isascii() and text.isdecimal() and len(text) <= 3 and int(text) > 0:
        return int(text)
    raise argparse.ArgumentTypeError("expected a whole number from 1 to 999")


def _seconds(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = 0.0
    if 0.1 <= found <= 3600:
        return found
    raise argparse.ArgumentTypeError("expected a number of seconds from 0.1 to 3600")
