"""Decides a whole caseload in a file, and writes the decisions to another.

CASES is a Parquet, CSV or NDJSON file, or `-` for standard input: one case a row, one column for each fact,
named as in `consent.status`; in NDJSON a case a line. With columns such as `item.name` and `item.necessary` a row
holds one element of a list, and rows with the same `case` are one case. OUT gets the column `case` and what --keep names, then
outcome, basis, mandatory, fired, possible, exact, and error: the codes of what is wrong with a row that was
not decided. POLICY is a file, or `infoshare:NAME` for a policy that comes with infoshare.

What is interrupted goes on when the same command is run again, and comes to the same bytes. Needs the extra
`batch`: pip install "infoshare[batch]".
"""

import argparse
from collections.abc import Iterable
from contextlib import nullcontext
from typing import TYPE_CHECKING

from infoshare.cli import exit_codes, terminal
from infoshare.cli.arguments import deciding_arguments, files_of, policy_arguments, policy_of, today
from infoshare.cli.files import reading
from infoshare.cli.pretty import Progress
from infoshare.errors import Refused
from infoshare.policy.policy import Policy
from infoshare.writing import NotWritten

if TYPE_CHECKING:
    from infoshare.batch.files import Options, Resumed, Summary

EXIT_CODES = """\
exit codes:
  0    every case was decided, whatever the outcomes
  4    some rows were not decided, as their column `error` says; or a column is no fact, and nothing was written
  130  interrupted: run the same command again, and it goes on
"""
FORMATS = ("parquet", "csv", "ndjson")


def arguments(command: argparse.ArgumentParser) -> None:
    """Declares what the command takes."""
    policy_arguments(command)
    command.add_argument(
        "cases", metavar="CASES", help="a .parquet, .csv or .ndjson file, or - for standard input"
    )
    command.add_argument(
        "-o", "--output", metavar="OUT", required=True, help="the file to write, or - for standard output"
    )
    deciding_arguments(command)
    command.add_argument(
        "--keep",
        metavar="COLUMN",
        action="extend",
        nargs="+",
        default=[],
        help="carry these columns into OUT, facts or not",
    )
    command.add_argument(
        "--ignore",
        metavar="COLUMN",
        action="extend",
        nargs="+",
        default=[],
        help="leave these columns out, which are no facts",
    )
    command.add_argument(
        "--case-id",
        metavar="COLUMN",
        help="rows with the same in this column, one after the other, are one case (`case`, where rows hold elements of"
        " lists)",
    )
    command.add_argument(
        "--rows",
        action="store_true",
        help="tell in a column `rows` what becomes of each item for each recipient",
    )
    command.add_argument("--from", dest="read_as", choices=FORMATS, help="how CASES is written (by its name)")
    command.add_argument("--to", dest="write_as", choices=FORMATS, help="how OUT is written (by its name)")
    command.add_argument(
        "--delimiter",
        metavar="CHARACTER",
        type=_delimiter,
        default=",",
        help="what separates the cells of a CSV file: , ; or tab (,)",
    )
    command.add_argument(
        "--stop-at-bad-row",
        action="store_true",
        help="end at the first row that cannot be decided, and write nothing",
    )
    command.add_argument("--force", action="store_true", help="write over OUT where it is there already")
    command.add_argument(
        "--restart", action="store_true", help="throw an unfinished run away, and begin anew"
    )
    command.add_argument(
        "--suppress-below",
        metavar="N",
        type=_positive,
        default=5,
        help="do not say counts from 1 to N - 1 in the summary (5; 1 says them all)",
    )
    command.add_argument(
        "--rows-per-part",
        metavar="N",
        type=_positive,
        default=1_000_000,
        help="an interrupted run loses the work on about so many cases at most (1000000)",
    )
    command.add_argument("--json", action="store_true", help="print the summary as one line of JSON")


def run(arguments: argparse.Namespace) -> int:
    """Decides every case, prints the summary, and returns the exit code."""
    policy = policy_of(arguments, decides=True)
    try:
        from infoshare.batch import files
    except ImportError:
        raise Refused(
            "deciding a whole caseload needs the extra `batch`", 'install it: pip install "infoshare[batch]"'
        ) from None
    with reading("-") if arguments.cases == "-" else nullcontext(None) as stdin, Progress() as progress:
        work = files.Run(
            _options(arguments, policy),
            reached=lambda at: progress.show(at.cases, at.share, joining=at.joining),
            stdin=stdin,
            stdout=terminal.bytes_out() if arguments.output == "-" else None,
            resumes=_say_resumed,
        )
        try:
            finished = work.go()
        except KeyboardInterrupt:
            progress.end()
            if work.kept and "-" not in {arguments.cases, arguments.output}:
                terminal.complain(
                    "what is decided is kept: run the same command again, and it goes on from there"
                )
            raise
    summary = files.summary_of(finished, arguments.suppress_below)
    _complain_of_rows(summary)
    try:
        _say_summary(summary, as_json=arguments.json, to_error=arguments.output == "-")
        terminal.flush()
    except NotWritten as error:
        if arguments.output == "-":
            raise
        raise error.although(f"the decisions are in {terminal.quoted(arguments.output)}") from None
    return exit_codes.INVALID_CASE if summary.undecided else exit_codes.OK


