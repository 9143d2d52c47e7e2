"""Django's PostgreSQL with columns of type `json` for its JSONField.

`jsonb` sorts the keys of an object by length. Names of languages, ballots and arguments stand in the order in which
somebody gave them, as on SQLite, and pages and folders show that order. Compared are such values as `jsonb`, since
`json` knows no equality; what else `jsonb` alone can do (`has_key`, containment) is not used.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base, operations
from psycopg.types.json import Json, JsonDumper
from psycopg.types.string import TextLoader


class UntypedDumper(JsonDumper):
    """Leaves it to the server whether a value is stored as `json` or compared as `jsonb`."""

    oid = 0


class DatabaseOperations(operations.DatabaseOperations):
    """Writes JSON as `json`."""

    def adapt_json_value(self, value: Any, encoder: Any) -> Any:
        return Json(value, dumps=operations.get_json_dumps(encoder))

    def lookup_cast(self, lookup_type: str, internal_type: str | None = None) -> str:
        if internal_type == "JSONField" and lookup_type in ("exact", "in"):
            return "(%s)::jsonb"
        return super().lookup_cast(lookup_type, internal_type)


class DatabaseWrapper(base.DatabaseWrapper):
    """The backend that Django finds by the name of this package."""

    data_types = base.DatabaseWrapper.data_types | {"JSONField": "json"}
    ops_class = DatabaseOperations

    def get_new_connection(self, conn_params: Any) -> Any:
        """A connection that leaves reading JSON to the field, as Django does for `jsonb`."""
        connection = super().get_new_connection(conn_params)
        connection.adapters.register_loader("json", TextLoader)
        connection.adapters.register_dumper(Json, UntypedDumper)
        return connection
