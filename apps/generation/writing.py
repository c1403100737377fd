"""Many rows in one statement, as JSON: neither the number of its parameters nor its text grows with them."""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from django.db import connection

from apps.generation.models import Response

MOST_LETTERS = 20_000_000  # in one statement: as JSON a letter takes up to 12 bytes, and PostgreSQL 256 MB


def insert_responses(rows: Iterable[dict[str, Any]], *, same: dict[str, Any]) -> None:
    """New responses: in `same` what is one for all of them, and for the rest the model's own defaults."""
    changing = list(rows)
    if not changing:
        return
    names = tuple(changing[0])
    usual = Response(**same)
    rest = [field for field in Response._meta.concrete_fields if field.attname not in {"id", *names}]
    values = [field.get_db_prep_save(getattr(usual, field.attname), connection) for field in rest]
    types = [field.db_type(connection) for field in rest]
    statement = (
        f"INSERT INTO {_table()} ({_columns((*names, *(field.attname for field in rest)))})"  # noqa: S608
        f" SELECT {_columns(names)}, {', '.join(f'%s::{kind}' for kind in types)} FROM {_recordset(names)}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, _dump(changing)])


def update_responses(responses: Sequence[Response], names: Collection[str]) -> None:
    """Write the fields `names` of rows that are there already.

    Django's `bulk_update` builds a CASE of every value, which costs three milliseconds a row: more than all
    else that a worker does for an answer that a server wrote.
    """
    changes = ", ".join(f"{name} = new.{name}" for name in names)
    statement = f"UPDATE {_table()} old SET {changes} FROM {_recordset(('id', *names))} WHERE old.id = new.id"  # noqa: S608
    with connection.cursor() as cursor:
        for part in _part(responses):
            rows = [{"id": row.pk, **{name: getattr(row, name) for name in names}} for row in part]
            cursor.execute(statement, [_dump(rows)])


def _part(responses: Sequence[Response]) -> Iterator[list[Response]]:
    """Nearly always one part; models that ramble write more than one statement can hold."""
    part: list[Response] = []
    letters = 0
    for row in responses:
        length = len(row.text) + len(row.reasoning)
        if part and letters + length > MOST_LETTERS:
            yield part
            part, letters = [], 0
        part.append(row)
        letters += length
    yield part


def _dump(rows: Sequence[dict[str, Any]]) -> str:
    return json.dumps(rows, default=str)


@cache
def _table() -> str:
    return connection.ops.quote_name(Response._meta.db_table)


@cache
def _columns(names: tuple[str, ...]) -> str:
    return ", ".join(map(connection.ops.quote_name, names))


@cache
def _recordset(names: tuple[str, ...]) -> str:
    """Where the rows are read from, with the columns' own types."""
    fields = {field.attname: field for field in Response._meta.concrete_fields}
    types = (f"{connection.ops.quote_name(name)} {_type(fields[name])}" for name in names)
    return f"jsonb_to_recordset(%s) AS new({', '.join(types)})"


def _type(field: Any) -> str:
    return str(field.db_type(connection))
