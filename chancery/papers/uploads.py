"""What may be brought in as a paper: text, PDF, Word. Anything that runs, hides or unpacks without end is refused.

A picture is refused too: it is put into a PDF. So no picture of a stranger is ever decoded here.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

from chancery.prose.errors import BadInput
from chancery.prose.xmlread import parts
from chancery.trail import files, sniff
from chancery.trail.errors import Refused
from chancery.trail.files import File

LARGEST = 20 * 1024 * 1024
LARGEST_TEXT = 2 * 1024 * 1024
MOST_PARTS = 2000
DOCX = sniff.media_type(b"PK\x03\x04", "x.docx")
KEPT = ("text/markdown", "text/plain", "text/csv", "application/pdf", DOCX)

_MARKUP = re.compile(r"\s*(<\?xml|<!doctype|<svg|<html|<script|<!--)", re.IGNORECASE)
_PROGRAM = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|RichMedia|XFA)\b")
_MACRO = re.compile(r"(vbaProject|vbaData|activeX/|embeddings/|\.bin$|\.exe$|\.dll$|\.ole$)", re.IGNORECASE)


class BadUpload(ValueError):
    """Why a file is not taken, in plain words."""


@dataclass(frozen=True)
class Received:
    """What came in: the files that were taken per language, and why the others were not."""

    files: dict[str, File]
    faults: dict[str, str]


def receive(given: Mapping[str, tuple[str, bytes]]) -> Received:
    """Files as a form sends them, per language: name and bytes. All are looked at; every fault is told at once."""
    taken, faults = {}, {}
    for language, (name, data) in given.items():
        try:
            kind = sniff.media_type(data, name)
            check(data, name, kind)
            taken[language] = files.put(data, name)
        except ValueError as error:
            faults[language] = str(error)
    return Received(taken, faults)


def check_files(given: Mapping[str, File]) -> None:
    """The same for files that an act names. Refused by `form` with all faults."""
    faults = []
    for language, file in given.items():
        try:
            check(file.read(), file.name, file.type)
        except BadUpload as error:
            faults.append(f"{language}: {error}")
    if faults:
        raise Refused("form", "; ".join(faults))


def check(data: bytes, name: str, kind: str) -> None:
    """Raises BadUpload, naming the file and what is wrong with it."""
    if kind not in KEPT:
        raise BadUpload(f"{name} is no paper: a paper is Markdown, plain text, CSV, PDF or Word (.docx)")
    if not data.strip():
        raise BadUpload(f"{name} is empty")
    largest = LARGEST_TEXT if kind.startswith("text/") else LARGEST
    if len(data) > largest:
        raise BadUpload(f"{name} has {len(data):,} bytes; the limit is {largest:,}")
    if kind == DOCX:
        _check_word(data, name)
    elif kind == "application/pdf":
        _check_pdf(data, name)
    elif _MARKUP.match(data.decode("utf-8-sig", errors="replace")):
        raise BadUpload(f"{name} holds HTML, SVG or XML under another name")


def _check_pdf(data: bytes, name: str) -> None:
    """A PDF from its first byte to its last, without a program. What is compressed inside is not looked into."""
    _, found, tail = data.rpartition(b"%%EOF")
    if not found or len(tail.strip()) > 0:
        raise BadUpload(f"{name} does not end as a PDF ends; it may hold a second file")
    if program := _PROGRAM.search(data):
        raise BadUpload(f"{name} holds a program or another file ({program[1].decode()}); print it to a new PDF")
    if b"/Encrypt" in data:
        raise BadUpload(f"{name} is locked with a password; send it unlocked")


def _check_word(data: bytes, name: str) -> None:
    """A zip from its first byte to its last that holds a Word document and nothing that runs."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            first = min((member.header_offset for member in archive.infolist()), default=1)
            whole = first == 0 and not archive.comment and data.rfind(b"PK\x05\x06") == len(data) - 22
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise BadUpload(f"{name} is no Word document: {error}") from None
    if not whole:
        raise BadUpload(f"{name} holds a second file before or after the Word document")
    if len(names) > MOST_PARTS or len(set(names)) < len(names):
        raise BadUpload(f"{name} holds too many parts, or one of them twice")
    if program := next((part for part in names if _MACRO.search(part)), ""):
        raise BadUpload(f"{name} holds a macro or another program ({program}); save it without macros")
    _check_parts(data, name)


def _check_parts(data: bytes, name: str) -> None:
    try:
        held = parts(data)
    except BadInput as error:
        raise BadUpload(f"{name}: {error}") from None
    if "word/document.xml" not in held or "[Content_Types].xml" not in held:
        raise BadUpload(f"{name} is no Word document: it holds no text")
    if b"macroenabled" in held["[Content_Types].xml"].lower():
        raise BadUpload(f"{name} is a document with macros; save it without macros")
    outside = [part for part, words in held.items() if part.endswith(".rels") and _reaches_out(words)]
    if outside:
        raise BadUpload(f"{name} fetches a template or an object from elsewhere ({outside[0]}); save a copy without it")


def _reaches_out(relations: bytes) -> bool:
    """Whether a list of relations fetches something; a link that a reader may follow is none."""
    rows = re.findall(rb"<Relationship\b[^>]*>", relations)
    return any(b'"External"' in row and b"/hyperlink" not in row for row in rows)
