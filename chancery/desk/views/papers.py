"""Papers: the list of a session and its zip, a paper with its versions and files, comparison, the translation desk."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_safe

from chancery import canon, fmt, pdf
from chancery.council import access as council
from chancery.floor.models import QuestionPut, Referral
from chancery.meetings.models import Session
from chancery.papers import access as papers
from chancery.papers import archive, copies, reading, uploads
from chancery.papers.models import Paper, PaperVersion
from chancery.papers.queries import difference, languages, lines
from chancery.papers.queries.differences import text_of
from chancery.press import body, chain, decided, way
from chancery.trail import door
from chancery.trail.errors import Refused, Unknown

from .. import access, acting
from ..queries import papers as shelf
from .page import session_for, session_in_hand, show

A_PAGE = 50
MIB = 1024 * 1024


@require_safe
def shelf_of(request: Any, number: str) -> HttpResponse:
    """The papers of a session that the reader may see, narrowed as asked."""
    found = session_for(request, number)
    listed = shelf.listed(found, request.person, request.at, request.GET.dict())
    page = Paginator(listed.shown, A_PAGE).get_page(request.GET.get("page"))
    panel = acting.panel(request, [("paper.table", None)], session=str(found.ref))
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {
        "listed": listed,
        "page": page,
        "query": kept.urlencode(),
        "since": canon.instant_text(listed.taken_at) if listed.taken_at else "",
        "panel": panel,
        "upload_languages": council.council().languages["official"] if panel.open else [],
        "largest": uploads.LARGEST // MIB,
        "largest_text": uploads.LARGEST_TEXT // MIB,
        "translates": papers.may_see_desk(request.person, found, request.at),
    }
    return show(request, "desk/papers.html", found, "papers", context)


@require_GET
def shelf_zip(request: Any, number: str) -> StreamingHttpResponse:
    """All papers of a session that the reader may see in one file, or those that changed since an instant."""
    found = session_for(request, number)
    since = _instant(request.GET.get("since", ""))
    chunks = archive.zip_of(request.person, found, door.now(), since=since)
    response = StreamingHttpResponse(chunks, content_type="application/zip")
    name = f"papers-{found.key}-{'new' if since else 'all'}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _instant(text: str) -> datetime | None:
    try:
        return canon.instant(text) if text else None
    except ValueError:
        raise Http404 from None


def _paper(request: Any, symbol: str) -> Paper:
    found = papers.paper_for(request.person, symbol, request.at)
    if found is None:
        raise Unknown(f"paper/{symbol}", "")
    prefetch_related_objects([found], "versions")
    return found


def _version(found: Paper, language: str, number: str) -> PaperVersion:
    """The version of a number, the newest where none is given."""
    held = [one for one in found.versions.all() if one.language == language and number in ("", str(one.number))]
    if not held:
        raise Unknown(str(found.ref), "")
    return held[-1]


@require_safe
def paper(request: Any, symbol: str) -> HttpResponse:
    """A paper with its languages, its versions, what follows it, its marking, its way and its history."""
    found = _paper(request, symbol)
    session = session_for(request, found.session_id) if found.session_id else session_in_hand(request)
    held = languages(found)
    chosen = next((one for one in held if one.code == decided.language()), held[0]).code
    shown = _version(found, request.GET.get("language") or chosen, request.GET.get("version", ""))
    preview = _preview(shown)
    if preview["kind"] != "none" and request.method == "GET":
        reading.opened(request.person, [shown], request.at)
    context = {
        "paper": found,
        "versions": held,
        "shown": shown,
        "newest": any(one.version.pk == shown.pk for one in held),
        "stale": shown.language in found.stale,
        "missing": [code for code in council.council().authentic if code not in {one.code for one in held}],
        "preview": preview,
        "file": shown.stored,
        "text_direction": fmt.direction(shown.language),
        "all_versions": sorted(found.versions.all(), key=lambda one: (one.language, -one.number)),
        "panel": acting.on(request, found),
        **_about(request, found),
    }
    return show(request, "desk/paper.html", session, "papers", context)


def _about(request: Any, found: Paper) -> dict[str, Any]:
    """What stands around a paper: what follows it, what was asked and decided on it, who opened it."""
    put = QuestionPut.objects.filter(subject=found.ref).select_related("session")
    question = put.order_by("-number").first()
    came = chain.of_question(question, found) if question else None
    seen = papers.in_sight(request.person, request.at)
    logged = found.restricted and papers.may_read_log(request.person, request.at)
    return {
        "related": shelf.related(found, request.person, request.at),
        "superseded_by": lines([found], seen=seen)[0].superseded_by,
        "question": question,
        "decision": came.decision if came else None,
        "answers": Referral.objects.filter(answer=found.ref),
        "way": way.of_question(came, decided.language()) if came else [],
        "acts": access.history_of(request.person, request.at, found) if found.issued_at else [],
        "is_logged": logged,
        "openings": reading.readers(found, request.person, request.at) if logged else [],
    }


def _preview(version: PaperVersion) -> dict[str, str]:
    """A version as the page shows it: as `html`, as `plain` words, or not at all and why."""
    file = version.stored
    try:
        words = text_of(file)
    except ValueError as error:
        pdf_says = gettext("A PDF is not shown here; take the file.")
        return {"kind": "none", "text": pdf_says if file.type == "application/pdf" else str(error)}
    if file.type.startswith("text/") and file.type != "text/markdown":
        return {"kind": "plain", "text": words}
    return {"kind": "html", "text": body.html(body.without_title(body.canonical(words)), str, str)}


@require_GET
def paper_file(request: Any, symbol: str, language: str) -> HttpResponse:
    """The file of a version as a download: of a restricted paper a copy with the reader's name, and logged."""
    version = _version(_paper(request, symbol), language, request.GET.get("version", ""))
    try:
        copy = copies.copy_for(request.person, version, request.at)
    except pdf.NotBuilt as error:
        raise Refused("form", f"no copy with your name could be made of {version.stored.name}: {error}") from error
    reading.opened(request.person, [version], request.at)
    # A browser's own PDF viewer refuses a sandbox, and without one a stranger's file would stand on our origin.
    response = HttpResponse(copy.data, content_type=copy.type)
    response["Content-Disposition"] = f'attachment; filename="{copy.name}"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_safe
