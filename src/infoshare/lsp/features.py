"""The features of the protocol, each a question to the language service.

Everything works in any client: what a lens or an action does is a command that the server carries out.
"""

from __future__ import annotations

import contextlib
import gc
import json
import logging
import os
import sys
from collections.abc import Sequence
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from infoshare import catalogue
from infoshare.codes import CODES
from infoshare.editor import actions, completion, hierarchy, hover, navigation, outline, trying
from infoshare.editor.documents import Declared
from infoshare.editor.navigation import Change, Refusal
from infoshare.explain.aloud import read_aloud
from infoshare.lsp import places
from infoshare.lsp.server import SOURCE, Server
from infoshare.lsp.session import by_path
from infoshare.text import Span

_REQUEST_FAILED = -32803

_COMPLETION_KINDS = {
    "fact": types.CompletionItemKind.Field,
    "value": types.CompletionItemKind.EnumMember,
    "group": types.CompletionItemKind.Class,
    "define": types.CompletionItemKind.Constant,
    "clause": types.CompletionItemKind.Function,
    "source": types.CompletionItemKind.Reference,
    "part": types.CompletionItemKind.Module,
    "word": types.CompletionItemKind.Keyword,
    "snippet": types.CompletionItemKind.Snippet,
    "file": types.CompletionItemKind.File,
}
_AFTER_A_SPACE = {"value", "clause", "source", "group", "part", "file"}
"""What is offered after a space that nobody asked at: names that have to stand there, and not all that could."""
_SYMBOL_KINDS = {
    "policy": types.SymbolKind.Package,
    "file": types.SymbolKind.File,
    "source": types.SymbolKind.Key,
    "group": types.SymbolKind.Class,
    "fact": types.SymbolKind.Field,
    "value": types.SymbolKind.EnumMember,
    "define": types.SymbolKind.Constant,
    "clause": types.SymbolKind.Function,
    "duty": types.SymbolKind.Event,
    "part": types.SymbolKind.Namespace,
    "scenario": types.SymbolKind.Method,
}
# The standard names of what colour themes know.
_TOKENS = {
    "comment": "comment",
    "string": "string",
    "number": "number",
    "keyword": "keyword",
    "fact": "property",
    "group": "class",
    "value": "enumMember",
    "define": "variable",
    "clause": "function",
    "source": "type",
    "part": "namespace",
}
_LEGEND = types.SemanticTokensLegend([_TOKENS[role] for role in outline.ROLES], ["declaration"])

server = Server()


# --- life and texts ------------------------------------------------------------------------------------


@server.feature(types.INITIALIZED)
def initialized(ls: Server, params: types.InitializedParams) -> None:
    """The client is ready: what it sees is looked at."""
    ls.session.codec = ls.workspace.position_codec
    ls.session.within(_folders(ls))
    if ls.can("workspace", "did_change_watched_files", "dynamic_registration"):
        watcher = types.FileSystemWatcher("**/*.policy")
        ls.client_register_capability(
            types.RegistrationParams(
                [
                    types.Registration(
                        "infoshare-files",
                        types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
                        types.DidChangeWatchedFilesRegistrationOptions([watcher]),
                    )
                ]
            )
        )


def _folders(ls: Server) -> list[str]:
    folders = [folder.uri for folder in ls.workspace.folders.values()]
    root = ls.workspace.root_uri
    return folders or ([root] if root else [])


@server.feature(types.SHUTDOWN)
def shut_down(ls: Server, params: None) -> None:
    """Nothing is looked at any more."""
    ls.session.end()


