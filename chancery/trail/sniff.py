"""Which types of file Chancery keeps: an allow-list, decided by the bytes and the ending together."""

from __future__ import annotations

TEXT_TYPES = {
    "md": "text/markdown",
    "txt": "text/plain",
    "vkey": "text/plain",
    "note": "text/plain",
    "toml": "application/toml",
    "json": "application/json",
    "xml": "application/xml",
    "csv": "text/csv",
}
BINARY_TYPES = {
    "pdf": ("application/pdf", b"%PDF-"),
    "png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    "jpg": ("image/jpeg", b"\xff\xd8\xff"),
    "jpeg": ("image/jpeg", b"\xff\xd8\xff"),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK\x03\x04"),
}


def media_type(data: bytes, name: str) -> str:
    """The type of a file. Raises ValueError where ending and bytes disagree or the type is not kept."""
    ending = name.rpartition(".")[2].lower()
    if ending in BINARY_TYPES:
        kind, start = BINARY_TYPES[ending]
        if not data.startswith(start):
            raise ValueError(f"{name} does not hold what its ending .{ending} says")
        return kind
    if ending in TEXT_TYPES:
        _check_text(data, name)
        return TEXT_TYPES[ending]
    known = ", ".join(sorted(TEXT_TYPES | BINARY_TYPES))
    raise ValueError(f"{name} is of no type that is kept here ({known})")


def _check_text(data: bytes, name: str) -> None:
    if name.lower().endswith(".xml"):
        return  # XML names its own encoding; its parser decides.
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise ValueError(f"{name} is not UTF-8 text (byte {error.start})") from error
    if "\x00" in text:
        raise ValueError(f"{name} holds a NUL byte")
