"""Exit codes: what the shell is told. They are part of the contract and never change their meaning."""

from collections.abc import Iterable

from infoshare.diagnostic import Diagnostic, Severity
from infoshare.errors import Refused
from infoshare.outcome import Outcome
from infoshare.policy.decision import Decision
from infoshare.writing import NotWritten

OK = 0
FINDINGS = 1  # `check`: warnings only; `test`: failures
USAGE = 2
INVALID_POLICY = 3
INVALID_CASE = 4
NOT_VERIFIED = 7  # `record`: a record, a receipt or a ledger that does not verify
NOT_DONE = 8  # `record`: nothing was recorded, changed or shown
INTERNAL = 70
NOT_WRITTEN = 74  # output, when its work was done: a full disk, a closed standard output
INTERRUPTED = 130
CLOSED_PIPE = 141

NOT_ALL = (
    13  # share, but not everything that was asked for may go, or the answer is not the same for all of it
)
_OF_OUTCOME = {
    Outcome.SHARE: OK,
    Outcome.SEEK_CONSENT: 10,
    Outcome.WITHHOLD: 11,
    Outcome.SEEK_ADVICE: 12,
    Outcome.DIFFERS: NOT_ALL,
}

BY_OUTCOME = """\
  with --exit-code and one case:
  0    share, and everything that was asked for may go
  10   seek consent
  11   withhold
  12   seek advice
  13   share, but something is held back or still open; or the answer is not the same for everything and everybody
"""

EVERYWHERE = """\
exit codes of every command:
  2    usage, or a file that cannot be read or may not be written
  3    invalid policy
  4    invalid case
  70   a fault of infoshare itself
  74   output could not be written: the disk is full, standard output is closed, …
  130  interrupted
  141  the reader of the output went away
"""


def of_policy_fault(diagnostics: Iterable[Diagnostic]) -> int:
    """For a policy that cannot be used: whether the file given cannot be read, or what it says is invalid.

    A file that another one uses has a place where it is used; the one that was given has none.
    """
    errors = [diagnostic for diagnostic in diagnostics if diagnostic.severity is Severity.ERROR]
    unreadable = all(error.code in {"IS803", "IS804", "IS805"} and error.span is None for error in errors)
    return USAGE if unreadable else INVALID_POLICY


def of_refusal(refused: Refused) -> int:
    """Whether nothing was begun, or output could not be written when its work was done."""
    return NOT_WRITTEN if isinstance(refused, NotWritten) else USAGE


def of_decision(decision: Decision) -> int:
    """What --exit-code tells of one case: 0 only where all of it may go, so that `&&` sends nothing held back."""
    if decision.outcome is Outcome.SHARE and not decision.may_share:
        return NOT_ALL
    return _OF_OUTCOME[decision.outcome]
