"""What a run over a caseload came to, in words for people or as JSON; and the rows that were not decided."""

from typing import TYPE_CHECKING

from infoshare.cli import terminal
from infoshare.meaning.model import Model

if TYPE_CHECKING:
    from infoshare.batch.files import Summary
    from infoshare.batch.files.summary import OutcomeCount

_ON = {
    "clauses": "by a clause",
    "unknown_facts": "facts are unknown",
    "conflict": "clauses clash",
    "silence": "no clause speaks",
    "not_in_force": "the policy is not in force",
}


def complain_of_rows(summary: "Summary") -> None:
    """Says on standard error what is wrong with the first rows that were not decided."""
    told = summary.finished.faults
    for case, fault in told:
        place = "" if fault.path is None else f", {fault.path}"
        terminal.complain(f"case {case:,}{place}: {fault.code} {fault.message}")
        for line in fault.help:
            terminal.complain(f"  = help: {line}")
    if summary.undecided:
        more = sum(summary.faults.values()) - len(told)
        if more > 0:
            terminal.complain(
                f"and {more:,} more: the column `error` of the result has the codes of every row"
            )
        terminal.complain(f"{_cases(summary.undecided)} not decided")


def say(summary: "Summary", *, as_json: bool, to_error: bool) -> None:
    """Prints the summary, on standard error where the result goes to standard output."""
    if as_json and not to_error:
        terminal.json_line(summary.to_dict())
        return
    tell = terminal.complain if to_error else terminal.say
    if as_json:
        tell(terminal.as_json(summary.to_dict()))
        return
    for line in lines_of(summary):
        tell(line)


def lines_of(summary: "Summary") -> list[str]:
    """The summary in words."""
    policy = summary.finished.policy
    header = policy.model.header
    named = f"{policy.title} {header.version}" if header and header.version else str(policy.title)
    day = summary.finished.as_of
    lines = [f"{_decided(summary)} by {named}, as of {day.day} {day:%B %Y}.", ""]
    lines += _outcomes(summary)
    if summary.unknown:
        lines += ["", *_unknown(summary)]
    if summary.never_fired:
        lines += ["", "Clauses in force that decided no case:"]
        lines += [f"  {_clause(policy.model, name)}" for name in summary.never_fired]
    if summary.not_in_force:
        lines += ["", f"Not in force that day: {', '.join(summary.not_in_force)}."]
    if any(_hidden(summary)):
        lines += [
            "",
            f"{_DASH}  not said: a count from 1 to {summary.below - 1}, or one that would give such a count away.",
        ]
    return lines


_DASH = "–"


def _decided(summary: "Summary") -> str:
    return "The cases were decided" if summary.cases is None else f"{_cases(summary.cases)} decided"


def _cases(count: int) -> str:
    return f"{count:,} case was" if count == 1 else f"{count:,} cases were"


def _outcomes(summary: "Summary") -> list[str]:
    shown = [each for each in summary.outcomes if each.cases != 0]
    told = [(_outcome(each), _count(each.cases), _share(each.cases, summary.cases)) for each in shown]
    if not told:
        return ["No case came to an outcome."]
    return _table(told)


def _outcome(each: "OutcomeCount") -> str:
    basis = "" if each.outcome != "seek_advice" else f": {_ON[each.basis]}"
    return f"{each.outcome.words}{basis}"


def _unknown(summary: "Summary") -> list[str]:
    told = [
        (each.question, f"{_count(each.unsettled)} cases", f"unknown in {_count(each.cases)}")
        for each in summary.unknown
    ]
    return ["What the cases that are not settled wait for:", *_table(told)]


def _clause(model: Model, name: str) -> str:
    return f"{name}: {model.clauses[name].statement}"


def _table(rows: list[tuple[str, str, str]]) -> list[str]:
    first = min(76, max(len(row[0]) for row in rows))
    widths = [max(len(row[place]) for row in rows) for place in (1, 2)]
    return [
        f"  {terminal.shortened(a, first):<{first}}  {b:>{widths[0]}}  {c:>{widths[1]}}".rstrip()
        for a, b, c in rows
    ]


def _count(count: int | None) -> str:
    return _DASH if count is None else f"{count:,}"


def _share(count: int | None, of: int | None) -> str:
    return "" if count is None or not of else f"{count / of:.1%}"


def _hidden(summary: "Summary") -> list[bool]:
    return [
        summary.cases is None,
        *(each.cases is None for each in summary.outcomes),
        *(each.cases is None or each.unsettled is None for each in summary.unknown),
    ]
