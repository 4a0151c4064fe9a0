"""What a ledger needs of a database, tried on a store of any kind: a third dialect is held to the same.

A module that imports these tests offers the fixture `stores`: a function that makes a new, empty store, and with its name
opens another connection to the same one (`read_only` where that is asked for).
"""

import threading

import pytest

from infoshare.records.store.base import Content, Entry, Header
from infoshare.records.store.errors import Cause, StoreError

HEADER = Header("log.example.org", "log.example.org+00000000+AA==")
CONTENT = Content(b"lock", b"body")


def entry(number, kind="record", about=None, id=None):
    nodes = bytes([number]) * 32 * ((number + 1) & -(number + 1)).bit_length()
    return Entry(number, kind, id or f"id-{number}", about, bytes([number]) * 32, nodes[32:])


def added(store, *entries):
    with store.writing():
        for each in entries:
            assert store.add_content(each.number, CONTENT) == CONTENT
            store.add(each)


def refused(cause, call, *arguments):
    with pytest.raises(StoreError) as error:
        call(*arguments)
    assert error.value.cause is cause, error.value


@pytest.fixture
def store(stores):
    return stores("one")


def test_an_empty_ledger_holds_nothing(store):
    assert (store.header, store.writable, store.size()) == (HEADER, True, 0)
    assert (
        store.entry(0)
        is store.find("id-0")
        is store.content(0)
        is store.checkpoint()
        is store.policy("x")
        is None
    )
    assert list(store.rows(0, 9)) == list(store.checkpoints(-9, 9)) == list(store.damage()) == []
    assert store.about(0) == store.of_kind("hold") == store.policies() == store.numbers("record", None) == ()
    with pytest.raises(KeyError):
        store.node(0, 0)


def test_what_was_added_is_found_in_every_way(store, stores):
    entries = [
        entry(0),
        entry(1),
        entry(2, "hold", 0),
        entry(3, "consultation", 1),
        entry(4),
        entry(5, "hold", 1),
    ]
    added(store, *entries)
    for each in (store, stores("one")):
        assert each.size() == 6
        assert [each.entry(number) for number in range(6)] == entries
        assert each.find("id-4") == entries[4]
        assert each.content(3) == CONTENT
        assert each.about(1) == (entries[3], entries[5])
        assert each.of_kind("hold") == (entries[2], entries[5])
        assert each.numbers("record", None) == (0, 1, 4) and each.numbers("record", 2) == (1, 4)
        assert [row for row, _ in each.rows(1, 4)] == entries[1:4]
        assert all(content == CONTENT for _, content in each.rows(0, 6))


def test_more_rows_than_are_read_at_once_come_in_order(store):
    with store.writing():
        for number in range(700):
            store.add_content(number, CONTENT)
            store.add(Entry(number, "record", f"{number:04}", None, bytes(32), b""))
            store.add_checkpoint(number + 1, str(number).encode())
    assert [row.number for row, _ in store.rows(3, 699)] == list(range(3, 699))
    assert [size for size, _ in store.checkpoints(0, 700)] == list(range(1, 701))
    assert store.checkpoint() == b"699"


def test_ids_are_found_by_how_they_begin(store):
    added(store, entry(0, id="ab-1"), entry(1, "hold", 0, id="ab-2"), entry(2, id="abc"), entry(3, id="b%"))
    assert [each.number for each in store.starting("ab", None, 9)] == [0, 1, 2]
    assert [each.number for each in store.starting("ab", "record", 9)] == [0, 2]
    assert [each.number for each in store.starting("ab", None, 2)] == [0, 1]
    assert (
        store.starting("%", None, 9) == store.starting("a_", None, 9) == store.starting("AB", None, 9) == ()
    )


def test_the_hash_of_a_subtree_stands_with_the_entry_that_completes_it(store):
    added(store, *(entry(number) for number in range(4)))
    assert [store.node(level, 0) for level in (0, 1, 2)] == [bytes([number]) * 32 for number in (0, 1, 3)]
    with pytest.raises(KeyError):
        store.node(1, 2)


def test_files_of_policies_come_back_in_their_order(store):
    files = {"main.policy": b"one", "a.policy": b"two", "b.policy": bytes(range(256))}
    with store.writing():
        store.add_policy("sha256:x", files)
    assert list(store.policy("sha256:x").items()) == list(files.items())
    assert store.policies() == ("sha256:x",)


def test_a_transaction_that_is_given_up_leaves_nothing(store, stores):
    added(store, entry(0))

    def give_up():
        with store.writing():
            store.add_content(1, CONTENT)
            store.add(entry(1))
            store.add_checkpoint(2, b"note")
            store.add_policy("x", {"a": b"b"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        give_up()
    for each in (store, stores("one")):
        assert (each.size(), each.content(1), each.checkpoint(), each.policies()) == (1, None, None, ())
    added(store, entry(1))
    assert store.size() == 2


def test_a_gap_a_number_twice_an_id_twice_and_a_content_without_an_entry_are_refused(store):
    added(store, entry(0))
    for wrong in (entry(2), entry(0, id="other"), entry(1, id="id-0"), entry(1, about=7)):
        refused(Cause.REFUSED, added, store, wrong)
    with pytest.raises(StoreError) as error, store.writing():
        store.add_content(1, CONTENT)
    assert error.value.cause is Cause.REFUSED
    assert store.size() == 1


def test_a_content_is_removed_only_after_an_entry_that_says_so(store):
    added(store, entry(0))
    with pytest.raises(StoreError), store.writing():
        store.remove_content(0)
    assert store.content(0) == CONTENT
    with store.writing():
        store.add_content(1, CONTENT)
        store.add(entry(1, "erasure", 0))
        store.remove_content(0)
    assert store.content(0) is None
    assert [content for _, content in store.rows(0, 2)] == [None, CONTENT]


def test_what_is_read_stands_still_while_somebody_else_writes(store, stores):
    added(store, entry(0))
    other = stores("one")
    with other.reading():
        assert other.size() == 1
        added(store, entry(1))
        assert other.size() == 1
        with other.reading():  # within it, the same moment
            assert other.size() == 1
    assert other.size() == 2


def test_two_writers_come_one_after_the_other(store, stores):
    other, begun, done = stores("one"), threading.Event(), []

    def second():
        begun.wait(10)
        with other.writing():
            done.append(other.size())

    thread = threading.Thread(target=second)
    thread.start()
    with store.writing():
        begun.set()
        store.add_content(0, CONTENT)
        store.add(entry(0))
        assert done == []
    thread.join(30)
    assert done == [1]


def test_a_writer_that_waited_too_long_is_told(store, stores):
    with store.writing():
        refused(Cause.LOCKED, lambda: stores("one", wait=0.05).writing().__enter__())


def test_one_ledger_is_made_once(stores):
    stores("one")
    refused(Cause.TAKEN, lambda: stores("one", again=True))
