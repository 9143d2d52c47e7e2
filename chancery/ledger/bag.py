"""Bags in zip files (BagIt 1.0, RFC 8493): written in one way, read in place, never extracted.

A bag lists every file with its SHA-256, so that whoever opens it in thirty years knows whether it is whole.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from chancery import canon
from chancery.ledger import Malformed, Missing
from chancery.ledger.checkpoint import number

MAX_FILES = 20_000
MAX_BYTES = 2**31
MAX_TAG_BYTES = 2**23
MAX_RATIO = 200
TINY_BYTES = 2**10
KEPT_BYTES = 2**14  # proofs and notes are read more than once, documents are not
_DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_MANIFEST, _TAG_MANIFEST, _INFO = "manifest-sha256.txt", "tagmanifest-sha256.txt", "bag-info.txt"
_TAG_FILES = ("bagit.txt", _INFO, _MANIFEST, _TAG_MANIFEST)
_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")
_LOCAL_HEADER = struct.Struct("<4s5H3L2H")  # APPNOTE.TXT 4.3.7; its last two numbers are lengths
# Control characters, what other systems read as separators, and parts that are empty, dots, or edged with space.
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f\\:]|(?:^|/)(?:\.{0,2}(?:/|$)|\s)|\s(?:/|$)")


def write(name: str, payload: Mapping[str, bytes], info: Mapping[str, str]) -> bytes:
    """A zip file with one bag in the folder `name`; the same input gives the same bytes.

    `payload` maps names under `data/` to bytes, `info` gives lines of `bag-info.txt`. Raises Malformed for a name
    that no reader would accept.
    """
    files = {f"data/{path}": data for path, data in sorted(payload.items())}
    oxum = f"{sum(map(len, files.values()))}.{len(files)}"
    tags = {
        "bagit.txt": _DECLARATION,
        _INFO: "".join(f"{key}: {value}\n" for key, value in {**info, "Payload-Oxum": oxum}.items()).encode(),
        _MANIFEST: _manifest(files),
    }
    tags[_TAG_MANIFEST] = _manifest(tags)
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in {**tags, **files}.items():
            archive.writestr(_zip_info(check_path(f"{name}/{path}"), data), data)
    return sink.getvalue()


@dataclass(frozen=True)
class Bag:
    """An open bag: its payload's names (without `data/`) and digests, and a way to read one file at a time."""

    name: str
    info: Mapping[str, str]
    digests: Mapping[str, str]
    _archive: zipfile.ZipFile
    _kept: dict[str, bytes] = field(default_factory=dict)

    def __iter__(self) -> Iterator[str]:
        return iter(self.digests)

    def __contains__(self, path: str) -> bool:
        return path in self.digests

    def read(self, path: str) -> bytes:
        """The bytes of one payload file. Raises Missing, or Malformed when they are not those that the bag lists."""
        if path not in self.digests:
            raise Missing(f"the bundle has no {path}")
        if path in self._kept:
            return self._kept[path]
        data = _read(self._archive, f"{self.name}/data/{path}")
        if canon.sha256(data) != self.digests[path]:
            raise Malformed(f"{path}: its bytes are not those that the bundle lists")
        if len(data) <= KEPT_BYTES:
            self._kept[path] = data
        return data

    def close(self) -> None:
        """Close the zip file."""
        self._archive.close()


def open(path: Path) -> Bag:
    """Open a bag without extracting anything. Raises Malformed, naming what is wrong, or OSError."""
    size = path.stat().st_size
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, struct.error) as error:
        raise Malformed(f"{path.name} is no zip file") from error
    try:
        return _opened(archive, size)
    except Malformed:
        archive.close()
        raise


def check_path(path: str) -> str:
    """A path that stays inside its folder on every system. Raises Malformed."""
    if _FORBIDDEN.search(path):
        raise Malformed(f"{path[:80]!r} is no name for a file in a bundle")
    return path


def _opened(archive: zipfile.ZipFile, size: int) -> Bag:
    entries = archive.infolist()
    _check_entries(entries, size)
    name = entries[0].filename.partition("/")[0] if entries else ""
    names = {entry.filename for entry in entries}
    if missing := [tag for tag in _TAG_FILES if f"{name}/{tag}" not in names]:
        raise Malformed(f"the bundle has no {missing[0]}")
    if _read(archive, f"{name}/bagit.txt") != _DECLARATION:
        raise Malformed("bagit.txt does not declare BagIt 1.0 in UTF-8")
    payload, tags = _listed(archive, name, _MANIFEST), _listed(archive, name, _TAG_MANIFEST)
    expected = {f"{name}/{path}" for path in (*payload, *tags, _TAG_MANIFEST)}
    if names != expected:
        raise Malformed(f"{min(names ^ expected)} is listed or there, but not both")
    _check_tags(archive, name, tags)
    info = _info(archive, name)
    _check_oxum(info, [entry for entry in entries if entry.filename.removeprefix(f"{name}/") in payload])
    return Bag(name, info, {path.removeprefix("data/"): digest for path, digest in payload.items()}, archive)


