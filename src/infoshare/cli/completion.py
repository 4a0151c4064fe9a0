"""Prints a script that completes commands, options and file names in a shell. Needs the extra `completion`.

For bash: infoshare completion bash > ~/.local/share/bash-completion/completions/infoshare
For zsh:  infoshare completion zsh > a folder of $fpath/_infoshare
"""

import argparse

from infoshare.cli import exit_codes, terminal
from infoshare.errors import Refused

EXIT_CODES = """\
exit codes:
  0    the script was printed
"""
SHELLS = ("bash", "zsh", "tcsh")


def arguments(command: argparse.ArgumentParser) -> None:
    """Declares what the command takes."""
    command.add_argument("shell", metavar="SHELL", choices=SHELLS, help=", ".join(SHELLS))


def run(arguments: argparse.Namespace) -> int:
    """Prints the script, and returns the exit code."""
    try:
        import shtab
    except ImportError:
        raise Refused(
            "completion needs the extra `completion`", "install it: pip install 'infoshare[completion]'"
        ) from None
    parser: argparse.ArgumentParser = arguments.parser
    terminal.write(shtab.complete(parser, arguments.shell) + "\n")
    return exit_codes.OK
