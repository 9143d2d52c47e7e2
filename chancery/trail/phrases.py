"""How an act reads: one sentence per act, declared beside it in its station's `phrases.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from .models import Record

_phrases: dict[str, str] = {}


def register(phrases: Mapping[str, str]) -> None:
    """Sentences by act name; `{subject}`, `{result}` and the act's arguments may stand in them."""
    _phrases.update(phrases)


# Words that stand in sentences by themselves: kinds of things, states and outcomes.
WORDS = (
    _("session"),
    _("delegation"),
    _("agenda"),
    _("item"),
    _("meeting"),
    _("speech"),
    _("draft"),
    _("version"),
    _("question"),
    _("result"),
    _("statement"),
    _("council"),
    _("planned"),
    _("rejected"),
    _("vote"),
    _("void no quorum"),
    _("decide"),
    _("for"),
    _("against"),
    _("abstain"),
    _("absent"),
    _("invalid"),
    _("consensus"),
    _("considered"),
    _("decided"),
    _("noted"),
    _("referred"),
    _("deferred"),
    _("not_reached"),
    _("original"),
    _("copy"),
    _("assurance"),
    _("seat"),
    _("unseat"),
    _("provisional"),
    _("revised"),
    _("supplementary"),
    _("interpretative"),
    _("reservation"),
    _("explanation"),
    _("record"),
    _("correction"),
    _("clarification"),
    _("communique"),
    _("press_statement"),
    _("decision_notice"),
    _("speech_excerpt"),
    _("room"),
    _("remote"),
)


class _Words(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""


def registered() -> frozenset[str]:
    return frozenset(_phrases)


def sentence(record: Record) -> str:
    """The act in one sentence, in the language now active."""
    words = _Words({key: _in_words(value) for key, value in record.args.items()})
    words["subject"] = _name(record.subject)
    words["result"] = _name(record.result)
    words["status"] = gettext(record.status.replace("_", " ")) if record.status else ""
    words["for"] = _bare(record.for_whom) or record.office or _bare(record.by)
    if record.outcome == "refused":
        refused = gettext("Refused: {act} on {subject}, because {because}")
        return refused.format(act=record.act, subject=words["subject"], because=record.because)
    return gettext(_phrases.get(record.act, record.act)).format_map(words)


def _name(ref: str) -> str:
    kind, _, key = ref.partition("/")
    return key if kind in _SPEAKING else f"{gettext(kind)} {key}".strip()


# Kinds whose key is what the council prints: the word before it would only repeat.
_SPEAKING = ("paper", "circular", "decision", "instrument", "release", "body", "member", "person")


def _in_words(value: Any) -> str:
    match value:
        case {"sha256": _, "name": name}:
            return str(name)
        case dict():
            return ", ".join(
                f"{key}" if _is_file(item) else f"{_bare(key)} {_in_words(item)}" for key, item in value.items()
            )
        case list():
            return ", ".join(_in_words(item) for item in value)
        case _:
            return gettext(str(value)).replace("_", " ") if value in WORDS else _bare(str(value))


def _is_file(value: Any) -> bool:
    return isinstance(value, dict) and "sha256" in value


def _bare(text: str) -> str:
    kind, slash, key = text.partition("/")
    return key if slash and kind in ("member", "person", "body", "series", "session") else text
