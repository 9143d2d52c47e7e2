"""Files that are not what they seem are refused in plain words, all at once, and nothing of them is kept."""

from __future__ import annotations

import io
import zipfile

import pytest

from chancery.papers import uploads
from chancery.papers.actions import tabling
from chancery.papers.models import Paper
from chancery.trail import files
from chancery.trail.actor import Actor
from chancery.trail.door import now
from chancery.trail.errors import Refused

TYPES = b'<Types xmlns="x"/>'
BODY = b'<w:document xmlns:w="x"/>'
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def word(*, before: bytes = b"", after: bytes = b"", comment: bytes = b"", **parts: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {"[Content_Types].xml": TYPES, "word/document.xml": BODY, **parts}.items():
            archive.writestr(name, data)
        archive.comment = comment
    return before + held.getvalue() + after


def zipped(names: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in names.items():
            archive.writestr(name, data)
    return held.getvalue()


OUTSIDE = b'<Relationships><Relationship Id="1" Type="x/attachedTemplate" Target="http://a/b" TargetMode="External"/></Relationships>'
LINK = b'<Relationships><Relationship Id="1" Type="x/hyperlink" Target="http://a/b" TargetMode="External"/></Relationships>'

BAD = {
    "svg renamed": ("a.md", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "under another name"),
    "svg with a prologue": ("a.txt", b'\xef\xbb\xbf <?xml version="1.0"?><svg/>', "under another name"),
    "html renamed": ("a.md", b"\n<!DOCTYPE html><script>alert(1)</script>", "under another name"),
    "svg itself": ("a.svg", b"<svg/>", "no type that is kept"),
    "html itself": ("a.html", b"<p>", "no type that is kept"),
    "picture": ("a.png", b"\x89PNG\r\n\x1a\n1234", "is no paper"),
    "program with a text's name": ("a.md", b"MZ\x90\x00\xff", "not UTF-8"),
    "pdf with another ending": ("a.docx", PDF, "does not hold what its ending"),
    "pdf and zip in one": ("a.pdf", PDF + zipped({"x": b"y"}), "may hold a second file"),
    "pdf with a program": (
        "a.pdf",
        PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/JavaScript/JS(x)>>"),
        "a program",
    ),
    "pdf with an attachment": ("a.pdf", PDF.replace(b"/Catalog", b"/EmbeddedFile"), "a program or another file"),
    "locked pdf": ("a.pdf", PDF.replace(b"/Root", b"/Encrypt 2 0 R/Root"), "locked"),
    "word with a macro": ("a.docx", word(**{"word/vbaProject.bin": b"x"}), "holds a macro"),
    "word that says it has macros": (
        "a.docx",
        zipped({"[Content_Types].xml": b"application/vnd.ms-word.document.macroEnabled", "word/document.xml": BODY}),
        "document with macros",
    ),
    "word with an object": ("a.docx", word(**{"word/embeddings/oleObject1.bin": b"x"}), "holds a macro or another"),
    "word that fetches its template": (
        "a.docx",
        word(**{"word/_rels/settings.xml.rels": OUTSIDE}),
        "fetches a template",
    ),
    "word with bytes behind it": ("a.docx", word(after=b"<script>"), "second file"),
    "word with words behind it": ("a.docx", word(comment=b"<script>"), "second file"),
    "a zip that is no word file": ("a.docx", zipped({"x.xml": b"<x/>"}), "holds no text"),
    "zip bomb": ("a.docx", word(**{"word/big.xml": b"0" * 60_000_000}), "too many"),
    "broken zip": ("a.docx", b"PK\x03\x04 broken", "is no Word document"),
    "empty": ("a.md", b" \n", "is empty"),
    "too large": ("a.txt", b"a" * (uploads.LARGEST_TEXT + 1), "the limit is"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_is_refused_in_plain_words(what, empty):
    name, data, says = BAD[what]
    received = uploads.receive({"en": (name, data)})
    assert received.files == {} and says in received.faults["en"]
    assert not list((empty / "files").glob("??/*"))


def test_good_files_are_taken_and_all_faults_are_told_at_once(empty):
    received = uploads.receive(
        {
            "en": ("a.md", b"# Text\n"),
            "fr": ("b.docx", word(**{"word/_rels/document.xml.rels": LINK})),
            "ru": ("c.pdf", PDF),
            "ar": ("d.svg", b"<svg/>"),
            "ky": ("e.md", b"<html>"),
        }
    )
    assert sorted(received.files) == ["en", "fr", "ru"] and sorted(received.faults) == ["ar", "ky"]


def test_the_act_itself_refuses_what_the_form_would(quarry):
    series = Paper.objects.first().series
    bad = files.put(word(**{"word/vbaProject.bin": b"x"}), "a.docx")
    with pytest.raises(Refused, match="en: a.docx holds a macro") as refused:
        tabling.table(series=series, title={"en": "X"}, files={"en": bad}, by=Actor("person/registrar"), at=now())
    assert refused.value.rule == "form"
