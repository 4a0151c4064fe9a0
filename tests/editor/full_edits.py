"""An hour of an author's edits to the shipped policies: typed, pasted, half-finished, taken back.

The hour is recorded as a seed: the same edits each time. After every edit something is asked at the cursor; again and
again what is found is held against what `check` finds of the same text on the disk. What a keystroke took is printed.
`.ci/full` runs it; INFOSHARE_EDITS says how many edits (3,600, one a second).
"""

import asyncio
import gc
import os
import random
import re
import shutil
import sys
import time
from datetime import date
from pathlib import Path
from typing import ClassVar

from desk import TODAY, desk
from lsprotocol import types
from pygls.workspace import PositionCodec
from test_documents import as_checked, told
from test_lsp import Client

from infoshare.authoring.findings import Checked
from infoshare.cli import check
from infoshare.editor import completion, hover, outline
from infoshare.editor.workspace import Workspace
from infoshare.lsp import places
from infoshare.text import Source, Span

POLICIES = Path(__file__).parents[2] / "policies"
EDITS = int(os.environ.get("INFOSHARE_EDITS", "3600"))
EPISODE, COMPARED = 40, 20
"""Edits before an author goes to another file, and edits between two comparisons."""

WRITTEN = [
    'rule new_rule "What is new 🚨."\n  withhold\n  when consent.status is refused and not child.competent\n  cites protocol "9"\n',
    'exception haste "There is no time."\n  sets aside inform_family\n  when sharing.emergency or telling.delays_protection\n',
    'define told "they know" as any of these\n  - consent.status is one of given, refused\n  - child.competent\n',
    'facts about school "the school"\n  knows "the school knows" : yes or no\n    ask "Does the school know?"\n',
    'scenario "Nobody knows"\n  given\n    consent.status is not_sought\n  then seek consent\n    because of speak_first\n',
    'source act "An Act" by "Parliament" dated 2004-11-15\n',
    "  unless concern.sexual_abuse\n",
    "# allow IS601 legal_bar: the clash is meant\n",
    'use "vocabulary.policy"\n',
    '"', "(", "#", "infoshare 1\n", "\r\n", "é🚨", "value x 3 from 2026-01-01\n",
]  # fmt: skip

# What can stand between two declarations of the desk; `_N` is numbered.
FITTING = [
    'rule new_rule_N "What is new 🚨."\n  withhold\n  when consent.status is refused and not concern.urgent\n  cites handbook "9"\n\n',
    'exception haste_N "There is no time."\n  sets aside tell\n  when concern.harm is at least possible or danger\n\n',
    'define told_N "they know" as any of these\n  - consent.status is one of given, refused\n  - concern.urgent\n\n',
    'facts about school_N "the school"\n  knows "the school_N knows" : yes or no\n    ask "Does the school_N know?"\n\n',
    'rule idle_N "It never holds."\n  share\n  when consent.status is given and consent.status is refused\n\n',
    "# allow IS502 haste: nobody knows\n",
    "\r\n",
]  # fmt: skip


def episode(text, dice):
    """Edits by an author at one file: each where it begins, how much it takes away, and what it puts there."""
    at = text.rfind("\n", 0, dice.randrange(len(text))) + 1
    left: list[str] = []
    for _ in range(EPISODE):
        if not left:
            words = dice.choice(WRITTEN)
            how = dice.randrange(4)
            left = (
                list(words)
                if how < 2
                else [words]
                if how == 2
                else [words[: dice.randrange(1, len(words) + 1)]]
            )
            if dice.random() < 0.3:
                at = text.rfind("\n", 0, dice.randrange(len(text) + 1)) + 1
        if dice.random() < 0.1 and at:
            gone = dice.randrange(1, min(at, 30) + 1)
            yield at - gone, gone, ""
            text, at = text[: at - gone] + text[at:], at - gone
        else:
            new = left.pop(0)
            yield at, 0, new
            text, at = text[:at] + new + text[at:], at + len(new)


