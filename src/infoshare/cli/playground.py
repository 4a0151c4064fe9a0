"""Writes a page on which policies are written and tried in a browser, and which sends nothing anywhere.

DIR is a folder of files, made if it is not there. Serve it with any server of files, such as
`python -m http.server --directory DIR`. Python runs in the browser by Pyodide, which is not part of infoshare:
get it once, with `npm pack pyodide`.
"""

import argparse
from pathlib import Path

import infoshare
from infoshare.cli import exit_codes, terminal
from infoshare.cli.arguments import force_argument, today
from infoshare.cli.terminal import quoted
from infoshare.errors import Refused
from infoshare.playground.folder import GET_IT, site
from infoshare.writing import Output, reason_of

EXIT_CODES = """\
exit codes:
  0    the folder was written
  2    one of its files is there already, or Pyodide was not given
"""


def arguments(command: argparse.ArgumentParser) -> None:
    """Declares what the command takes."""
    command.add_argument("folder", metavar="DIR", help="the folder to write")
    command.add_argument(
        "--pyodide",
        metavar="FOLDER|TARBALL",
        help="Pyodide, as npm has it: the tarball, or a folder that holds it",
    )
    force_argument(command)


def run(arguments: argparse.Namespace) -> int:
    """Writes the folder, and returns the exit code."""
    if arguments.pyodide is None:
        raise Refused("the page needs Pyodide, which runs Python in a browser", *GET_IT)
    folder = Path(arguments.folder)
    files = site(arguments.pyodide, today=today(), version=infoshare.__version__)
    for name in files:
        if (folder / name).exists():
            Output.at(str(folder / name), force=arguments.force)
    try:
        for inner in {(folder / name).parent for name in files}:
            inner.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise Refused(f"{quoted(arguments.folder)} cannot be made: {reason_of(error)}") from None
    outputs = [(Output.at(str(folder / name), force=arguments.force), data) for name, data in files.items()]
    for output, data in outputs:
        output.write(data)
    size = sum(len(data) for data in files.values()) / 1_000_000
    terminal.say(f"wrote {len(files)} files to {quoted(arguments.folder)} ({size:.0f} MB)")
    terminal.say(f"now try: python -m http.server --bind 127.0.0.1 --directory {quoted(arguments.folder)}")
    terminal.say("and open: http://127.0.0.1:8000/")
    return exit_codes.OK
