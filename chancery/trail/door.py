"""The door: `@act` declares a change of the record; a call performs it once, wholly, and writes one record."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from django.db import transaction
from pydantic import BaseModel

from . import arguments, faults, files, refs, turns
from .actor import CLOCK, Actor, Permit, Rule
from .errors import BadArguments, Fault, Refused, Repeated
from .memory import remembering
from .models import Due, Mention, Record

F = TypeVar("F", bound=Callable[..., Any])
Folder = Literal["papers", "texts", "speeches", "press", "letters", "photos", "signatures", "rates"]

_acts: dict[str, Act] = {}
_after: list[Callable[[list[Record]], None]] = []


@dataclass
class _Call:
    filled: dict[str, Any] = field(default_factory=dict)
    rule: str = ""


_running: ContextVar[_Call | None] = ContextVar("running", default=None)
_batch: ContextVar[list[Record] | None] = ContextVar("batch", default=None)


@dataclass(frozen=True)
class Act:
    """A declared act: its name, entitlement, kinds of subject, arguments and function."""

    name: str
    function: Callable[..., Any]
    may: Rule
    kinds: tuple[str, ...]
    model: type[BaseModel]
    official: str
    keep_refusals: bool
    folder: str
    produces: str
    names: dict[str, str]

    def run(self, subject: Any, values: dict[str, Any], by: Actor, at: datetime) -> Any:
        leading = (subject,) if self.kinds else ()
        return self.function(*leading, **{self.names[key]: value for key, value in values.items()}, by=by, at=at)

    @property
    def says(self) -> str:
        return (self.function.__doc__ or "").strip().partition("\n")[0]

    def read(self, to: str | None, raw: dict[str, Any], reading: arguments.Reading) -> tuple[Any, dict[str, Any]]:
        """Subject and arguments from what somebody wrote. Raises BadArguments with all faults."""
        found: list[Fault] = []
        subject, values = None, {}
        try:
            subject = self._subject(to, reading)
        except BadArguments as error:
            found += error.faults
        try:
            values = arguments.read(self.model, raw, reading)
        except BadArguments as error:
            found += [Fault(("with", *fault.place), fault.says) for fault in error.faults]
        if found:
            raise BadArguments(found)
        return subject, values

    def _subject(self, to: str | None, reading: arguments.Reading) -> Any:
        if not self.kinds:
            if to is not None:
                raise BadArguments([Fault(("to",), f"{self.name} has no subject, so no 'to'")])
            return None
        if to is None:
            raise BadArguments([Fault(("to",), f"'to' is missing: a {' or a '.join(self.kinds)}")])
        wrapped = arguments.read(_subject_model(self.kinds), {"to": to}, reading)
        return wrapped["to"]


@functools.cache
def _subject_model(kinds: tuple[str, ...]) -> type[BaseModel]:
    models = tuple(refs.kinds()[kind] for kind in kinds)
    return arguments.model_for("Subject", {"to": (Union[models], ...)})  # noqa: UP007 (built at run time)


def act(
    name: str,
    *,
    may: Rule,
    to: str = "",
    official: Literal["", "open"] = "",
    keep_refusals: bool = False,
    folder: Folder = "letters",
) -> Callable[[F], F]:
    """Declare `function` as the act `name`. Its signature is the form: subject first, then keyword arguments."""

    def declare(function: F) -> F:
        kinds, model, produces, names = _form(name, function, to)
        deed = Act(name, function, may, kinds, model, official, keep_refusals, folder, produces, names)
        _acts[name] = deed

        @functools.wraps(function)
        def door(*subject: Any, by: Actor, at: datetime, **values: Any) -> Any:
            named = {key.rstrip("_"): value for key, value in values.items()}
            return perform(deed, subject[0] if subject else None, named, by=by, at=at).product

        return door  # type: ignore[return-value]

    return declare


def _form(
    name: str, function: Callable[..., Any], to: str
) -> tuple[tuple[str, ...], type[BaseModel], str, dict[str, str]]:
    """What a function's signature says: kinds of subject, arguments, kind of product, names in Python."""
    hints = get_type_hints(function, include_extras=True)
    parameters = list(inspect.signature(function).parameters.values())
    subjects = [p for p in parameters if p.kind is not p.KEYWORD_ONLY]
    kinds = tuple(to.split()) or tuple(kind for p in subjects for kind in _kinds(hints[p.name]))
    # A word of Python's own (`from`, `in`) carries an underscore in the signature and none in the record.
    given = {p.name.rstrip("_"): p for p in parameters if p.kind is p.KEYWORD_ONLY and p.name not in ("by", "at")}
    fields = {key: (hints[p.name], ... if p.default is p.empty else p.default) for key, p in given.items()}
    produced = _kinds(hints.get("return", type(None)))
    model = arguments.model_for(name.title().replace(".", ""), fields)
    return kinds, model, produced[0] if produced else "", {key: p.name for key, p in given.items()}


