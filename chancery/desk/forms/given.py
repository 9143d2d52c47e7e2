"""What was typed, chosen and uploaded, by the name of its field; a refused form shows it again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core import signing
from django.http import QueryDict

from chancery.trail import files
from chancery.trail.files import File

SALT = "kept upload"
KEPT = ".kept"
# More rows than any agenda or tariff has; an address that asks for more gets these.
MOST_ROWS = 200


@dataclass
class Given:
    """Values by field name. `files` are those stored already, so that a refused form need not be filled again."""

    values: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)

    def one(self, name: str) -> str:
        return next((value.strip() for value in self.values.get(name, []) if value.strip()), "")

    def many(self, name: str) -> list[str]:
        return [value.strip() for value in self.values.get(name, []) if value.strip()]

    def rows(self, name: str) -> int:
        """How many rows of a repeated group were shown, or what was given needs."""
        heads = [key.split(".")[0] for key in self._under(f"{name}.")]
        numbers = [_number(self.one(f"{name}.rows")), *(_number(head) + 1 for head in heads if head.isdecimal())]
        return min(max(numbers), MOST_ROWS)

    def holds(self, name: str) -> bool:
        """Whether anything was given for a field or inside it."""
        inside = [key for key in (*self.values, *self.files) if key == name or key.startswith(f"{name}.")]
        return any(key in self.files or self.one(key) for key in inside if not key.endswith((".rows", KEPT)))

    def _under(self, prefix: str) -> Iterator[str]:
        return (key.removeprefix(prefix) for key in (*self.values, *self.files) if key.startswith(prefix))


def _number(text: str) -> int:
    return int(text[:6]) if text.isdecimal() else 0


def from_query(query: QueryDict) -> Given:
    """What a link fills in."""
    return Given({key: query.getlist(key) for key in query})


def from_post(post: QueryDict, uploads: Any, person: str) -> Given:
    """What a form sent: uploads are stored at once under their digest. Raises ValueError for a bad file."""
    given = from_query(post)
    for name in [key for key in given.values if key.endswith(KEPT)]:
        if (file := kept(given.one(name), person)) is not None:
            given.files[name.removesuffix(KEPT)] = file
    for name, upload in uploads.items():
        data = upload.read(files.LIMIT + 1)
        if data:
            given.files[name] = files.put(data, upload.name)
    return given


def token(file: File, person: str) -> str:
    """Proof that this person stored this file: the form sends it back in the place of the upload."""
    return signing.dumps([file.sha256, file.name, file.type, person], salt=SALT)


def kept(sent: str, person: str) -> File | None:
    """The file of a proof that `token` gave this person."""
    try:
        sha256, name, kind, owner = signing.loads(sent, salt=SALT, max_age=86_400)
    except (signing.BadSignature, ValueError):
        return None
    return File(sha256, name, kind) if owner == person else None


def flatten(raw: Any, name: str = "") -> Given:
    """Arguments as they would have been typed: what a form begins with."""
    given = Given()
    _flatten(raw, name, given)
    return given


def _flatten(raw: Any, name: str, given: Given) -> None:
    match raw:
        case None:
            return
        case {"sha256": sha256, "name": file_name, "type": kind}:
            given.files[name] = File(sha256, file_name, kind)
        case dict():
            for key, value in raw.items():
                _flatten(value, f"{name}.{key}" if name else str(key), given)
        case list() if raw and isinstance(raw[0], dict):
            for number, value in enumerate(raw):
                _flatten(value, f"{name}.{number}", given)
        case list():
            given.values[name] = [str(value) for value in raw]
        case _:
            given.values[name] = [str(raw).lower() if isinstance(raw, bool) else str(raw)]


def text_file(words: str, name: str) -> File:
    """Words typed into a form as the text file that the act takes."""
    return files.put(words.replace("\r\n", "\n").rstrip().encode() + b"\n", f"{name.replace('.', '-')}.md")
