"""Printing: to whatever standard output and standard error turn out to be, safely.

Invariants: no control character that came from a file or a case reaches a terminal raw, and no
encoding of the terminal makes printing fail; whatever prints on standard output does so by `writing_out`, so that
output which cannot be written is told in one way. Deliberately not here: colour (`pretty`), files (`infoshare.writing`).
"""

import codecs
import contextlib
import errno
import io
import json
import os
import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from infoshare import rendering
from infoshare.cli import pretty
from infoshare.diagnostic import Diagnostic
from infoshare.policy.decision import Decision
from infoshare.text import quoted as quoted  # noqa: PLC0414 - offered here too
from infoshare.writing import NotWritten, reason_of

WIDEST = 110
"""No line for a person is longer, however wide the terminal."""

_PLAINER = {"“": '"', "”": '"', "‘": "'", "’": "'", "…": "...", "–": "-", "—": "-", "→": "->", "\xa0": " "}


class _Closed(io.TextIOBase):
    """A standard stream that the program was started without: nothing can be read from it or written to it."""

    @property
    def buffer(self) -> Any:
        return self

    def _refuse(self, *_: Any) -> Any:
        raise OSError(errno.EBADF, "it is closed")

    read = readline = peek = write = _refuse


def prepare() -> None:
    """Lets standard output and standard error write any character: plainer or escaped where they cannot.

    A standard stream that is closed stays so: no file that is opened later takes its place and gets what is printed.
    """
    codecs.register_error("infoshare.plainer", _plainer)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="infoshare.plainer")
    closed = [name for name in ("stdin", "stdout", "stderr") if getattr(sys, name) is None]
    for name in closed:
        setattr(sys, name, _Closed())
    while closed and (handle := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass  # takes the lowest free descriptors, those of the closed streams
    if closed:
        os.close(handle)


@contextlib.contextmanager
def writing_out() -> Iterator[None]:
    """Round whatever writes to standard output.

    Raises:
        NotWritten: it is full or closed.
        BrokenPipeError: whoever read it went away.
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise NotWritten(
            f"standard output cannot be written: {reason_of(error)}",
            "make room, or send it elsewhere, and run the command again",
        ) from None


def flush() -> None:
    """Sends on what was printed. Raises NotWritten and BrokenPipeError."""
    with writing_out():
        sys.stdout.flush()


class _Bytes:
    """Standard output for bytes, such as a result that a library writes."""

    def write(self, data: bytes) -> int:
        with writing_out():
            return sys.stdout.buffer.write(data)

    def flush(self) -> None:
        with writing_out():
            sys.stdout.buffer.flush()


def bytes_out() -> BinaryIO:
    """Where bytes for standard output are written; what was printed before goes first."""
    flush()
    out: Any = _Bytes()
    return out  # type: ignore[no-any-return]


def _plainer(error: UnicodeError) -> tuple[str | bytes, int]:
    if isinstance(error, UnicodeEncodeError) and (plain := _PLAINER.get(error.object[error.start])):
        return plain, error.start + 1
    return codecs.backslashreplace_errors(error)


def visible(text: str) -> str:
    """The text with every control or hidden character but the line feed shown as its escape."""
    return "\n".join(rendering.visible(line) for line in text.split("\n"))


def say(text: str) -> None:
    """Prints for people on standard output."""
    write(visible(text) + "\n")


def write(text: str) -> None:
    """Prints a text on standard output as it is: one that is safe in any terminal."""
    with writing_out():
        sys.stdout.write(text)


def prompt(text: str, *, to_error: bool = False) -> None:
    """Prints what stands before an answer, on the line where it is typed."""
    if to_error:
        _to_error(text)
    else:
        write(text)
        flush()


def say_decision(decision: Decision, *, full: bool = False) -> None:
    """Prints a decision as text for people; on a terminal in lines of its width, and in colour where it can."""
    text = decision.explain(full=full).rstrip("\n")
    with writing_out():
        done = pretty.say_decision(decision, text)
    if not done:
        for line in text.split("\n"):
            say(fitted(line))


def say_question(text: str) -> None:
    """Prints a question; on a terminal so that it stands out."""
    with writing_out():
        done = pretty.say_question(text)
    if not done:
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


def counted(number: int, noun: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def complain(text: str) -> None:
    """Prints for people on standard error."""
    _to_error(visible(text) + "\n")


def _to_error(text: str) -> None:
    """Nobody can be told that standard error is closed or full."""
    with contextlib.suppress(OSError):
        sys.stderr.write(text)
        sys.stderr.flush()


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


def json_line(value: object) -> None:
    """Prints a value as one line of JSON, in ASCII so that no terminal or log can garble it."""
    write(as_json(value) + "\n")


def as_json(value: object) -> str:
    """A value as one line of JSON in ASCII."""
    return json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(", ", ": "))


def drop_output() -> None:
    """After standard output failed: nothing that is still buffered complains at exit."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return  # it was never open
