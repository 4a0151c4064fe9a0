"""The protocol as the clients of three editors speak it, in every encoding, over texts with emoji and CR LF.

Needs pytest-lsp, which checks every answer against what the client says it can take; `.ci/full` runs it.
"""

import asyncio
import sys
from pathlib import Path

import pytest_lsp
from desk import CASES, POLICY, WORDS
from lsprotocol import types
from pygls.workspace import PositionCodec
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

from infoshare.lsp import places
from infoshare.text import Source, Span

CLIENTS = ["visual-studio-code", "neovim@v0.7.0", "neovim", "emacs"]
# Each client as it is, and every encoding with one of them: what is counted has nothing to do with who counts.
PAIRS = [*((client, "utf-16") for client in CLIENTS), ("neovim", "utf-8"), ("emacs", "utf-32")]
# An emoji before what is asked about, on its own line, and lines that end as on Windows.
WINDOWS = (
    POLICY.replace("consent agreed", 'rule 🚨"\nconsent agreed', 0)
    .replace("  when consent.status is refused", "  when (consent.status is refused) # 🚨 é")
    .replace("\n", "\r\n")
)


@pytest_lsp.fixture(
    config=ClientServerConfig(server_command=[sys.executable, "-m", "infoshare", "lsp"]),
    params=PAIRS,
    ids="-".join,
)
async def client(request, lsp_client: LanguageClient, tmp_path_factory):
    folder = tmp_path_factory.mktemp("policies")
    for name, text in (("words", WORDS), ("local", WINDOWS), ("cases", CASES)):
        (folder / f"{name}.policy").write_bytes(text.encode())
    name, encoding = request.param
    for method in (
        types.CLIENT_REGISTER_CAPABILITY,
        types.WORKSPACE_CODE_LENS_REFRESH,
        types.WORKSPACE_INLAY_HINT_REFRESH,
    ):
        lsp_client.feature(method)(lambda params=None: None)  # noqa: ARG005 - pygls calls it by that name
    capabilities = client_capabilities(name)
    capabilities.general = capabilities.general or types.GeneralClientCapabilities()
    capabilities.general.position_encodings = [types.PositionEncodingKind(encoding)]
    result = await lsp_client.initialize_session(
        types.InitializeParams(
            capabilities=capabilities,
            workspace_folders=[types.WorkspaceFolder(folder.as_uri(), "policies")],
        )
    )
    assert result.capabilities.position_encoding == encoding
    lsp_client.folder, lsp_client.codec = folder, PositionCodec(encoding)
    yield lsp_client
    await lsp_client.shutdown_session()


class Desk:
    """A client at work on one file."""

    def __init__(self, client, name="local"):
        self.client = client
        self.path: Path = client.folder / f"{name}.policy"
        self.uri = self.path.as_uri()
        self.text = self.path.read_bytes().decode()
        self.version = 1
        self.document = types.TextDocumentIdentifier(self.uri)
        client.text_document_did_open(
            types.DidOpenTextDocumentParams(types.TextDocumentItem(self.uri, "policy", 1, self.text))
        )

    def at(self, words):
        before, after = words.split("|")
        return places.position(self.client.codec, self.text, self.text.index(before + after) + len(before))

    def over(self, words):
        start = self.text.index(words)
        return places.range_of(self.client.codec, Span(Source("", self.text), start, start + len(words)))

    def type(self, words, new):
        """Types something in the place of some words."""
        change = types.TextDocumentContentChangePartial(self.over(words), new)
        self.text = self.text.replace(words, new, 1)
        self.version += 1
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(self.version, self.uri), [change]
            )
        )

    async def found(self):
        """What is found in the file as it is, pushed or pulled."""
        text_document = self.client.capabilities.text_document
        if text_document.diagnostic:
            report = await self.client.text_document_diagnostic_async(
                types.DocumentDiagnosticParams(self.document)
            )
            return report.items
        # What is pushed last, once a second has brought nothing new.
        last, same = None, 0
        while same < 10:
            await asyncio.sleep(0.15)
            now = self.client.diagnostics.get(self.uri)
            same = same + 1 if now == last and now is not None else 0
            last = now
        return last

    def after(self, edits):
        """The text after edits."""
        text = self.text
        for edit in sorted(edits, key=lambda e: (e.range.start.line, e.range.start.character), reverse=True):
            start, end = (
                places.offset(self.client.codec, self.text, p) for p in (edit.range.start, edit.range.end)
            )
            text = text[:start] + edit.new_text + text[end:]
        return text


async def test_an_error_is_told_where_it_is_with_its_page_and_mended_by_its_action(client):
    desk = Desk(client)
    desk.type("is refused) #", "is refusd) #")
    (error,) = [each for each in await desk.found() if each.severity == types.DiagnosticSeverity.Error]
    assert (error.code, error.source, error.range) == ("IS301", "infoshare", desk.over("refusd"))
    assert error.code_description.href.endswith("/IS301.md")
    found = await client.text_document_code_action_async(
        types.CodeActionParams(desk.document, error.range, types.CodeActionContext([error]))
    )
    (action,) = [each for each in found if each.title == "Write `refused`"]
    changes = action.edit.document_changes
    edits = changes[0].edits if changes else action.edit.changes[desk.uri]
    assert desk.after(edits) == desk.text.replace("refusd", "refused")


