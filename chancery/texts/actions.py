"""Acts on texts: table a draft, translate it, join or leave its sponsors, withdraw it, freeze it."""

from __future__ import annotations

import re
from datetime import datetime

from django.db.models import QuerySet

from chancery import canon
from chancery.council import access as council
from chancery.council.actions import stored
from chancery.council.models import Body, Member
from chancery.floor.models import QuestionPut
from chancery.meetings import access as meetings
from chancery.meetings.models import AgendaItem, Session
from chancery.prose import brackets, canonical, units
from chancery.trail import files
from chancery.trail.actor import Actor, both
from chancery.trail.arguments import Language, TextFile, TextFiles, Texts
from chancery.trail.door import act, fill, satisfies
from chancery.trail.errors import Refused
from chancery.trail.files import File

from . import access
from .models import Draft, Version


def check_words(files_given: dict[str, File]) -> None:
    """Refuse what is no text that can be shown: it would stand in the record for ever."""
    for language, file in files_given.items():
        try:
            canonical.canonical(units.read(file.read()))
        except units.BadInput as error:
            raise Refused("form", f"the {language} text ({file.name}): {error}") from None


def canonical_text(file: File, language: str) -> str:
    """The canonical form of a stored text. Refused where it does not parse as the text of a decision."""
    try:
        text = canonical.canonical(units.read(file.read()))
    except units.BadInput as error:
        raise Refused("form", f"the {language} text ({file.name}): {error}") from None
    if units.units(text)[0].role != "title":
        raise Refused("form", f"the {language} text ({file.name}) does not begin with a title line `# …`")
    return text


def enter_draft(
    session: Session,
    key: str,
    title: dict[str, str],
    text: dict[str, File],
    *,
    item: AgendaItem | None,
    sponsors: list[str],
    by: str,
    at: datetime,
) -> Draft:
    """Bring a draft into being. Later stations call this for texts they compile."""
    name = f"{session.key}/{key}"
    if Draft.objects.filter(pk=name).exists():
        raise Refused("order", f"session {session.key} has a draft {key} already")
    return Draft.objects.create(
        key=name,
        session=session,
        item=item,
        title=title,
        text={language: stored(file) for language, file in text.items()},
        sponsors=sponsors,
        tabled_at=at,
        tabled_by=by,
    )


@act("draft.table", may=access.may_table, folder="texts")
def table(
    *,
    key: str,
    session: Session,
    item: AgendaItem,
    title: Texts,
    text: TextFiles,
    sponsors: list[Member | Body] | None = None,
    by: Actor,
    at: datetime,
) -> Draft:
    """Table a draft: bring its text before the council."""
    if not re.fullmatch(r"[A-Z0-9][A-Z0-9.-]{0,19}", key):
        raise Refused("form", f"{key!r} is no key of a draft: capital letters, digits, dots and hyphens")
    if item.session_id != session.key:
        raise Refused("form", f"item {item.key} does not belong to session {session.key}")
    for language, file in text.items():
        canonical_text(file, language)
    return enter_draft(session, key, title, text, item=item, sponsors=[s.key for s in sponsors or []], by=by.id, at=at)


@act("draft.translate", may=both(access.may_translate, access.may_be_changed), folder="texts")
def translate(draft: Draft, *, language: Language, text: TextFile, by: Actor, at: datetime) -> Draft:
    """Give a draft its text in a language in which it was not tabled, or a better translation, until it is frozen."""
    if language not in council.council().languages["official"]:
        raise Refused("languages", f"{language} is no official language of the council")
    if language in draft.text and language not in draft.translated:
        raise Refused("languages", f"{draft.key} was tabled in {language}; a translation cannot replace it")
    words = canonical_text(text, language)
    draft.text = {**draft.text, language: stored(text)}
    draft.title = {**draft.title, language: units.units(words)[0].content}
    draft.translated = sorted({*draft.translated, language})
    draft.save(update_fields=["text", "title", "translated"])
    return draft