def fitting_episode(text, dice):
    """Edits of an author who finishes what was begun: pasted whole, or typed, and taken out again."""
    for number in range(6):
        begins = [m.end() for m in re.finditer(r"\n\r?\n(?=\S)", text)]
        at, words = dice.choice(begins), dice.choice(FITTING).replace("_N", f"_{number}")
        step = len(words) if dice.random() < 0.5 else dice.randrange(15, 60)
        for start in range(0, len(words), step):
            yield at + start, 0, words[start : start + step]
        text = text[:at] + words + text[at:]
        if dice.random() < 0.4:
            yield at, len(words), ""
            text = text[:at] + text[at + len(words) :]


class ReadOnce(check._OnDisk):
    """The disk as the command reads it each time; what is proved of the same bytes is proved once."""

    proved: ClassVar[dict] = {}

    def load(self, path, root):
        result = check.load_result(path, root=root)
        if result.policy is None:
            return result.diagnostics
        key = (path, root, tuple((file.path, file.tree.span.source.text) for file in result.files))
        return self.proved.setdefault(key, Checked.of(result))


def so_far(done, capsys):
    with capsys.disabled():
        print(f"{done} of {EDITS} edits", end="\r", flush=True)


def percentile(times, share):
    return sorted(times)[min(len(times) - 1, int(len(times) * share))] * 1000


def said(what, times):
    print(
        f"{what}: {len(times)} keystrokes, median {percentile(times, 0.5):.1f} ms, "
        f"99th percentile {percentile(times, 0.99):.1f} ms, longest {max(times) * 1000:.1f} ms"
    )


