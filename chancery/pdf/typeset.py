"""Setting a document with typst: templates, fonts and the standards that the file keeps."""

from __future__ import annotations

import base64
import json
from datetime import datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"


def typeset(kind: str, document: dict[str, Any], timestamp: datetime) -> bytes:
    """The PDF of a checked document. Raises ValueError where typst refuses it (a glyph that no font has)."""
    if kind == "stamped":
        from .stamping import stamped

        brought = base64.b64decode(document.pop("pdf"))
        return stamped(brought, _set(kind, document, timestamp))
    return _set(kind, document, timestamp)


def _set(kind: str, document: dict[str, Any], timestamp: datetime) -> bytes:
    import typst

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(HERE / "fonts")])
    try:
        return typst.compile(
            str(TEMPLATES / f"{kind}.typ"),
            root=str(TEMPLATES),
            font_paths=fonts,
            sys_inputs={"document": json.dumps(document, ensure_ascii=False, sort_keys=True)},
            format="pdf",
            pdf_standards=["a-2b", "ua-1"],
            timestamp=timestamp,
        )
    except typst.TypstError as error:
        raise ValueError(f"typst: {error.message}") from error