def _kinds(annotation: Any) -> tuple[str, ...]:
    if get_origin(annotation) in (Union, UnionType):
        return tuple(kind for part in get_args(annotation) for kind in _kinds(part))
    kind = getattr(annotation, "ref_kind", "")
    return (kind,) if kind else ()


def acts() -> dict[str, Act]:
    """All declared acts by name, in alphabetical order."""
    return dict(sorted(_acts.items()))


def after(hook: Callable[[list[Record]], None]) -> None:
    """Stations register here what follows a committed act (collector, live event, notices)."""
    _after.append(hook)


def fill(**values: Any) -> None:
    """Write down, as arguments of the running act, bytes that it computed: nothing is ever built again."""
    call = _running.get()
    if call is None:
        raise TypeError("only a running act fills its arguments")
    call.filled.update(values)


def satisfies(rule: str) -> None:
    """Name the rule of procedure that the running act satisfied; the record cites it."""
    call = _running.get()
    if call is None:
        raise TypeError("only a running act satisfies a rule")
    call.rule = rule


@dataclass(frozen=True)
class Performed:
    record: Record
    product: Any


def perform(
    deed: Act,
    subject: Any,
    values: dict[str, Any],
    *,
    by: Actor,
    at: datetime | None,
    via: str = "page",
    request_id: str = "",
) -> Performed:
    """Perform one act: settle what the clock owes, ask the permit, run, write one record, commit.

    Without `at` it is done at the instant at which its turn comes, so that the record never runs backwards.
    Raises Refused (nothing changed, unless the act keeps refusals), Repeated.
    """
    if _running.get() is not None:
        raise TypeError(f"{deed.name}: an act inside an act")
    outer = _batch.get()
    with transaction.atomic(durable=outer is None):
        turns.take()
        if request_id and (known := Record.objects.filter(by=by.id, request_id=request_id).first()):
            return _again(deed, known)
        if at is None:
            at = now()
        if outer is None:
            _read_again(subject, values)
        settle(at, via)
        done, refusal = _attempt(deed, subject, values, by, at)
        if refusal and not deed.keep_refusals:
            raise refusal
        record = _write(deed, subject, done, by, at, via=via, request_id=request_id, refusal=refusal)
        faults.reach("act")
    _tell([record])
    if refusal:
        raise refusal
    return Performed(record, done.product)


def _read_again(subject: Any, values: dict[str, Any]) -> None:
    """What was read before the turn came: else an act would be judged by what was so while another was under way."""
    for row in [subject, *values.values()]:
        if isinstance(row, refs.Referable):
            row.refresh_from_db()


@dataclass(frozen=True)
class _Done:
    values: dict[str, Any]
    product: Any
    rule: str


def _attempt(deed: Act, subject: Any, values: dict[str, Any], by: Actor, at: datetime) -> tuple[_Done, Refused | None]:
    call = _Call()
    token = _running.set(call)
    try:
        with transaction.atomic(), remembering():
            permit = deed.may(subject, by, at)
            if not permit:
                raise Refused(permit.rule, permit.because)
            product = deed.run(subject, values, by, at)
        return _Done(values | call.filled, product, call.rule or permit.rule), None
    except Refused as refusal:
        return _Done(values, None, refusal.rule), refusal
    finally:
        _running.reset(token)


def _again(deed: Act, known: Record) -> Performed:
    if known.act != deed.name:
        raise Repeated(f"this request id was used for {known.act}")
    return Performed(known, refs.get(known.result) if known.result else None)


