"""A decision's bundle: all that proves it, in one file that needs nothing of ours to be checked."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from chancery.council.models import MemberKey, in_language
from chancery.decisions.models import Decision
from chancery.ledger import bundle, zipapp
from chancery.meetings import access as meetings
from chancery.signing.models import Instrument, SignedAct
from chancery.trail.models import Record

from .headlock import Head
from .leaves import nonce, private
from .models import Entry
from .sequencer import Sequencer

SHOWN = ("decision.issue", "draft.freeze")  # acts whose records a bundle shows: they name the decision and its text


def bundle_of(decision: Decision) -> bytes:
    """The bundle of a decision as zip bytes; its signed acts too, where it was opened for signature."""
    instrument = Instrument.objects.filter(decision=decision).first()
    signed = list(SignedAct.objects.filter(instrument=instrument)) if instrument else []
    entries = _entries(decision, instrument, signed)
    contents = _contents(decision, instrument, signed, entries)
    name = f"decision-{decision.key.replace('/', '-').replace(' ', '-')}"
    title = f"{decision.key} {in_language(decision.title, 'en')}"
    return bundle.pack(name=name, title=title, contents=contents, verifier=zipapp.verifier())


def _entries(decision: Decision, instrument: Instrument | None, signed: list[SignedAct]) -> list[Entry]:
    """The decision's own entry, the freezing of its text, its signatures, and the keys of those who signed."""
    wanted = Record.objects.filter(act="decision.issue", result=decision.ref)
    wanted = wanted | Record.objects.filter(act="draft.freeze", result=decision.result.question.subject)
    if instrument:
        people = [f"person/{act.person_id}" for act in signed]
        wanted = wanted | Record.objects.filter(act="signature.give", subject=instrument.ref, outcome="done")
        wanted = wanted | Record.objects.filter(act="key.enrol", subject__in=people, outcome="done")
    return list(Entry.objects.filter(record__in=wanted.values("pk")).select_related("record").order_by("index"))


def _contents(
    decision: Decision, instrument: Instrument | None, signed: list[SignedAct], entries: list[Entry]
) -> bundle.Contents:
    register = Path(settings.DATA_DIR) / "register"
    log_vkey, receipt_vkey = (register / "log.vkey").read_text().split("\n")[:2]
    sequencer = Sequencer(Path(settings.DATA_DIR))
    try:
        head = sequencer.head_over(max((entry.index for entry in entries), default=-1) + 1)
        proven = [_proven(sequencer, head, entry) for entry in entries]
        checkpoint = sequencer.cosigned_note(head)
    finally:
        sequencer.close()
    documents = {f"text.{language}.md": decision.file(language).read() for language in decision.text}
    if instrument:
        documents["base.pdf"] = instrument.document.read()
    required = [
        bundle.Requirement(member, verb="sign", level="B") for member in (instrument.signatories if instrument else ())
    ]
    return bundle.Contents(
        log_vkey=log_vkey,
        receipt_vkey=receipt_vkey,
        policy=(register / "policy").read_bytes(),
        checkpoint=checkpoint,
        entries=proven,
        policies=[],
        opened={},
        records={entry.index: _shown(entry) for entry in entries if entry.record.act in SHOWN},
        documents=documents,
        nonces={},
        keys=list(MemberKey.objects.filter(pk__in=[act.key_id for act in signed]).values_list("vkey", flat=True)),
        rule=_in_force_rule(decision),
        required=required,
    )


def _proven(sequencer: Sequencer, head: Head, entry: Entry) -> bundle.Proven:
    leaf = next(iter(sequencer.entries(entry.index, entry.index + 1)))
    return bundle.Proven(leaf, sequencer.inclusion_proof(entry.index, head))


def _shown(entry: Entry) -> bundle.Shown:
    record = private() / "records" / f"{entry.record_id}.json"
    return bundle.Shown(record.read_bytes(), nonce(f"{entry.record_id}-record"))


def _in_force_rule(decision: Decision) -> str:
    source = meetings.rules_for(decision.session_id).source_of("instruments.entry_into_force")
    return f"{source.source}: {source.text}" if source else "all signatories signed and entered"