@server.feature(types.TEXT_DOCUMENT_DID_OPEN)
def did_open(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
    """A text is open."""
    document = params.text_document
    ls.session.open(document.uri, document.text, document.version)


@server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
def did_change(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
    """A text is edited."""
    document = params.text_document
    ls.session.change(document.uri, list(params.content_changes), document.version)


@server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
def did_close(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
    """A text is not open any more."""
    ls.session.close(params.text_document.uri)


@server.feature(types.TEXT_DOCUMENT_DID_SAVE)
def did_save(ls: Server, params: types.DidSaveTextDocumentParams) -> None:
    """A text is on the disk now."""
    ls.session.refresh()


@server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
def did_change_files(ls: Server, params: types.DidChangeWatchedFilesParams) -> None:
    """Files of the disk changed."""
    ls.session.refresh()


@server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
def did_change_folders(ls: Server, params: types.DidChangeWorkspaceFoldersParams) -> None:
    """Folders came or went."""
    ls.session.within(_folders(ls))


# --- findings, when they are asked for -------------------------------------------------------------------


@server.feature(
    types.TEXT_DOCUMENT_DIAGNOSTIC,
    types.DiagnosticOptions(inter_file_dependencies=True, workspace_diagnostics=True, identifier=SOURCE),
)
async def diagnostics(
    ls: Server, params: types.DocumentDiagnosticParams
) -> types.RelatedFullDocumentDiagnosticReport:
    """What `check` finds in a file, once it has been looked at as it is."""
    path = places.path_of(params.text_document.uri)
    found = await ls.session.errors_of(path)
    of = by_path(found.check_up.diagnostics)
    return types.RelatedFullDocumentDiagnosticReport([ls.diagnostic(each) for each in of.get(path, ())])


@server.feature(types.WORKSPACE_DIAGNOSTIC)
async def all_diagnostics(
    ls: Server, params: types.WorkspaceDiagnosticParams
) -> types.WorkspaceDiagnosticReport:
    """What `check` finds in every file."""
    known = {each.uri: each.value for each in params.previous_result_ids}
    found = await ls.session.settled()
    of = by_path(found.check_up.diagnostics)
    reports: list[types.WorkspaceDocumentDiagnosticReport] = []
    for path in dict.fromkeys([*of, *found.workspace.paths]):
        uri, opened = ls.session.uri(path), found.workspace.opened.get(path)
        items = [ls.diagnostic(each) for each in of.get(path, ())]
        told = str(hash(tuple((str(i.range), i.code, i.message) for i in items)))
        number = opened.version if opened else None
        if known.get(uri) == told:
            reports.append(types.WorkspaceUnchangedDocumentDiagnosticReport(uri, told, number))
        else:
            reports.append(types.WorkspaceFullDocumentDiagnosticReport(uri, items, number, told))
    return types.WorkspaceDiagnosticReport(reports)


# --- writing -------------------------------------------------------------------------------------------


@server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=[".", '"', " "]))
def complete(ls: Server, params: types.CompletionParams) -> types.CompletionList:
    """What could be written here."""
    path, offset = ls.at(params)
    can = ("text_document", "completion", "completion_item")
    snippets, formats = ls.can(*can, "snippet_support"), ls.asked(*can, "documentation_format")
    items = []
    unasked = params.context is not None and params.context.trigger_character == " "
    for each in completion.completions(ls.session.workspace, path, offset):
        is_snippet = "${" in each.text
        if (is_snippet and not snippets) or (unasked and each.kind not in _AFTER_A_SPACE):
            continue
        items.append(
            types.CompletionItem(
                each.label,
                kind=_COMPLETION_KINDS[each.kind],
                detail=each.detail or None,
                documentation=ls.markup(each.about, formats) if each.about else None,
                sort_text=each.order or None,
                filter_text=each.label,
                insert_text_format=types.InsertTextFormat.Snippet
                if is_snippet
                else types.InsertTextFormat.PlainText,
                text_edit=types.TextEdit(ls.range(each.replaces), each.text),
            )
        )
    return types.CompletionList(is_incomplete=False, items=items)


@server.feature(types.TEXT_DOCUMENT_HOVER)
async def hovered(ls: Server, params: types.HoverParams) -> types.Hover | None:
    """What there is to say of what stands here."""
    path, offset = ls.at(params)
    workspace = ls.session.workspace
    found = await ls.session.run(lambda: hover.hover(workspace, path, offset))
    if found is None:
        return None
    formats = ls.asked("text_document", "hover", "content_format")
    return types.Hover(ls.markup(found.markdown, formats), ls.range(found.span))


@server.feature(types.TEXT_DOCUMENT_FORMATTING)
def formatted(ls: Server, params: types.DocumentFormattingParams) -> list[types.TextEdit] | None:
    """The file laid out; as it is, where it cannot be read."""
    document = ls.session.document(params.text_document.uri)
    changes = outline.laid_out(document) if document else ()
    return [types.TextEdit(ls.range(c.span), c.text) for c in changes if isinstance(c, Change)]


# --- from name to name -----------------------------------------------------------------------------------


@server.feature(types.TEXT_DOCUMENT_DEFINITION)
def defined(ls: Server, params: types.DefinitionParams) -> list[types.Location]:
    """Where it is declared."""
    return [ls.location(span) for span in navigation.definition(ls.session.workspace, *ls.at(params))]


@server.feature(types.TEXT_DOCUMENT_REFERENCES)
def referred(ls: Server, params: types.ReferenceParams) -> list[types.Location]:
    """Where it stands."""
    found = navigation.references(
        ls.session.workspace, *ls.at(params), declaration=params.context.include_declaration
    )
    return [ls.location(span) for span in found]


@server.feature(types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT)
def highlighted(ls: Server, params: types.DocumentHighlightParams) -> list[types.DocumentHighlight]:
    """Where it stands in this file."""
    found = navigation.highlights(ls.session.workspace, *ls.at(params))
    return [types.DocumentHighlight(ls.range(span)) for span in found]


@server.feature(types.TEXT_DOCUMENT_PREPARE_RENAME)
def renameable(ls: Server, params: types.PrepareRenameParams) -> types.Range:
    """The name here, if it may be given another."""
    return ls.range(_or_fail(navigation.renameable(ls.session.workspace, *ls.at(params))))


@server.feature(types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True))
async def renamed(ls: Server, params: types.RenameParams) -> types.WorkspaceEdit:
    """The name given another, in every file."""
    path, offset = ls.at(params)
    workspace, new = ls.session.workspace, params.new_name
    found = await ls.session.run(lambda: navigation.rename(workspace, path, offset, new))
    return ls.edit(_or_fail(found))


