"""How `sphinx-build docs docs/_build` makes a site of the pages, which are plain Markdown and read as well without it.

Pages are never changed for the site's sake: tables of contents that only it needs, links out of `docs/`, the help of
the commands and the list of what is new are put in while it reads.
"""

import argparse
import os
import re
from importlib.metadata import version as version_of
from pathlib import Path

from sphinx.application import Sphinx

from infoshare.authoring.pygments_lexer import PolicyLexer
from infoshare.cli import parser
from infoshare.codes import CODES

HERE = Path(__file__).parent
ROOT = HERE.parent
# Documents that stand at the top of the repository, and the pages of the site that show them.
TOP = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
    "CHANGELOG.md": "changes.md",
}

os.environ["COLUMNS"] = "100"  # the width of the help of the commands, whatever window this runs in

project = "infoshare"
author = "The infoshare maintainers"
copyright = author  # noqa: A001 - Sphinx reads it under this name
release = version_of("infoshare")
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
language = "en"
suppress_warnings = [
    "misc.highlighting_failure"
]  # some pages show JSON that is broken, which is what they are about
html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_title = f"infoshare {release}"
html_show_sourcelink = False
html_show_copyright = False

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 4
autodoc_typehints = "signature"
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 100
default_role = "code"  # docstrings put code between single backticks
autodoc_member_order = "bysource"
napoleon_use_ivar = True

# What is put at the end of a page: the pages that belong under it.
_UNDER = {
    "how-to/README": ["*"],
    "decisions/README": ["0*"],
    "codes/README": sorted(CODES),
}


def read(_app: Sphinx, page: str, source: list[str]) -> None:
    """What Sphinx reads in place of a page."""
    text, folder = source[0], (HERE / page).parent
    match page:
        case "commands":
            text += _commands()
        case "changes":
            text, folder = _news(), ROOT
        case "contributing" | "security":
            text, folder = (ROOT / f"{page.upper()}.md").read_text("utf-8"), ROOT
    if page in _UNDER:
        names = "\n".join(_UNDER[page])
        text += f"\n```{{toctree}}\n:hidden:\n:glob:\n\n{names}\n```\n"
    home = (HERE / page).parent
    source[0] = re.sub(r"\[([^]]*)\]\(([^):#]+)(#[^)]*)?\)", lambda m: _link(m, folder, home), text)


def _link(found: re.Match[str], folder: Path, home: Path) -> str:
    """A link between pages of the site; one that leads out of it is left as its words."""
    words, path, place = found[1], found[2], found[3] or ""
    target = (folder / path).resolve()
    if not target.exists():
        raise FileNotFoundError(target)
    if target.parent == ROOT and target.name in TOP:
        target = HERE / TOP[target.name]
    if target.is_dir() and (target / "README.md").exists():
        target /= "README.md"
    if not target.is_relative_to(HERE) or target.is_dir():
        return words
    up = Path(*[".."] * len(home.relative_to(HERE).parts))
    return f"[{words}]({(up / target.relative_to(HERE)).as_posix()}{place})"


def _commands() -> str:
    """The help of every command, as it prints it."""
    top = parser()
    (commands,) = (each for each in top._actions if isinstance(each, argparse._SubParsersAction))  # noqa: SLF001 - argparse offers no other way
    summaries = {each.dest: each.help for each in commands._choices_actions}  # noqa: SLF001
    parts = [f"\n```text\n{top.format_help()}```\n"]
    for name, command in commands.choices.items():
        parts.append(
            f"\n## infoshare {name}\n\n{str(summaries[name]).capitalize()}.\n\n```text\n{command.format_help()}```\n"
        )
        for inner in (each for each in command._actions if isinstance(each, argparse._SubParsersAction)):  # noqa: SLF001
            parts += [
                f"\n### infoshare {name} {word}\n\n```text\n{each.format_help()}```\n"
                for word, each in inner.choices.items()
            ]
    return "".join(parts)


def _news() -> str:
    """The changelog, and what is not released yet."""
    parts = [(ROOT / "CHANGELOG.md").read_text("utf-8"), "\n## Not released yet\n"]
    for kind in ("added", "changed", "fixed", "removed", "security"):
        found = sorted((ROOT / "changes").glob(f"*.{kind}.md"))
        if found:
            parts.append(f"\n### {kind.capitalize()}\n\n")
        for path in found:
            text = " ".join(path.read_text("utf-8").split())
            parts.append(f"- {text.replace('](../', '](')}\n")
    return "".join(parts)


def setup(app: Sphinx) -> None:
    """What Sphinx calls."""
    for kind in ("policy", "policy-words", "policy-start"):
        app.add_lexer(kind, PolicyLexer)
    app.connect("source-read", read)
