"""Items for recipients: how many there may be, and that looking at them grows in step with their number."""

from typing import Any

import pyarrow as pa
import pytest

from infoshare import FactsError
from infoshare.batch import decide_table
from infoshare.meaning.facts import read
from infoshare.meaning.world import World
from infoshare.outcome import Outcome
from small import DAY, load

LISTS = """
facts about f "it"
  ok "it is so" : yes or no
facts about each item "a piece of information"
  needed "it is needed" : yes or no  unanswered means no
  secret "it is secret" : yes or no
facts about each recipient "somebody who would be told"
  verified "they are verified" : yes or no
  cleared "they are cleared" : yes or no  unanswered means no
consent c "c" share when f.ok
"""

TWO_SAFEGUARDS = (
    LISTS
    + """
safeguard s "s" for each item and recipient
  require item.needed or recipient.verified
  otherwise "leave it out"
safeguard t "t" for each item and recipient
  require not item.secret or recipient.cleared
  otherwise "leave it out"
"""
)

TWO_QUANTIFIERS = (
    LISTS
    + """
safeguard s "s"
  require any item (any recipient (item.secret and recipient.cleared))
  otherwise "leave it out"
safeguard t "t" for each item and recipient
  require item.needed and any recipient (recipient.verified and item.secret)
  otherwise "leave it out"
"""
)


def case(items: int, recipients: int, *, known: bool = True) -> dict[str, Any]:
    return {
        "f": {"ok": True},
        "item": [
            {"name": f"i{n}"} | ({"needed": n % 2 == 0, "secret": n % 3 == 0} if known else {})
            for n in range(items)
        ],
        "recipient": [
            {"name": f"r{n}"} | ({"verified": n % 2 == 0, "cleared": n % 3 == 0} if known else {})
            for n in range(recipients)
        ],
    }


@pytest.mark.parametrize("door", ["reading", "deciding", "deciding again"])
def test_more_rows_than_can_be_decided_are_refused_with_their_number(door: str) -> None:
    policy = load(TWO_SAFEGUARDS)
    if door == "reading":
        (diagnostic,) = read(policy.model, case(1_000, 1_000)).diagnostics
    else:
        if door == "deciding again":
            policy.decide(case(2, 2), as_of=DAY)
        with pytest.raises(FactsError) as error:
            policy.decide(case(1_000, 1_000), as_of=DAY)
        (diagnostic,) = error.value.diagnostics
    assert diagnostic.code == "IS409"
    assert "1,000 items for 1,000 recipients would take 1,000,000 answers" in diagnostic.message
    assert "10,000" in diagnostic.message
    assert "some of the recipients at a time" in diagnostic.help[0]


@pytest.mark.parametrize(("items", "recipients"), [(100, 100), (1_000, 10), (10, 1_000), (1_000, 0), (0, 0)])
def test_ten_thousand_rows_are_read(items: int, recipients: int) -> None:
    assert read(load(TWO_SAFEGUARDS).model, case(items, recipients)).diagnostics == ()


def test_one_row_more_than_ten_thousand_is_too_many() -> None:
    model = load(TWO_SAFEGUARDS).model
    assert read(model, case(73, 137)).diagnostics  # 10,001
    assert not read(model, case(72, 138)).diagnostics  # 9,936


def test_a_table_refuses_a_case_with_too_many_rows_and_no_other() -> None:
    cases = [case(2, 2), case(101, 100), case(3, 1)]
    table = pa.table(
        {
            "f.ok": [True] * len(cases),
            "item": [each["item"] for each in cases],
            "recipient": [each["recipient"] for each in cases],
        }
    )
    policy = load(TWO_SAFEGUARDS)
    with pytest.raises(FactsError) as error:
        decide_table(policy, table, as_of=DAY)
    (diagnostic,) = error.value.diagnostics
    assert diagnostic.code == "IS409"
    assert "101 items for 100 recipients" in diagnostic.message
    assert "in row 2" in diagnostic.message
    decided = decide_table(policy, table.filter(pa.array([True, False, True])), as_of=DAY)
    assert decided["outcome"].to_pylist() == ["share", "share"]


def work(monkeypatch: pytest.MonkeyPatch, text: str, size: int, *, known: bool) -> int:
    """How many conditions are looked into, and pairs of diagrams joined, for so many items and recipients."""
    policy = load(text)
    looked, joined = 0, 0
    plain = World._truth

    def counted(self: World, *condition: Any) -> Any:
        nonlocal looked, joined
        looked += 1
        before = self.diagrams.spent
        found = plain(self, *condition)
        joined += self.diagrams.spent - before
        return found

    with monkeypatch.context() as patch:
        patch.setattr(World, "_truth", counted)
        decision = policy.decide(case(size, size, known=known), as_of=DAY)
        assert decision.outcome is Outcome.SHARE
        decision.to_dict()
    assert len(decision.disclosures) == size * size
    return looked + joined


@pytest.mark.parametrize(
    ("text", "known"),
    [(TWO_SAFEGUARDS, True), (TWO_SAFEGUARDS, False), (TWO_QUANTIFIERS, True)],
    ids=["two safeguards", "two safeguards and everything unknown", "two quantifiers"],
)
def test_the_work_grows_in_step_with_the_rows(
    monkeypatch: pytest.MonkeyPatch, text: str, known: bool
) -> None:
    small, large = (work(monkeypatch, text, size, known=known) for size in (10, 40))
    assert large <= 18 * small  # sixteen times as many rows
    assert large <= 40 * 40 * 40


@pytest.mark.parametrize("known", [True, False])
def test_ten_thousand_rows_are_told_apart_exactly_by_the_definition_and_again(known: bool) -> None:
    policy = load(TWO_SAFEGUARDS)
    for _ in range(2):  # the definition decides first, then what was compiled
        decision = policy.decide(case(100, 100, known=known), as_of=DAY)
        assert decision.exact
        assert len(decision.disclosures) == 10_000


def test_what_is_open_and_what_holds_back_is_told_of_each_row() -> None:
    decision = load(TWO_QUANTIFIERS).decide(
        {
            "f": {"ok": True},
            "item": [{"name": "a", "needed": True, "secret": True}, {"name": "b", "needed": True}],
            "recipient": [{"name": "x", "verified": True, "cleared": True}, {"name": "y", "verified": False}],
        },
        as_of=DAY,
    )
    assert [(row.item, row.recipient, row.release) for row in decision.disclosures] == [
        ("a", "x", True),
        ("a", "y", True),
        ("b", "x", None),
        ("b", "y", None),
    ]
    assert {fact for row in decision.disclosures for hold in row.open_by for fact in hold.waiting_for} == {
        'item["b"].secret'
    }
