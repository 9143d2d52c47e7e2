"""Rows that never change: a trigger for each model marked `never_changes`, on every database.

Not in a migration: one that rebuilds a SQLite table drops its triggers silently, so they are put back after
every migration.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connections

_SQLITE = """CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} never changes'); END"""

_POSTGRES_FUNCTION = """CREATE OR REPLACE FUNCTION product_never_changes() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION '% never changes', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END
$$ LANGUAGE plpgsql"""

_POSTGRES = """CREATE OR REPLACE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
FOR EACH {each} EXECUTE FUNCTION product_never_changes()"""


def protected_tables() -> list[str]:
    """The tables of all models whose rows never change after birth."""
    return sorted(m._meta.db_table for m in apps.get_models() if getattr(m, "never_changes", False))


def install(using: str = "default") -> None:
    with connections[using].cursor() as cursor:
        for statement in statements(connections[using].vendor):
            cursor.execute(statement)


def lift(using: str = "default") -> None:
    """Take the triggers away, so that a test database can be flushed."""
    with connections[using].cursor() as cursor:
        for table in protected_tables():
            for verb in _verbs(connections[using].vendor):
                on = f" ON {table}" if connections[using].vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}{on}")


def statements(vendor: str) -> list[str]:
    first, shape = ([_POSTGRES_FUNCTION], _POSTGRES) if vendor == "postgresql" else ([], _SQLITE)
    return first + [
        shape.format(table=table, verb=verb, each="STATEMENT" if verb == "truncate" else "ROW")
        for table in protected_tables()
        for verb in _verbs(vendor)
    ]


def _verbs(vendor: str) -> tuple[str, ...]:
    return ("update", "delete", "truncate") if vendor == "postgresql" else ("update", "delete")


def install_after_migration(using: str, plan: Any = (), **_: Any) -> None:
    connection = connections[using]
    if set(protected_tables()) <= set(connection.introspection.table_names()):
        install(using)
