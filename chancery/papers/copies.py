"""What a reader is handed: the stored bytes, and of a restricted paper a copy with his name on every page."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from chancery import fmt, pdf
from chancery.council import access as council
from chancery.council.models import Person, in_language
from chancery.prose import render, units
from chancery.trail.files import clean_name

from .models import PaperVersion
from .queries.differences import text_of


@dataclass(frozen=True)
class Copy:
    """A file as it is handed out. `marked` where the reader's name stands on it."""

    data: bytes
    name: str
    type: str
    marked: bool


def copy_for(person: Person | None, version: PaperVersion, at: datetime) -> Copy:
    """The copy of a version for a reader; the caller's fetcher has let him see the paper.

    Restricted texts and PDFs are made into a PDF with the reader's name, which takes a moment. Word and CSV files
    cannot be marked and are given as they are; that they were given is logged all the same. Raises pdf.NotBuilt.
    """
    file = version.stored
    markable = file.type in ("text/markdown", "text/plain", "application/pdf")
    if person is None or not version.paper.restricted or not markable:
        return Copy(file.read(), file.name, file.type, False)
    data = _head(version) | {"reader": _reader(person, version, at)}
    if file.type == "application/pdf":
        built = pdf.build("stamped", data | {"pdf": base64.b64encode(file.read()).decode()}, at)
    else:
        built = pdf.build("paper", data | {"texts": [_text(version)]}, at)
    stem = file.name.rpartition(".")[0] or file.name
    return Copy(built, clean_name(f"{stem}.pdf"), "application/pdf", True)


def _reader(person: Person, version: PaperVersion, at: datetime) -> str:
    zone = version.paper.session.zone if version.paper.session else council.council().zone
    moment = f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} {zone}"
    words = gettext("{marking}. Copy for {name}, {moment}")
    return words.format(marking=version.paper.marking, name=person.name, moment=moment)


def _head(version: PaperVersion) -> dict[str, Any]:
    house, paper, language = council.council(), version.paper, version.language
    head = {
        "language": language,
        "council": in_language(house.name, language),
        "symbol": paper.key,
        "title": paper.title_in(language),
        "session": paper.session.title_in(language) if paper.session else "",
    }
    return head | ({"rehearsal": gettext("Rehearsal: an invented session")} if house.rehearsal else {})


def _text(version: PaperVersion) -> dict[str, Any]:
    words = text_of(version.stored)
    if version.stored.type == "text/plain":
        structure = [{"role": "plain", "runs": [{"text": unit.body.replace("\n", " ")}]} for unit in units.units(words)]
    else:
        structure = render.structure(words)
    return {
        "language": version.language,
        "direction": fmt.direction(version.language),
        "sha256": version.sha256,
        "units": structure,
    }
