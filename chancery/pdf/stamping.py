"""Laying a mark over every page of a PDF that somebody brought. Runs in the PDF process only."""

from __future__ import annotations

import io

MOST_PAGES = 2000


def stamped(brought: bytes, mark: bytes) -> bytes:
    """The pages of `brought`, each with the one page of `mark` over it, at its lower edge and as wide as the page.

    Raises ValueError for what is no PDF, is locked or has too many pages. What a PDF carries beside its pages
    (attachments, programs, forms) is left behind.
    """
    from pypdf import PdfReader, PdfWriter, Transformation
    from pypdf.errors import PyPdfError

    try:
        reader, stamp = PdfReader(io.BytesIO(brought)), PdfReader(io.BytesIO(mark)).pages[0]
        if reader.is_encrypted:
            raise ValueError("the PDF is locked with a password")
        if len(reader.pages) > MOST_PAGES:
            raise ValueError(f"the PDF has {len(reader.pages)} pages; the limit is {MOST_PAGES}")
        writer = PdfWriter()
        for page in reader.pages:
            added = writer.add_page(page)
            added.transfer_rotation_to_content()
            box = added.mediabox
            scale = float(box.width) / float(stamp.mediabox.width)
            place = Transformation().scale(scale).translate(float(box.left), float(box.bottom))
            added.merge_transformed_page(stamp, place, over=True)
        out = io.BytesIO()
        writer.write(out)
    except (PyPdfError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"the PDF cannot be read: {error}") from error
    return out.getvalue()
