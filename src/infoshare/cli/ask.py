"""Asks what is still open, one question at a time, until the decision is settled or only doubt is left.

POLICY is a file, or `infoshare:NAME` for a policy that comes with infoshare. CASE is a file with what is
known already; without it nothing is. Then the decision and the completed case are printed; --save keeps
the case. Answers are numbers, words or the beginnings of words; `?` helps.
"""

import argparse
import contextlib
import json
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs

from infoshare.asking import Dialogue
from infoshare.casefile import SIZE_LIMIT
from infoshare.cli import exit_codes, terminal
from infoshare.cli.arguments import (
    deciding_arguments,
    exit_code_argument,
    files_of,
    force_argument,
    full_argument,
    output_of,
    policy_arguments,
    policy_of,
    today,
)
from infoshare.cli.files import facts_from, reading
from infoshare.errors import Refused
from infoshare.policy.policy import Policy
from infoshare.writing import rewrite

EXIT_CODES = f"""\
exit codes:
  0    ended with a decision, whatever the outcome
{exit_codes.BY_OUTCOME}"""


def arguments(command: argparse.ArgumentParser) -> None:
    """Declares what the command takes."""
    policy_arguments(command)
    command.add_argument("case", metavar="CASE", nargs="?", help="a file with what is known already")
    deciding_arguments(command)
    command.add_argument(
        "--save",
        metavar="FILE",
        help="keep the completed case there, as JSON: in a new file, or in CASE itself",
    )
    force_argument(command)
    command.add_argument(
        "--json",
        action="store_true",
        help="print the decision as one line of JSON; the questions go to standard error",
    )
    full_argument(command)
    exit_code_argument(command)


def run(arguments: argparse.Namespace) -> int:
    """Asks, prints the decision and the case, and returns the exit code."""
    if arguments.case == "-":
        raise Refused(
            "answers are read from standard input, so the case cannot be", "give the case as a file"
        )
    policy = policy_of(arguments)
    facts = facts_from(arguments.case) if arguments.case else {}
    save = _saver(arguments, policy)
    day, presume = arguments.as_of or today(), not arguments.no_presumptions
    dialogue = Dialogue.start(policy, facts, as_of=day, presume=presume)
    asking = _Asking(dialogue, terminal.complain if arguments.json else _say_fitted)
    try:
        with _interruptible():
            asking.go()
    except BaseException:
        _keep(asking, arguments, save)
        raise
    ended = asking.dialogue
    if save is not None:
        try:
            save(_written(ended.facts).encode())
        except Refused:
            asking.say(_written(ended.facts).rstrip("\n"))  # what was answered is not lost
            raise
    _tell(ended, arguments)
    return exit_codes.of_decision(ended.decision) if arguments.exit_code else exit_codes.OK


@attrs.define
class _Asking:
    """A dialogue on a terminal, as far as it has come."""

    dialogue: Dialogue
    say: Callable[[str], None]
    answered: bool = False

    def go(self) -> None:
        """Asks until nothing is left to ask, or no more is typed."""
        if self.dialogue.prompt is not None:
            self.say(
                f"{self.dialogue.policy.title or 'A policy without a title'}, for {self.dialogue.as_of.isoformat()}."
            )
            for line in self.dialogue.opening:
                self.say(line)
        anew = True
        while (prompt := self.dialogue.prompt) is not None:
            if anew:
                question, *rest = prompt.lines()
                self.say("")
                (terminal.say_question if self.say is _say_fitted else self.say)(question)
                for line in rest:
                    self.say(line)
            typed = _line(self.say)
            if typed is None:
                self.say("")
                self.say("No more answers: this is what is known.")
                self.dialogue = self.dialogue.stop()
                return
            turn = self.dialogue.reply(typed)
            for line in turn.said:
                self.say(line)
            self.answered |= turn.dialogue.case is not self.dialogue.case
            self.dialogue, anew = turn.dialogue, turn.anew


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """Takes a window that is closed, or a polite request to end, as Ctrl-C is taken."""
    names = [name for name in ("SIGHUP", "SIGTERM") if hasattr(signal, name)]
    if threading.current_thread() is not threading.main_thread():
        names = []
    before = {name: signal.signal(getattr(signal, name), signal.default_int_handler) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)


def _keep(asking: _Asking, arguments: argparse.Namespace, save: Callable[[bytes], None] | None) -> None:
    """Whatever ended the questions, what was answered is not lost: it is saved, or shown."""
    if not asking.answered:
        return
    case = _written(asking.dialogue.facts)
    terminal.complain("")
    if save is not None:
        try:
            save(case.encode())
        except Refused as error:
            terminal.usage_error(str(error), *error.help)
        else:
            terminal.complain(f"What was answered is kept in {terminal.quoted(arguments.save)}.")
            return
    terminal.complain("What was answered, to keep and to go on from:")
    terminal.complain(case.rstrip("\n"))


def _say_fitted(line: str) -> None:
    terminal.say(terminal.fitted(line))


def _line(say: Callable[[str], None]) -> str | None:
    """A line of standard input; None at its end. What is not UTF-8 is asked for again."""
    while True:
        terminal.prompt("> ", to_error=say is terminal.complain)
        with reading("-") as stream:
            read = stream.readline(SIZE_LIMIT)
        if not read:
            return None
        try:
            typed = read.decode("utf-8-sig").rstrip("\r\n")
        except UnicodeDecodeError:
            say("That could not be read: it is not UTF-8. Please type it again.")
            continue
        if not sys.stdin.isatty():
            say(typed)  # what a person would see on the screen
        return typed


def _tell(dialogue: Dialogue, arguments: argparse.Namespace) -> None:
    if arguments.json:
        terminal.json_line(dialogue.decision.to_dict())
        return
    terminal.say("")
    if dialogue.settled and (dialogue.assumed or any(each.first for each in dialogue.reviewed)):
        terminal.say("Nobody has confirmed what is assumed. If all of it is right:")
    terminal.say_decision(dialogue.decision, full=arguments.full)
    terminal.say("")
    if arguments.save not in {None, "-"}:
        terminal.say(f"The case is in {terminal.quoted(arguments.save)}.")
        return
    terminal.say("The case, to keep and to decide again:")
    terminal.write(_written(dialogue.facts))


def _written(facts: Mapping[str, Any]) -> str:
    return json.dumps(facts, ensure_ascii=True, allow_nan=False, indent=2) + "\n"


def _saver(arguments: argparse.Namespace, policy: Policy) -> Callable[[bytes], None] | None:
    """What saves the case, looked at before anything is asked; None where it is printed.

    The case that is given may be completed where it is, if nobody else changed it meanwhile.
    Raises Refused.
    """
    name, case = arguments.save, arguments.case
    if case is not None and name is not None and _is_same_json(name, case):
        with reading(name) as file:
            before = file.read()
        return lambda after: rewrite(name, name, before, after, private=True)
    inputs = (*files_of(policy, arguments), *([case] if case else []))
    output = output_of(arguments, name, inputs, private=True)
    return None if output is None else output.write


def _is_same_json(name: str, case: str) -> bool:
    path = Path(name)
    return path.suffix.lower() == ".json" and not path.is_symlink() and path.exists() and path.samefile(case)
