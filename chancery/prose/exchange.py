"""Import and export by form, with what was changed and what is lost. Losses are listed before the act."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from . import jsonform, plain, render
from .canonical import canonical, changes
from .errors import BadInput
from .forms import TEXT
from .outline import Outline
from .proposal import Proposal
from .schema import load
from .units import cut, glue, read

_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class Found:
    """A canonical text with its proposals; what was changed, lost, and must be asked, in words."""

    text: str
    proposals: list[Proposal] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Exported:
    """A file, and what it could not hold."""

    output: str | bytes
    losses: tuple[str, ...] = ()


def imported(
    data: bytes,
    form: str,
    *,
    reading: plain.Reading | None = None,
    authors: Mapping[str, str] | None = None,
    members: Collection[str] = (),
    with_ids: bool = False,
) -> Found:
    """The canonical text of a file in one of the forms. Raises BadInput."""
    if form == "docx":
        found = _from_docx(data, authors or {})
    elif form == "akn":
        found = _from_akn(data)
    elif form == "json":
        found = Found(jsonform.text_from_json(load(data, TEXT)))
    elif form == "plain":
        found = _from_plain(read(data), reading, members)
    else:
        text = read(data)
        found = Found(canonical(text), changes=list(changes(text)))
    return _with_ids(found) if with_ids else found


def _from_docx(data: bytes, authors: Mapping[str, str]) -> Found:
    from .docx.importing import import_docx

    found = import_docx(data, authors)
    return Found(found.text, list(found.proposals), list(found.remarks), list(found.losses), list(found.questions))


def _from_akn(data: bytes) -> Found:
    from .akn.read import read as read_akn

    text, losses = read_akn(data)
    return Found(canonical(text), losses=losses)


def _from_plain(text: str, reading: plain.Reading | None, members: Collection[str]) -> Found:
    asked = plain.question(text)
    if asked and not reading:
        examples = "; ".join(asked.examples)
        return Found("", questions=[f"what do {asked.count} bracket signs mean, open or deleted? {examples}"])
    made, proposals = plain.from_plain(text, reading, members)
    return Found(made, proposals, list(changes(text)))


def _with_ids(found: Found) -> Found:
    """Every unit without an id gets the next free one; proposals must be made after that."""
    if found.proposals:
        raise BadInput("--ids and proposals of the same file do not go together: import first, then give ids")
    pieces = cut(found.text)
    outline = Outline(found.text)
    used = {around.id for around in outline.prefixes} | {pair.id for pair in outline.brackets.pairs}
    bodies, last = [], 0
    for around, body in zip(outline.prefixes, pieces.bodies, strict=True):
        if around.kind != "meta" and not around.id:
            last = next(n for n in range(last + 1, last + len(used) + 2) if f"u{n}" not in used)
            body = f"{body} {{#u{last}}}"
        bodies.append(body)
    return replace(found, text=glue(bodies, pieces.leads, pieces.end))


def exported(text: str, form: str, proposals: Sequence[Proposal] = ()) -> Exported:
    """A text in another form. Raises BadInput where the text has no canonical form."""
    if form in ("docx", "akn"):
        _check_xml(text, proposals)
    elif proposals:
        raise BadInput("only docx and akn hold proposals")
    return _FORMS[form](text, proposals)


def _check_xml(text: str, proposals: Sequence[Proposal]) -> None:
    """Raises BadInput for characters that no XML file can hold."""
    for said in (text, *(word for proposal in proposals for word in proposal.words())):
        if found := _NO_XML.search(said):
            raise BadInput(f"the character U+{ord(found[0]):04X} has no place in this form")


def _to_docx(text: str, proposals: Sequence[Proposal]) -> Exported:
    from .docx.importing import import_docx
    from .docx.write import write

    found = write(text, proposals)
    authors = {name: name for proposal in proposals for name in [proposal.by]}
    return Exported(found.data, found.losses + _not_returned(text, import_docx(found.data, authors).text))


def _to_akn(text: str, proposals: Sequence[Proposal]) -> Exported:
    from .akn.read import read as read_akn
    from .akn.write import write

    made = write(text, proposals)
    if proposals:
        return Exported(made.data, made.losses)
    returned, losses = read_akn(made.data)
    return Exported(made.data, made.losses + _not_returned(text, canonical(returned)) + tuple(losses))


def _not_returned(text: str, returned: str) -> tuple[str, ...]:
    """What the file would not give back, unit by unit."""
    form = canonical(text)
    said = () if form == text else ("the text is not in canonical form; the file holds its canonical form",)
    if returned == form:
        return said
    before, after = cut(form).bodies, set(cut(returned).bodies)
    gone = [
        f"unit {at} does not come back as it is: {body[:60]}" for at, body in enumerate(before) if body not in after
    ]
    return (*said, *(gone or ["the order of units does not come back as it is"]))


def _to_pdf(text: str, proposals: Sequence[Proposal]) -> Exported:
    """Set by typst in a process of its own, by the one module that sets PDFs."""
    import subprocess
    import sys

    from chancery.canon import canonical_json

    known = Outline(text).meta
    language = known.get("language", "en")
    direction = "rtl" if re.match(r"(ar|he|fa|ur)\b", language) else "ltr"
    shown = {"language": language, "direction": direction, "units": render.structure(text)}
    data = {
        "language": language,
        "council": "",
        "symbol": known.get("symbol", ""),
        "title": known.get("title") or render.title(text),
        "session": "",
        "adopted": known.get("status", "Draft, not adopted"),
        "texts": [shown],
    }
    order = canonical_json({"kind": "decision", "data": data, "timestamp": "1980-01-01T00:00:00Z"})
    command = [sys.executable, "-m", "chancery.pdf"]
    done = subprocess.run(command, input=order, capture_output=True, check=False)  # noqa: S603
    if done.returncode:
        raise BadInput(done.stderr.decode(errors="replace").strip())
    return Exported(done.stdout)


_FORMS: dict[str, Callable[[str, Sequence[Proposal]], Exported]] = {
    "docx": _to_docx,
    "akn": _to_akn,
    "pdf": _to_pdf,
    "html": lambda text, _: Exported(render.html(text, title_shown=True) + "\n"),
    "plain": lambda text, _: Exported(plain.as_plain(text)),
    "json": lambda text, _: Exported(jsonform.as_text(jsonform.text_as_json(text))),
}
