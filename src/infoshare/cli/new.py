"""Starts a policy of your own: a clause, a vocabulary, a scenario and a page that says what is what.

DIR is made if it is not there. Nothing that is there is ever written over.
"""

import argparse
from pathlib import Path

from infoshare.authoring.starting_point import POLICY, starting_point
from infoshare.cli import exit_codes, terminal
from infoshare.cli.arguments import today
from infoshare.cli.terminal import quoted
from infoshare.errors import Refused
from infoshare.writing import Output, reason_of

EXIT_CODES = """\
exit codes:
  0    the files were made
  2    one of them is there already, or cannot be made
"""


def arguments(command: argparse.ArgumentParser) -> None:
    """Declares what the command takes."""
    command.add_argument("folder", metavar="DIR", help="the folder to make, or an existing one")


def run(arguments: argparse.Namespace) -> int:
    """Makes the files, and returns the exit code."""
    folder = Path(arguments.folder)
    files = starting_point(today())
    try:
        there = [name for name in files if (folder / name).exists() or (folder / name).is_symlink()]
        if there:
            raise Refused(
                f"{quoted(str(folder / there[0]))} is there already, and nothing was made",
                "name a folder that is not there yet",
            )
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            Output(str(folder / name)).write(text.encode())
    except (OSError, ValueError) as error:
        raise Refused(f"{quoted(arguments.folder)} cannot be made: {reason_of(error)}") from None
    terminal.say_all(f"made {quoted(str(folder / name))}" for name in files)
    terminal.say(f"now try: infoshare test {quoted(arguments.folder)}")
    terminal.say(f"    and: infoshare ask {quoted(str(folder / POLICY))}")
    return exit_codes.OK
