"""Empties the database after a test that committed.

Django truncates every table and makes content types and permissions anew, which takes longer than most of the
tests: about 0.25 s for some 60 tables. Here only the few rows go that a test left.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from django.apps import apps
from django.db import OperationalError, connection, transaction
from django.test import TransactionTestCase

# The same after each test; Django would only make them again.
KEPT = frozenset({"django_content_type", "auth_permission"})
FEW = 500
TRIES = 3


def empty_tables(test: TransactionTestCase, truncate: Callable[[TransactionTestCase], None]) -> None:
    """Delete what is there; leave it to `truncate` where a table has many rows."""
    quoted = [connection.ops.quote_name(name) for name in _tables()]
    for _ in range(TRIES - 1):
        with suppress(OperationalError):  # a request that still ran held one table and wanted another
            _empty(test, quoted, truncate)
            return
    _empty(test, quoted, truncate)


def _empty(
    test: TransactionTestCase, quoted: list[str], truncate: Callable[[TransactionTestCase], None]
) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        # As truncating does: wait for whoever still writes.
        cursor.execute(f"LOCK TABLE {', '.join(quoted)} IN ACCESS EXCLUSIVE MODE")
        filled = _ask(cursor, quoted, offset=0)
        many = bool(_ask(cursor, filled, offset=FEW))
        for table in () if many else filled:
            cursor.execute(f"DELETE FROM {table}")
    if many:
        truncate(test)


def _tables() -> list[str]:
    models = apps.get_models(include_auto_created=True)
    return sorted({model._meta.db_table for model in models if model._meta.managed} - KEPT)


def _ask(cursor: Any, tables: Iterable[str], *, offset: int) -> list[str]:
    """Those of the tables that have more rows than `offset`."""
    asked = [f"SELECT '{t}' WHERE EXISTS (SELECT 1 FROM {t} OFFSET {offset})" for t in tables]
    if not asked:
        return []
    cursor.execute(" UNION ALL ".join(asked))
    return [name for (name,) in cursor.fetchall()]
