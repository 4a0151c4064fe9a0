"""Printing: to whatever standard output and standard error turn out to be, safely.

Invariants: no control character that came from a file or a case reaches a terminal raw, and no
encoding of the terminal makes printing fail. Deliberately not here: colour (`pretty`).
"""

import codecs
import contextlib
import io
import json
import os
import shutil
import sys
import textwrap
from collections.abc import Iterable

from infoshare import rendering
from infoshare.cli import pretty
from infoshare.diagnostic import Diagnostic, Severity
from infoshare.meaning.decision import Decision

WIDEST = 110
"""No line for a person is longer, however wide the terminal."""


_PLAINER = {"“": '"', "”": '"', "‘": "'", "’": "'", "…": "...", "–": "-", "—": "-", "→": "->", "\xa0": " "}


def prepare() -> None:
    """Lets standard output and standard error write any character: plainer or escaped where they cannot."""
    codecs.register_error("infoshare.plainer", _plainer)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="infoshare.plainer")


def _plainer(error: UnicodeError) -> tuple[str | bytes, int]:
    if isinstance(error, UnicodeEncodeError) and (plain := _PLAINER.get(error.object[error.start])):
        return plain, error.start + 1
    return codecs.backslashreplace_errors(error)


def visible(text: str) -> str:
    """The text with every control or hidden character but the line feed shown as its escape."""
    return "\n".join(rendering.visible(line) for line in text.split("\n"))


def quoted(name: str) -> str:
    """A file name as it stands when it is plain, else in quotes with what is odd in it escaped."""
    plain = name != "" and all(character.isprintable() and character not in " \"'`\\" for character in name)
    if plain:
        return name
    inner = name.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{visible(inner)}"'


def say(text: str) -> None:
    """Prints for people on standard output."""
    print(visible(text))


def prompt(text: str, *, to_error: bool = False) -> None:
    """Prints what stands before an answer, on the line where it is typed."""
    print(text, end="", file=sys.stderr if to_error else sys.stdout, flush=True)


def say_decision(decision: Decision) -> None:
    """Prints a decision as text for people; on a terminal in lines of its width, and in colour where it can."""
    text = decision.explain().rstrip("\n")
    if not pretty.say_decision(decision, text):
        for line in text.split("\n"):
            say(fitted(line))


def say_question(text: str) -> None:
    """Prints a question; on a terminal so that it stands out."""
    if not pretty.say_question(text):
        say(fitted(text))


def fitted(line: str) -> str:
    """A line broken between words for the terminal that standard output is; as it is where it is none."""
    if not sys.stdout.isatty():
        return line
    return wrapped(line, max(20, min(shutil.get_terminal_size().columns, WIDEST)))


def wrapped(line: str, width: int) -> str:
    """A line broken between words, what follows under where it began."""
    indent = line[: len(line) - len(line.lstrip(" "))] + "  "
    return "\n".join(
        textwrap.wrap(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
        or [""]
    )


def say_all(lines: Iterable[str]) -> None:
    """Prints lines for people on standard output."""
    for line in lines:
        say(line)


def shortened(text: str, width: int) -> str:
    """A text that is at most so wide, with … in place of its end."""
    return text if len(text) <= width else f"{text[: width - 1]}…"


def counted(number: int, noun: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def complain(text: str) -> None:
    """Prints for people on standard error."""
    print(visible(text), file=sys.stderr)


def complain_of(diagnostics: Iterable[Diagnostic]) -> None:
    """Prints diagnostics on standard error."""
    complain(rendering.render_all(diagnostics).rstrip("\n"))


def complain_of_case(name: str, diagnostics: Iterable[Diagnostic]) -> None:
    """Prints what is wrong with a case on standard error, under its name."""
    complain(f"{quoted(name)}: nothing was decided")
    complain("\n\n".join(rendering.render(diagnostic, case=quoted(name)) for diagnostic in diagnostics))


def usage_error(message: str, *help_: str) -> None:
    """Prints what is wrong with the command itself, and what to do."""
    complain("\n".join([f"error: {message}", *(f"  help: {line}" for line in help_)]))


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any of them is an error rather than a warning."""
    return any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)


def json_line(value: object) -> None:
    """Prints a value as one line of JSON, in ASCII so that no terminal or log can garble it."""
    print(as_json(value))


def as_json(value: object) -> str:
    """A value as one line of JSON in ASCII."""
    return json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(", ", ": "))


def drop_output() -> None:
    """After the reader went away: nothing that is still buffered complains at exit."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
