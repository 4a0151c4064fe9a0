"""Counts that may be published: small ones are suppressed, and none that is can be worked out.

A count of one to four people can point at them, so it is not said. Where it could be worked out from the total,
others are suppressed with it (*secondary* suppression, as for frequency tables in Hundepool et al., *Statistical
Disclosure Control*, Wiley 2012), and if there are not enough of them, the total as well. None is not a small count.
Which others is told by their order alone and never by how large they are, or that would tell something again.
Invariant: whoever sees what is published, and knows this rule, can rule out no value below the threshold for a
count that is suppressed and small.
"""

from collections.abc import Mapping

import attrs

SMALLEST = 5


@attrs.frozen
class Published:
    """The counts of a table that sum up to its total; None is suppressed."""

    total: int | None
    counts: Mapping[str, int | None]


def published(counts: Mapping[str, int], below: int = SMALLEST) -> Published:
    """What may be said of counts that, with nothing else, make up their sum.

    Args:
        counts: of cases; every case is counted once. Of those that are not small, the last are suppressed first.
        below: counts from 1 to one less than this are suppressed; 1 suppresses none.
    """
    total = sum(counts.values())
    hidden = [name for name, count in counts.items() if 0 < count < below]
    if not hidden:
        return Published(total, dict(counts))
    others = [name for name, count in counts.items() if count >= below]
    enough = False
    while others and not enough:
        hidden.append(others.pop())
        enough = sum(counts[name] for name in hidden) >= 2 * below + len(hidden)
    said = {name: None if name in hidden else count for name, count in counts.items()}
    return Published(total if enough else None, said)


def alone(count: int, of: int, below: int = SMALLEST) -> int | None:
    """What may be said of one count of so many cases: neither it nor the rest may be small."""
    return None if 0 < count < below or 0 < of - count < below else count
