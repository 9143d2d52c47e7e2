"""Half a session over HTTP: a paper is tabled and issued, a draft is tabled, frozen and put, a program reads it all.

    python client.py HOUSE SECRETARY CHAIR

HOUSE is the address of a house, the other two are tokens of its secretary and of its chair. Nothing but Python's own
library is needed. Whatever is refused is printed with its rule, and ends the program with 1.
"""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.parse
import urllib.request
import uuid
from typing import Any

TEXT = "# Gauges at the ford\n\nThe Council,\n\n1. Decides that the gauge at the ford is read each morning.\n"


class Program:
    """A program that acts as the person whose token it bears."""

    def __init__(self, house: str, token: str) -> None:
        self.house, self.token = house.rstrip("/"), token

    def read(self, path: str, **asked: str) -> Any:
        return self._send("GET", f"{path}?{urllib.parse.urlencode(asked)}")

    def do(self, act: str, to: str | None = None, **given: Any) -> Any:
        """Do one act. The key makes it happen once, however often a lost connection sends it again."""
        sent = {"do": act, "with": given} | ({"to": to} if to else {})
        done = self._send("POST", "acts", json.dumps(sent).encode(), {"Idempotency-Key": str(uuid.uuid4())})
        print(f"{act}: {done['result'] or done['subject']}")
        return done

    def _send(self, method: str, path: str, body: bytes | None = None, more: dict[str, str] | None = None) -> Any:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"} | (more or {})
        request = urllib.request.Request(f"{self.house}/api/{path}", body, headers, method=method)  # noqa: S310 (the house is given by who runs this)
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            return json.load(answer)


def play(secretary: Program, chair: Program) -> str:
    """Carry one text from its tabling to the council; gives the question put."""
    session = next(row for row in secretary.read("rows/session")["rows"] if row["state"] == "open")["ref"]
    number = session.partition("/")[2]
    item = next(row for row in secretary.read("rows/item", session=number)["rows"] if row["state"] != "concluded")[
        "ref"
    ]
    languages = secretary.read("row", of="council")["languages"]["authentic"]

    note = {"name": "note.md", "text": "# Note on the ford\n\nIt floods in spring.\n"}
    paper = secretary.do(
        "paper.table", series="DOC", session=session, item=item, title={"en": "Note on the ford"}, files={"en": note}
    )
    secretary.do("paper.issue", to=paper["result"])

    text = {language: {"name": f"ford.{language}.md", "text": TEXT} for language in languages}
    key = f"F{len(secretary.read('rows/draft', session=number)['rows']) + 1}"
    draft = secretary.do("draft.table", key=key, session=session, item=item, title={"en": "Gauges"}, text=text)
    version = secretary.do("draft.freeze", to=draft["result"], languages=languages)
    for one in chair.read("acts", to=version["result"]):
        print(f"  {one['do']}: {'may be done' if one['may'] else one['because']}")
    question = chair.do("question.put", to=version["result"], method="consensus", items=[item])
    print(f"before the council: {chair.read('row', of=question['result'])['title']['en']}")
    return str(question["result"])


def main() -> int:
    house, secretary, chair = sys.argv[1:]
    try:
        play(Program(house, secretary), Program(house, chair))
    except urllib.error.HTTPError as error:
        said = json.load(error)
        print(f"{said['detail']} (rule {said.get('rule', 'none')}, at {said.get('place', '')})", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
