"""Acts on papers that exist: revise, add, correct, withdraw, mark. Nothing is ever overwritten."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from chancery.council import access as council
from chancery.council.actions import stored
from chancery.floor.actions import follow_marking
from chancery.floor.models import QuestionPut
from chancery.procedure.symbols import BadSymbol, Suffix, Template, next_suffix
from chancery.trail.actor import Actor
from chancery.trail.arguments import Files, Texts
from chancery.trail.door import act, satisfies
from chancery.trail.errors import Refused

from .. import uploads
from ..models import Paper, PaperVersion


@act("paper.revise", may=council.secretary, folder="papers")
def revise(paper: Paper, *, files: Files, note: Texts, by: Actor, at: datetime) -> Paper:
    """Revise: an issued paper is replaced by its next revision once that is issued; one not issued gets a new text."""
    _check_alive(paper)
    if later := Paper.objects.filter(supersedes=paper, withdrawn_at=None).first():
        raise Refused("order", f"{paper.key} was revised as {later.key}; revise that")
    if paper.issued_at is None:
        return _new_texts(paper, files, at)
    if paper.suffix == "Rev":
        return _follow(paper, "Rev", files, note, beside=True, by=by, at=at)
    return _follow(paper, "Rev", files, note, by=by, at=at)


@act("paper.add", may=council.secretary, folder="papers")
def add(paper: Paper, *, files: Files, note: Texts, by: Actor, at: datetime) -> Paper:
    """Table an addendum: it adds to an issued paper and replaces nothing."""
    _check_issued(paper)
    return _follow(paper, "Add", files, note, by=by, at=at)


@act("paper.correct", may=council.secretary, folder="papers")
def correct(paper: Paper, *, files: Files, note: Texts, by: Actor, at: datetime) -> Paper:
    """Table a corrigendum: it corrects an error of an issued paper, be it in one language, and replaces nothing."""
    _check_issued(paper)
    return _follow(paper, "Corr", files, note, by=by, at=at)


def _check_alive(paper: Paper) -> None:
    if paper.withdrawn_at:
        raise Refused("order", f"{paper.key} is withdrawn")


def _check_issued(paper: Paper) -> None:
    _check_alive(paper)
    if paper.issued_at is None:
        raise Refused("order", f"{paper.key} is not issued yet; revise it")


def _new_texts(paper: Paper, files: Files, at: datetime) -> Paper:
    """The next text of a paper that nobody was given yet, under the same symbol; translations of the old go stale."""
    _check_files(files)
    for language, file in files.items():
        earlier = PaperVersion.objects.filter(paper=paper, language=language)
        if earlier.exclude(translation_of="").exists():
            raise Refused("form", f"the {language} text of {paper.key} is a translation; translate it anew")
        PaperVersion.objects.create(
            paper=paper,
            language=language,
            number=earlier.count() + 1,
            file=stored(file),
            official=True,
            entered_at=at,
        )
    return paper


def _check_files(files: Files) -> None:
    if not files:
        raise Refused("form", "a paper needs a file in at least one language")
    uploads.check_files(files)


def _follow(
    paper: Paper, kind: str, files: Files, note: Texts, *, beside: bool = False, by: Actor, at: datetime
) -> Paper:
    """A paper with the next suffix of a kind under `paper`, or `beside` it where it is itself a revision."""
    _check_files(files)
    parent = paper.parent if beside and paper.parent else paper
    symbol, suffix = _next_symbol(parent, kind)
    satisfies("symbols")
    made = Paper.objects.create(
        key=symbol,
        series=paper.series,
        session=paper.session,
        item=paper.item,
        title=paper.title,
        sponsors=paper.sponsors,
        marking=paper.marking,
        tabled_at=at,
        tabled_by=by.id,
        parent=parent,
        suffix=kind,
        serial=suffix.serial,
        supersedes=paper if kind == "Rev" else None,
        note=note,
    )
    for language, file in files.items():
        PaperVersion.objects.create(
            paper=made, language=language, number=1, file=stored(file), official=True, entered_at=at
        )
    return made


def _next_symbol(parent: Paper, kind: str) -> tuple[str, Suffix]:
    taken = Paper.objects.filter(parent=parent, suffix=kind).values_list("serial", flat=True)
    suffix = next_suffix(kind, [Suffix(kind, serial) for serial in taken])
    template = Template(parent.series.pattern)
    try:
        whole = template.parse_whole(parent.key)
        return template.format(suffixes=(*whole.suffixes, suffix), reissues=0, **whole.fields), suffix
    except BadSymbol as error:
        raise Refused("symbols", str(error)) from None


@act("paper.withdraw", may=council.secretary)
def withdraw(paper: Paper, *, reason: str, by: Actor, at: datetime) -> Paper:
    """Withdraw a paper: its symbol is never used again, its text stays for those who could read it."""
    if running := QuestionPut.objects.filter(subject=paper.ref, state="put").first():
        raise Refused("order", f"{paper.key} is before the council as question {running.key}; withdraw that first")
    if not Paper.objects.filter(pk=paper.pk, withdrawn_at=None).update(withdrawn_at=at, withdrawal_reason=reason):
        raise Refused("order", f"{paper.key} is withdrawn already")
    paper.withdrawn_at, paper.withdrawal_reason = at, reason
    return paper


@act("paper.mark", may=council.secretary)
def mark(
    paper: Paper, *, marking: Literal["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"], by: Actor, at: datetime
) -> Paper:
    """Mark a paper up or down: from now on those whom the marking names may see it, everywhere, and nobody else."""
    if not Paper.objects.filter(pk=paper.pk).exclude(marking=marking).update(marking=marking, marked_at=at):
        raise Refused("order", f"{paper.key} is marked {marking} already")
    paper.marking = marking
    follow_marking(paper.ref, paper.audience, restricted=paper.restricted)
    return paper
