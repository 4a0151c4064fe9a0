"""What kind of thing a clause is and what it leads to, as a badge: a colour, and always its words.

Deliberately not here: the colours themselves (`style`).
"""

from infoshare.meaning.model import Advice, Clause, Duty, Exception_, Guarantee, Provision, Safeguard
from infoshare.outcome import Outcome
from infoshare.webpage.markup import Markup, tag


def tone(provision: Provision) -> str:
    """The name of its colour."""
    match provision:
        case Clause():
            return of_outcome(provision.outcome)
        case Exception_():
            return "exception"
        case Duty():
            return "duty"
        case _:
            return "plain"


def of_outcome(outcome: Outcome) -> str:
    """The name of the colour of an outcome."""
    return outcome.words.replace(" ", "-")


def kind(provision: Provision) -> str:
    """What it is, in a word or two."""
    match provision:
        case Clause():
            return provision.effect
        case Exception_():
            return "exception"
        case Duty():
            return "duty"
        case Safeguard():
            return "safeguard"
        case Advice():
            return "advice"
        case Guarantee():
            return "guarantee"
        case _:
            return "clause"


def badge(provision: Provision) -> Markup:
    """What it is, on its colour."""
    return tag("span", kind(provision), class_=f"badge {tone(provision)}")


def outcome_badge(outcome: Outcome, *, must: bool) -> Markup:
    """An outcome, on its colour."""
    return tag("span", f"{'must ' if must else ''}{outcome.words}", class_=f"badge {of_outcome(outcome)}")
