"""A proof of a text that has changed is stopped, and nothing half-proved is ever kept."""

import asyncio
import threading

import pytest
from desk import POLICY, desk

from infoshare.authoring.findings import Checked
from infoshare.budget import Budget, Stop, Stopped, asked, until
from infoshare.lsp.session import Session
from infoshare.meaning.diagram import Diagrams


def test_a_budget_gives_no_step_to_a_search_that_is_stopped():
    stop = Stop()
    with until(stop), asked().reading(["a"]):
        budget = Budget(3)
        assert budget.take()
        stop.stop(["a"])
        with pytest.raises(Stopped):
            budget.take()
        with pytest.raises(Stopped):
            Budget(3)
    assert Budget(3).take()


def test_diagrams_are_joined_no_further_once_a_search_is_stopped():
    stop = Stop()
    with until(stop), asked().reading(["a"]):
        diagrams = Diagrams()
        one, other = diagrams.test(0, 1, None), diagrams.test(1, 1, None)
        stop.stop(["a"])
        with pytest.raises(Stopped):
            diagrams.both(one, other)


def test_what_reads_nothing_that_changed_is_finished_and_nothing_is_begun_after_it():
    stop = Stop()
    with until(stop):
        with asked().reading(["a"]):
            stop.stop(["b"])
            assert Budget(3).take()
        with pytest.raises(Stopped), asked().reading(["a"]):
            pass


def test_what_is_stopped_is_not_kept_and_is_found_whole_when_it_is_asked_for_again(tmp_path, monkeypatch):
    workspace = desk(tmp_path)
    wanted = desk(tmp_path).check_up().diagnostics
    stop, path = Stop(), f"{tmp_path.as_posix()}/local.policy"
    taken = []

    class Impatient(Budget):
        def __init__(self, steps):
            super().__init__(steps)
            taken.append(steps)
            if len(taken) == 3:
                stop.stop([path])

    monkeypatch.setattr("infoshare.analysis.search.Budget", Impatient)
    monkeypatch.setattr("infoshare.analysis.every_case.Budget", Impatient)
    with pytest.raises(Stopped), until(stop):
        workspace.check_up()
    monkeypatch.undo()
    assert workspace.check_up().diagnostics == wanted


def test_an_edit_stops_the_proof_of_the_text_before_it_and_only_that_of_a_file_that_reads_it(
    tmp_path, monkeypatch
):
    workspace = desk(tmp_path)
    path, proofs, begun, stopped = f"{tmp_path.as_posix()}/local.policy", [], threading.Event(), []

    def proved(self, what, find):
        """A proof that takes until it is stopped, the first time."""
        if what[0] != "analysed" or proofs:
            return find()
        proofs.append(self.main.path)
        with asked().reading([file.path for file in self.files]):
            begun.set()
            try:
                while True:
                    Budget(1)
            except Stopped:
                stopped.append(self.main.path)
                raise

    monkeypatch.setattr(Checked, "once", proved)

    async def write():
        found = []
        session = Session(found.append)
        session._now(workspace)
        await asyncio.to_thread(begun.wait, 60)
        session._now(session.workspace.edited(f"{tmp_path.as_posix()}/other.policy", "infoshare 1\n"))
        assert stopped == []
        session._now(session.workspace.edited(path, POLICY.replace("Tell the family", "Tell them")))
        await asyncio.wait_for(session.settled(), 60)
        session.end()
        return found

    found = asyncio.run(write())
    assert stopped == proofs != []
    assert "Tell them" in found[-1].workspace.document(path).text
