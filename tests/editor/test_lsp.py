"""The shell around the service: places in every encoding, and a session over standard input and output."""

import asyncio
import sys
from collections import defaultdict

import pytest
from desk import CASES, POLICY, WORDS
from lsprotocol import types
from pygls.lsp.client import LanguageClient
from pygls.workspace import PositionCodec

from infoshare.cli import main
from infoshare.lsp import places
from infoshare.text import Source, Span

ENCODINGS = ["utf-8", "utf-16", "utf-32"]
TEXT = 'rule a "🚨 é"\r\n  share # ✓\rwhen x.y\n\u2028 z'


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_place_is_found_again_whatever_is_counted(encoding):
    codec = PositionCodec(encoding)
    for at in range(len(TEXT) + 1):
        if TEXT[at - 1 : at + 1] == "\r\n":
            continue  # there is no place between the two
        assert places.offset(codec, TEXT, places.position(codec, TEXT, at)) == at


@pytest.mark.parametrize(("encoding", "column"), [("utf-8", 13), ("utf-16", 11), ("utf-32", 10)])
def test_a_column_is_counted_in_the_units_that_were_agreed_on(encoding, column):
    assert places.position(PositionCodec(encoding), TEXT, TEXT.index("é")) == types.Position(0, column)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_lines_end_as_the_protocol_says_and_a_place_beyond_a_line_is_its_end(encoding):
    codec = PositionCodec(encoding)
    assert [places.position(codec, TEXT, TEXT.index(word)).line for word in ("share", "when", "z")] == [
        1,
        2,
        3,
    ]
    assert places.offset(codec, TEXT, types.Position(0, 999)) == TEXT.index("\r\n")
    assert places.offset(codec, TEXT, types.Position(99, 0)) == len(TEXT)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_an_edit_after_an_emoji_changes_what_was_meant(encoding):
    codec = PositionCodec(encoding)
    at = TEXT.index("é")
    change = types.TextDocumentContentChangePartial(
        places.range_of(codec, Span(Source("a", TEXT), at, at + 1)), "e"
    )
    assert places.edited(codec, TEXT, [change]) == TEXT.replace("é", "e")


def test_a_path_and_its_uri_lead_to_one_another():
    assert places.path_of(places.uri_of("/srv/a b/é.policy")) == "/srv/a b/é.policy"
    assert places.path_of("untitled:Untitled-1") == "untitled:Untitled-1"


class Client(LanguageClient):
    """A client that keeps what it is told."""

    def __init__(self):
        super().__init__("test", "1")
        self.published = defaultdict(list)
        self.news = asyncio.Event()

        @self.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def publish(params):
            self.published[params.uri].append(params)
            self.news.set()

        for message in (types.WINDOW_SHOW_MESSAGE, types.WINDOW_LOG_MESSAGE):
            self.feature(message)(lambda params: None)  # noqa: ARG005 - pygls calls it by that name

    async def until(self, uri, wanted):
        """Waits until what is told of a file is as wanted."""
        while not self.published[uri] or not wanted(self.published[uri][-1]):
            self.news.clear()
            await asyncio.wait_for(self.news.wait(), 60)
        return self.published[uri][-1]


async def session(folder, encoding, talk):
    """Talks with a server about a folder."""
    client = Client()
    await client.start_io(sys.executable, "-m", "infoshare", "lsp")
    general = types.GeneralClientCapabilities(position_encodings=[encoding])
    await client.initialize_async(
        types.InitializeParams(
            capabilities=types.ClientCapabilities(general=general),
            workspace_folders=[types.WorkspaceFolder(folder.as_uri(), "policies")],
        )
    )
    client.initialized(types.InitializedParams())
    try:
        await talk(client)
    finally:
        await client.shutdown_async(None)
        client.exit(None)
        await client.stop()


def test_a_session_from_the_first_error_to_a_policy_without_one(tmp_path):
    for name, text in (("words", WORDS), ("local", POLICY), ("cases", CASES)):
        (tmp_path / f"{name}.policy").write_text(text, encoding="utf-8")
    uri = (tmp_path / "local.policy").as_uri()
    wrong = POLICY.replace("is refused", "is refusd").replace("\n", "\r\n")
    codec = PositionCodec("utf-16")
    at = places.position(codec, wrong, wrong.index("refusd"))
    document = types.TextDocumentIdentifier(uri)

    async def talk(client):
        client.text_document_did_open(
            types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "policy", 1, wrong))
        )
        told = await client.until(uri, lambda p: p.diagnostics)
        (error,) = told.diagnostics
        assert (told.version, error.code, error.range.start) == (1, "IS301", at)
        assert error.code_description.href.endswith("IS301.md")
        (action,) = await client.text_document_code_action_async(
            types.CodeActionParams(document, error.range, types.CodeActionContext([error]))
        )
        (edit,) = action.edit.changes[uri]
        assert (action.title, edit.new_text) == ("Write `refused`", "refused")
        client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(2, uri),
                [types.TextDocumentContentChangePartial(edit.range, edit.new_text)],
            )
        )
        told = await client.until(uri, lambda p: p.version == 2)
        assert "IS301" not in {d.code for d in told.diagnostics}
        completed = await client.text_document_completion_async(
            types.CompletionParams(document, types.Position(at.line, at.character))
        )
        assert completed.items[0].label == "given"
        run = await client.workspace_execute_command_async(
            types.ExecuteCommandParams("infoshare.runScenarios", [(tmp_path / "cases.policy").as_uri()])
        )
        assert run["said"].startswith("1 of 2 failed")

    asyncio.run(session(tmp_path, "utf-16", talk))


def test_without_the_extra_the_command_says_how_to_install_it(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "infoshare.lsp.features", None)
    assert main(["lsp"]) == 2
    assert "pip install 'infoshare[lsp]'" in capsys.readouterr().err
