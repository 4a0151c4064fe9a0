"""The workspace as it is at the moment, and what was last found in it.

What takes time is looked at in threads, on a value of the workspace that no edit changes: first the errors, then
everything that `check` finds. What was found of texts that have changed since is never told.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TypeVar

import attrs
from lsprotocol import types
from pygls.workspace import PositionCodec

from infoshare.authoring.checking import CheckUp
from infoshare.budget import Stop, until
from infoshare.diagnostic import Diagnostic
from infoshare.editor.documents import Document
from infoshare.editor.workspace import Workspace
from infoshare.lsp import places

T = TypeVar("T")
_SETTLED, _QUIET = 0.05, 0.2
"""Seconds without a keystroke before errors are looked for, and before everything is."""
_MOMENT = 1.0
"""Seconds that a client which asks waits for everything, once the errors are known."""


@attrs.frozen(eq=False)
class Found:
    """What was found in a workspace: the errors first, then, with `whole`, all that there is."""

    workspace: Workspace
    check_up: CheckUp
    whole: bool


class Session:
    """One client's workspace.

    Args:
        told: what is called with each finding about the workspace as it is.
    """

    def __init__(self, told: Callable[[Found], None]) -> None:
        self.workspace = Workspace((), date.today())  # noqa: DTZ011 - the author's own day
        self.codec = PositionCodec()
        self.uris: dict[str, str] = {}
        self.found: Found | None = None
        self._told = told
        # What proves something can take long: nothing else waits behind it, and it is stopped where a text changed.
        self._quick, self._trying, self._proving = (ThreadPoolExecutor(threads) for threads in (2, 1, 1))
        self._looking: asyncio.Task[None] | None = None
        self._stop = Stop()
        self._news = asyncio.Event()

    # --- texts

    def open(self, uri: str, text: str, version: int | None) -> None:
        """A text is open."""
        path = places.path_of(uri)
        self.uris[path] = uri
        self._now(self.workspace.edited(path, text, version).refreshed())

    def change(self, uri: str, changes: list[types.TextDocumentContentChangeEvent], version: int) -> None:
        """An open text is edited."""
        path = places.path_of(uri)
        document = self.workspace.opened.get(path)
        text = places.edited(self.codec, document.text if document else "", changes)
        self._now(self.workspace.edited(path, text, version))

    def close(self, uri: str) -> None:
        """A text is not open any more."""
        path = places.path_of(uri)
        self._now(self.workspace.closed(path).refreshed())
        self.uris.pop(path, None)

    def within(self, folders: Iterable[str]) -> None:
        """The folders of the workspace are these."""
        self._now(self.workspace.within(places.path_of(uri).rstrip("/") for uri in folders).refreshed())

    def refresh(self) -> None:
        """Something on the disk changed."""
        self._now(self.workspace.refreshed())

    def _now(self, workspace: Workspace) -> None:
        self._stop.stop(workspace.changed_since(self.workspace))
        self.workspace = workspace.on(date.today())  # noqa: DTZ011
        self._news.set()
        self._news = asyncio.Event()
        if self._looking is not None:
            self._looking.cancel()
        self._looking = asyncio.get_running_loop().create_task(self._look(self.workspace))
        self._looking.add_done_callback(_said)

    # --- places

    def document(self, uri: str) -> Document | None:
        """A file."""
        return self.workspace.document(places.path_of(uri))

    def offset(self, uri: str, place: types.Position) -> int:
        """A place in a file, in characters."""
        document = self.document(uri)
        return places.offset(self.codec, document.text, place) if document else 0

    def uri(self, path: str) -> str:
        """The URI of a file, as the client writes it where it has it open."""
        return self.uris.get(path) or places.uri_of(self.workspace.place(path))

    # --- what takes time

    async def run(self, do: Callable[[], T]) -> T:
        """Does something in a thread."""
        return await asyncio.get_running_loop().run_in_executor(self._quick, do)

    async def tried(self, do: Callable[[], T]) -> T:
        """Does something in a thread that may have scenarios tried."""
        return await asyncio.get_running_loop().run_in_executor(self._trying, do)

    async def errors_of(self, path: str) -> Found:
        """What is found in the workspace as it is: of a file with errors at once, else as soon as all is looked at.

        Where that takes longer than a moment it is the errors, that is none: the client is told when there is more.
        """
        while True:
            news, found = self._news, self.found
            if found is None or found.workspace is not self.workspace:
                await news.wait()
            elif found.whole or path in by_path(found.check_up.diagnostics):
                return found
            else:
                try:
                    await asyncio.wait_for(news.wait(), _MOMENT)
                except TimeoutError:
                    return found

    async def settled(self) -> Found:
        """What `check` finds in the workspace as it is once nothing is edited any more."""
        while self.found is None or not self.found.whole or self.found.workspace is not self.workspace:
            await self._news.wait()
        return self.found

    async def _look(self, workspace: Workspace) -> None:
        await asyncio.sleep(_SETTLED)
        errors = await self.run(workspace.errors)
        self._tell(Found(workspace, CheckUp(errors, ()), whole=False))
        await asyncio.sleep(_QUIET)
        stop = self._stop = Stop()
        proving = asyncio.get_running_loop().run_in_executor(self._proving, _proved, workspace, stop)
        self._tell(Found(workspace, await proving, whole=True))

    def _tell(self, found: Found) -> None:
        if found.workspace is self.workspace:
            self.found = found
            self._news.set()
            self._news = asyncio.Event()
            self._told(found)

    def end(self) -> None:
        """Nothing is looked at any more."""
        self._stop.stop(self.workspace.paths)
        if self._looking is not None:
            self._looking.cancel()
        for threads in (self._quick, self._trying, self._proving):
            threads.shutdown(wait=False, cancel_futures=True)


def _proved(workspace: Workspace, stop: Stop) -> CheckUp:
    with until(stop):
        return workspace.check_up()


def _said(task: "asyncio.Task[None]") -> None:
    """Says on standard error where looking failed: that is our fault, and nobody waits for the task."""
    if not task.cancelled() and (error := task.exception()) is not None:
        logging.getLogger(__name__).error("what was written could not be looked at", exc_info=error)


def by_path(diagnostics: Iterable[Diagnostic]) -> dict[str, list[Diagnostic]]:
    """Diagnostics by the file of their place; those without one are left out."""
    found: dict[str, list[Diagnostic]] = {}
    for each in diagnostics:
        if each.span is not None:
            found.setdefault(each.span.source.path, []).append(each)
    return found
