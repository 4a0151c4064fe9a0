"""The hooks for pre-commit: their commands are there, and the page that shows them names each."""

import re
from pathlib import Path

from ruamel.yaml import YAML

from infoshare.cli import main

ROOT = Path(__file__).parent.parent
HOOKS = YAML(typ="safe").load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
PAGE = (ROOT / "docs/how-to/editors-and-hooks.md").read_text(encoding="utf-8")


def test_every_hook_has_what_pre_commit_needs():
    for hook in HOOKS:
        assert {"id", "name", "entry", "language", "files"} <= set(hook)
        assert hook["language"] == "python"
        assert re.search(hook["files"], "policies/cscp.policy")
        assert not re.search(hook["files"], "policies/README.md")


def test_the_command_of_every_hook_passes_on_a_new_policy(tmp_path, monkeypatch, capsys):
    main(["new", str(tmp_path / "ours")])
    monkeypatch.chdir(tmp_path)
    files = [f"ours/{path.name}" for path in sorted((tmp_path / "ours").glob("*.policy"))]
    for hook in HOOKS:
        program, *arguments = hook["entry"].split()
        assert program == "infoshare"
        assert main([*arguments, *files]) == 0, hook["id"]


def test_the_page_names_every_hook():
    ((_, block),) = re.findall(r"^```(yaml)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    (repository,) = YAML(typ="safe").load(block)["repos"]
    assert [hook["id"] for hook in repository["hooks"]] == [hook["id"] for hook in HOOKS]
