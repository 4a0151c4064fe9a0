"""A budget is a count of steps that searches share."""

from infoshare.budget import Budget
from infoshare.meaning.diagram import Diagrams


def test_steps_are_taken_until_none_are_left_and_never_more():
    budget = Budget(3)
    assert [budget.take(2), budget.take(2), budget.take(1), budget.take()] == [True, False, True, False]
    assert (budget.spent, budget.left, budget.exhausted) == (3, 0, True)


def test_diagrams_that_share_a_budget_spend_it_together():
    budget = Budget(4)
    one, other = Diagrams(budget), Diagrams(budget)
    for diagrams in (one, other):
        assert not (diagrams.test(0, 1, None) & diagrams.test(1, 1, None)).undecided
    assert budget.spent == one.spent == other.spent == 2
    budget.left = 0
    assert (one.test(2, 1, None) & one.test(3, 1, None)).undecided
    assert one.exhausted
