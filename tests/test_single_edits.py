"""A hundred single-edit mistakes: the first message stands at the edited line, few follow it, and names are offered.

What is drawn and how is in `single_edits`; `python tests/single_edits.py SEED` shows each that went astray.
"""

import pytest

from single_edits import mistakes

pytestmark = pytest.mark.slow

SEEDS = (1, 2, 3)


@pytest.fixture(scope="module", params=SEEDS)
def drawn(request):
    found, silent = mistakes(request.param)
    at_the_line = sum(result.points_at_the_line for result in found)
    print(
        f"seed {request.param}: {at_the_line} of {len(found)} at the line; {len(silent)} edits more left a valid policy"
    )
    return found


def test_at_least_ninety_of_a_hundred_point_at_the_edited_line(drawn):
    assert sum(result.points_at_the_line for result in drawn) >= 90


def test_none_cascades_into_more_than_three_messages(drawn):
    assert [(result.edit, len(result.diagnostics)) for result in drawn if len(result.diagnostics) > 3] == []


def test_every_misspelt_name_has_the_right_name_offered(drawn):
    assert [result.edit for result in drawn if result.edit.misspells_a_name and not result.suggests] == []


def test_every_message_says_what_was_expected_or_found_and_offers_help(drawn):
    first = [result.diagnostics[0] for result in drawn]
    assert [diagnostic for diagnostic in first if not diagnostic.message or not diagnostic.help] == []
