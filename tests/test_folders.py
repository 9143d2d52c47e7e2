"""Session folders: the councils play, come out as folders, and play again to the same bytes."""

from __future__ import annotations

import filecmp
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.core.management import call_command

from chancery.play import export, folder, stage
from chancery.trail import door
from chancery.trail.models import Record
from conftest import DEMO, FOLDERS, HARBOUR, opened, play
from tests import databases


def same(left: Path, right: Path) -> list[str]:
    """The files in which two folders differ, or that only one has."""
    compared = filecmp.dircmp(left, right)
    names = compared.left_only + compared.right_only
    _, differ, wrong = filecmp.cmpfiles(left, right, compared.common_files, shallow=False)
    inner = [name for sub in compared.common_dirs for name in same(left / sub, right / sub)]
    return names + differ + wrong + inner


def fresh(path: Path) -> Path:
    path.mkdir()
    with opened(path):
        call_command("migrate", verbosity=0)
    return path


def products(number: str = "") -> dict[str, tuple[str, str]]:
    """What came of every act: reference -> act and status; with a number, of the acts that name no other session."""
    done = Record.objects.exclude(result="").filter(outcome="done")
    return {r.result: (r.act, r.status) for r in done if not number or r.session in ("", number)}


@pytest.mark.parametrize("name", FOLDERS)
def test_an_exported_session_plays_again_and_exports_to_the_same_bytes(name, request, tmp_path):
    request.getfixturevalue(name)
    number = str(tomllib.loads((FOLDERS[name] / "session.toml").read_text())["number"])
    export.write(number, tmp_path / "first")
    before = products(number)
    with opened(fresh(tmp_path / "again")):
        play(tmp_path / "first")
        export.write(number, tmp_path / "second")
        assert products() == before
    assert same(tmp_path / "first", tmp_path / "second") == []


def test_a_second_session_of_the_same_council_is_exported_alone(harbour, tmp_path):
    following = second_session(tmp_path)
    play(following)
    export.write("9", tmp_path / "first")
    with opened(fresh(tmp_path / "again")):
        play(tmp_path / "first")
        export.write("9", tmp_path / "second")
        assert door.acts()["session.convene"] and products()["circular/HL/LET/2026/13"]
    assert same(tmp_path / "first", tmp_path / "second") == []


def second_session(tmp_path: Path) -> Path:
    """A folder of the next session, with the council as it stands after the first one."""
    from chancery.council import charter, queries
    from chancery.council.models import Council
    from chancery.trail.files import File

    made = tmp_path / "ninth"
    (made / "letters").mkdir(parents=True)
    value = queries.standing(Council.objects.get())

    def place(held: str) -> str:
        digest, slash, name = held.partition("/")
        if len(digest) != 64 or not slash:
            return held
        (made / name).write_bytes(File(digest, name, "").read())
        return name

    charter.replace_files(value, place)
    (made / "council.toml").write_bytes(charter.write(value))
    (made / "session.toml").write_text(
        'number = 9\nkind = "special"\ntitle = { en = "Ninth" }\nvenue = { en = "Westport" }\n'
        "opens = 2026-09-27T10:00:00\ncloses = 2026-09-28T17:00:00\n"
    )
    (made / "letters" / "notice.md").write_text("A special session.\n")
    (made / "acts.yaml").write_text(
        "- {do: session.plan, at: 2026-07-01 10:00, by: secretary}\n"
        "- {do: session.convene, at: 2026-07-02 10:00, by: secretary, to: session/9, with: {notice: {en: letters/notice.md}}}\n"
        "- {do: circular.send, at: 2026-07-03 10:00, by: secretary, with: {series: LET, title: {en: On}, "
        "files: {en: letters/notice.md}}}\n"
    )
    return made


def test_a_council_that_differs_from_the_one_that_stands_is_a_fault_that_names_the_key(harbour, tmp_path):
    following = second_session(tmp_path)
    text = (following / "council.toml").read_text()
    (following / "council.toml").write_text(text.replace("Northhaven", "Northport"))
    with pytest.raises(folder.BadFolder) as bad:
        play(following)
    assert [(f.file, f.line) for f in bad.value.faults] == [("council.toml", "members[0].name.en")]


def test_a_session_is_played_once(demo):
    with pytest.raises(stage.AlreadyThere):
        play(DEMO)


