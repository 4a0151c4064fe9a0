"""Syntax trees of Python -> functions.

The only place where anything is compiled. What is compiled is a tree that this package built from a checked
policy; a policy's own words occur in it as constants only, never as names and never as text to be parsed.
Deliberately not here: what the functions do (`reading_code`, `holding_code`, `lanes_code`).
"""

import ast
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import CodeType, FunctionType
from typing import Any

_PLACED = (ast.expr, ast.stmt, ast.arg, ast.excepthandler)

Expr = ast.expr
Stmt = ast.stmt


def function(
    name: str, parameters: Sequence[str], body: Sequence[Stmt], names: Mapping[str, Any]
) -> Callable[..., Any]:
    """A function of a body.

    Args:
        names: what the body's free names stand for.
    """
    arguments = ast.arguments(
        posonlyargs=[], args=[ast.arg(p) for p in parameters], kwonlyargs=[], kw_defaults=[], defaults=[]
    )
    definition = ast.FunctionDef(name, arguments, list(body), decorator_list=[])
    if hasattr(definition, "type_params"):  # Python 3.12 and later
        definition.type_params = []
    module = ast.Module([definition], type_ignores=[])
    _locate(module)
    code = compile(module, "<policy>", "exec")
    inner = next(const for const in code.co_consts if isinstance(const, CodeType))
    return FunctionType(inner, dict(names))


def _locate(tree: ast.AST) -> None:
    """Gives every node a place, which Python asks for; much quicker than `ast.fix_missing_locations`."""
    pending = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, _PLACED):
            node.lineno, node.col_offset = 1, 0
        for field in node._fields:
            value = getattr(node, field, None)
            if isinstance(value, ast.AST):
                pending.append(value)
            elif isinstance(value, list):
                pending.extend(value)


def name(identifier: str) -> Expr:
    """A name that is read."""
    return ast.Name(identifier, ast.Load())


def const(value: object) -> Expr:
    """A constant."""
    return ast.Constant(value)  # type: ignore[arg-type]


def assign(target: str | Sequence[str], value: Expr) -> Stmt:
    """`target = value`, or several targets unpacked."""
    if isinstance(target, str):
        return ast.Assign([ast.Name(target, ast.Store())], value)
    names: list[Expr] = [ast.Name(each, ast.Store()) for each in target]
    return ast.Assign([ast.Tuple(names, ast.Store())], value)


def set_(of: str, attribute: str, value: Expr) -> Stmt:
    """`of.attribute = value`."""
    return ast.Assign([ast.Attribute(name(of), attribute, ast.Store())], value)


def add(target: str, value: int) -> Stmt:
    """`target += value`."""
    return ast.AugAssign(ast.Name(target, ast.Store()), ast.Add(), const(value))


def mark(target: str, *bits: int) -> Stmt:
    """`target |= 1 << bit`, for each of these bits."""
    return ast.AugAssign(ast.Name(target, ast.Store()), ast.BitOr(), const(sum(1 << bit for bit in bits)))


def when(test: Expr, body: Sequence[Stmt], orelse: Sequence[Stmt] = ()) -> Stmt:
    """`if test: body else: orelse`."""
    return ast.If(test, list(body), list(orelse))


def give(value: Expr) -> Stmt:
    """`return value`."""
    return ast.Return(value)


def refuse() -> Stmt:
    """`return otherwise(facts)`: left to the definition."""
    return ast.Return(call("otherwise", name("facts")))


def call(function: str | Expr, *arguments: Expr) -> Expr:
    """`function(arguments)`."""
    return ast.Call(name(function) if isinstance(function, str) else function, list(arguments), [])


def method(of: Expr, attribute: str) -> Expr:
    """`of.attribute`."""
    return ast.Attribute(of, attribute, ast.Load())


def compare(left: Expr, *rest: tuple[ast.cmpop, Expr]) -> Expr:
    """`left op right op right …`."""
    return ast.Compare(left, [op for op, _ in rest], [right for _, right in rest])


def is_(left: Expr, value: object) -> Expr:
    """`left is value`."""
    return compare(left, (ast.Is(), const(value)))


def is_not(left: Expr, value: object) -> Expr:
    """`left is not value`."""
    return compare(left, (ast.IsNot(), const(value)))


def both(items: Sequence[Expr]) -> Expr:
    """`a and b and …`; True for none."""
    return items[0] if len(items) == 1 else ast.BoolOp(ast.And(), list(items)) if items else const(True)


def either(items: Sequence[Expr]) -> Expr:
    """`a or b or …`; False for none."""
    return items[0] if len(items) == 1 else ast.BoolOp(ast.Or(), list(items)) if items else const(False)


def negated(item: Expr) -> Expr:
    """`not item`."""
    return ast.UnaryOp(ast.Not(), item)


def joined(op: ast.operator, items: Iterable[Expr]) -> Expr:
    """`a op b op …` on whole numbers, as a balanced tree; 0 for none."""
    level = list(items) or [const(0)]
    while len(level) > 1:
        pairs = [level[i : i + 2] for i in range(0, len(level), 2)]
        level = [ast.BinOp(pair[0], op, pair[1]) if len(pair) == 2 else pair[0] for pair in pairs]
    return level[0]


def others(lanes: Expr) -> Expr:
    """`everything ^ lanes`: all lanes but these. Whole numbers below zero would take twice as long."""
    return ast.BinOp(name("everything"), ast.BitXor(), lanes)


def tuple_(items: Sequence[Expr]) -> Expr:
    """`(a, b, …)`."""
    return ast.Tuple(list(items), ast.Load())


def unless_raised(body: Sequence[Stmt], errors: Sequence[str], otherwise: Sequence[Stmt]) -> Stmt:
    """`try: body`, and `otherwise` where it raises one of these errors."""
    handler = ast.ExceptHandler(tuple_([name(error) for error in errors]), None, list(otherwise))
    return ast.Try(list(body), [handler], [], [])