async def test_places_that_belong_to_a_finding_are_told_with_it(client):
    desk = Desk(client)
    desk.type("consent refused ", "consent agreed ")
    (error,) = [each for each in await desk.found() if each.code == "IS206"]
    assert [each.location.uri for each in error.related_information] == [desk.uri]


async def test_a_value_is_completed_after_an_emoji(client):
    desk = Desk(client)
    desk.type("(consent.status is refused) # 🚨 é", '(child.is) # 🚨\r\n  or "🚨" consent.status is r')
    desk.type('(child.is) # 🚨\r\n  or "🚨" ', "not concern.urgent # 🚨\r\n  and ")
    result = await client.text_document_completion_async(
        types.CompletionParams(desk.document, desk.at("\n  and consent.status is r|\r\n"))
    )
    items = result.items
    assert [item.label for item in items][:3] == ["given", "refused", "not_sought"]
    assert items[1].text_edit.new_text == "refused"
    assert (
        places.range_of(client.codec, _span(desk, "\n  and consent.status is ", "r"))
        == items[1].text_edit.range
    )


def _span(desk, before, words):
    start = desk.text.index(before + words) + len(before)
    return Span(Source("", desk.text), start, start + len(words))


async def test_a_fact_is_told_of_and_leads_to_where_it_is_declared(client):
    desk = Desk(client)
    place = desk.at("(consent.sta|tus is refused)")
    hover = await client.text_document_hover_async(types.HoverParams(desk.document, place))
    contents = hover.contents if isinstance(hover.contents, str) else hover.contents.value
    assert "What does the family say?" in contents
    found = await client.text_document_definition_async(types.DefinitionParams(desk.document, place))
    assert [each.uri.rpartition("/")[2] for each in found] == ["words.policy"]


async def test_a_fact_is_renamed_in_every_file(client):
    desk = Desk(client)
    result = await client.text_document_rename_async(
        types.RenameParams(desk.document, desk.at("(consent.sta|tus is refused)"), "state")
    )
    if result.document_changes:
        edits = {each.text_document.uri: each.edits for each in result.document_changes}
    else:
        edits = result.changes
    assert {uri.rpartition("/")[2] for uri in edits} == {"words.policy", "local.policy", "cases.policy"}
    assert desk.after(edits[desk.uri]) == desk.text.replace("consent.status", "consent.state")


async def test_a_file_is_laid_out_with_the_ends_of_lines_that_it_has(client):
    desk = Desk(client)
    desk.type("(consent.status is refused) # 🚨 é", "consent.status is refused")
    desk.type("\r\n  withhold", "    withhold")
    edits = await client.text_document_formatting_async(
        types.DocumentFormattingParams(desk.document, types.FormattingOptions(2, insert_spaces=True))
    )
    assert '"What the family refuses is not shared."\r\n  withhold\r\n' in desk.after(edits)


async def test_everything_else_is_answered(client):
    desk = Desk(client)
    whole = types.Range(types.Position(0, 0), types.Position(999, 0))
    symbols = await client.text_document_document_symbol_async(types.DocumentSymbolParams(desk.document))
    assert "agreed" in {each.name for each in symbols}
    folds = await client.text_document_folding_range_async(types.FoldingRangeParams(desk.document))
    assert folds
    tokens = await client.text_document_semantic_tokens_full_async(types.SemanticTokensParams(desk.document))
    assert len(tokens.data) % 5 == 0 < len(tokens.data)
    links = await client.text_document_document_link_async(types.DocumentLinkParams(desk.document))
    assert len(links) == 2
    hints = await client.text_document_inlay_hint_async(types.InlayHintParams(desk.document, whole))
    assert [each.label for each in hints] == [" = agreed, refused"]
    lenses = await client.text_document_code_lens_async(types.CodeLensParams(desk.document))
    assert any(each.command.title.startswith("decides 1 scenario") for each in lenses)
    (item,) = await client.text_document_prepare_call_hierarchy_async(
        types.CallHierarchyPrepareParams(desk.document, desk.at("override in_dan|ger"))
    )
    over = await client.call_hierarchy_outgoing_calls_async(types.CallHierarchyOutgoingCallsParams(item))
    assert [each.to.name for each in over] == ["agreed", "refused"]
    (item,) = await client.text_document_prepare_call_hierarchy_async(
        types.CallHierarchyPrepareParams(desk.document, desk.at("duty te|ll"))
    )
    by = await client.call_hierarchy_incoming_calls_async(types.CallHierarchyIncomingCallsParams(item))
    assert [each.from_.name for each in by] == ["no_time"]
    found = await client.workspace_symbol_async(types.WorkspaceSymbolParams("harm"))
    assert "harm" in {each.name for each in found}
    marked = await client.text_document_document_highlight_async(
        types.DocumentHighlightParams(desk.document, desk.at("when dang|er"))
    )
    assert len(marked) == 2


async def test_a_scenario_is_run_by_a_command_with_the_difference(client):
    desk = Desk(client, "cases")
    lenses = await client.text_document_code_lens_async(types.CodeLensParams(desk.document))
    commands = [each.command for each in lenses]
    assert [command.command for command in commands] == ["infoshare.runScenario"] * 2
    result = await client.workspace_execute_command_async(
        types.ExecuteCommandParams(commands[1].command, list(commands[1].arguments))
    )
    assert result["passed"] is False
    assert "in_danger" in result["scenarios"][0]["difference"]
    assert any("expected withhold" in each.message for each in client.messages)
