"""How much a search may try before it gives up: a count of steps, never of seconds.

What one step is, the search says (a pair of sub-diagrams joined, a mutant tried). So the same policy gives the same
answer on every machine, and what was left untried can be told. Searches that together answer one question share one
`Budget`. Deliberately not here: what a search says where its budget is spent; it must say it.
"""


class Budget:
    """Steps that a search may still take.

    Attributes:
        steps: how many it had at first.
        left: how many are left; never less than none.
    """

    __slots__ = ("left", "steps")

    def __init__(self, steps: int) -> None:
        self.steps = self.left = steps

    @property
    def spent(self) -> int:
        """How many steps were taken."""
        return self.steps - self.left

    @property
    def exhausted(self) -> bool:
        """Whether none is left."""
        return self.left <= 0

    def take(self, steps: int = 1) -> bool:
        """Takes some steps; takes none and returns False where there are not as many left."""
        if steps > self.left:
            return False
        self.left -= steps
        return True
