"""Turns: acts are performed one after another, whichever process performs them.

SQLite gives a turn by itself, since every transaction begins as a writer's. On PostgreSQL an act takes a lock when its
transaction begins and holds it until the commit. So an act is judged by what all acts before it left, two acts never
pass a check together, and the record's ids have no gap and rise in the order of the commits.
"""

from __future__ import annotations

from django.db import connection

# Any number does, as long as nobody else in the database locks under it.
ACTS = 0x43_48_41_4E
HOUSE = 0x43_48_41_4F
MIGRATION = 0x43_48_41_50
WORKER = 0x43_48_41_51


def take() -> None:
    """Wait for the turn and hold it until the running transaction ends."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ACTS])
