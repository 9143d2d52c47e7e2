"""What each verb of `chancery text` does: from files to an answer."""

from __future__ import annotations

import json
import re
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from chancery.canon import instant, sha256

from . import files, jsonform, marked, plain, render
from . import lint as linting
from . import trace as tracing
from .accept import accept
from .clean import clean
from .compile import Compilation, compile
from .errors import BadInput, DoesNotApply
from .exchange import exported, imported
from .forms import ops_as_json, proposal_as_json, rebase_as_json
from .ops import apply, diff
from .outline import Outline
from .proposal import Proposal, propose
from .rebase import Rebase, Rebased
from .resolve import Keep, resolve
from .schema import NAME, is_name
from .units import ID, cut

DONE, NO = 0, 1


@dataclass(frozen=True)
class Answer:
    """What a verb prints, its exit code, and its messages."""

    output: str | bytes | None
    code: int = DONE
    messages: tuple[str, ...] = ()


def run_import(args: Namespace) -> Answer:
    """`import FILE`."""
    found = imported(
        files.data(args.file),
        args.from_ or _form(args.file),
        reading=args.brackets,
        authors=_authors(args.authors),
        members=files.names(args.members) or frozenset(),
        with_ids=args.ids,
    )
    report = tuple(found.changes + found.losses + found.questions)
    if args.report:
        files.write(args.report, "".join(line + "\n" for line in report))
    if found.questions or (found.losses and not args.accept_loss):
        return Answer(None, NO, tuple(found.questions + found.losses))
    messages = [] if args.report else list(report)
    if args.proposals:
        Path(args.proposals).mkdir(parents=True, exist_ok=True)
    for proposal in found.proposals:
        if args.proposals:
            files.write(str(Path(args.proposals) / f"{proposal.id}.json"), _document(proposal_as_json(proposal)))
        else:
            messages.append(f"{proposal.id} of {proposal.by} is not written; name a folder with --proposals")
    return Answer(found.text, DONE, tuple(messages))


def _form(name: str) -> str:
    return {".docx": "docx", ".xml": "akn", ".akn": "akn", ".txt": "plain", ".json": "json"}.get(
        Path(name).suffix.lower(), "md"
    )


def _authors(name: str | None) -> dict[str, str]:
    if not name:
        return {}
    try:
        found = json.loads(files.text(name))
    except ValueError as error:
        raise BadInput(f"{name}: {error}") from None
    if not isinstance(found, dict) or not all(isinstance(value, str) and is_name(value) for value in found.values()):
        raise BadInput(f"{name}: must map authors to names of delegations")
    return found


def run_show(args: Namespace) -> Answer:
    """`show FILE`."""
    text = files.text(args.file)
    bodies = cut(text).bodies
    if args.unit is not None:
        if not 0 <= args.unit < len(bodies):
            raise DoesNotApply(f"there is no unit {args.unit}; the text has {len(bodies)}")
        if args.form == "json":
            return Answer(_document(jsonform.text_as_json(text)["units"][args.unit]))
        text = bodies[args.unit] + "\n"
    return Answer(_shown(text, args.form))


def _shown(text: str, form: str | None) -> str:
    if form == "json":
        return _document(jsonform.text_as_json(text))
    if form == "plain":
        return plain.as_plain(text)
    return render.html(text, title_shown=True) + "\n" if form == "html" else text


def run_diff(args: Namespace) -> Answer:
    """`diff A B`."""
    old, new = files.text(args.a), files.text(args.b)
    if args.form == "json":
        output = _document(ops_as_json(diff(old, new)))
    elif args.form == "words":
        output = marked.as_words(old, diff(old, new))
    else:
        marks = marked.marked(old, new)
        output = marked.as_html(marks) if args.form == "html" else marked.as_text(marks)
    return Answer(output, NO if args.exit_code and old != new else DONE)


def run_apply(args: Namespace) -> Answer:
    """`apply A OPS`."""
    text, ops = files.text(args.a), files.ops_or_proposal(args.ops)
    return Answer(apply(text, ops.operations(text) if isinstance(ops, Proposal) else ops))


def run_propose(args: Namespace) -> Answer:
    """`propose BASE EDITED`."""
    sponsors = tuple(name.strip() for name in args.with_.split(",") if name.strip())
    for name in (args.by, *sponsors):
        if not is_name(name):
            raise BadInput(f"{name!r} is no name of a delegation; it must match {NAME['pattern']}")
    if not re.fullmatch(ID, args.id):
        raise BadInput(f"{args.id!r} is no id of a proposal; it is a letter, then letters, digits and hyphens")
    if args.at:
        try:
            instant(args.at)
        except ValueError as error:
            raise BadInput(str(error)) from None
    base, edited = files.text(args.base), files.text(args.edited)
    found = propose(base, edited, by=args.by, id=args.id, with_=sponsors, published_at=args.at, note=args.note)
    messages = tuple(f"left out: {line}" for line in found.left_out)
    if not found.proposal:
        return Answer(None, NO, (*messages, found.refusal))
    return Answer(_document(proposal_as_json(found.proposal)), DONE, messages)


def run_rebase(args: Namespace) -> Answer:
    """`rebase P… --base BASE --onto NEW`."""
    base, onto = files.text(args.base), files.text(args.onto)
    rebase = Rebase(base, onto)
    carried = [rebase.carry(_on(base, files.proposal(name), name)) for name in args.proposals]
    output = _document(rebase_as_json(rebase.onto_digest, carried)) if args.json else _report(carried)
    return Answer(output, DONE if all(one.proposal for one in carried) else NO)