PLANTED = [
    ("do: circular.send\n  at: 2026-08-20 10:00", "do: circular.sent\n  at: 2026-08-20 10:00", "the nearest is circular.send"),
    ("authors: [HAL]\n    paragraph", "authors: [HALL]\n    paragraph", "there is no member/HALL; the nearest is member/HAL"),
    ("mode: hybrid\n  as: ac5-meeting", "mode: hybird\n  as: ac5-meeting", "'hybird' is none of"),
    ("files: {en: papers/ac4-report.md}", "files: {en: papers/ac4-report.mdd}", "there is no file papers/ac4-report.mdd"),
    ("at: 2026-09-08 16:30\n  by: chair", "at: 2026-09-07 16:30\n  by: chair", "instants never run backwards"),
    ("by: ac2.rapporteur\n  for: AC.2", "by: ac2.raporteur\n  for: AC.2", "there is no person/ac2.raporteur"),
    ("item: item/51/6\n    title", "item: item/51/66\n    title", "there is no item/51/66"),
    ("refuse: languages", "refuse: roles", "not by 'roles'"),
    ("due: 2027-07-01}", "due: 2027-13-01}", "'2027-13-01' is no date"),
    ("expect: {status: rejected, result: result/51/4}", "expect: {status: adopted, result: result/51/4}", "expected status 'adopted', got 'rejected'"),
]  # fmt: skip


def test_ten_planted_faults_are_all_named_with_file_and_line_in_one_run(empty, tmp_path):
    broken = tmp_path / "broken"
    shutil.copytree(DEMO, broken)
    text, wanted = (broken / "acts.yaml").read_text(), []
    for right, wrong, _ in PLANTED:
        assert text.count(right) == 1, right
        text = text.replace(right, wrong)
    (broken / "acts.yaml").write_text(text)
    with pytest.raises(folder.BadFolder) as bad:
        stage.play(folder.read(broken), lambda played: None, check=True)
    found = bad.value.faults
    for _, _, says in PLANTED:
        wanted = [fault for fault in found if says in fault.says]
        assert len(wanted) == 1, (says, [str(f) for f in found])
        assert wanted[0].file == "acts.yaml" and isinstance(wanted[0].line, int)
    assert len(found) == len(PLANTED), [str(f) for f in found]
    assert not Record.objects.exists()


def test_a_check_leaves_nothing_behind(empty):
    stage.play(folder.read(HARBOUR), lambda played: None, check=True)
    assert not Record.objects.exists()
    assert not (empty / "files").exists()


def run(*args: str, **env: str) -> subprocess.CompletedProcess[str]:
    import os

    command = [sys.executable, "-m", "chancery.site", *args]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        env=os.environ | databases.for_command(args) | env,
        check=False,
        timeout=120,
    )


def test_the_commands_give_their_exit_codes(tmp_path):
    data = str(tmp_path / "data")
    assert run("play", str(tmp_path / "nowhere"), "--data", data).returncode == 2
    broken = tmp_path / "broken"
    shutil.copytree(HARBOUR, broken)
    text = (broken / "acts.yaml").read_text()
    (broken / "acts.yaml").write_text(
        text.replace("as: r2, expect: {status: adopted}", "as: r2, expect: {status: rejected}")
    )
    refused = run("play", str(broken), "--data", data)
    assert refused.returncode == 1 and "acts.yaml:" in refused.stderr
    done = run("play", str(HARBOUR), "--data", data, "--json")
    assert done.returncode == 0, done.stderr
    assert '"do": "body.dissolve"' in done.stdout
    again = run("play", str(HARBOUR), "--data", data)
    assert again.returncode == 2 and "played once" in again.stderr
    assert run("export", "9", str(tmp_path / "out"), "--data", data).returncode == 2
    assert run("export", "8", str(tmp_path / "out"), "--data", data).returncode == 0
    assert run("verify", f"{data}/register").returncode == 0


@pytest.mark.parametrize("point", ["act", "batch", "appended", "indexed"])
def test_killed_at_a_named_point_the_house_is_the_old_one_or_the_whole_new_one(point, tmp_path, database):
    data = tmp_path / "data"
    killed = run("play", str(HARBOUR), "--data", str(data), CHANCERY_FAULT=point)
    assert killed.returncode == -9
    with opened(data):
        from chancery.register.models import Entry, Pending
        from chancery.register.tasks import ensure_register

        count = Record.objects.count()
        assert count == 0 if point in ("act", "batch") else count > 60
        if count:
            ensure_register()
            official = Record.objects.filter(outcome="done").exclude(official="")
            embargoed = official.filter(act="release.issue").count()  # the folder ends an hour before it is public
            assert Entry.objects.count() == official.count() - embargoed and not Pending.objects.exists()
    if count:
        assert run("verify", str(data / "register")).returncode == 0
    else:
        assert run("play", str(HARBOUR), "--data", str(data)).returncode == 0
