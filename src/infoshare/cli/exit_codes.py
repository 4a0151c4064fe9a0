"""Exit codes: what the shell is told. They are part of the contract and never change their meaning."""

from collections.abc import Iterable

from infoshare.diagnostic import Diagnostic, Severity
from infoshare.outcome import Outcome

OK = 0
FINDINGS = 1  # `check`: warnings only; `test`: failures
USAGE = 2
INVALID_POLICY = 3
INVALID_CASE = 4
NOT_VERIFIED = 7  # `record`: a record, a receipt or a ledger that does not verify
NOT_DONE = 8  # `record`: nothing was recorded, changed or shown
INTERNAL = 70
INTERRUPTED = 130
CLOSED_PIPE = 141

OF_OUTCOME = {
    Outcome.SHARE: 0,
    Outcome.SEEK_CONSENT: 10,
    Outcome.WITHHOLD: 11,
    Outcome.SEEK_ADVICE: 12,
}

EVERYWHERE = """\
exit codes of every command:
  2    usage, or a file that cannot be read
  3    invalid policy
  4    invalid case
  70   a fault of infoshare itself
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
