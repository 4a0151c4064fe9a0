"""Texts as they are edited: cut, read and looked at as they would be from scratch."""

import random
from pathlib import Path

import pytest
from desk import CASES, POLICY, TODAY, WORDS, desk

from infoshare.cli.check import _check
from infoshare.cli.files import PolicyPath
from infoshare.editor import actions, completion, hierarchy, hover, navigation, outline, trying
from infoshare.editor.documents import Document
from infoshare.syntax.parser import parse
from infoshare.text import Source, Span

SHIPPED = sorted((Path(__file__).parents[2] / "policies").glob("*.policy"))
TYPED = [
    *'"#\n,.()-:;é🚨\r',
    " ",
    "rule ",
    "when ",
    " is ",
    "a",
    "_",
    "9",
    "share\n",
    '"x"',
    "consent.",
    "infoshare 1\n",
]


def edits(text, seed, count):
    """A text again and again, each time a little otherwise: typed, taken away, pasted, half-finished."""
    dice = random.Random(seed)
    for _ in range(count):
        at = dice.randrange(len(text) + 1)
        match dice.randrange(4):
            case 0:
                text = text[:at] + dice.choice(TYPED) + text[at:]
            case 1:
                text = text[:at] + text[min(len(text), at + dice.randrange(1, 9)) :]
            case 2:
                begin = dice.randrange(len(text) + 1)
                text = text[:at] + text[begin : begin + dice.randrange(200)] + text[at:]
            case _:
                text = text[:at] + dice.choice(TYPED) * dice.randrange(1, 4) + text[at:]
        yield text


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_what_is_read_stretch_by_stretch_is_what_is_read_of_the_whole(path):
    text = path.read_text(encoding="utf-8")
    document = Document.of("a", text)
    whole = parse(Source("a", text)).file.declarations
    assert "".join(stretch.text for stretch in document.stretches) == text
    assert [(node, span.start, span.end) for node, span in document.nodes()] == [
        (node, node.span.start, node.span.end) for node in whole
    ]
    for mention, span in document.mentions():
        assert span.text.strip('"').removesuffix("s") in f"{mention.name}"


@pytest.mark.parametrize("seed", range(8))
def test_a_text_edited_again_and_again_is_cut_and_read_as_it_would_be_from_scratch(seed):
    text = [POLICY, WORDS, CASES][seed % 3]
    document = Document.of("a", text)
    for edited in edits(text, seed, 40):
        text, document = edited, Document.of("a", edited, document)
        fresh = Document.of("a", text)
        assert [s.text for s in document.stretches] == [s.text for s in fresh.stretches]
        assert "".join(s.text for s in document.stretches) == text
        assert [(m, s.start, s.end) for m, s in document.mentions()] == [
            (m, s.start, s.end) for m, s in fresh.mentions()
        ]


def test_only_the_stretches_that_an_edit_changed_are_read_again():
    before = Document.of("a", POLICY)
    after = Document.of("a", POLICY.replace("Danger overrides", "Danger always overrides"), before)
    kept = [stretch for stretch in after.stretches if any(stretch is other for other in before.stretches)]
    assert len(kept) == len(after.stretches) - 1


def test_a_line_of_a_text_in_quotation_marks_that_looks_like_a_declaration_begins_none():
    text = 'infoshare 1\n\nrule a "It speaks of\n  facts about nothing\n  at all."\n  share\n'
    assert len(Document.of("a", text).stretches) == 2


def test_a_text_that_is_not_closed_takes_nothing_but_its_own_declaration_along():
    text = POLICY.replace('"Danger overrides a refusal."', '"Danger overrides a refusal.')
    names = [each.symbol[1] for each in Document.of("a", text).declared]
    assert "in_danger" not in names
    assert {"agreed", "refused", "tell", "no_time"} <= set(names)


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_typed_every_question_has_an_answer(seed, tmp_path):
    workspace = desk(tmp_path)
    name = ["local", "cases", "words"][seed % 3]
    path = f"{tmp_path.as_posix()}/{name}.policy"
    text = workspace.document(path).text
    dice = random.Random(seed)
    for edited in edits(text, seed, 12):
        text, workspace = edited, workspace.edited(path, edited)
        document = workspace.document(path)
        for at in (0, len(text), dice.randrange(len(text) + 1), dice.randrange(len(text) + 1)):
            completion.completions(workspace, path, at)
            hover.hover(workspace, path, at)
            navigation.definition(workspace, path, at)
            navigation.references(workspace, path, at)
            navigation.renameable(workspace, path, at)
            found = hierarchy.clause_at(workspace, path, at)
            if found is not None:
                list(hierarchy.acts_on(workspace, found))
        outline.outline(document)
        outline.folds(document)
        outline.laid_out(document)
        everything = Span(document.source, 0, len(text))
        list(outline.links(workspace, document))
        list(outline.colours(document, workspace.scope(path)))
        list(outline.search(workspace, "a"))
        list(hierarchy.hints(workspace, document, everything))
        list(trying.lenses(workspace, document))
        found = workspace.check_up()
        list(actions.actions(workspace, found, everything))
        actions.all_fixes(found, document.source)


# --- what is found -----------------------------------------------------------------------------------


def told(diagnostics):
    return [
        (
            d.code,
            d.message,
            d.help,
            d.blocks,
            [(x.span.source.path, x.span.start, x.span.end, x.text) for x in d.labels],
        )
        for d in diagnostics
    ]


def as_checked(folder):
    """What the command finds of a folder as it lies on the disk."""
    paths = [PolicyPath(str(path), str(folder)) for path in sorted(folder.rglob("*.policy"))]
    return told(_check(paths, None).diagnostics)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_found_while_writing_is_what_check_finds_of_the_same_text(seed, tmp_path, monkeypatch):
    monkeypatch.setattr("infoshare.cli.check.today", lambda: TODAY)
    workspace = desk(tmp_path)
    name = ["local", "cases", "words"][seed % 3]
    path = tmp_path / f"{name}.policy"
    for text in edits(workspace.document(path.as_posix()).text, seed + 100, 8):
        workspace = workspace.edited(path.as_posix(), text)
        found = workspace.check_up()
        path.write_bytes(text.encode())
        assert told(found.diagnostics) == as_checked(tmp_path)
        errors = [d for d in found.diagnostics if d.severity == "error"]
        assert told(workspace.errors()) == told(errors)


def test_a_file_that_is_open_stands_for_itself_in_all_that_use_it(tmp_path, monkeypatch):
    monkeypatch.setattr("infoshare.cli.check.today", lambda: TODAY)
    workspace = desk(tmp_path)
    assert workspace.errors() == ()
    words = f"{tmp_path.as_posix()}/words.policy"
    changed = workspace.edited(words, WORDS.replace("refused", "declined"))
    (error,) = changed.errors()
    assert error.code == "IS301"
    assert error.span.source.path == f"{tmp_path.as_posix()}/local.policy"
    assert changed.closed(words).errors() == ()


def test_a_file_that_changes_on_the_disk_is_read_again(tmp_path):
    workspace = desk(tmp_path)
    (tmp_path / "words.policy").write_text(WORDS.replace("refused", "declined "), encoding="utf-8")
    assert workspace.refreshed().errors() != ()


def test_a_file_that_is_not_on_the_disk_yet_is_looked_at_like_any_other(tmp_path):
    path = f"{tmp_path.as_posix()}/new.policy"
    workspace = desk(tmp_path).edited(
        path, 'infoshare 1\n\nuse "words.policy"\n\nrule a "A."\n  share\n  when x.y\n'
    )
    assert [d.code for d in workspace.errors()] == ["IS201"]
