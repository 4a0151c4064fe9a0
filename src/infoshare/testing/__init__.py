"""For those who test policies: strategies for cases of a policy, and what infoshare's own tests are made with.

`cases` and `days` need Hypothesis, which is imported when they are asked for. Invariant: nothing in infoshare
imports this package but what is in it.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infoshare.testing.policy_cases import cases, days

__all__ = ["cases", "days"]


if not TYPE_CHECKING:  # or type checkers would take every misspelt name for one that is there

    def __getattr__(name: str) -> object:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from infoshare.testing import policy_cases

        return getattr(policy_cases, name)
