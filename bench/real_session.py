"""Bring in a real session of a standards committee and compare its outcomes with the recorded ones.

    python -m bench.real_session FACTS.yaml FOLDER

FACTS.yaml holds facts of a past session (council, delegations, meetings, agenda, proceedings, expected outcomes).
FOLDER becomes a session folder, which is then played; every consensus that was asked is a question put, every
objection an act, and the recorded outcome the expected one. Nothing of it stands in this project.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from chancery.play import emit

ROOT = Path(__file__).resolve().parent.parent
RULES = """name = "committee"
version = 1
title = "Consensus of a standards committee"

[methods]
default = ["consensus"]

[majority.substantive]
tests = [{ measure = "heads", base = "present_voting", threshold = "1/2", strict = true }]

[sources.methods]
source = "how the committee works, as stated in its facts"
"""


def main(arguments: list[str]) -> int:
    """Convert, play, and print every outcome beside the recorded one. 1 where one differs."""
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    facts, folder = YAML(typ="safe").load(Path(arguments[0]).read_text()), Path(arguments[1])
    if folder.exists():
        print(f"{folder} exists already", file=sys.stderr)
        return 2
    write(facts, folder)
    with tempfile.TemporaryDirectory() as data:
        command = [sys.executable, "-m", "chancery.site", "play", str(folder), "--data", data, "--json"]
        played = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if played.returncode:
        print(played.stderr, file=sys.stderr)
        return 1
    asked = [p for p in facts["proceedings"] if is_put(p)]
    print(f"{len(asked)} questions put, all with the recorded outcome: ", end="")
    print(f"{sum(p['expected_status'] == 'adopted' for p in asked)} adopted, ", end="")
    print(f"{sum(p['expected_status'] == 'rejected' for p in asked)} rejected")
    return 0


def is_put(proceeding: dict[str, Any]) -> bool:
    """Whether the chair asked for consensus and an outcome is recorded (a continued item has none)."""
    return bool(proceeding.get("method")) and proceeding["expected_status"] in ("adopted", "rejected")


def codes(facts: dict[str, Any]) -> dict[str, str]:
    """A code for each member organisation."""
    found: dict[str, str] = {}
    for delegation in facts["delegations"]:
        if delegation["role"] == "member":
            letters = re.sub(r"[^A-Z0-9]", "", delegation["name"].upper())
            code = next(letters[:n] for n in range(3, 9) if letters[:n] not in found.values())
            found[delegation["name"]] = code
    return found


def write(facts: dict[str, Any], folder: Path) -> None:
    for part in ("texts", "papers", "letters"):
        (folder / part).mkdir(parents=True)
    members = codes(facts)
    (folder / "council.toml").write_text(council(facts, members))
    (folder / "rules.toml").write_text(RULES)
    (folder / "session.toml").write_text(session(facts, members))
    (folder / "letters" / "notice.md").write_text("Notice of the session, as it was first published.\n")
    (folder / "acts.yaml").write_text(emit.acts(acts(facts, members, folder)))


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def council(facts: dict[str, Any], members: dict[str, str]) -> str:
    chair = next(iter(members.values()))
    lines = [
        "[council]",
        'code = "SC"',
        f"name = {{ en = {quoted(facts['council']['name'][:200])} }}",
        'seat = { en = "Geneva" }',
        f"zone = {quoted(facts['session']['zone'])}",
        'languages = { official = ["en"], authentic = ["en"], working = ["en"] }',
        'origin = "committee.example/log"',
        'rules = "rules.toml"',
        "[[people]]",
        'id = "secretary.one"',
        'name = "Secretary"',
        'roles = ["secretary"]',
        'office = "secretariat"',
        "[[chairs]]",
        'organ = "council"',
        f"member = {quoted(chair)}",
        f"person = {quoted(chair.lower() + '.head')}",
        "from = 2000-01-01",
        '[[series]]\ncode = "DOC"\npattern = "SC/{session}/{counter}"\nfor = "paper"',
        '[[series]]\ncode = "DEC"\npattern = "SC/{session}/DEC/{counter}"\nfor = "decision"',
    ]
    for seat, (name, code) in enumerate(members.items(), 1):
        lines += ["[[members]]", f"code = {quoted(code)}", f"name = {{ en = {quoted(name)} }}"]
        lines += ["joined = 2000-01-01", f"seat = {seat}"]
        lines += ["[[people]]", f"id = {quoted(code.lower() + '.head')}", f"name = {quoted('Delegate of ' + name)}"]
        lines += [f"member = {quoted(code)}", 'roles = ["head"]']
    return "\n".join(lines) + "\n"


def session(facts: dict[str, Any], members: dict[str, str]) -> str:
    held, meetings = facts["session"], facts["meetings"]
    host = members.get(held["host"])
    lines = [
        f"number = {held['number']}",
        'kind = "regular"',
        f"title = {{ en = {quoted('Meeting ' + str(held['number']))} }}",
        f"venue = {{ en = {quoted(held['venue'])} }}",
        f"zone = {quoted(held['zone'])}",
        f"opens = {meetings[0]['scheduled_opening']}",
        f"closes = {meetings[-1]['scheduled_closing']}",
    ]
    return "\n".join(lines + ([f"host = {quoted(host)}"] if host else [])) + "\n"


def acts(facts: dict[str, Any], members: dict[str, str], folder: Path) -> list[dict[str, Any]]:
    """The session act by act. Within a day the order of the notes is kept; the clock between them is not known."""
    number = facts["session"]["number"]
    ref = f"session/{number}"
    first = facts["session"]["agenda_first_published"].replace("Z", "+00:00")
    made = [{"do": "session.plan", "at": first, "by": "secretary"}]
    made.append(
        {
            "do": "session.convene",
            "at": first,
            "by": "secretary",
            "to": ref,
            "with": {"notice": {"en": "letters/notice.md"}},
        }
    )
    made.append({"do": "agenda.issue", "at": first, "by": "secretary", "to": ref, "with": agenda(facts)})
    made += [notified(code, first, ref) for code in members.values()]
    for meeting in facts["meetings"]:
        made += day(facts, meeting, members, folder)
    end = facts["meetings"][-1]["scheduled_closing"].replace("Z", "+00:00")
    return [*made, {"do": "session.close", "at": end, "by": "chair", "to": ref}]


def notified(code: str, at: str, ref: str) -> dict[str, Any]:
    who = {"member": code, "head": f"{code.lower()}.head"}
    return {"do": "delegation.notify", "at": at, "by": "secretary", "to": ref, "with": who}


def agenda(facts: dict[str, Any]) -> dict[str, Any]:
    items, seen = [], set()
    for item in facts["agenda"]:
        if item["no"] not in seen:
            seen.add(item["no"])
            items.append({"number": str(item["no"]), "title": {"en": item["title"][:200]}, "category": "decision"})
    return {"stage": "provisional", "items": items}


def day(facts: dict[str, Any], meeting: dict[str, Any], members: dict[str, str], folder: Path) -> list[dict[str, Any]]:
    number, no = facts["session"]["number"], meeting["no"]
    at = meeting["scheduled_opening"].replace("Z", "+00:00")
    here = {members[name]: "room" for name in meeting["present"] if name in members}
    made = [{"do": "session.open", "at": at, "by": "chair", "to": f"session/{number}"}] if no == 1 else []
    made.append(
        {
            "do": "meeting.open",
            "at": at,
            "by": "chair",
            "to": f"session/{number}",
            "with": {"number": str(no), "mode": "hybrid"},
        }
    )
    made.append(
        {
            "do": "presence.enter",
            "at": at,
            "by": "secretary",
            "to": f"meeting/{number}/{no}",
            "with": {"delegations": here},
        }
    )
    for proceeding in facts["proceedings"]:
        if proceeding["day"] == no and is_put(proceeding):
            made += question(facts, proceeding, members, folder, at)
    return [*made, {"do": "meeting.close", "at": at, "by": "chair", "to": f"meeting/{number}/{no}"}]


def question(
    facts: dict[str, Any], proceeding: dict[str, Any], members: dict[str, str], folder: Path, at: str
) -> list[dict[str, Any]]:
    """What was asked as a draft, frozen and put; objections; the outcome with the recorded status."""
    number, key = facts["session"]["number"], f"Q{proceeding['seq']}"
    item = next(i for i in facts["agenda"] if i["no"] == proceeding["items"][0])
    (folder / "texts" / f"{key}.md").write_text(f"# {item['title']}\n\n1. Asked: {proceeding['asked']}.\n")
    table = {"key": key, "session": f"session/{number}", "item": f"item/{number}/{item['no']}"}
    table |= {"title": {"en": item["title"][:200]}, "text": {"en": f"texts/{key}.md"}}
    put = {"method": "consensus", "items": [table["item"]]}
    made: list[dict[str, Any]] = [
        {"do": "draft.table", "at": at, "by": "secretary", "with": table},
        {
            "do": "draft.freeze",
            "at": at,
            "by": "secretary",
            "to": f"draft/{number}/{key}",
            "with": {"languages": ["en"]},
        },
        {"do": "question.put", "at": at, "by": "chair", "to": f"version/{number}/{key}/1", "with": put, "as": key},
    ]
    for objection in proceeding.get("objections", []):
        spoken = {"at": at, "by": "secretary", "for": members[objection["by"]], "to": f"@{key}"}
        made.append({"do": "objection.state"} | spoken | {"with": {"reason": objection["text"][:200]}})
    expect = {"status": proceeding["expected_status"]}
    made.append({"do": "question.close", "at": at, "by": "chair", "to": f"@{key}", "as": f"R{key}", "expect": expect})
    if proceeding["expected_status"] == "adopted":
        made.append({"do": "decision.issue", "at": at, "by": "secretary", "to": f"@R{key}"})
    return made


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
