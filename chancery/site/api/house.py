"""The addresses of the API: acts, files, rows, histories. A token in a header says who calls, and nothing else does."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Header, NinjaAPI, Query, Schema, Status
from ninja.errors import HttpError
from ninja.security import HttpBearer
from pydantic import ConfigDict, Field

from chancery.council import tokens
from chancery.council.models import ApiToken
from chancery.desk import access, acting, fresh
from chancery.desk.forms import given as uploads
from chancery.desk.queries.history import line
from chancery.papers import access as papers
from chancery.papers import copies, reading
from chancery.trail import door, files, refs
from chancery.trail.actor import Actor
from chancery.trail.errors import BadArguments, Fault, Refused, Unknown
from chancery.trail.models import Mention

from ..doors import limits
from . import examples, given, problems, reads


class ByToken(HttpBearer):
    """The token in `Authorization: Bearer …`. A sign-in by cookie counts for nothing here."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        found = tokens.known(token, request.at)  # type: ignore[attr-defined]
        if found:
            request.person = found.person  # type: ignore[attr-defined]
        return found


api = NinjaAPI(
    title="Chancery",
    version="1",
    description=examples.ABOUT,
    docs_url=None,
    auth=ByToken(),
    urls_namespace="api",
)
problems.register(api)


class ActGiven(Schema):
    """An act as in a session folder. When it was done and by whom is for the house to say: `at` and `by` are faults."""

    model_config = ConfigDict(extra="forbid")

    do: str = Field(max_length=60)
    to: str | None = Field(None, max_length=200)
    with_: dict[str, Any] = Field(default_factory=dict, alias="with")
    for_: str | None = Field(None, alias="for", max_length=200)


Key = Annotated[str, Header(alias="Idempotency-Key", min_length=8, max_length=80)]


@api.post("/acts", response={201: dict[str, Any]}, openapi_extra=examples.POST_ACT, url_name="acts")
def do(request: Any, sent: ActGiven, idempotency_key: Key) -> Status[dict[str, Any]]:
    """Do one act. Sent again under the same key it is not done again, and answers the same."""
    found, person = acting.deed(sent.do), request.person
    if not tokens.may(request.auth, found.name):
        raise Refused("roles", f"this token is not good for {found.name}")
    if fresh.asks_again(found.name):
        raise Refused("roles", f"{found.name} asks anew who sits there: do it on its page")
    if limits.too_many_acts(request, person, found.name):
        raise HttpError(429, "more acts in a minute than anybody does by hand; wait a minute")
    at = door.now()
    row = acting.subject(found, sent.to or "", person, at)
    voice = _voice(found, row, person, at, sent.for_)
    raw = given.with_files(sent.with_, person.key)
    done = acting.perform(
        found,
        row,
        raw,
        person=person,
        voice=voice,
        zone=given.zone(row, sent.with_),
        request_id=idempotency_key,
        via="api",
    )
    return Status(201, line(done.record))


def _voice(found: door.Act, row: Any, person: Any, at: Any, wanted: str | None) -> Actor:
    """For whom the act is done: for the one that is named, else in the first voice that may. Raises Refused."""
    if wanted is None:
        allowed, permit = acting.permitted(found, row, person, at)
    else:
        allowed, permit = acting.in_voice(found, row, person, at, wanted=wanted)
    if not permit or not allowed:
        raise Refused(permit.rule, permit.because)
    return next((one for one in allowed if one.for_ == wanted), allowed[0])


@api.get("/acts", openapi_extra=examples.GET_ACTS)
def possible(request: Any, to: str = "") -> list[dict[str, Any]]:
    """What may be done on a thing, each act with the shape of its arguments; what may not be done now says why.

    Without `to`: the acts that need no subject.
    """
    at = door.now()
    row = _row(to, request.person, at) if to else None
    pairs = acting.acts_on(row) if row else [(name, None) for name, one in door.acts().items() if not one.kinds]
    return [_possible(request, acting.deed(name), subject, at) for name, subject in pairs]


def _possible(request: Any, found: door.Act, row: Any, at: Any) -> dict[str, Any]:
    voices, permit = acting.permitted(found, row, request.person, at)
    by_token = tokens.may(request.auth, found.name) and not fresh.asks_again(found.name)
    return {
        "do": found.name,
        "says": found.says,
        "may": bool(permit) and by_token,
        "rule": permit.rule if by_token else "roles",
        "because": permit.because if by_token else f"this token is not good for {found.name}",
        "for": [voice.for_ for voice in voices if voice.for_],
        "with": found.model.model_json_schema(),
    }


def _row(ref: str, person: Any, at: Any) -> Any:
    try:
        found = refs.get(refs.read(ref))
    except ValueError:
        raise Unknown(ref, "") from None
    if not access.sees(found, person, at):
        raise Unknown(ref, "")
    return found


@api.post("/files", response={201: dict[str, str]}, openapi_extra=examples.POST_FILE)
def upload(request: Any, name: str = Query(max_length=120)) -> Status[dict[str, str]]:  # type: ignore[type-arg]
    """Keep the bytes of the body for a day under a name; `{"file": …}` then stands for them in the arguments."""
    if not request.auth.acts:
        raise Refused("roles", "this token only reads")
    data = request.read(files.LIMIT + 1)
    try:
        file = files.put(data, name)
    except ValueError as error:
        raise BadArguments([Fault(("name",), str(error))]) from None
    return Status(201, {"file": uploads.token(file, request.person.key), "sha256": file.sha256})


@api.get("/rows/{kind}", openapi_extra=examples.GET_ROWS)
def rows(request: Any, kind: str, session: str = "", after: str = "", most: int = reads.MOST) -> dict[str, Any]:
    """Rows of one kind that you may see, at most a hundred; `next` is the `after` of the next page, or null."""
    found = reads.rows(request.person, kind, request.at, session=session, after=after, most=most)
    full = len(found) == min(max(most, 1), reads.MOST)
    return {"rows": [reads.shown(row) for row in found], "next": found[-1].key if full else None}


@api.get("/row", openapi_extra=examples.GET_ROW)
def row(request: Any, of: str) -> dict[str, Any]:
    """One thing by its reference."""
    return reads.shown(reads.row(request.person, of, request.at))


@api.get("/file", openapi_extra=examples.GET_FILE)
def paper_file(request: Any, of: str, language: str) -> HttpResponse:
    """The file of a paper in a language; of a restricted paper the copy that bears your name, and it is logged."""
    symbol = of.removeprefix("paper/")
    version = papers.version_for(request.person, symbol, language, request.at)
    if version is None:
        raise Unknown(of, "")
    copy = copies.copy_for(request.person, version, request.at)
    reading.opened(request.person, [version], request.at)
    response = HttpResponse(copy.data, content_type=copy.type)
    response["Content-Disposition"] = f'attachment; filename="{copy.name}"'
    return response


@api.get("/history", openapi_extra=examples.GET_HISTORY)
def history(request: Any, of: str, most: int = reads.MOST) -> list[dict[str, Any]]:
    """The newest acts that name a thing, as far as you may see them."""
    found = _row(of, request.person, request.at)
    named = Mention.objects.filter(ref=found.ref).values("record")
    acts = access.visible_acts(request.person, request.at).filter(pk__in=named).order_by("-id")
    return [line(act) for act in acts[: min(max(most, 1), reads.MOST)]]
