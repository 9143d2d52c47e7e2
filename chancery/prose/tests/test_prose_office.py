"""Our Word files as LibreOffice reads them: the same words, the same changes, and the same text once accepted."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from lxml import etree

from chancery.prose.docx.write import write
from chancery.prose.exchange import imported
from chancery.prose.ops import apply
from chancery.prose.proposal import propose

OFFICE = shutil.which("soffice")
needs_office = pytest.mark.skipif(
    OFFICE is None, reason="LibreOffice is not installed: apt install libreoffice-writer-nogui"
)
ODF = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
}
BASE = (
    "# Draft decision\n\n1. Parties **shall** report annually.\n\n    (a) first item\n\n2. The fund is open [now]{EU}.\n\n"
    "| Year | Levy |\n| 2027 | 5 |\n| 2028 | 6 |\n\n3. 各缔约方应当合作。 التعاون\n"
)
WANTED = {
    "Arcadia": BASE.replace("annually", "annually and in full").replace("应当", "可以"),
    "Borduria": BASE.replace("2. The fund is open [now]{EU}.\n\n", "").replace("| 2028 | 6 |\n", ""),
    "Caspia": BASE.replace("    (a) first item\n\n", "    (a) first item\n\n    (b) second item\n\n"),
}


@pytest.fixture(scope="module")
def documents(tmp_path_factory):
    """The draft with three delegations' changes, as Word and as flat ODT and DOCX from LibreOffice."""
    folder = tmp_path_factory.mktemp("office")
    proposals = [
        propose(BASE, text, by=name, id=f"P{n}", published_at="2026-11-24T10:00:00Z").proposal
        for n, (name, text) in enumerate(WANTED.items(), 1)
    ]
    made = write(BASE, proposals)
    assert made.losses == ()
    (folder / "draft.docx").write_bytes(made.data)
    converted(folder, "draft.docx", "fodt")
    (folder / "again").mkdir()
    converted(folder, "draft.docx", "docx", folder / "again")
    return folder


def converted(folder: Path, name: str, form: str, to: Path | None = None) -> None:
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [OFFICE, profile, "--headless", "--convert-to", form, "--outdir", str(to or folder), str(folder / name)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)


@needs_office
def test_libreoffice_sees_every_change_with_its_author_and_date(documents):
    root = etree.parse(documents / "draft.fodt").getroot()
    seen = [
        (
            etree.QName(change[0]).localname,
            change.findtext(".//dc:creator", namespaces=ODF),
            change.findtext(".//dc:date", namespaces=ODF)[:19],
        )
        for change in root.iterfind(".//text:changed-region", ODF)
    ]
    at = "2026-11-24T10:00:00"
    assert set(seen) == {
        ("insertion", "Arcadia", at),
        ("deletion", "Arcadia", at),
        ("deletion", "Borduria", at),
        ("insertion", "Caspia", at),
    }


@needs_office
def test_libreoffice_reads_the_words_of_the_base(documents):
    root = etree.parse(documents / "draft.fodt").getroot()
    words = "".join("".join(found.itertext()) for found in root.iter(f"{{{ODF['text']}}}p", f"{{{ODF['text']}}}h"))
    for said in ("report annually", "(a) first item", "The fund is open [now]{EU}.", "2028", "应当"):
        assert said in words


@needs_office
def test_libreoffice_accept_equals_ours(documents):
    """What LibreOffice wrote again reads as the same base and the same proposals."""
    data = (documents / "again" / "draft.docx").read_bytes()
    found = imported(data, "docx", authors={name: name for name in WANTED})
    assert found.text == BASE
    back = {proposal.by: apply(BASE, proposal.operations(BASE)) for proposal in found.proposals}
    assert back == WANTED