@act("draft.freeze", may=both(council.secretary, access.may_be_frozen), official="open", folder="texts")
def freeze(
    draft: Draft,
    *,
    languages: list[str],
    accept_findings: list[str] | None = None,
    text: TextFiles | None = None,
    by: Actor,
    at: datetime,
) -> Version:
    """Freeze the draft in all authentic languages: its canonical bytes are stored and hashed."""
    authentic = council.council().authentic
    if missing := [language for language in authentic if language not in languages]:
        raise Refused("languages", f"authentic in {', '.join(authentic)}; missing: {', '.join(missing)}")
    if absent := [language for language in languages if language not in draft.text]:
        raise Refused("languages", f"the draft has no text in {', '.join(absent)}")
    made = {language: canonical_text(File(**draft.text[language]), language) for language in languages}
    if open_ := [language for language, words in made.items() if brackets.count(words)]:
        raise Refused("form", f"square brackets are open in {', '.join(open_)}; only agreed text is frozen")
    frozen = {language: files.put(words.encode(), f"text.{language}.md") for language, words in made.items()}
    if text is None:
        fill(text=frozen)
    elif {k: f.sha256 for k, f in text.items()} != {k: f.sha256 for k, f in frozen.items()}:
        raise Refused("form", "the frozen text given is not the canonical form of the draft")
    satisfies("languages")
    number = Version.objects.filter(draft=draft).count() + 1
    return Version.objects.create(
        key=f"{draft.key}/{number}",
        draft=draft,
        session_id=draft.session_id,
        number=number,
        text={language: stored(file) for language, file in frozen.items()},
        content_digest=canon.sha256(canon.canonical_json({k: f.sha256 for k, f in frozen.items()})),
        frozen_at=at,
        findings=accept_findings or [],
    )


@act("draft.sponsor", may=access.may_sponsor)
def sponsor(draft: Draft, *, member: Member, join: bool, by: Actor, at: datetime) -> Draft:
    """Join the sponsors of a draft, or leave them, until the rules close the list."""
    if by.for_ != str(member.ref):
        raise Refused("roles", f"nobody but {member.key} says that {member.key} sponsors a draft")
    rules = meetings.rules_for(draft.session_id)
    _check_list_open(draft, rules.papers.cosponsor_until)
    if join == (member.key in draft.sponsors):
        raise Refused("order", f"{member.key} is {'a' if join else 'no'} sponsor of {draft.key}")
    if not join and len(draft.sponsors) <= rules.proposals.sponsors_min:
        raise Refused("proposals.sponsors_min", f"{draft.key} needs {rules.proposals.sponsors_min}; withdraw it")
    satisfies("papers.cosponsor_until")
    draft.sponsors = [*draft.sponsors, member.key] if join else [s for s in draft.sponsors if s != member.key]
    draft.save(update_fields=["sponsors"])
    return draft


def _questions(draft: Draft) -> QuerySet[QuestionPut]:
    """The questions put on any frozen version of the draft."""
    versions = Version.objects.filter(draft=draft).values_list("key", flat=True)
    return QuestionPut.objects.filter(subject__in=[f"version/{key}" for key in versions])


def _check_list_open(draft: Draft, until: str) -> None:
    """Sponsors may join until the text is frozen (`issue`), decided (`action`) or the session closes (`close`)."""
    over = {
        "issue": Version.objects.filter(draft=draft).exists(),
        "action": _questions(draft).filter(state="closed").exists(),
        "close": draft.session.state == "closed",
    }[until]
    if over:
        raise Refused("papers.cosponsor_until", f"the list of sponsors of {draft.key} is closed")


@act("draft.withdraw", may=access.may_withdraw)
def withdraw(draft: Draft, *, reason: str | None = None, by: Actor, at: datetime) -> Draft:
    """Withdraw a draft before it is voted on; its text stays in the record, and anybody may table it again."""
    before = _questions(draft).filter(state__in=["put", "closed"]).order_by("number").last()
    if before and (before.state == "closed" or before.ballots.exists()):
        raise Refused("proposals.withdrawal_until", f"the council answered question {before.key} on it")
    if before:
        raise Refused("order", f"{draft.key} is before the council as question {before.key}; withdraw that first")
    satisfies("proposals.withdrawal_until")
    draft.withdrawn_at, draft.withdrawal_reason = at, reason or ""
    draft.save(update_fields=["withdrawn_at", "withdrawal_reason"])
    return draft