def _write(
    deed: Act,
    subject: Any,
    done: _Done,
    by: Actor,
    at: datetime,
    *,
    via: str,
    request_id: str,
    refusal: Refused | None,
) -> Record:
    rows = [row for row in (subject, done.product) if isinstance(row, refs.Referable)]
    mentions: list[str] = [row.ref for row in rows]
    kept = {key: value for key, value in done.values.items() if value is not None}
    args = {key: arguments.written(value, mentions) for key, value in kept.items() if not _is_secret(value)}
    restricted = any(row.restricted for row in rows)
    record = Record.objects.create(
        id=last_id() + 1,
        act=deed.name,
        subject=str(subject.ref) if isinstance(subject, refs.Referable) else "",
        args=args,
        by=by.id,
        office=by.office,
        for_whom=by.for_,
        entered_by=by.entered_by,
        via=via,
        at=at,
        received_at=datetime.now(UTC).replace(microsecond=0),
        session=_session_of(rows, kept),
        result=str(done.product.ref) if isinstance(done.product, refs.Referable) else "",
        status=getattr(done.product, "status", "") if not refusal else "",
        outcome="refused" if refusal else "done",
        rule=done.rule,
        because=refusal.because if refusal else "",
        request_id=request_id,
        official=("sealed" if restricted else deed.official) if deed.official and not refusal else "",
        audience=next((row.audience for row in rows if row.audience != "public"), "public"),
    )
    Mention.objects.bulk_create(Mention(record=record, ref=ref) for ref in dict.fromkeys(mentions))
    return record


def _is_secret(value: Any) -> bool:
    return isinstance(value, files.Secret)


def _session_of(rows: list[refs.Referable], values: dict[str, Any]) -> str:
    """The session that subject, result or an argument names; subject first."""
    named = [*rows, *(value for value in values.values() if isinstance(value, refs.Referable))]
    return next((str(key) for row in named if (key := getattr(row, "session_id", None))), "")


def last_id() -> int:
    return Record.objects.order_by("-id").values_list("id", flat=True).first() or 0


def settle(until: datetime, via: str = "page") -> list[Record]:
    """Perform what the clock owes at or before `until`; what no longer applies is dropped."""
    settled = []
    while due := Due.objects.filter(settled=False, at__lte=until).order_by("at", "id").first():
        due.settled = True
        due.save(update_fields=["settled"])
        deed = _acts[due.act]
        subject = refs.get(due.subject)
        done, refusal = _attempt(deed, subject, {}, CLOCK, due.at)
        if refusal is None:
            settled.append(_write(deed, subject, done, CLOCK, due.at, via=via, request_id="", refusal=None))
    _tell(settled)
    return settled


def _tell(records: list[Record]) -> None:
    batch = _batch.get()
    if batch is not None:
        batch.extend(records)
    elif records:
        transaction.on_commit(lambda: _run_hooks(records))


def _run_hooks(records: list[Record]) -> None:
    for hook in _after:
        hook(records)


@contextmanager
def batch() -> Iterator[list[Record]]:
    """Many acts, all or nothing: one durable transaction, each act a savepoint, hooks once at the end."""
    with transaction.atomic(durable=True):
        turns.take()
        records: list[Record] = []
        token = _batch.set(records)
        try:
            yield records
        finally:
            _batch.reset(token)
        faults.reach("batch")
        if records:
            transaction.on_commit(lambda: _run_hooks(records))


def now() -> datetime:
    """The instant of an act done through a page: the later of this second and the last act's."""
    return not_before(Record.objects.order_by("-at").values_list("at", flat=True).first())


def not_before(last: datetime | None) -> datetime:
    """This second, or the instant of the last act where that is later."""
    clock = datetime.now(UTC).replace(microsecond=0)
    return max(clock, last) if last else clock


def next_acts(subject: refs.Referable, by: Actor, at: datetime) -> list[tuple[Act, Permit]]:
    """What may happen next on this, and why something may not: the same permits that the door asks."""
    return [(deed, deed.may(subject, by, at)) for deed in acts().values() if subject.ref_kind in deed.kinds]