def _or_fail(found: Any) -> Any:
    if isinstance(found, Refusal):
        raise JsonRpcException(found.why, _REQUEST_FAILED)
    return found


# --- at a glance -----------------------------------------------------------------------------------------


@server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
def symbols(
    ls: Server, params: types.DocumentSymbolParams
) -> list[types.DocumentSymbol] | list[types.SymbolInformation]:
    """The outline of a file."""
    document = ls.session.document(params.text_document.uri)
    entries = outline.outline(document) if document else ()
    if ls.can("text_document", "document_symbol", "hierarchical_document_symbol_support"):
        return [_symbol(ls, entry) for entry in entries]
    return [
        types.SymbolInformation(ls.location(e.whole), e.label, _SYMBOL_KINDS[e.what])
        for entry in entries
        for e in (entry, *entry.inside)
    ]


def _symbol(ls: Server, entry: outline.Entry) -> types.DocumentSymbol:
    return types.DocumentSymbol(
        entry.label or "…",
        _SYMBOL_KINDS[entry.what],
        ls.range(entry.whole),
        ls.range(entry.name),
        entry.said or None,
        children=[_symbol(ls, each) for each in entry.inside] or None,
    )


@server.feature(types.WORKSPACE_SYMBOL)
def search(ls: Server, params: types.WorkspaceSymbolParams) -> list[types.WorkspaceSymbol]:
    """What is declared anywhere under such a name, or with such words."""
    return [
        types.WorkspaceSymbol(
            ls.location(e.name), e.label, _SYMBOL_KINDS[e.what], container_name=e.said or None
        )
        for e in outline.search(ls.session.workspace, params.query)
    ]


@server.feature(types.TEXT_DOCUMENT_FOLDING_RANGE)
def folded(ls: Server, params: types.FoldingRangeParams) -> list[types.FoldingRange]:
    """What folds."""
    document = ls.session.document(params.text_document.uri)
    return [
        types.FoldingRange(
            each.first - 1, each.last - 1, kind=types.FoldingRangeKind.Comment if each.comment else None
        )
        for each in (outline.folds(document) if document else ())
    ]


@server.feature(types.TEXT_DOCUMENT_DOCUMENT_LINK)
def linked(ls: Server, params: types.DocumentLinkParams) -> list[types.DocumentLink]:
    """What leads elsewhere."""
    document = ls.session.document(params.text_document.uri)
    found = outline.links(ls.session.workspace, document) if document else ()
    return [
        types.DocumentLink(ls.range(each.span), each.address or ls.session.uri(each.path or ""))
        for each in found
    ]


@server.feature(
    types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, types.SemanticTokensRegistrationOptions(legend=_LEGEND)
)
def coloured(ls: Server, params: types.SemanticTokensParams) -> types.SemanticTokens:
    """What every word is."""
    document = ls.session.document(params.text_document.uri)
    if document is None:
        return types.SemanticTokens([])
    scope = ls.session.workspace.scope(document.path)
    data: list[int] = []
    line = column = 0
    for each in outline.colours(document, scope):
        place = ls.range(each.span)
        begin, end = place.start, place.end
        if begin.line != end.line:
            continue
        data += [
            begin.line - line,
            begin.character - (column if begin.line == line else 0),
            end.character - begin.character,
            outline.ROLES.index(each.role),
            int(each.declares),
        ]
        line, column = begin.line, begin.character
    return types.SemanticTokens(data)


# --- what acts on what -----------------------------------------------------------------------------------


@server.feature(types.TEXT_DOCUMENT_PREPARE_CALL_HIERARCHY)
def hierarchy_at(
    ls: Server, params: types.CallHierarchyPrepareParams
) -> list[types.CallHierarchyItem] | None:
    """The clause here."""
    found = hierarchy.clause_at(ls.session.workspace, *ls.at(params))
    return [_item(ls, found)] if found else None