def compare(request: Any, symbol: str) -> HttpResponse:
    """Two versions of a paper, or of it and what it revised, word by word."""
    found = _paper(request, symbol)
    choices = _comparable(request, found)
    ends = [_end(request, choices, name, default) for name, default in (("from", -2), ("to", -1))]
    old, new = ends
    context = {
        "paper": found,
        "choices": [(_key(version), version) for version in choices],
        "old": old,
        "new": new,
        "old_key": _key(old),
        "new_key": _key(new),
        "difference": difference(old.stored, new.stored),
        "text_direction": fmt.direction(new.language),
    }
    if request.method == "GET":
        reading.opened(request.person, {old.pk: old, new.pk: new}.values(), request.at)
    return show(request, "desk/paper_compare.html", found.session or session_in_hand(request), "papers", context)


def _comparable(request: Any, found: Paper) -> list[PaperVersion]:
    """The versions of a paper and before them those of the paper it replaces, where the reader may see that."""
    earlier = papers.in_sight(request.person, request.at).filter(pk=found.supersedes_id or "")
    mine = PaperVersion.objects.filter(paper__in=[found.pk, *earlier.values_list("pk", flat=True)])
    first = languages(found)[0].code
    rows = mine.select_related("paper__session")
    return sorted(rows, key=lambda one: (one.language == first, one.paper_id == found.pk, one.language, one.number))


def _key(version: PaperVersion) -> str:
    return f"{version.paper_id} {version.language} {version.number}"


def _end(request: Any, choices: list[PaperVersion], name: str, default: int) -> PaperVersion:
    wanted = request.GET.get(name, "")
    if not wanted:
        return choices[default] if len(choices) > 1 else choices[0]
    chosen = next((version for version in choices if _key(version) == wanted), None)
    if chosen is None:
        raise Http404
    return chosen


@require_safe
def translation(request: Any, number: str) -> HttpResponse:
    """The translation desk: what is to be translated into which language, until when, and what is late."""
    found: Session = session_for(request, number)
    if not papers.may_see_desk(request.person, found, request.at):
        raise Unknown(f"session/{number}", "")
    language = request.GET.get("language", "")
    every = shelf.orders(found, request.person, request.at)
    shown = [one for one in every if not language or one.job.language == language]
    context = {
        "page": Paginator(shown, A_PAGE).get_page(request.GET.get("page")),
        "per_language": shelf.by_language(every),
        "language": language,
        "late": sum(one.late for one in every),
        "drafts": shelf.lacking(found),
    }
    return show(request, "desk/translation.html", found, "papers", context)
