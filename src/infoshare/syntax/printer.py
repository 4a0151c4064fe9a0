"""Turns a tree into text, laid out as authors are shown it: two spaces a level, one part a line.

Invariant: parsing the text gives an equal tree, printing that tree gives the same text, and every comment of the
tree is in it once. Deliberately not here: which files may be rewritten, and how a change is shown.
"""

from infoshare.syntax import tree
from infoshare.syntax.comments import placed
from infoshare.syntax.layout import lines_of
from infoshare.syntax.phrases import condition, phrase


def print_file(file: tree.File) -> str:
    """A whole file, with its comments; ends with a line end."""
    return placed(file, [lines_of(declaration) for declaration in file.declarations])


def print_condition(node: tree.Condition) -> str:
    """A condition on one line."""
    return condition(node)


def print_node(node: tree.Node | tree.Provisions) -> str:
    """Any node: a file and a declaration as they are laid out, anything smaller on one line."""
    if isinstance(node, tree.File):
        return print_file(node)
    if isinstance(node, tree.Declaration | tree.FactDecl | tree.Provisions | tree.Expectation):
        return "\n".join(line.rendered() for line in lines_of(node))
    return phrase(node)
