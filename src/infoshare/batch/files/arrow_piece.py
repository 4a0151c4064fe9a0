"""A batch of Arrow columns -> a piece of a caseload.

A column of records for a group (`consent`, as nested cases are kept) stands for the facts in it.
Deliberately not here: what stands in the columns (`infoshare.batch`, as for any table).
"""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from infoshare.batch.arrow import is_text
from infoshare.batch.files.heading import Heading
from infoshare.batch.files.piece import Piece
from infoshare.meaning.model import Model


def names_in(schema: "pa.Schema", model: Model) -> list[str]:
    """The names of columns, a column of records for a group being the facts in it."""
    names: list[str] = []
    for field in schema:
        names += (
            [f"{field.name}.{inner.name}" for inner in field.type]
            if _is_group(field, model)
            else [field.name]
        )
    return names


def columns_for(heading: Heading, schema: "pa.Schema") -> list[str]:
    """The columns that are needed, in the order of the file."""
    wanted = {*heading.facts, *heading.carried}
    groups = {name.partition(".")[0] for name in wanted}
    return [
        name
        for name in schema.names
        if name in wanted or (name in groups and pa.types.is_struct(schema.field(name).type))
    ]


def carried_in(heading: Heading, schema: "pa.Schema", model: Model) -> "pa.Schema":
    """The columns that are carried through: words in place of codes for them."""
    fields = dict(_flat_types(schema, model))
    return pa.schema([(name, _plain(fields[name])) for name in heading.carried])


def piece_of(
    batch: "pa.RecordBatch", heading: Heading, carried: "pa.Schema", model: Model, done: int = 0
) -> Piece:
    """The piece that a batch makes.

    Args:
        carried: as `carried_in` gives it.
        done: rows up to the end of this batch.
    """
    columns = _flat(batch, model)
    kept = [columns[field.name].cast(field.type) for field in carried]
    facts = {name: columns[name] for name in heading.facts}
    return Piece(batch.num_rows, facts, pa.table(kept, schema=carried), (), done, done)


def texts_in(heading: Heading, schema: "pa.Schema") -> list[str]:
    """The facts whose columns hold text."""
    return [name for name in heading.facts if name in schema.names and is_text(schema.field(name).type)]


def _is_group(field: "pa.Field[Any]", model: Model) -> bool:
    group = model.groups.get(field.name)
    return group is not None and not group.each and bool(pa.types.is_struct(field.type))


def _flat_types(schema: "pa.Schema", model: Model) -> Sequence[tuple[str, "pa.DataType"]]:
    found: list[tuple[str, pa.DataType]] = []
    for field in schema:
        inner = field.type if _is_group(field, model) else ()
        found += [(f"{field.name}.{each.name}", each.type) for each in inner] or [(field.name, field.type)]
    return found


def _flat(batch: "pa.RecordBatch", model: Model) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field, column in zip(batch.schema, batch.columns, strict=True):
        if _is_group(field, model):
            found |= {f"{field.name}.{i.name}": c for i, c in zip(field.type, column.flatten(), strict=True)}
        else:
            found[field.name] = column
    return found


def _plain(type_: "pa.DataType") -> "pa.DataType":
    return type_.value_type if pa.types.is_dictionary(type_) else type_
