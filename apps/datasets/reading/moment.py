"""A moment that lasts for several queries."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def one_moment() -> Iterator[None]:
    """Let every query inside see the database as it was at the first: counts, splits and rows then agree."""
    nested = connection.in_atomic_block
    with transaction.atomic():
        if not nested:  # PostgreSQL refuses it after the transaction's first query
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield
