"""Whatever stands in a folder: a message with file and line, never a traceback, never a changed database."""

from __future__ import annotations

import os
import random
import shutil

import pytest

from chancery.play import folder, stage
from chancery.trail.models import Record
from conftest import HARBOUR

HEAD = "- do: session.plan\n  at: 2026-03-02 10:00\n  by: secretary\n"
BAD = {
    "no list": ("do: x\n", 1, "must be a list"),
    "anchor": ("- do: &a x\n  at: 2026-01-01 10:00\n  by: secretary\n", 1, "anchors"),
    "alias bomb": ("- do: x\n  at: &a [1,1,1]\n  by: [*a,*a,*a]\n", 2, "anchors"),
    "tag": ("- do: !!python/object:os.system x\n  at: x\n  by: y\n", 1, "anchors"),
    "doubled key": (HEAD + "  by: clerk\n", 4, "stands twice"),
    "unknown key": (HEAD + "  too: session/8\n", 4, "unknown key 'too'"),
    "merge key": ("- <<: {do: x}\n  do: y\n  at: z\n  by: w\n", 1, "merge keys"),
    "not yaml": ("- do: [\n", 2, "is no YAML"),
    "scalar act": ("- hello\n", 1, "an act is a mapping"),
    "missing at": ("- do: session.plan\n  by: secretary\n", 1, "'at' is missing"),
    "hour that does not exist": ("- do: session.plan\n  at: 2026-09-27 02:30\n  by: secretary\n", 2, "does not exist"),
    "doubled hour": ("- do: session.plan\n  at: 2026-04-05 02:30\n  by: secretary\n", 2, "happens twice"),
    "no time": ("- do: session.plan\n  at: soon\n  by: secretary\n", 2, "is no time"),
    "unknown person": ("- do: session.plan\n  at: 2026-03-02 10:00\n  by: cler\n", 3, "the nearest is person/clerk"),
    "not a mapping": (HEAD + "  with: [1]\n", 4, "unknown key 'with'"),
    "deep": ("- do: " + "[" * 60 + "]" * 60 + "\n  at: x\n  by: y\n", 1, "too deep"),
    "out of the folder": (
        HEAD
        + "- do: session.convene\n  at: 2026-03-20 10:00\n  by: secretary\n  to: session/8\n  with: {notice: {en: ../../conftest.py}}\n",
        8,
        "leads out of the folder",
    ),
    "absolute": (
        HEAD
        + "- do: session.convene\n  at: 2026-03-20 10:00\n  by: secretary\n  to: session/8\n  with: {notice: {en: /etc/passwd}}\n",
        8,
        "leads out of the folder",
    ),
    "wrong type of file": (
        HEAD
        + "- do: session.convene\n  at: 2026-03-20 10:00\n  by: secretary\n  to: session/8\n  with: {notice: {en: keys/nor.head.key}}\n",
        8,
        "is of no type that is kept",
    ),
    "unknown clock act": (
        HEAD + "- do: body.dissolve\n  at: 2026-03-20 10:00\n  by: clock\n  to: body/T1\n",
        4,
        "the clock owes no such act",
    ),
}


@pytest.fixture
def broken(tmp_path):
    made = tmp_path / "broken"
    shutil.copytree(HARBOUR, made)
    return made


def faults(path):
    try:
        stage.play(folder.read(path), lambda played: None)
    except folder.BadFolder as bad:
        return bad.faults
    return []


@pytest.mark.parametrize("name", BAD)
def test_each_kind_of_fault_is_named_with_its_line_and_changes_nothing(name, broken, empty):
    text, line, says = BAD[name]
    (broken / "acts.yaml").write_text(text)
    found = faults(broken)
    assert any(f.file == "acts.yaml" and f.line == line and says in f.says for f in found), [str(f) for f in found]
    assert not Record.objects.exists()


def test_a_symlink_is_not_followed(broken, empty, tmp_path):
    secret = tmp_path / "secret.md"
    secret.write_text("secret")
    (broken / "letters" / "notice.md").unlink()
    os.symlink(secret, broken / "letters" / "notice.md")
    assert any("is a link" in f.says for f in faults(broken))


def test_a_text_of_more_than_ten_megabytes_is_refused(broken, empty):
    (broken / "acts.yaml").write_bytes(b"# " + b"x" * 10 * 1024 * 1024 + b"\n")
    assert any("the limit is" in f.says for f in faults(broken))


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("council.toml", 'zone = "Pacific/Nowhere"', "council.zone"),
        ("council.toml", 'chair = "XXX"', ""),
        ("session.toml", 'zone = "Nowhere"', "zone"),
    ],
)
def test_faults_in_toml_name_the_key(name, text, place, broken, empty):
    lines = (broken / name).read_text()
    key = text.partition(" ")[0]
    if f"\n{key} = " in lines:
        start = lines.index(f"\n{key} = ") + 1
        lines = lines[:start] + text + lines[lines.index("\n", start) :]
    else:
        lines += text + "\n"
    (broken / name).write_text(lines)
    assert any(f.file == name and f.line == place for f in faults(broken))
    assert not Record.objects.exists()


@pytest.mark.parametrize("seed", range(12))
def test_acts_in_any_wrong_order_or_half_lost_never_break_the_house(seed, broken, empty):
    chance = random.Random(seed)
    acts = (broken / "acts.yaml").read_text().split("\n- ")
    chance.shuffle(acts)
    kept = [act.lstrip("- ") for act in acts[: chance.randrange(5, len(acts))]]
    (broken / "acts.yaml").write_text("".join(f"- {act}\n" for act in kept))
    found = faults(broken)
    assert found and all(f.says for f in found)
    assert not Record.objects.exists()
