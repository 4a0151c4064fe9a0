"""Asks what is still open, one question at a time, until the decision is settled or only doubt is left.

POLICY is a file, or `infoshare:NAME` for a policy that comes with infoshare. CASE is a file with what is
known already; without it nothing is. Then the decision and the completed case are printed; --save keeps
the case. Answers are numbers, words or the beginnings of words; `?` helps.
"""

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from infoshare.asking import Dialogue
from infoshare.casefile import SIZE_LIMIT
from infoshare.cli import exit_codes, terminal
from infoshare.cli.decide import calendar_day
from infoshare.cli.files import CannotRead, case_from
from infoshare.errors import FactsError, PolicyError
from infoshare.load import Policy, load

EXIT_CODES = """\
exit codes:
  0    ended with a decision, whatever the outcome
  with --exit-code:
  0 share, 10 seek consent, 11 withhold, 12 seek advice
"""


def arguments(command: argparse.ArgumentParser) -> None:
    """Declares what the command takes."""
    command.add_argument("policy", metavar="POLICY", help="a policy file, or infoshare:NAME")
    command.add_argument("case", metavar="CASE", nargs="?", help="a file with what is known already")
    command.add_argument(
        "--as-of", metavar="DATE", type=calendar_day, help="the day to decide for, such as 2026-01-31 (today)"
    )
    command.add_argument("--save", metavar="FILE", help="keep the completed case in a new file, as JSON")
    command.add_argument(
        "--json",
        action="store_true",
        help="print the decision as one line of JSON; the questions go to standard error",
    )
    command.add_argument("--exit-code", action="store_true", help="tell the outcome by the exit code")
    command.add_argument(
        "--no-presumptions",
        action="store_true",
        help="take unanswered facts as unknown, whatever the policy presumes",
    )
    command.add_argument(
        "--root", metavar="DIR", help="the folder that no used file may lie outside of (the policy's own)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Asks, prints the decision and the case, and returns the exit code."""
    if arguments.case == "-":
        terminal.usage_error(
            "answers are read from standard input, so the case cannot be", "give the case as a file"
        )
        return exit_codes.USAGE
    try:
        policy = load(arguments.policy, root=arguments.root)
    except PolicyError as error:
        terminal.complain_of(error.diagnostics)
        return exit_codes.of_policy_fault(error.diagnostics)
    facts, diagnostics = case_from(arguments.case) if arguments.case else ({}, ())
    if facts is None:
        terminal.complain_of_case(arguments.case, diagnostics)
        return exit_codes.INVALID_CASE
    if arguments.save is not None:
        _refuse_to_overwrite(arguments.save, arguments.case)
    day = arguments.as_of or date.today()  # noqa: DTZ011 - the day where the person is
    try:
        dialogue = Dialogue.start(policy, facts, as_of=day, presume=not arguments.no_presumptions)
    except FactsError as error:
        terminal.complain_of_case(arguments.case or "no case", error.diagnostics)
        return exit_codes.INVALID_CASE
    say = terminal.complain if arguments.json else _say_fitted
    ended = _ask(dialogue, policy, say)
    if arguments.save is not None:
        try:
            _save(arguments.save, ended.facts)
        except CannotRead:
            say(_written(ended.facts).rstrip("\n"))  # what was answered is not lost
            raise
    _tell(ended, arguments)
    return exit_codes.OF_OUTCOME[ended.decision.outcome] if arguments.exit_code else exit_codes.OK


def _ask(dialogue: Dialogue, policy: Policy, say: Callable[[str], None]) -> Dialogue:
    if dialogue.prompt is not None:
        say(f"{policy.title or 'A policy without a title'}, for {dialogue.as_of.isoformat()}.")
        for line in dialogue.opening:
            say(line)
    anew = True
    while (prompt := dialogue.prompt) is not None:
        if anew:
            question, *rest = prompt.lines()
            say("")
            (terminal.say_question if say is _say_fitted else say)(question)
            for line in rest:
                say(line)
        typed = _line(say)
        if typed is None:
            say("")
            say("No more answers: this is what is known.")
            return dialogue.stop()
        turn = dialogue.reply(typed)
        for line in turn.said:
            say(line)
        dialogue, anew = turn.dialogue, turn.anew
    return dialogue


def _say_fitted(line: str) -> None:
    terminal.say(terminal.fitted(line))


def _line(say: Callable[[str], None]) -> str | None:
    """A line of standard input; None at its end. What is not UTF-8 is asked for again."""
    while True:
        terminal.prompt("> ", to_error=say is terminal.complain)
        read = sys.stdin.buffer.readline(SIZE_LIMIT)
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
    terminal.say_decision(dialogue.decision)
    terminal.say("")
    if arguments.save is not None:
        terminal.say(f"The case is in {terminal.quoted(arguments.save)}.")
        return
    terminal.say("The case, to keep and to decide again:")
    print(_written(dialogue.facts), end="")


def _written(facts: Mapping[str, Any]) -> str:
    return json.dumps(facts, ensure_ascii=True, allow_nan=False, indent=2) + "\n"


def _refuse_to_overwrite(name: str, case: str | None) -> None:
    """Before anything is asked: nothing that is there is lost, but the case itself may be completed."""
    path = Path(name)
    if not path.parent.is_dir():
        raise CannotRead(f"there is no folder {terminal.quoted(str(path.parent))} to save the case in")
    same = case is not None and path.exists() and path.samefile(case) and path.suffix.lower() == ".json"
    if path.exists() and not same:
        raise CannotRead(f"{terminal.quoted(name)} is there already", "give --save the name of a new file")


def _save(name: str, facts: Mapping[str, Any]) -> None:
    """Writes the whole case or nothing, for the eyes of its owner only."""
    path = Path(name)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(_written(facts))
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        reason = (error.strerror or "it failed").lower()
        raise CannotRead(f"the case could not be saved in {terminal.quoted(name)}: {reason}") from None
