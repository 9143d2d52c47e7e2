"""A Word document as a base and one proposal for each delegation that changed it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from ..proposal import Proposal, propose
from .read import Paragraph, Row, Run, Word, read
from .views import view


@dataclass(frozen=True)
class Imported:
    """The base (all revisions rejected), proposals, open questions, losses and remarks, in words."""

    text: str
    proposals: tuple[Proposal, ...]
    questions: tuple[str, ...]
    losses: tuple[str, ...]
    remarks: tuple[str, ...]


def import_docx(data: bytes, authors: Mapping[str, str]) -> Imported:
    """Nothing is accepted silently: an author without a delegation is a question, with his count."""
    word = read(data)
    unknown = [name for name in word.authors if name not in authors]
    questions = tuple(f"who is {name}? {word.authors[name]} changes" for name in sorted(unknown))
    base = view(word)
    proposals: list[Proposal] = []
    losses = word.losses
    remarks: list[str] = []
    by_delegation: dict[str, list[str]] = defaultdict(list)
    for name in word.authors:
        if name in authors:
            by_delegation[authors[name]].append(name)
    for delegation in sorted(by_delegation):
        names = by_delegation[delegation]
        comments = [comment for comment in word.comments if authors.get(comment.author, comment.author) == delegation]
        note = "\n".join(f"on “{comment.anchor}”: {comment.text}" for comment in comments)
        at = _instant(max(word.dates[name] for name in names))
        made = propose(base, view(word, names), by=delegation, id=f"P{len(proposals) + 1}", published_at=at, note=note)
        losses += [f"{delegation}: {line}" for line in made.left_out]
        if made.proposal:
            proposals.append(made.proposal)
        elif delegation not in unknown:
            losses.append(f"{delegation}: {made.refusal}")
    losses += _deleted_insertions(word, authors)
    for comment in word.comments:
        said = f"comment of {comment.author}, {comment.at}, on “{comment.anchor}”: {comment.text}"
        (remarks if authors.get(comment.author, comment.author) in by_delegation else losses).append(said)
    return Imported(base, tuple(proposals), questions, tuple(losses), tuple(remarks))


def _instant(date: str) -> str | None:
    """A date of Word as an instant; fractions of seconds and zones other than UTC are not read."""
    return date if len(date) == 20 and date.endswith("Z") else None


def _deleted_insertions(word: Word, authors: Mapping[str, str]) -> list[str]:
    """Deletions inside the insertion of another: the insertion stays his, the deletion is said in words."""
    return [
        f"{authors.get(run.fate.deleted, run.fate.deleted)} deletes “{run.text}” in an insertion of "
        f"{authors.get(run.fate.inserted, run.fate.inserted)} (delete-edit)"
        for run in _all_runs(word)
        if run.fate.inserted and run.fate.deleted and run.fate.inserted != run.fate.deleted
    ]


def _all_runs(word: Word) -> list[Run]:
    paragraphs: list[Paragraph] = []
    for block in word.blocks:
        paragraphs += [p for cell in block.cells for p in cell] if isinstance(block, Row) else [block]
    return [run for paragraph in paragraphs for run in paragraph.runs]