@server.feature(types.CALL_HIERARCHY_OUTGOING_CALLS)
async def acts_on(
    ls: Server, params: types.CallHierarchyOutgoingCallsParams
) -> list[types.CallHierarchyOutgoingCall]:
    """What it prevails over, sets aside or relaxes."""
    workspace, clause = ls.session.workspace, _of_item(ls, params.item)
    found = await ls.session.run(lambda: list(hierarchy.acts_on(workspace, clause)) if clause else [])
    return [
        types.CallHierarchyOutgoingCall(_item(ls, a.clause, a.how), [params.item.selection_range])
        for a in found
    ]


@server.feature(types.CALL_HIERARCHY_INCOMING_CALLS)
async def acted_on_by(
    ls: Server, params: types.CallHierarchyIncomingCallsParams
) -> list[types.CallHierarchyIncomingCall]:
    """What prevails over it, sets it aside or relaxes it."""
    workspace, clause = ls.session.workspace, _of_item(ls, params.item)
    found = await ls.session.run(lambda: list(hierarchy.acted_on_by(workspace, clause)) if clause else [])
    return [
        types.CallHierarchyIncomingCall(_item(ls, a.clause, a.how), [ls.range(a.clause.name)]) for a in found
    ]


def _item(ls: Server, clause: Declared, how: str = "") -> types.CallHierarchyItem:
    said = completion.said_of(clause.node)
    return types.CallHierarchyItem(
        clause.symbol[1],
        types.SymbolKind.Function,
        ls.session.uri(clause.path),
        ls.range(clause.whole),
        ls.range(clause.name),
        detail=f"{how}: {said}" if how else said,
        data={"path": clause.path, "name": clause.symbol[1]},
    )


def _of_item(ls: Server, item: types.CallHierarchyItem) -> Declared | None:
    data = item.data if isinstance(item.data, dict) else {}
    path = str(data.get("path", places.path_of(item.uri)))
    return ls.session.workspace.scope(path).first("provision", str(data.get("name", item.name)))


@server.feature(types.TEXT_DOCUMENT_INLAY_HINT)
async def hints(ls: Server, params: types.InlayHintParams) -> list[types.InlayHint]:
    """What blanket targets cover."""
    uri, workspace = params.text_document.uri, ls.session.workspace
    document = ls.session.document(uri)
    if document is None:
        return []
    start, end = (ls.session.offset(uri, place) for place in (params.range.start, params.range.end))
    within = Span(document.source, start, end)
    found = await ls.session.run(lambda: list(hierarchy.hints(workspace, document, within)))
    return [
        types.InlayHint(
            places.position(ls.session.codec, document.text, each.offset),
            each.text,
            tooltip=types.MarkupContent(types.MarkupKind.Markdown, each.about),
        )
        for each in found
    ]


# --- what can be done ------------------------------------------------------------------------------------


