"""The server of one client: what it tells it, and its own values as the protocol has them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.metadata import version
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from infoshare import catalogue
from infoshare.diagnostic import Diagnostic, Severity
from infoshare.editor.navigation import Change
from infoshare.lsp import places
from infoshare.lsp.session import Found, Session, by_path
from infoshare.text import Span

SOURCE = "infoshare"
"""Who says what is told."""


class Server(LanguageServer):
    """The server, and the session of its one client."""

    def __init__(self) -> None:
        super().__init__(SOURCE, version("infoshare"))
        self.shown: set[str] = set()
        self.in_error: set[str] = set()
        self._session: Session | None = None

    @property
    def session(self) -> Session:
        """The session; begun when it is first asked for."""
        if self._session is None:
            self._session = Session(self.tell)
        return self._session

    def can(self, *path: str) -> bool:
        """Whether the client says that it can do something."""
        return bool(self.asked(*path))

    def markup(self, markdown: str, formats: Sequence[types.MarkupKind] | None) -> types.MarkupContent | str:
        """A text in Markdown; for a client that does not take any, without its marks."""
        if formats and types.MarkupKind.Markdown in formats:
            return types.MarkupContent(types.MarkupKind.Markdown, markdown)
        text = catalogue.plain(markdown)
        return types.MarkupContent(types.MarkupKind.PlainText, text) if formats else text

    def asked(self, *path: str) -> Any:
        """What the client says of something that it can do; None where it says nothing."""
        found: Any = self.client_capabilities
        for name in path:
            found = getattr(found, name, None)
        return found

    # --- what is found

    def tell(self, found: Found) -> None:
        """Tells the client what was found; or, where it asks for that itself, that there is something new."""
        if self.can("text_document", "diagnostic"):
            if found.whole and self.can("workspace", "diagnostics", "refresh_support"):
                self.workspace_diagnostic_refresh(None)
        else:
            self._publish(found)
        if found.whole:
            if self.can("workspace", "code_lens", "refresh_support"):
                self.workspace_code_lens_refresh(None)
            if self.can("workspace", "inlay_hint", "refresh_support"):
                self.workspace_inlay_hint_refresh(None)

    def _publish(self, found: Found) -> None:
        """Before everything is looked at, only files with errors are told of, and those that had one: warnings stay."""
        of = by_path(found.check_up.diagnostics)
        paths = {*of, *self.shown} if found.whole else {*of, *self.in_error}
        for path in sorted(paths):
            document = found.workspace.opened.get(path)
            self.text_document_publish_diagnostics(
                types.PublishDiagnosticsParams(
                    self.session.uri(path),
                    [self.diagnostic(each) for each in of.get(path, ())],
                    document.version if document else None,
                )
            )
        self.shown = set(of) if found.whole else self.shown | set(of)
        self.in_error = {p for p, all_ in of.items() if any(d.severity is Severity.ERROR for d in all_)}

    def diagnostic(self, found: Diagnostic) -> types.Diagnostic:
        """A finding as the protocol has it, with the places that belong to it and the page of its code."""
        span = found.span
        here = self.range(span) if span else types.Range(types.Position(0, 0), types.Position(0, 0))
        first = found.labels[0].text if found.labels else ""
        message = "\n".join([found.message + (f" ({first})" if first else ""), *found.help])
        page = catalogue.pages_folder() / f"{found.code}.md"
        return types.Diagnostic(
            here,
            message,
            types.DiagnosticSeverity.Error
            if found.severity is Severity.ERROR
            else types.DiagnosticSeverity.Warning,
            found.code,
            types.CodeDescription(page.as_uri()),
            SOURCE,
            [types.DiagnosticTag.Unnecessary] if found.code in {"IS502", "IS503", "IS504", "IS505"} else None,
            [
                types.DiagnosticRelatedInformation(self.location(label.span), label.text or "here")
                for label in found.labels[1:]
            ]
            or None,
        )

    def show(self, message: str, *, wrong: bool = False) -> None:
        """Shows a sentence to the author."""
        kind = types.MessageType.Warning if wrong else types.MessageType.Info
        self.window_show_message(types.ShowMessageParams(kind, message))

    # --- places

    def range(self, span: Span) -> types.Range:
        """A stretch of a text as the client counts."""
        return places.range_of(self.session.codec, span)

    def location(self, span: Span) -> types.Location:
        """A stretch of a text with its file."""
        return types.Location(self.session.uri(span.source.path), self.range(span))

    def at(self, params: Any) -> tuple[str, int]:
        """The path and the place that a question is about."""
        uri = params.text_document.uri
        return places.path_of(uri), self.session.offset(uri, params.position)

    def edit(self, changes: Iterable[Change]) -> types.WorkspaceEdit:
        """Changes as the protocol has them, for the versions of the files that they were made for."""
        by_file: dict[str, list[Change]] = {}
        for change in changes:
            by_file.setdefault(change.span.source.path, []).append(change)
        edits = {
            path: [types.TextEdit(self.range(each.span), each.text) for each in some]
            for path, some in by_file.items()
        }
        if not self.can("workspace", "workspace_edit", "document_changes"):
            return types.WorkspaceEdit({self.session.uri(path): some for path, some in edits.items()})
        opened = self.session.workspace.opened
        return types.WorkspaceEdit(
            document_changes=[
                types.TextDocumentEdit(
                    types.OptionalVersionedTextDocumentIdentifier(
                        self.session.uri(path), opened[path].version if path in opened else None
                    ),
                    list(some),
                )
                for path, some in edits.items()
            ]
        )
