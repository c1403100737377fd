"""What PostgreSQL knows about the tables that a benchmark has filled."""

import psycopg
from psycopg import sql

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"


def gather_statistics(database: str) -> None:
    """As autovacuum would have: it leaves empty tables alone, and one analysed while empty is read whole."""
    with psycopg.connect(database, autocommit=True) as connection:
        for (name,) in connection.execute(TABLES).fetchall():
            table = sql.Identifier(name)
            found = connection.execute(sql.SQL("SELECT FROM {} LIMIT 1").format(table))
            if found.rowcount:
                connection.execute(sql.SQL("VACUUM ANALYZE {}").format(table))
