"""Full text in the database: FTS5 on SQLite, a tsvector on PostgreSQL, over the same folded words.

Put in place after every migration, as the triggers of the record are: one that rebuilds a table drops what hangs on it.
"""

from __future__ import annotations

from typing import Any

from django.db import connection, connections
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from .models import Indexed
from .words import Asked

_SQLITE = (
    """CREATE VIRTUAL TABLE IF NOT EXISTS search_words USING fts5(
        title_terms, terms, content='search_indexed', content_rowid='id', prefix='2 3',
        tokenize='unicode61 remove_diacritics 0')""",
    """CREATE TRIGGER IF NOT EXISTS search_indexed_born AFTER INSERT ON search_indexed BEGIN
        INSERT INTO search_words (rowid, title_terms, terms) VALUES (new.id, new.title_terms, new.terms); END""",
    """CREATE TRIGGER IF NOT EXISTS search_indexed_gone AFTER DELETE ON search_indexed BEGIN
        INSERT INTO search_words (search_words, rowid, title_terms, terms)
        VALUES ('delete', old.id, old.title_terms, old.terms); END""",
    """CREATE TRIGGER IF NOT EXISTS search_indexed_new AFTER UPDATE ON search_indexed BEGIN
        INSERT INTO search_words (search_words, rowid, title_terms, terms)
        VALUES ('delete', old.id, old.title_terms, old.terms);
        INSERT INTO search_words (rowid, title_terms, terms) VALUES (new.id, new.title_terms, new.terms); END""",
    "INSERT INTO search_words (search_words) VALUES ('rebuild')",
)
_SQLITE_FIND = "SELECT rowid FROM search_words WHERE search_words MATCH %s"

# The words are cut and folded already, so PostgreSQL's own parser, which takes 51/4 for a path and 1e5 for a number, is
# not asked. A vector holds one megabyte of different words; of a text that has more, only the beginning is found.
_POSTGRES = (
    """CREATE OR REPLACE FUNCTION search_vector(title text, words text) RETURNS tsvector AS $$
    BEGIN RETURN array_to_tsvector(array_remove(string_to_array(title || ' ' || words, ' '), ''));
    EXCEPTION WHEN program_limit_exceeded THEN
        RETURN array_to_tsvector(array_remove(string_to_array(title || ' ' || left(words, 200000), ' '), ''));
    END $$ LANGUAGE plpgsql IMMUTABLE""",
    "CREATE INDEX IF NOT EXISTS search_words ON search_indexed USING gin (search_vector(title_terms, terms))",
)
_POSTGRES_FIND = "SELECT id FROM search_indexed WHERE search_vector(title_terms, terms) @@ CAST(%s AS tsquery)"


def install_after_migration(using: str, **_: Any) -> None:
    """Make what is missing, and fill it from the rows there are."""
    if Indexed._meta.db_table in connections[using].introspection.table_names():
        with connections[using].cursor() as cursor:
            for statement in _POSTGRES if connections[using].vendor == "postgresql" else _SQLITE:
                cursor.execute(statement)


def matching(words: list[Asked]) -> QuerySet[Indexed]:
    """The rows that hold every one of the words, whoever may see them; no words match nothing."""
    if not words:
        return Indexed.objects.none()
    if connection.vendor == "postgresql":
        found = RawSQL(_POSTGRES_FIND, [_tsquery(words)])  # noqa: S611 (the words are a parameter)
    else:
        found = RawSQL(_SQLITE_FIND, [_fts5(words)])  # noqa: S611 (the words are a parameter)
    return Indexed.objects.filter(pk__in=found)


def _fts5(words: list[Asked]) -> str:
    """The question in FTS5's language. Every word is quoted: nothing a reader types is an operator."""
    return " AND ".join(f'("{one.word}"{" *" if one.begins else ""} OR "{one.stem}")' for one in words)


def _tsquery(words: list[Asked]) -> str:
    """The question in PostgreSQL's language; words are letters and digits alone, so quotes cannot be broken."""
    return " & ".join(f"('{one.word}'{':*' if one.begins else ''} | '{one.stem}')" for one in words)
