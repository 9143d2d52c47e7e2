"""Tagged PDF/A-2b and PDF/UA-1 from structured data, made by a short-lived process.

`build` hands a document as JSON to `python -m chancery.pdf` and gives back the file. The same document
and timestamp give the same bytes in every process, zone and locale. Text reaches typst as data and
never as markup.
"""

from chancery.pdf.process import KINDS, NotBuilt, build

__all__ = ["KINDS", "NotBuilt", "build"]
