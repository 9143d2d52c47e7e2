"""What can be found of a row: titles, the words of its files, who may find it. Learned from its columns alone."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any

from django.db import models

from chancery.prose.docx import read, views
from chancery.prose.errors import BadInput
from chancery.trail.files import File
from chancery.trail.refs import Referable

LONGEST_TEXT = 400_000

# Marks of Markdown, the name before what a block of a press item stands for, and the rules of a table.
_MARKS = re.compile(r"\{source:\d+\}|\{(?:decision|photo):|\]\([^)]*\)|[*_`#>|\[\]{}\\]+|:?-{3,}:?")


def texts(row: Referable) -> dict[str, tuple[str, str]]:
    """Per language a title and the words of the files that the row holds, read as plain text."""
    found: dict[str, list[str]] = defaultdict(list)
    titles = dict(_titles(row))
    for language, (title, words) in row.searchable().items():
        titles.setdefault(language, title)
        found[language].append(words)
    for language, file in _files(row):
        found[language].append(plain(file))
    common = next(iter(titles.values()), "")
    languages = [language for language in {**titles, **found} if titles.get(language) or any(found[language])]
    return {one: (titles.get(one) or common, " ".join(filter(None, found[one]))[:LONGEST_TEXT]) for one in languages}


def _titles(row: Referable) -> Iterator[tuple[str, str]]:
    """Its title per language; what has none is called by its speaker, or not at all."""
    title = getattr(row, "title", None)
    if isinstance(title, dict):
        yield from title.items()
    elif speaker := getattr(row, "speaker", ""):
        yield from ((language, speaker) for language in getattr(row, "text", {}))


def _files(row: Referable) -> Iterator[tuple[str, File]]:
    """The files of every column that holds one per language, and of the newest versions beside the row."""
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if isinstance(value, dict):
            yield from ((language, File(**file)) for language, file in value.items() if _is_file(file))
    versions = getattr(row, "versions", None)
    if isinstance(versions, models.Manager):
        newest = {version.language: version.file for version in versions.all()}
        yield from ((language, File(**file)) for language, file in newest.items())


def _is_file(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"sha256", "name", "type"}


def plain(file: File) -> str:
    """The words of a stored file: Markdown, plain text and DOCX; of a PDF or a picture none."""
    try:
        if file.type.startswith("text/"):
            words = file.text()
        elif file.name.lower().endswith(".docx"):
            words = views.view(read.read(file.read()))
        else:
            return ""
    except (OSError, UnicodeDecodeError, BadInput):
        return ""
    return " ".join(_MARKS.sub(" ", words).split())


def audience(row: Referable) -> str:
    """Who may find the row now: its own audience, never wider than that of what it belongs to."""
    if row.audience != "public":
        return row.audience
    if hasattr(row, "public_from") and getattr(row, "withdrawn_at", None):
        return "press"
    if row.restricted:
        return "council"
    parents = [getattr(row, name) for name in _owners(type(row))]
    return next((narrow for one in parents if one and (narrow := audience(one)) != "public"), "public")


@cache
def _owners(model: type[models.Model]) -> list[str]:
    """The foreign keys of a model to what may be less than public."""
    fields = [
        f for f in model._meta.concrete_fields if isinstance(f, models.ForeignKey) and f.related_model is not model
    ]
    return [field.name for field in fields if _is_narrow(field.related_model)]


def _is_narrow(model: Any) -> bool:
    if not issubclass(model, Referable):
        return False
    own = model.audience is not Referable.audience or model.restricted is not Referable.restricted
    return own or bool(_owners(model))


def public_from(row: Referable) -> datetime | None:
    """The instant from which anybody may find what is released; nothing while it is not, or no longer is."""
    released = getattr(row, "state", "") == "released" and not getattr(row, "withdrawn_at", None)
    return getattr(row, "public_from", None) if released else None


def body_of(row: Referable) -> str:
    """The body a row belongs to, itself or through its item; the council itself is none."""
    organ = getattr(row, "organ", "")
    item = getattr(row, "item", None)
    if organ not in ("", "council"):
        return str(organ)
    return str(getattr(item, "body_id", None) or getattr(row, "body_id", None) or "")