def _check_entries(entries: list[zipfile.ZipInfo], size: int) -> None:
    if len(entries) > MAX_FILES:
        raise Malformed(f"a bundle has at most {MAX_FILES} files, this one has {len(entries)}")
    names = [check_path(entry.filename) for entry in entries]
    if len({name.casefold() for name in names}) != len(names):
        raise Malformed("a name stands twice in the bundle")
    if sum(entry.file_size for entry in entries) > MAX_BYTES:
        raise Malformed(f"a bundle holds at most {MAX_BYTES} bytes")
    if sum(entry.compress_size for entry in entries) > size:
        raise Malformed("the files of the bundle lie over each other")
    for entry in entries:
        _check_entry(entry)


def _check_entry(entry: zipfile.ZipInfo) -> None:
    mode = entry.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        raise Malformed(f"{entry.filename} is a link or no file")
    if entry.flag_bits & 1 or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Malformed(f"{entry.filename} is encrypted or packed in a way that is not accepted")
    if entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
        raise Malformed(f"{entry.filename} unpacks to more than {MAX_RATIO} times its size")


def _listed(archive: zipfile.ZipFile, name: str, manifest: str) -> dict[str, str]:
    """The paths and digests of one manifest."""
    listed: dict[str, str] = {}
    is_payload = manifest == _MANIFEST
    for line in _text(archive, f"{name}/{manifest}").splitlines():
        match = _LINE.fullmatch(line)
        if not match or match[2] in listed or match[2].startswith("data/") is not is_payload:
            raise Malformed(f"{manifest} is not written: digest, two spaces, path")
        listed[match[2]] = match[1]
    return listed


def _check_tags(archive: zipfile.ZipFile, name: str, tags: Mapping[str, str]) -> None:
    if set(tags) != set(_TAG_FILES) - {_TAG_MANIFEST}:
        raise Malformed(f"{_TAG_MANIFEST} does not list the bag's own files")
    for path, digest in tags.items():
        if canon.sha256(_read(archive, f"{name}/{path}")) != digest:
            raise Malformed(f"{path}: its bytes are not those that the bundle lists")


def _check_oxum(info: Mapping[str, str], payload: list[zipfile.ZipInfo]) -> None:
    stated, _, count = info.get("Payload-Oxum", "").partition(".")
    if (number(stated), number(count)) != (sum(entry.file_size for entry in payload), len(payload)):
        raise Malformed("the bundle does not hold as many bytes and files as it states")


def _info(archive: zipfile.ZipFile, name: str) -> dict[str, str]:
    pairs = [line.partition(": ") for line in _text(archive, f"{name}/{_INFO}").splitlines()]
    return {key: value for key, _, value in pairs}


def _text(archive: zipfile.ZipFile, path: str) -> str:
    try:
        return _read(archive, path, MAX_TAG_BYTES).decode()
    except UnicodeDecodeError as error:
        raise Malformed(f"{path} is not valid UTF-8") from error


def _read(archive: zipfile.ZipFile, path: str, limit: int = MAX_BYTES) -> bytes:
    """The bytes of one file, straight from its place: a bundle has hundreds of small files."""
    entry = archive.getinfo(path)
    if entry.file_size > limit:
        raise Malformed(f"{path} is longer than {limit} bytes")
    packed = _packed(archive, entry)
    if entry.compress_type == zipfile.ZIP_STORED:
        data, is_whole = packed, True
    else:
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            data = unpacker.decompress(packed, entry.file_size + 1)
        except zlib.error as error:
            raise Malformed(f"{path} cannot be unpacked") from error
        is_whole = unpacker.eof
    if not is_whole or len(data) != entry.file_size:
        raise Malformed(f"{path} does not have the length that it states")
    return data


def _packed(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The bytes after the entry's local header (30 bytes, name, extra field)."""
    file = archive.fp
    if file is None:
        raise ValueError("the bundle is closed")
    file.seek(max(0, entry.header_offset))
    header = file.read(_LOCAL_HEADER.size)
    if len(header) != _LOCAL_HEADER.size or not header.startswith(b"PK\x03\x04"):
        raise Malformed(f"{entry.filename} cannot be unpacked: it does not lie where the zip says")
    name_size, extra_size = _LOCAL_HEADER.unpack(header)[-2:]
    name = file.read(name_size)
    file.seek(extra_size, 1)
    if name != entry.orig_filename.encode():
        raise Malformed(f"{entry.filename} has two names")
    return file.read(entry.compress_size)


def _manifest(files: Mapping[str, bytes]) -> bytes:
    return "".join(f"{canon.sha256(data)}  {path}\n" for path, data in sorted(files.items())).encode()


def _zip_info(path: str, data: bytes) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
    entry.external_attr = (stat.S_IFREG | 0o644) << 16
    # What shrinks too well is stored as it is, or our own reader would take it for a bomb; what is tiny shrinks little.
    is_stored = len(data) < TINY_BYTES or _shrinks_too_well(data)
    entry.compress_type = zipfile.ZIP_STORED if is_stored else zipfile.ZIP_DEFLATED
    return entry


def _shrinks_too_well(data: bytes) -> bool:
    return len(data) > MAX_RATIO * max(len(zlib.compress(data)) - 64, 1)