def _options(arguments: argparse.Namespace, policy: Policy) -> "Options":
    from infoshare.batch.files import FileFormat, Options

    return Options(
        policy,
        arguments.cases,
        arguments.output,
        today=today(),
        inputs=files_of(policy, arguments),
        as_of=arguments.as_of,
        presume=not arguments.no_presumptions,
        keep=tuple(dict.fromkeys(arguments.keep)),
        ignore=tuple(dict.fromkeys(arguments.ignore)),
        read_as=FileFormat(arguments.read_as) if arguments.read_as else None,
        write_as=FileFormat(arguments.write_as) if arguments.write_as else None,
        delimiter=arguments.delimiter,
        rows_per_part=arguments.rows_per_part,
        force=arguments.force,
        restart=arguments.restart,
        stop=arguments.stop_at_bad_row,
        case_id=arguments.case_id,
        rows=arguments.rows,
    )


def _say_resumed(resumed: "Resumed") -> None:
    decided = terminal.counted(resumed.cases, "case")
    terminal.complain(
        f"going on with an unfinished run for {resumed.as_of.isoformat()}: {decided} decided already"
    )
    if resumed.distrusted:
        terminal.complain("what was kept behind them was altered or damaged, and is decided again")


def _delimiter(text: str) -> str:
    found = {"tab": "\t", "\\t": "\t"}.get(text, text)
    if found not in {",", ";", "\t", "|"}:
        raise argparse.ArgumentTypeError("a comma, a semicolon, a bar or `tab` separates cells")
    return found


def _positive(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text[:12]) > 0:
        return int(text[:12])
    raise argparse.ArgumentTypeError(f"{terminal.quoted(text)} is not a number from 1")


# --- the summary ----------------------------------------------------------------------------

_DASH = "–"
_WIDEST = 76
"""Characters of a question in a table."""
_RESTS_ON = {
    "clauses": "by a clause",
    "unknown_facts": "facts are unknown",
    "conflict": "clauses clash",
    "silence": "no clause speaks",
    "not_in_force": "the policy is not in force",
    "rows": "not the same for every item and recipient",
}


def _complain_of_rows(summary: "Summary") -> None:
    """Says what is wrong with the first rows that were not decided."""
    shown = summary.finished.faults
    for case, fault in shown:
        place = "" if fault.path is None else f", {fault.path}"
        terminal.complain(f"case {case:,}{place}: {fault.code} {fault.message}")
        for line in fault.help:
            terminal.complain(f"  = help: {line}")
    if summary.undecided:
        more = sum(summary.faults.values()) - len(shown)
        if more > 0:
            terminal.complain(
                f"and {more:,} more: the column `error` of the result has the codes of every row"
            )
        terminal.complain(f"{_cases(summary.undecided)} not decided")


def _say_summary(summary: "Summary", *, as_json: bool, to_error: bool) -> None:
    """Prints the summary, on standard error where the result goes to standard output."""
    lines = [terminal.as_json(summary.to_dict())] if as_json else _in_words(summary)
    for line in lines:
        (terminal.complain if to_error else terminal.say)(line)


def _in_words(summary: "Summary") -> list[str]:
    policy, day = summary.finished.policy, summary.finished.as_of
    named = " ".join(filter(None, (str(policy.title), policy.version)))
    decided = "The cases were" if summary.cases is None else _cases(summary.cases)
    lines = [f"{decided} decided by {named}, as of {day.day} {day:%B %Y}.", ""]
    outcomes = [each for each in summary.outcomes if each.cases != 0]
    lines += _table(
        (
            each.outcome.words
            + (f": {_RESTS_ON[each.basis]}" if each.outcome in {"seek_advice", "differs"} else ""),
            _count(each.cases),
            "" if each.cases is None or not summary.cases else f"{each.cases / summary.cases:.1%}",
        )
        for each in outcomes
    ) or ["No case came to an outcome."]
    if summary.unknown:
        lines += ["", "What the cases that are not settled wait for:"]
        lines += _table(
            (each.question, f"{_count(each.unsettled)} cases", f"unknown in {_count(each.cases)}")
            for each in summary.unknown
        )
    if summary.never_fired:
        lines += ["", "Clauses in force that decided no case:"]
        lines += [f"  {name}: {policy.model.clauses[name].statement}" for name in summary.never_fired]
    if summary.not_in_force:
        lines += ["", f"Not in force that day: {', '.join(summary.not_in_force)}."]
    counts = [summary.cases, *(each.cases for each in summary.outcomes)]
    counts += [count for each in summary.unknown for count in (each.cases, each.unsettled)]
    if None in counts:
        most = summary.below - 1
        lines += [
            "",
            f"{_DASH}  not said: a count from 1 to {most}, or one that would give such a count away.",
        ]
    return lines


def _cases(count: int) -> str:
    return f"{count:,} case was" if count == 1 else f"{count:,} cases were"


def _count(count: int | None) -> str:
    return _DASH if count is None else f"{count:,}"


def _table(rows: Iterable[tuple[str, str, str]]) -> list[str]:
    rows = [(a if len(a) <= _WIDEST else f"{a[: _WIDEST - 1]}…", b, c) for a, b, c in rows]
    one, two, three = ([max(map(len, column)) for column in zip(*rows, strict=True)]) if rows else (0, 0, 0)
    return [f"  {a:<{one}}  {b:>{two}}  {c:>{three}}".rstrip() for a, b, c in rows]
