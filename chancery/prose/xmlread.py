"""Reading XML and zip files of strangers: no entities, no network, no bombs."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from .errors import BadInput

if TYPE_CHECKING:
    from lxml.etree import _Element

LARGEST = 50_000_000
RATIO = 100


def root(data: bytes, what: str) -> _Element:
    """The root element of an XML file. Raises BadInput for what is no XML, and for any document type."""
    from lxml import etree

    if len(data) > LARGEST:
        raise BadInput(f"{what} is larger than {LARGEST // 1_000_000} MB")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        found = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise BadInput(f"{what} is no XML: {error}") from None
    if found.getroottree().docinfo.doctype:  # type: ignore[union-attr]
        raise BadInput(f"{what} has a document type, which is not read")
    return found


def parts(data: bytes) -> dict[str, bytes]:
    """The files of a zip archive. Raises BadInput above 50 MB unpacked or a ratio of 100."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            size = sum(member.file_size for member in members)
            if size > LARGEST or size > RATIO * max(len(data), 1):
                raise BadInput(f"the archive unpacks to {size} bytes, which is too many")
            return {member.filename: archive.read(member) for member in members if _is_wanted(member.filename)}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise BadInput(f"no zip archive: {error}") from None
    except Exception as error:
        # A damaged member fails inside zlib or bz2 with errors of their own.
        if type(error).__module__ in ("zlib", "_bz2", "_lzma"):
            raise BadInput(f"no zip archive: {error}") from None
        raise


def _is_wanted(name: str) -> bool:
    return name.endswith((".xml", ".rels"))
