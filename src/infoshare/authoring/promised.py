"""A promise in words -> whether it holds for every case there can be, or a case in which it fails.

The promise is a guarantee of the language without its name: `never share when recipient.suspected`.
Deliberately not here: looking for the case (`infoshare.analysis.search`).
"""

from collections.abc import Sequence
from datetime import date

import attrs

from infoshare.analysis.search import Search
from infoshare.authoring.findings.finding import Checked, Told, told
from infoshare.diagnostic import Diagnostic, Severity
from infoshare.errors import PolicyError
from infoshare.meaning.model import Guarantee
from infoshare.meaning.resolver import ParsedFile, resolve
from infoshare.policy.policy import Policy
from infoshare.syntax import tree as t
from infoshare.syntax.parser import parse
from infoshare.text import Source

NAME = "the_promise"
SOURCE = "the promise"


@attrs.frozen
class Proof:
    """What became of a promise.

    Attributes:
        holds: True where it is proved for every case; False where a case was found in which it fails; None where neither
            is known.
        against: what to say of the case, and the case as a scenario.
        by: the clauses that stand in it.
    """

    guarantee: Guarantee
    holds: bool | None
    against: Told | None = None
    by: tuple[str, ...] = ()
    outcome: str | None = None
    as_of: date | None = None


def prove(policy: Policy, files: Sequence[ParsedFile], promise: str, today: date) -> Proof:
    """Holds a promise against every case there can be.

    Args:
        files: those that the policy was loaded from.
        promise: as it stands in a guarantee, from `never` or `always` on; or a whole guarantee.
        today: the day of a policy of which nothing says when it begins.

    Raises:
        PolicyError: with everything that is wrong with the promise.
    """
    name = NAME
    while name in policy.model.declared:
        name += "_too"
    text = promise.strip()
    if not text.startswith("guarantee"):
        text = f'guarantee {name} "The promise."\n  {text}'
    parsed = parse(Source(SOURCE, f"infoshare 1\n\n{text}\n"))
    if parsed.file is None or parsed.diagnostics:
        raise PolicyError([each for each in parsed.diagnostics if each.severity is Severity.ERROR])
    promised = [node for node in parsed.file.declarations if isinstance(node, t.Guarantee)]
    if len(promised) != 1 or len(parsed.file.declarations) != 1:
        help_ = ("write one promise, such as `never share when sharing.prohibited_by_law`",)
        raise PolicyError([Diagnostic("IS101", "this is not one promise", help=help_)])
    *used, main = files
    declared = (*main.tree.declarations, *promised)
    whole = [*used, attrs.evolve(main, tree=attrs.evolve(main.tree, declarations=declared))]
    resolution = resolve(whole, digest=policy.digest)
    if resolution.model is None:
        raise PolicyError([each for each in resolution.diagnostics if each.severity is Severity.ERROR])
    model = resolution.model
    guarantee = model.guarantees[promised[0].name.text]
    search = Search(model, today)
    shown = search.breach(guarantee)
    if shown is None:
        sure = all(analysis.complete for analysis in search.analyses)
        return Proof(guarantee, True if sure else None)
    checked = Checked(attrs.evolve(policy, model=model), tuple(whole))
    case = told(checked, shown, f"It fails: {_title(text)}")
    if shown.verdict is None:
        return Proof(guarantee, None, case, as_of=shown.witness.as_of)
    return Proof(
        guarantee,
        False,
        case,
        tuple(name for name in model.clauses if name in shown.verdict.standing),
        shown.verdict.outcome.words,
        shown.witness.as_of,
    )


def _title(text: str) -> str:
    return " ".join(text.partition('"\n')[2].split() or text.split()).replace('"', "'")
