"""Says what a new version of a policy changes: which clauses, which answers and for whom, with a case of each.

OLD and NEW are files, or `infoshare:NAME` for a policy that comes with infoshare. Every case there can be is looked at, on
the day that is given or on every day on which either of the two changes while both are in force. With --cases, both
decide a whole caseload too, and it is told how many cases come to another answer.
"""

import argparse
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from infoshare.authoring.what_changes import as_github, as_text
from infoshare.cli import exit_codes, terminal
from infoshare.cli.arguments import calendar_day, output_argument, output_of, today
from infoshare.errors import Refused
from infoshare.outcome import OUTCOMES
from infoshare.policy.comparison import Comparison
from infoshare.policy.load import load
from infoshare.policy.policy import Policy

if TYPE_CHECKING:
    from infoshare.batch.files.turning import Turned

EXIT_CODES = """\
exit codes:
  0    proved: nothing changes; with --fail-on, no such change was found, and none is left open
  1    something changes, or it is not proved that nothing does; with --fail-on, such a change
"""


def arguments(command: argparse.ArgumentParser) -> None:
    """Declares what the command takes."""
    command.add_argument("old", metavar="OLD", help="the old policy: a file, or infoshare:NAME")
    command.add_argument("new", metavar="NEW", help="the new policy")
    command.add_argument(
        "--root", metavar="DIR", help="the folder that no used file may lie outside of (each policy's own)"
    )
    command.add_argument(
        "--as-of",
        metavar="DATE",
        type=calendar_day,
        help="the day on which they are compared (every day on which either changes)",
    )
    command.add_argument(
        "--format",
        choices=("text", "json", "github", "html"),
        default="text",
        help="how it is printed (text)",
    )
    output_argument(command, "it")
    command.add_argument(
        "--fail-on",
        metavar='"FROM -> TO"',
        type=_change,
        action="append",
        default=[],
        help='only such a change of outcome is a failure: "withhold -> share", "any -> must share"; may be repeated',
    )
    command.add_argument(
        "--cases", metavar="FILE", help="a caseload to count changes in: any file that `batch` reads"
    )
    command.add_argument(
        "--suppress-below",
        metavar="N",
        type=int,
        default=5,
        help="do not say counts of cases from 1 to N - 1 (5; 1 says them all)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Prints what changes, and returns the exit code."""
    old, new = (load(path, root=arguments.root) for path in (arguments.old, arguments.new))
    for path, policy in ((arguments.old, old), (arguments.new, new)):
        if policy.name is None and not policy.model.clauses:
            raise Refused(
                f"{terminal.quoted(path)} is a library without clauses", "give the policy that uses it"
            )
    inputs = [arguments.old, arguments.new, *([arguments.cases] if arguments.cases else [])]
    output = output_of(arguments, arguments.output, inputs)
    comparison = old.compare(new, as_of=arguments.as_of)
    text = _text(comparison, _counts(old, new, arguments), arguments.format)
    if output is None:
        terminal.write(text if arguments.format == "json" else terminal.visible(text))
    else:
        output.write(text.encode())
    return _exit_code(comparison, arguments.fail_on)


def _text(comparison: Comparison, counts: "Turned | None", form: str) -> str:
    match form:
        case "json":
            told = comparison.to_dict() | ({"cases": counts.to_dict()} if counts else {})
            return terminal.as_json(told) + "\n"
        case "html":
            from infoshare.authoring.changes_page import changes_page  # the only form that needs the pages

            return changes_page(comparison, _lines(counts))
        case "github":
            lines = list(as_github(comparison))
            return "\n".join([*lines, *(f"::notice title=Cases::{line}" for line in _lines(counts))]) + "\n"
        case _:
            lines = list(as_text(comparison))
            return "\n".join([*lines, *(["", *_lines(counts)] if counts else [])]) + "\n"


Wanted = tuple[str | None, str | None, str | None, str | None]
"""An outcome and its strength, and those that it turns into; None for any."""


def _change(text: str) -> Wanted:
    """`withhold -> share`."""
    sides = [side.strip() for side in re.split(r"->|→", text)]
    if len(sides) != 2:
        raise argparse.ArgumentTypeError(f'{terminal.quoted(text)} is no change: write "withhold -> share"')
    return (*_side(sides[0]), *_side(sides[1]))


def _side(text: str) -> tuple[str | None, str | None]:
    strength, outcome = None, text.lower()
    for word in ("must", "should", "may"):
        if outcome.startswith(f"{word} "):
            strength, outcome = word, outcome.removeprefix(f"{word} ").strip()
    if outcome == "any":
        return None, strength
    found = outcome.replace(" ", "_")
    if found not in {each.value for each in OUTCOMES}:
        known = ", ".join(each.words for each in OUTCOMES)
        raise argparse.ArgumentTypeError(f"{terminal.quoted(text)} is no outcome: {known}, or any")
    return found, strength


def _exit_code(comparison: Comparison, wanted: Sequence[Wanted]) -> int:
    if not wanted:
        return exit_codes.OK if comparison.unchanged else exit_codes.FINDINGS
    found = [(c.from_, c.to) for c in (*comparison.outcomes, *comparison.assumed)]
    found += [(c.from_, c.to) for c in comparison.not_shown]
    for one, other in found:
        told = (one.outcome.value, one.strength, other.outcome.value, other.strength)
        for each in wanted:
            same = one.outcome is other.outcome and each[1] == each[3] is None
            if not same and all(w is None or w == t for w, t in zip(each, told, strict=True)):
                return exit_codes.FINDINGS
    return exit_codes.OK


def _counts(old: Policy, new: Policy, arguments: argparse.Namespace) -> "Turned | None":
    if not arguments.cases:
        return None
    try:
        from infoshare.batch.files.turning import turned
    except ImportError:
        raise Refused(
            "counting the cases of a whole caseload needs the extra `batch`",
            'install it: pip install "infoshare[batch]"',
        ) from None
    return turned(old, new, arguments.cases, arguments.as_of or today(), below=arguments.suppress_below)


def _lines(counts: "Turned | None") -> list[str]:
    """What becomes of the caseload, in words."""
    if counts is None:
        return []
    all_ = (
        "The cases of the caseload"
        if counts.cases is None
        else f"Of {terminal.counted(counts.cases, 'case')}"
    )
    lines = [f"{all_}, as decided by both versions:"]
    for each in counts.cells:
        count = "–" if each.cases is None else f"{each.cases:,}"
        turns = (
            f"stay at {_words(each.before)}"
            if each.before == each.after
            else (f"come from {_words(each.before)} to {_words(each.after)}")
        )
        by = f", by {', '.join(each.by)}" if each.by else ""
        lines.append(f"  {count} {turns}{by}")
    if any(each.cases is None for each in counts.cells):
        lines.append(
            f"  (–: not said, a count from 1 to {counts.below - 1}, or one that would give such a count away)"
        )
    return lines


def _words(outcome: str) -> str:
    return outcome.replace("_", " ")
