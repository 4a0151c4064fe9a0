"""Serves an editor, on standard input and output, by the Language Server Protocol. Needs the extra `lsp`.

Editors start this themselves; what to tell yours is on the page about editors. It reads the policies of the folder that
is open in the editor, and changes nothing but what the editor changes.
"""

import argparse

from infoshare.cli import exit_codes
from infoshare.errors import Refused

EXIT_CODES = """\
exit codes:
  0    the editor ended it
"""


def arguments(command: argparse.ArgumentParser) -> None:
    """Declares what the command takes."""
    command.add_argument(
        "--stdio", action="store_true", help="speak on standard input and output, as it does anyway"
    )


def run(_: argparse.Namespace) -> int:
    """Serves until the editor goes away, and returns the exit code."""
    try:
        from infoshare.lsp.features import run as serve
    except ImportError:
        raise Refused("an editor needs the extra `lsp`", "install it: pip install 'infoshare[lsp]'") from None
    serve()
    return exit_codes.OK