def test_through_an_hour_of_edits_what_is_found_is_what_check_finds(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("infoshare.cli.check.today", lambda: TODAY)
    monkeypatch.setattr("infoshare.cli.check._OnDisk", ReadOnce)
    shutil.copytree(POLICIES, tmp_path, dirs_exist_ok=True)
    workspace = Workspace((tmp_path.as_posix(),), TODAY).refreshed()
    files = sorted(tmp_path.glob("*.policy"))
    dice, done, times, compared = random.Random(29), 0, [], 0
    while done < EDITS:
        path = dice.choice(files)
        name, original = path.as_posix(), path.read_text(encoding="utf-8")
        text = original
        workspace = workspace.edited(name, text)
        for at, gone, new in episode(text, dice):
            begun = time.process_time()
            text = text[:at] + new + text[at + gone :]
            workspace = workspace.edited(name, text)
            completion.completions(workspace, name, at + len(new))
            times.append(time.process_time() - begun)
            hover.hover(workspace, name, at)
            outline.outline(workspace.document(name))
            done += 1
            if done % COMPARED == 0:
                path.write_bytes(text.encode())
                assert told(workspace.check_up().diagnostics) == as_checked(tmp_path), f"after {done} edits"
                compared += 1
        path.write_bytes(original.encode())
        workspace = workspace.closed(name)
        so_far(done, capsys)
    with capsys.disabled():
        said("the shipped policies", times)
        print(f"compared with check {compared} times")


def test_at_each_edit_of_a_small_policy_that_loads_ever_again_what_is_found_is_what_check_finds(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr("infoshare.cli.check.today", lambda: TODAY)
    workspace, dice, done, whole = desk(tmp_path), random.Random(31), 0, 0
    while done < EDITS:
        path = tmp_path / f"{dice.choice(['words', 'local', 'local', 'cases'])}.policy"
        name, original = path.as_posix(), path.read_bytes().decode()
        text = original
        for at, gone, new in fitting_episode(text, dice):
            text = text[:at] + new + text[at + gone :]
            workspace = workspace.edited(name, text)
            path.write_bytes(text.encode())
            found = workspace.check_up()
            assert told(found.diagnostics) == as_checked(tmp_path), f"after {done} edits"
            done, whole = done + 1, whole + all(d.severity == "warning" for d in found.diagnostics)
        path.write_bytes(original.encode())
        workspace = workspace.edited(name, original)
        so_far(done, capsys)
    with capsys.disabled():
        print(f"the desk: {done} edits compared with check, {whole} of them without an error")
    assert whole > done // 4


def thousand():
    """A policy of a thousand clauses."""
    facts = [
        f'facts about g{g} "group {g}"\n' + "".join(f'  f{i} "fact {i}" : yes or no\n' for i in range(10))
        for g in range(20)
    ]
    clauses = [
        f'rule r{i} "Rule {i} says what is to be done."\n  share\n  when g{i % 20}.f{i % 10} and not g{i * 7 % 20}.f{i * 3 % 10}\n  cites s "{i}"\n'
        for i in range(1000)
    ]
    return "\n".join(['infoshare 1\n\npolicy big "Big" from 2026-01-01\n\nsource s "S"\n', *facts, *clauses])


def test_a_keystroke_in_a_thousand_clauses_is_told(tmp_path, capsys):
    name, text = f"{tmp_path.as_posix()}/big.policy", thousand()
    gc.collect()
    gc.freeze()  # what pytest keeps is none of the editor's
    workspace = Workspace((tmp_path.as_posix(),), TODAY).edited(name, text)
    completion.completions(workspace, name, 0)
    at = text.index("when g", len(text) // 2)
    times = []
    for character in "when g1.f2 and not g3.f4 or (g5.f6 and \n" * 5:
        begun = time.process_time()
        text = text[:at] + character + text[at:]
        at += 1
        workspace = workspace.edited(name, text)
        completion.completions(workspace, name, at)
        times.append(time.process_time() - begun)
    with capsys.disabled():
        said("a thousand clauses", times)


def test_what_a_client_was_told_last_is_what_check_finds_and_nothing_stale_stays(tmp_path, monkeypatch):
    monkeypatch.setattr("infoshare.cli.check.today", date.today)
    for name in ("cscp", "cscp-scenarios", "vocabulary"):
        shutil.copy(POLICIES / f"{name}.policy", tmp_path)
    path = tmp_path / "cscp.policy"
    original = path.read_text(encoding="utf-8")
    dice, codec = random.Random(5), PositionCodec("utf-16")

    async def talk():
        client = Client()
        await client.start_io(sys.executable, "-m", "infoshare", "lsp")
        await client.initialize_async(
            types.InitializeParams(
                capabilities=types.ClientCapabilities(),
                workspace_folders=[types.WorkspaceFolder(tmp_path.as_uri(), "policies")],
            )
        )
        client.initialized(types.InitializedParams())
        text, version, uri = original, 1, path.as_uri()
        document = types.TextDocumentItem(uri, "policy", 1, text)
        client.text_document_did_open(types.DidOpenTextDocumentParams(document))
        for _ in range(5):
            for at, gone, new in list(episode(text, dice)):
                span = Span(Source("", text), at, at + gone)
                version += 1
                client.text_document_did_change(
                    types.DidChangeTextDocumentParams(
                        types.VersionedTextDocumentIdentifier(version, uri),
                        [types.TextDocumentContentChangePartial(places.range_of(codec, span), new)],
                    )
                )
                text = text[:at] + new + text[at + gone :]
                await asyncio.sleep(dice.choice([0, 0, 0.01, 0.08, 0.3]))
            report = await client.text_document_diagnostic_async(
                types.DocumentDiagnosticParams(types.TextDocumentIdentifier(uri))
            )
            await asyncio.sleep(0.2)
            path.write_bytes(text.encode())
            wanted = sorted(
                (code, places.range_of(codec, Span(Source("", text), *labels[0][1:3])).start.line)
                for code, _, _, _, labels in as_checked(tmp_path)
                if labels and labels[0][0] == path.as_posix()
            )
            path.write_bytes(original.encode())
            assert sorted((d.code, d.range.start.line) for d in report.items) == wanted
            shown = client.published[uri][-1]
            assert shown.version == version
            assert sorted((d.code, d.range.start.line) for d in shown.diagnostics) == wanted
        await client.shutdown_async(None)
        client.exit(None)
        await client.stop()

    asyncio.run(talk())
