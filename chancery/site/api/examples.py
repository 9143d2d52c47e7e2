"""Examples that the description of the API shows; a test sends each of them to the house of the demo."""

from __future__ import annotations

from typing import Any

ABOUT = """The acts of the council and what came of them, for programs.

Every call but this description bears `Authorization: Bearer TOKEN`; a person makes tokens on the page of tokens in the
house. A token may do what its person may, some acts only, until a date; the history says that an act came by token.
A refusal is a problem document (RFC 9457) with the rule that says no and the place it looks at."""

ACT = {
    "do": "paper.table",
    "with": {
        "series": "DOC",
        "session": "session/51",
        "item": "item/51/4",
        "title": {"en": "Note on gauges"},
        "files": {"en": {"name": "note.md", "text": "# Note on gauges\n\nRead each morning.\n"}},
    },
}
REFUSAL = {
    "type": "about:blank",
    "title": "Refused",
    "status": 403,
    "detail": "only the secretariat, the body's rapporteur or a head may table a paper",
    "rule": "roles",
    "place": "",
}


def _answers(example: Any) -> dict[str, Any]:
    return {"responses": {200: {"content": {"application/json": {"example": example}}}}}


POST_ACT: dict[str, Any] = {
    "requestBody": {"content": {"application/json": {"example": ACT}}},
    "responses": {
        201: {"content": {"application/json": {"example": {"act": "paper.table", "result": "paper/CNR/51/DOC/9"}}}},
        403: {"description": "Refused", "content": {"application/problem+json": {"example": REFUSAL}}},
        409: {"description": "A rule of procedure says no", "content": {"application/problem+json": {}}},
        422: {"description": "Not readable: each fault with its place", "content": {"application/problem+json": {}}},
    },
}
GET_ACTS = _answers([{"do": "paper.issue", "may": False, "rule": "order", "because": "CNR/51/DOC/1 is issued already"}])
POST_FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
GET_ROWS = _answers({"rows": [{"ref": "decision/CNR/DEC/216", "session": "session/51"}], "next": None})
GET_ROW = _answers({"ref": "decision/CNR/DEC/216", "session": "session/51"})
GET_FILE: dict[str, Any] = {"responses": {200: {"content": {"text/markdown": {}, "application/pdf": {}}}}}
GET_HISTORY = _answers([{"act": "paper.issue", "subject": "paper/CNR/51/DOC/1", "via": "api", "by": "person/x"}])
