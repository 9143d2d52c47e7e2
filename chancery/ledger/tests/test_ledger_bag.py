"""Bags are never extracted: bombs, paths, links, doubled, overlapping and spoiled files are refused and named."""

from __future__ import annotations

import copy
import io
import stat
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chancery.ledger import Malformed, Refused, bag, bundle, unbundle
from chancery.ledger.tests.council import PDF
from chancery.ledger.tests.test_ledger_bundle import says, whole_contents
from chancery.ledger.verify import Demand


def tampered(tmp_path: Path, change: Callable[[dict[str, tuple[zipfile.ZipInfo, bytes]]], None]) -> Path:
    """A bundle whose zip file was changed after it was written."""
    source = zipfile.ZipFile(io.BytesIO(bundle.pack("d", "t", whole_contents())))
    files = {info.filename: (info, source.read(info)) for info in source.infolist()}
    change(files)
    path = tmp_path / "bundle.zip"
    with zipfile.ZipFile(path, "w") as target:
        for info, data in files.values():
            target.writestr(info, data)
    return path


def plant(name: str, data: bytes = b"x", mode: int = stat.S_IFREG | 0o644) -> Callable:
    def change(files: dict) -> None:
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        info.compress_type = zipfile.ZIP_DEFLATED
        files[f"planted {name}"] = (info, data)

    return change


def replace(name: str, data: bytes) -> Callable:
    def change(files: dict) -> None:
        files[name][0].compress_type = zipfile.ZIP_DEFLATED
        files[name] = (files[name][0], data)

    return change


def flip(name: str) -> Callable:
    def change(files: dict) -> None:
        files[name] = (files[name][0], files[name][1].replace(b"U", b"V", 1))

    return change


BOMB = bytes(10**7)
TAMPERED: Mapping[str, tuple[Callable, str]] = {
    "a path out of the folder": (plant("d/../../evil"), "no name for a file"),
    "an absolute path": (plant("/etc/passwd"), "no name for a file"),
    "a Windows path": (plant("d\\evil"), "no name for a file"),
    "a drive": (plant("C:/evil"), "no name for a file"),
    "an empty part": (plant("d//evil"), "no name for a file"),
    "a link": (plant("d/data/link", b"/etc/passwd", stat.S_IFLNK | 0o777), "link"),
    "a device": (plant("d/data/device", b"", stat.S_IFCHR | 0o600), "link or no file"),
    "a bomb": (plant("d/data/bomb", BOMB), "times its size"),
    "a bomb for its name": (replace("d/data/base.pdf", BOMB), "base.pdf"),
    "an unlisted file": (plant("d/data/more.pdf"), "more.pdf"),
    "another folder": (plant("e/data/more.pdf"), "more.pdf"),
    "a name in other letters": (plant("d/DATA/base.pdf"), "twice"),
    "a changed file": (replace("d/data/base.pdf", PDF[:-1] + b"!"), "base.pdf"),
    "a changed file that no act names": (replace("d/data/README.txt", b"x" * 1000), "bytes"),
    "a changed file of the same length": (flip("d/data/README.txt"), "README.txt"),
    "a longer file": (replace("d/data/base.pdf", PDF + b"!"), "bytes"),
    "a changed manifest": (replace("d/manifest-sha256.txt", b"x\n"), "manifest"),
    "another kind of bag": (replace("d/bagit.txt", b"BagIt-Version: 2.0\n"), "bagit.txt"),
    "a file left out": (lambda files: files.__delitem__("d/data/base.pdf"), "base.pdf"),
    "no declaration": (lambda files: files.__delitem__("d/bagit.txt"), "bagit.txt"),
    "changed tags": (replace("d/bag-info.txt", b"Payload-Oxum: 1.1\n"), "bag-info.txt"),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_a_tampered_zip_is_refused_and_named(tmp_path: Path, how: str) -> None:
    change, named = TAMPERED[how]
    verdict = unbundle.verify_bundle(tampered(tmp_path, change), Demand())
    assert says(verdict.refused, named), verdict.refused
    assert sorted(each.name for each in tmp_path.iterdir()) == ["bundle.zip"]


def test_files_that_lie_over_each_other_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("d/data/0", bytes(range(256)) * 4)
        for number in range(1, 20):
            twin = copy.copy(archive.filelist[0])
            twin.filename = f"d/data/{number}"
            archive.filelist.append(twin)
    assert says(unbundle.verify_bundle(path, Demand()).refused, "over each other")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_doubled_name_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(bundle.pack("d", "t", whole_contents()))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("d/data/base.pdf", b"another")
    assert says(unbundle.verify_bundle(path, Demand()).refused, "twice")


@pytest.mark.parametrize("data", [b"", b"PK", b"no zip at all", bytes(1000)])
def test_what_is_no_zip_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(data)
    assert says(unbundle.verify_bundle(path, Demand()).refused, "bundle.zip")


WHOLE = bundle.pack("d", "t", whole_contents())


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_no_changed_byte_of_a_zip_ends_in_anything_but_a_verdict(
    tmp_path_factory: pytest.TempPathFactory, at: int, change: int
) -> None:
    spoiled = bytearray(WHOLE)
    spoiled[at] ^= change
    path = tmp_path_factory.mktemp("zip") / "bundle.zip"
    path.write_bytes(bytes(spoiled))
    unbundle.verify_bundle(path, Demand())


@given(st.dictionaries(st.text("abc./", min_size=1, max_size=8), st.binary(max_size=300), max_size=5))
def test_bags_round_trip_or_refuse_their_names(tmp_path_factory: pytest.TempPathFactory, payload: dict) -> None:
    try:
        data = bag.write("name", payload, {"Key": "value"})
    except Malformed:
        return
    path = tmp_path_factory.mktemp("bag") / "bag.zip"
    path.write_bytes(data)
    try:
        opened = bag.open(path)
    except Refused as refused:
        assert "twice" in str(refused)
        return
    assert {name: opened.read(name) for name in opened} == payload
    assert opened.info["Key"] == "value"
    opened.close()
