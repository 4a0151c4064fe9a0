"""Terms that depend on one unknown fact come to a stretch of its answers: held against every answer near by."""

from datetime import date
from random import Random

from infoshare.meaning import calendar
from infoshare.meaning.arithmetic import OfOneFact, by_bounds, compared, moved, sum_of, whole_years
from infoshare.meaning.model import Duration, Fact
from infoshare.meaning.types import Date, Number

NUMBER = Fact("a.number", "a number", Number())
DAY = Fact("a.day", "a day", Date())
COMPARISONS = ("<", "<=", ">", ">=", "=")


def holds(bounds: tuple[int | None, int | None], answer: int) -> bool:
    low, high = bounds
    return (low is None or answer >= low) and (high is None or answer < high)


def test_a_sum_of_a_number_is_compared_as_each_of_its_answers_is() -> None:
    for times in (-3, -2, -1, 1, 2, 3):
        for plus in (-7, 0, 4):
            term = OfOneFact("a.number", NUMBER, times=times, plus=plus)
            for op in COMPARISONS:
                for constant in range(-9, 10):
                    bounds = term.stretch(op, constant)
                    assert all(
                        holds(bounds, x) == compared(times * x + plus, op, constant) for x in range(-20, 21)
                    )


def test_years_from_or_to_a_day_are_compared_as_those_of_each_day_are() -> None:
    rng, tried = Random("years between"), 0
    for _ in range(400):
        base = date(2024, 2, 29).toordinal() + rng.choice([0, rng.randint(-2000, 2000)])
        offsets = tuple(
            Duration(rng.choice([-1, 1]) * rng.randint(0, 14), rng.choice(["days", "months", "years"]))
            for _ in range(rng.randint(0, 2))
        )
        since, times, plus = rng.random() < 0.5, rng.choice([-2, -1, 1, 2]), rng.randint(-3, 3)
        term = OfOneFact("a.day", DAY, offsets, base, since, times, plus)
        op, constant = rng.choice(COMPARISONS), rng.randint(-15, 15)
        bounds = term.stretch(op, constant)
        for apart in (0, 1, -1, 365, 366, -365, -366, *[rng.randint(-6000, 6000) for _ in range(8)]):
            day = moved(base + apart, offsets)
            years = whole_years(day, base) if since else whole_years(base, day)
            assert holds(bounds, base + apart) == compared(times * years + plus, op, constant)
            tried += 1
    assert tried == 400 * 15


def test_years_between_are_the_most_years_after_the_first_day_that_are_not_later_than_the_second() -> None:
    rng = Random("the greatest n")
    leap_day = date(2024, 2, 29)
    pairs = [(leap_day, date(2025, 2, 28)), (leap_day, date(2025, 3, 1)), (leap_day, date(2028, 2, 28))]
    pairs += [(leap_day, date(2028, 2, 29)), (date(2023, 12, 31), leap_day), (leap_day, leap_day)]
    for _ in range(500):
        first = date.fromordinal(rng.randint(700_000, 745_000))
        pairs.append((first, date.fromordinal(first.toordinal() + rng.randint(0, 9000))))
    for first, second in pairs:
        want = max(n for n in range(40) if calendar.shift(first, n, "years") <= second)
        assert whole_years(first.toordinal(), second.toordinal()) == want
        assert whole_years(second.toordinal(), first.toordinal()) == -want


def test_a_fact_that_is_taken_from_itself_leaves_what_is_added() -> None:
    term = OfOneFact("a.number", NUMBER, plus=5)
    assert sum_of(term, -1, OfOneFact("a.number", NUMBER)) == 5
    assert sum_of(term, 1, term) == OfOneFact("a.number", NUMBER, times=2, plus=10)


def test_two_sums_of_bounded_numbers_are_told_apart_where_every_pair_of_answers_comes_to_the_same() -> None:
    rng, told = Random(3), 0
    for _ in range(3000):
        first, other = (sorted(rng.choices(range(-4, 12), k=2)) for _ in range(2))
        one, two = (
            OfOneFact(
                f"a.{n}",
                Fact(f"a.{n}", "a number", Number(low=ends[0], high=ends[1])),
                times=rng.choice((-1, 1, 2)),
                plus=rng.randint(-5, 5),
            )
            for n, ends in (("one", first), ("two", other))
        )
        op = rng.choice(COMPARISONS)
        every = {
            compared(one.times * x + one.plus, op, two.times * y + two.plus)
            for x in range(first[0], first[1] + 1)
            for y in range(other[0], other[1] + 1)
        }
        found = by_bounds(one, op, two)
        assert found is None or every == {found}
        if op != "=":
            assert (found is None) is (len(every) == 2)
        told += found is not None
    assert 500 < told < 2500
