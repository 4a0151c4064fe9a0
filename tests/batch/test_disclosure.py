"""What a summary may say: nobody can work out a count that it does not say."""

from collections import defaultdict
from itertools import product

import pytest

from infoshare.batch.files.summary import alone, published


@pytest.mark.parametrize(
    ("cells", "top", "below"), [(2, 20, 3), (3, 18, 3), (3, 14, 2), (2, 30, 5), (4, 9, 2)]
)
def test_no_value_of_a_small_count_can_be_ruled_out_by_whoever_knows_the_rule(cells, top, below):
    seen = defaultdict(list)
    for counts in product(range(top + 1), repeat=cells):
        said = published(dict(zip("abcd", counts, strict=False)), below)
        seen[said.total, tuple(said.counts.values())].append(counts)
    suppressed = 0
    for (total, said), possible in seen.items():
        if total is not None and total - sum(filter(None, said)) > top:
            continue  # not every table that would be shown like this was tried
        for place, count in enumerate(said):
            values = {each[place] for each in possible}
            if count is None and min(values) < below:
                suppressed += 1
                assert values >= set(range(1, below)), (total, said, place)
    assert suppressed > 10


def test_large_counts_and_none_at_all_are_said():
    said = published({"share": 5, "withhold": 0, "seek_advice": 1000})
    assert (said.total, said.counts) == (1005, {"share": 5, "withhold": 0, "seek_advice": 1000})


def test_a_small_count_takes_another_with_it_so_that_the_total_does_not_give_it_away():
    said = published({"share": 100, "withhold": 30, "seek_advice": 2, "seek_consent": 0})
    assert (said.total, said.counts) == (
        132,
        {"share": 100, "withhold": None, "seek_advice": None, "seek_consent": 0},
    )


def test_where_there_is_no_other_the_total_is_not_said():
    said = published({"share": 0, "withhold": 4})
    assert (said.total, said.counts) == (None, {"share": 0, "withhold": None})


def test_with_a_threshold_of_one_everything_is_said():
    assert published({"share": 1, "withhold": 2}, 1).counts == {"share": 1, "withhold": 2}


@pytest.mark.parametrize(
    ("count", "of", "said"),
    [(0, 9, 0), (1, 9, None), (4, 90, None), (5, 90, 5), (86, 90, None), (90, 90, 90)],
)
def test_a_count_alone_is_said_if_neither_it_nor_the_rest_is_small(count, of, said):
    assert alone(count, of) == said