def _on(base: str, proposal: Proposal, name: str) -> Proposal:
    """The proposal, shown to be on the base: a proposal on another is bad input."""
    if proposal.base != sha256(base.encode()):
        raise BadInput(f"{name}: was not written against this base")
    return proposal


def _report(carried: Sequence[Rebased]) -> str:
    lines = []
    for one in carried:
        lines.append(f"{one.id}: {'moves' if one.proposal else 'waits for its sponsor'}")
        for found in one.outcomes:
            where = f" in unit {found.unit}" if found.unit is not None else ""
            at = f" at {found.s}" if found.s is not None else ""
            edit = "" if found.edit is None else f".{found.edit}"
            kind = f" ({found.kind})" if found.kind else ""
            lines.append(f"    {found.op}{edit}: {found.outcome}{kind}{where}{at}")
    return "".join(line + "\n" for line in lines)


def _proposals(base: str, names: Sequence[str]) -> list[Proposal]:
    return [_on(base, files.proposal(name), name) for name in names]


def run_compile(args: Namespace) -> Answer:
    """`compile BASE P…`."""
    base = files.text(args.base)
    proposals = [p for p in _proposals(base, args.proposals) if args.only is None or args.only in p.sponsors]
    if args.accept:
        return Answer(accept(base, proposals))
    made = compile(base, proposals)
    if args.trace:
        files.write(args.trace, _document(tracing.trace_as_json(base, tracing.Traced(made, (), made.spans))))
    return Answer(made.text, NO if made.annex else DONE, tuple(_said(made)))


def _said(made: Compilation) -> list[str]:
    said = [f"{name} is not merged ({reason}): see the annex" for name, reason in made.annex]
    return said + [f"{a} and {b} collide in unit {unit}: {kind}" for unit, _, (a, b), kind in made.collisions]


def run_resolve(args: Namespace) -> Answer:
    """`resolve FILE ID --keep N`."""
    text = files.text(args.file)
    if args.keep not in ("all", "none") and not args.keep.isdecimal():
        raise BadInput("--keep takes the number of an alternative, all or none")
    keep: Keep = args.keep if args.keep in ("all", "none") else int(args.keep)
    ops = resolve(text, args.bracket, keep)
    return Answer(_document(ops_as_json(ops)) if args.json else apply(text, ops))


def run_clean(args: Namespace) -> Answer:
    """`clean FILE`."""
    return Answer(clean(files.text(args.file), ids=args.ids))


def run_lint(args: Namespace) -> Answer:
    """`lint FILE`."""
    text = files.text(args.file)
    outline = Outline(text)
    found = linting.lint(text, members=files.names(args.members), with_style=args.style)
    output = _document(linting.lint_as_json(outline, found)) if args.json else _findings(outline, found)
    is_bad = any(one.class_ == "error" for one in found) or (args.final and outline.brackets.signs)
    return Answer(output, NO if is_bad else DONE)


def _findings(outline: Outline, found: Sequence[linting.Finding]) -> str:
    lines = [f"{f.code} {f.class_:<8}unit {f.unit if f.unit is not None else '-'}: {f.message}" for f in found]
    lines.append(", ".join(f"{name} {count}" for name, count in outline.counts.items()))
    return "".join(line + "\n" for line in lines)


def run_trace(args: Namespace) -> Answer:
    """`trace BASE P… --through V…`."""
    base = files.text(args.base)
    found = tracing.trace(base, _proposals(base, args.proposals), [files.text(name) for name in args.through])
    document = tracing.trace_as_json(base, found)
    return Answer(_document(document) if args.json else _table(document["rows"]))


def _table(rows: Sequence[dict[str, object]]) -> str:
    lines = [f"{'version':<9}{'proposal':<10}{'by':<20}{'edit':<7}{'unit':<6}{'bracket':<9}{'alt.':<6}state"]
    for row in rows:
        edit = f"{row['op']}" if row["edit"] is None else f"{row['op']}.{row['edit']}"
        cells = [
            row.get("version", "-"),
            row["proposal"],
            row["by"],
            edit,
            row["unit"],
            row["bracket"],
            row["alternative"],
        ]
        widths = (9, 10, 20, 7, 6, 9, 6)
        line = "".join(f"{'-' if cell is None else cell!s:<{width}}" for cell, width in zip(cells, widths, strict=True))
        lines.append(line + str(row["state"]))
    return "".join(line + "\n" for line in lines)


def run_export(args: Namespace) -> Answer:
    """`export FILE --to FORM`."""
    text = files.text(args.file)
    found = exported(text, args.to, _proposals(text, args.proposals))
    if found.losses and not args.accept_loss:
        return Answer(None, NO, found.losses)
    return Answer(found.output, DONE, found.losses)


def _document(document: object) -> str:
    return jsonform.as_text(document)


VERBS: dict[str, Callable[[Namespace], Answer]] = {
    "import": run_import,
    "show": run_show,
    "diff": run_diff,
    "apply": run_apply,
    "propose": run_propose,
    "rebase": run_rebase,
    "compile": run_compile,
    "resolve": run_resolve,
    "clean": run_clean,
    "lint": run_lint,
    "trace": run_trace,
    "export": run_export,
}