@server.feature(
    types.TEXT_DOCUMENT_CODE_ACTION,
    types.CodeActionOptions([types.CodeActionKind.QuickFix, types.CodeActionKind.SourceFixAll]),
)
async def code_actions(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
    """What can be done about what was found here."""
    uri = params.text_document.uri
    found = await ls.session.errors_of(places.path_of(uri))
    document = found.workspace.document(places.path_of(uri))
    if document is None:
        return []
    start, end = (ls.session.offset(uri, place) for place in (params.range.start, params.range.end))
    span = Span(document.source, start, end)
    only = params.context.only
    result: list[types.CodeAction] = []
    if only is None or any(types.CodeActionKind.QuickFix.value.startswith(kind) for kind in only):
        drafted = await ls.session.tried(lambda: list(actions.actions(found.workspace, found.check_up, span)))
        result += [
            types.CodeAction(
                each.title,
                types.CodeActionKind.QuickFix,
                [ls.diagnostic(each.of)] if each.of else None,
                each.preferred,
                edit=ls.edit(each.changes),
            )
            for each in drafted
        ]
    if only is not None and any(types.CodeActionKind.SourceFixAll.value.startswith(kind) for kind in only):
        changes = await ls.session.run(lambda: actions.all_fixes(found.check_up, document.source))
        if changes:
            result.append(
                types.CodeAction(
                    "Mend all that can be", types.CodeActionKind.SourceFixAll, edit=ls.edit(changes)
                )
            )
    return result


@server.feature(types.TEXT_DOCUMENT_CODE_LENS, types.CodeLensOptions(resolve_provider=False))
async def lenses(ls: Server, params: types.CodeLensParams) -> list[types.CodeLens]:
    """What became of the scenarios, and what they say of each clause."""
    uri, workspace = params.text_document.uri, ls.session.workspace
    document = ls.session.document(uri)
    if document is None:
        return []
    found = await ls.session.tried(lambda: list(trying.lenses(workspace, document)))
    result = []
    for each in found:
        begin = ls.range(each.span).start
        if each.scenario is not None:
            command = types.Command(
                f"run ({each.said})", "infoshare.runScenario", arguments=[uri, each.scenario]
            )
        else:
            shown = [_json(ls.location(span)) for span in each.shows]
            command = types.Command(
                each.said, "infoshare.showScenarios", arguments=[uri, _json(begin), shown]
            )
        result.append(types.CodeLens(types.Range(begin, begin), command))
    return result


def _json(value: Any) -> Any:
    """A value of the protocol as plain JSON data."""
    return json.loads(json.dumps(server.protocol._converter.unstructure(value)))  # noqa: SLF001 - pygls offers no other way


# --- commands --------------------------------------------------------------------------------------------


@server.command("infoshare.runScenario")
async def run_scenario(ls: Server, uri: str, title: str) -> dict[str, Any]:
    """Tries a scenario: the result, and the difference where it fails."""
    return await _run(ls, uri, title)


@server.command("infoshare.runScenarios")
async def run_scenarios(ls: Server, uri: str) -> dict[str, Any]:
    """Tries every scenario of a file."""
    return await _run(ls, uri, None)


async def _run(ls: Server, uri: str, title: str | None) -> dict[str, Any]:
    workspace, path = ls.session.workspace, places.path_of(uri)
    results: Sequence[trying.Tried] = await ls.session.tried(lambda: trying.tried(workspace, path, title))
    failed = [each for each in results if not each.passed]
    if not results:
        said = "nothing was tried: the policy has an error, or there is no such scenario"
    elif failed:
        said = f"{len(failed)} of {len(results)} failed: " + "; ".join(
            f"{f.title}: {f.said}" for f in failed[:3]
        )
    else:
        said = f"{results[0].title}: passes, {results[0].said}" if title else f"all {len(results)} pass"
    ls.show(said, wrong=bool(failed) or not results)
    text = "\n\n".join(f"{each.title}\n{each.difference}" for each in failed)
    if text:
        ls.window_log_message(types.LogMessageParams(types.MessageType.Info, text))
    return {
        "said": said,
        "passed": bool(results) and not failed,
        "scenarios": [
            {"title": each.title, "passed": each.passed, "said": each.said, "difference": each.difference}
            for each in results
        ],
    }


@server.command("infoshare.showScenarios")
def show_scenarios(ls: Server, uri: str, position: Any, locations: list[Any]) -> list[Any]:
    """The places of the scenarios that a clause decides, for clients that do not show them themselves."""
    if not locations:
        ls.show("no scenario is decided by it")
    return locations


@server.command("infoshare.read")
async def read(ls: Server, uri: str) -> str | None:
    """The policy of a file in plain English."""
    workspace, path = ls.session.workspace, places.path_of(uri)
    checked = await ls.session.run(lambda: workspace.checked(path))
    if checked is None:
        ls.show("the policy has an error, and cannot be read out", wrong=True)
        return None
    return await ls.session.run(lambda: read_aloud(checked.model, names=True))


@server.command("infoshare.page")
def page(ls: Server, code: str) -> str | None:
    """The page of a diagnostic code, in Markdown."""
    return catalogue.page(code) if code in CODES else None


@server.command("infoshare.fixAll")
async def fix_all(ls: Server, uri: str) -> int:
    """Makes every fix there is in a file; returns how many places were changed."""
    found = await ls.session.settled()
    document = found.workspace.document(places.path_of(uri))
    changes = actions.all_fixes(found.check_up, document.source) if document else ()
    if changes:
        await ls.workspace_apply_edit_async(types.ApplyWorkspaceEditParams(ls.edit(changes)))
    return len(changes)


def run() -> None:
    """Serves one client on standard input and output, until it goes away."""
    logging.getLogger("pygls").setLevel(logging.ERROR)
    # So that neither what is looked at beside, nor looking for garbage among trees that are kept, holds up a keystroke.
    sys.setswitchinterval(0.001)
    gc.set_threshold(50_000, 20, 50)
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    with contextlib.redirect_stdout(sys.stderr):  # nothing but the protocol is said there
        server.start_io(sys.stdin.buffer, out)
    sys.stderr.flush()
    os._exit(0)  # a proof that has begun is not waited for: nobody is there any more
