"""The walk: every address as stranger, observer, delegate, press officer and secretary; planted words stay hidden."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from chancery.trail import door, files, refs
from chancery.trail.actor import Actor
from chancery.trail.arguments import Reading

ROLES = {
    "stranger": "",
    "observer": "observer.lindqvar",
    "delegate": "lum.delegate",
    "press": "press.ellend",
    "secretary": "secretary.ansgar",
}
ALL, INSIDE, COUNCIL, DESK, SECRETARY = "all", "inside", "council", "press desk", "secretary"
MAY = {
    ALL: set(ROLES),
    INSIDE: set(ROLES) - {"stranger"},
    COUNCIL: {"delegate", "press", "secretary"},
    DESK: {"press", "secretary"},
    SECRETARY: {"secretary"},
}
TAIL = "51/4-nine-rivers-one-format-council-agrees-to-share-gauge-data"

# Each address by name: sample arguments, who may read it, the status it gives them.
WALK: dict[str, tuple[dict[str, Any], str, int]] = {
    "door": ({}, ALL, 302),
    "short": ({"tail": "51/4"}, ALL, 301),
    "head": ({}, ALL, 200),
    "inputs": ({"key": "51/3"}, ALL, 200),
    "text": ({"language": "ar", "symbol": "CNR/DEC/216"}, ALL, 200),
    "bundle": ({"symbol": "CNR/DEC/216"}, ALL, 200),
    "cosignature": ({}, ALL, 405),
    "pdf": ({"symbol": "CNR/51/FIN"}, ALL, 200),
    "front": ({"language": "en"}, ALL, 200),
    "archive": ({"language": "ru"}, ALL, 200),
    "feed": ({"language": "en"}, ALL, 200),
    "version": ({"language": "en", "tail": TAIL, "number": 1}, ALL, 200),
    "item": ({"language": "en", "tail": TAIL}, ALL, 200),
    "sessions": ({"language": "en"}, ALL, 200),
    "session": ({"language": "en", "number": "51"}, ALL, 200),
    "decisions": ({"language": "ar"}, ALL, 200),
    "decision": ({"language": "en", "symbol": "CNR/DEC/216"}, ALL, 200),
    "result": ({"language": "en", "key": "51/4"}, ALL, 200),
    "speech": ({"language": "ru", "session": "51", "number": "1"}, ALL, 200),
    "public-paper": ({"language": "en", "symbol": "CNR/51/DOC/1"}, ALL, 200),
    "public-paper-file": ({"language": "en", "symbol": "CNR/51/DOC/1"}, ALL, 200),
    "members": ({"language": "en"}, ALL, 200),
    "register": ({"language": "en"}, ALL, 200),
    "accessibility": ({"language": "ru"}, ALL, 200),
    "log": ({"name": "checkpoint"}, ALL, 200),
    "beacon": ({}, ALL, 405),
    "account_login": ({}, "strangers", 200),
    "account_logout": ({}, ALL, 405),
    "mfa_login_webauthn": ({}, ALL, 302),
    "mfa_authenticate": ({}, ALL, 302),
    "openid_connect_login": ({"provider_id": "none"}, ALL, 404),
    "openid_connect_callback": ({"provider_id": "none"}, ALL, 404),
    "mfa_index": ({}, INSIDE, 200),
    "account_reauthenticate": ({}, "nobody", 403),
    "mfa_reauthenticate": ({}, "nobody", 403),
    "mfa_reauthenticate_webauthn": ({}, "nobody", 403),
    "account-password": ({}, INSIDE, 200),
    "mfa_add_webauthn": ({}, INSIDE, 200),
    "mfa_remove_webauthn": ({"pk": 99_999}, "nobody", 404),
    "mfa_activate_totp": ({}, INSIDE, 200),
    "mfa_deactivate_totp": ({}, "nobody", 404),
    "mfa_view_recovery_codes": ({}, "nobody", 404),
    "mfa_generate_recovery_codes": ({}, INSIDE, 200),
    "account-elsewhere": ({}, ALL, 405),
    "forgotten": ({}, ALL, 200),
    "recover": ({"token": "forged"}, ALL, 410),
    "invitation": ({"token": "forged"}, ALL, 410),
    "operator-enter": ({"token": "forged"}, ALL, 410),
    "invite": ({"key": "lum.head"}, ALL, 405),
    "language": ({}, ALL, 405),
    "rehearse": ({"token": "forged"}, ALL, 404),
    "house": ({}, INSIDE, 302),
    "house-desk": ({"number": "51"}, INSIDE, 200),
    "house-agenda": ({"number": "51"}, INSIDE, 200),
    "house-agenda-versions": ({"number": "51"}, INSIDE, 200),
    "house-papers": ({"number": "51"}, INSIDE, 200),
    "house-papers-zip": ({"number": "51"}, INSIDE, 200),
    "house-translation": ({"number": "51"}, SECRETARY, 200),
    "house-paper-compare": ({"symbol": "CNR/51/DOC/1"}, INSIDE, 200),
    "house-texts": ({"number": "51"}, COUNCIL, 200),
    "house-decided": ({"number": "51"}, INSIDE, 200),
    "house-signing": ({"number": "51"}, INSIDE, 200),
    "house-delegations": ({"number": "51"}, INSIDE, 200),
    "house-participants": ({"number": "51"}, INSIDE, 200),
    "house-participants-csv": ({"number": "51"}, INSIDE, 200),
    "house-participants-pdf": ({"number": "51"}, INSIDE, 200),
    "house-preparation": ({"number": "52"}, SECRETARY, 200),
    "house-next": ({"number": "51"}, SECRETARY, 302),
    "house-journal": ({"number": "51", "day": "2026-10-21"}, INSIDE, 200),
    "house-journal-pdf": ({"number": "51", "day": "2026-10-21"}, INSIDE, 200),
    "house-calendar": ({}, INSIDE, 200),
    "house-council": ({}, INSIDE, 200),
    "house-person": ({"key": "lum.head"}, SECRETARY, 200),
    "house-circulars": ({}, COUNCIL, 200),
    "house-circular": ({"symbol": "CNR/51/CIRC/1"}, COUNCIL, 200),
    "house-circular-file": ({"language": "en", "symbol": "CNR/51/CIRC/1"}, COUNCIL, 200),
    "house-letter-file": ({"key": "2026/99"}, "nobody", 200),
    "house-log": ({"number": "51"}, INSIDE, 200),
    "house-press-desk": ({"number": "51"}, DESK, 200),
    "house-entry": ({"index": 3}, INSIDE, 200),
    "house-paper-file": ({"language": "en", "symbol": "CNR/51/DOC/1"}, INSIDE, 200),
    "house-instrument-pdf": ({"symbol": "CNR/51/FIN"}, INSIDE, 200),
    "house-act-text": ({"symbol": "CNR/51/FIN"}, "nobody", 200),
    "house-paper": ({"symbol": "CNR/51/DOC/1"}, INSIDE, 200),
    "house-draft": ({"key": "51/D1"}, COUNCIL, 200),
    "house-question": ({"key": "51/4"}, INSIDE, 200),
    "house-decision": ({"symbol": "CNR/DEC/216"}, INSIDE, 200),
    "house-instrument": ({"symbol": "CNR/51/FIN"}, INSIDE, 200),
    "house-release": ({"symbol": "PRESS/51/4"}, DESK, 200),
    "house-mine": ({}, INSIDE, 200),
    "house-item": ({"key": "51/4"}, INSIDE, 200),
    "house-room": ({"key": "51/1"}, COUNCIL, 200),
    "house-console": ({"key": "51/1"}, SECRETARY, 200),
    "house-act": ({"name": "circular.send"}, SECRETARY, 200),
    "house-history": ({}, "nobody", 200),
    "house-live": ({}, "nobody", 200),
    "house-search": ({}, INSIDE, 200),
    "house-notices": ({}, INSIDE, 200),
    "house-notices-seen": ({}, INSIDE, 405),
    "house-deliveries": ({}, SECRETARY, 200),
    "house-notice": ({"number": 99_999}, "nobody", 200),
    "notices-stop": ({"token": "forged"}, ALL, 404),
    "house-tokens": ({}, INSIDE, 200),
    "house-token-revoke": ({"number": 99_999}, INSIDE, 405),
    # Programs come with a token; a sign-in of a browser is none.
    "api:openapi-json": ({}, ALL, 200),
    "api:api-root": ({}, ALL, 404),
    "api:acts": ({}, ALL, 401),
    "api:possible": ({}, ALL, 401),
    "api:upload": ({}, ALL, 405),
    "api:rows": ({"kind": "paper"}, ALL, 401),
    "api:row": ({}, ALL, 401),
    "api:paper_file": ({}, ALL, 401),
    "api:history": ({}, ALL, 401),
}
MAY |= {"nobody": set(), "strangers": {"stranger"}}
# What others get where it is not the page of an unknown address. Whoever is signed in needs no sign-in page; who has
# nothing by which to show again who it is, is not asked.
ELSE = {
    "house-act": 403,
    "account_login": 302,
    "mfa_login_webauthn": 302,
    "mfa_authenticate": 302,
    "account_reauthenticate": 403,
    "mfa_reauthenticate": 403,
    "mfa_reauthenticate_webauthn": 403,
}


def names(resolver: URLResolver, space: str = "") -> list[str]:
    found: list[str] = []
    for part in resolver.url_patterns:
        if isinstance(part, URLResolver):
            found += names(part, f"{part.namespace}:" if part.namespace else space)
        else:
            found.append(f"{space}{part.name}")
    return found


def test_every_address_has_a_row_in_the_walk():
    assert all(isinstance(part, URLPattern | URLResolver) for part in get_resolver().url_patterns)
    assert sorted(names(get_resolver())) == sorted(WALK)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_reaches_what_is_its_own_and_nothing_else(role, demo, enter):
    client = enter(ROLES[role])
    for name, (arguments, who, status) in WALK.items():
        address = reverse(name, kwargs=arguments)
        got = client.get(address).status_code
        if role in MAY[who]:
            assert got == status, (address, got)
        elif role == "stranger":
            assert got == 302, (address, got)
        else:
            assert got == ELSE.get(name, 404), (address, got)


def test_a_stranger_is_sent_to_sign_in_alike_for_what_exists_and_what_does_not(demo, enter):
    client = enter("")
    known, unknown = (client.get(f"/house/paper/CNR/51/DOC/{n}/") for n in ("1", "99"))
    assert known.status_code == unknown.status_code == 302
    assert unquote(known["Location"]).replace("/1/", "/99/") == unquote(unknown["Location"])


def perform(act: str, by: str, to: str | None, raw: dict[str, Any]) -> Any:
    deed = door.acts()[act]
    person = refs.get(f"person/{by}")
    member = getattr(person, "member_id", None)
    subject, values = deed.read(to, raw, Reading(from_record=True))
    actor = Actor(str(person.ref), for_=f"member/{member}" if member else "")
    return door.perform(deed, subject, values, by=actor, at=door.now()).product


def stored(words: str) -> dict[str, str]:
    file = files.put(f"# {words}\n\n{words} {words}.\n".encode(), "planted.md")
    return {"sha256": file.sha256, "name": file.name, "type": file.type}


def plant_paper(word: str, marking: str, *, issue: bool = True) -> str:
    raw = {"series": "DOC", "session": "session/51", "item": "item/51/4", "marking": marking}
    paper = perform(
        "paper.table", "secretary.ansgar", None, raw | {"title": {"en": word}, "files": {"en": stored(word)}}
    )
    if issue:
        perform("paper.issue", "secretary.ansgar", str(paper.ref), {})
    return paper.key


def plant_release(word: str) -> str:
    raw = {"kind": "press_statement", "session": "session/51", "dateline": {"en": "VELMAR"}, "title": {"en": word}}
    item = perform("release.draft", "press.ellend", None, raw | {"body": {"en": stored(word)}})
    perform("release.clear", "dov.head", str(item.ref), {})
    until = (door.now() + timedelta(days=300)).isoformat()
    perform("release.issue", "press.ellend", str(item.ref), {"embargo_until": until})
    return item.key


def bodies(client: Any, extra: list[str]) -> dict[str, bytes]:
    """Everything a reader can fetch: all addresses of the walk, the planted ones, pages, feeds, histories, search."""
    addresses = [reverse(name, kwargs=arguments) for name, (arguments, _, _) in WALK.items()]
    addresses += [
        "/house/session/51/papers/",
        "/house/search/?q=zz",
        "/en/press/?q=zz",
        "/house/history/?of=session/51",
    ]
    return {address: b"".join(client.get(address, follow=True)) for address in addresses + extra}


def test_no_role_sees_a_planted_word_that_its_marking_keeps_from_it(demo, enter):
    planted = {
        "zzgreen": ("GREEN", {"observer", "delegate", "press", "secretary"}),
        "zzamber": ("AMBER", {"delegate", "press", "secretary"}),
        "zzred": ("RED", {"secretary"}),
    }
    symbols = {word: plant_paper(word, marking) for word, (marking, _) in planted.items()}
    symbols["zztabled"] = plant_paper("zztabled", "CLEAR", issue=False)
    symbols["zzembargo"] = plant_release("zzembargo")
    may = {word: who for word, (_, who) in planted.items()} | {
        "zztabled": {"secretary"},
        "zzembargo": {"press", "secretary"},
    }
    extra = [f"/house/paper/{s}/" for s in symbols.values()] + [f"/house/file/paper/en/{s}" for s in symbols.values()]
    extra += [f"/en/papers/{s}/" for s in symbols.values()] + [f"/papers/en/{s}" for s in symbols.values()]
    extra += [f"/house/history/?of=paper/{s}" for s in symbols.values()] + ["/house/release/PRESS/51/5/", "/p/51/5"]
    extra += ["/en/press/51/5-zzembargo/", "/en/press/51/5-x/v/1/", "/house/history/?of=release/PRESS/51/5"]
    for role, person in ROLES.items():
        found = bodies(enter(person), extra)
        for word, who in may.items():
            seen = [address for address, body in found.items() if word.encode() in body and word not in address]
            if role not in who:
                assert seen == [], (role, word, seen)
        for word in [w for w, who in may.items() if role in who]:
            assert any(word.encode() in body for body in found.values()), (role, word)


def test_an_embargoed_item_looks_like_an_unknown_one(demo, enter):
    plant_release("zzembargo")
    client = enter("")
    held, unknown = client.get("/en/press/51/5-zzembargo/"), client.get("/en/press/51/99-zzembargo/")
    assert (held.status_code, held.content) == (unknown.status_code, unknown.content)
    assert client.get("/p/51/5").status_code == client.get("/p/51/99").status_code == 404


def test_nothing_of_an_embargoed_release_stands_in_the_register_before_its_instant(demo):
    from chancery.register.tasks import collect

    key = plant_release("zzembargo")
    collect()
    log = b"".join(path.read_bytes() for path in (demo / "register").rglob("*") if path.is_file())
    assert key.encode() not in log and b"zzembargo" not in log


def test_public_pages_set_no_cookie_and_depend_on_none(demo, enter):
    client = enter("")
    for name, (arguments, who, _) in WALK.items():
        if who == ALL and not reverse(name, kwargs=arguments).startswith("/accounts/"):
            response = client.get(reverse(name, kwargs=arguments))
            assert not response.cookies, name
            assert "Cookie" not in response.get("Vary", ""), name


def test_no_public_page_writes(demo, enter):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = enter("")
    for name, (arguments, who, _) in WALK.items():
        if who == ALL and name != "beacon" and not reverse(name, kwargs=arguments).startswith("/accounts/"):
            with CaptureQueriesContext(connection) as captured:
                client.get(reverse(name, kwargs=arguments))
            written = [q["sql"] for q in captured if q["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]
            assert written == [], name


RECORD_TABLES = ("trail_", "council_", "meetings_", "floor_", "papers_", "texts_", "decisions_", "signing_", "press_")
# What readers did is no act and is not exported: read marks, openings of restricted papers, zips taken.
READERS = ('"papers_readmark"', '"papers_opening"', '"papers_takenzip"')


def test_no_view_writes_to_a_table_of_the_record_outside_an_act(demo, enter):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = enter("secretary.ansgar")
    for name, (arguments, _, _) in WALK.items():
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse(name, kwargs=arguments))
        for query in captured:
            verb, *rest = query["sql"].split()
            if verb in ("INSERT", "UPDATE", "DELETE"):
                target = " ".join(rest[:4])
                own = any(table in target for table in READERS)
                assert own or not any(table in target for table in RECORD_TABLES), (name, query["sql"])


@pytest.mark.parametrize("address", ["/house/act/release.issue/", "/house/act/signature.give/", "/accounts/language/"])
def test_a_form_without_its_token_is_refused(address, demo):
    from django.test import Client

    from chancery.council.models import Person

    client = Client(enforce_csrf_checks=True)
    client.force_login(Person.objects.get(pk="press.ellend"))
    assert client.post(address, {}).status_code == 403


def test_every_answer_carries_the_security_headers(demo, enter):
    for address in ("/en/", "/accounts/sign-in/", "/log/checkpoint", "/nothing/"):
        response = enter("").get(address)
        assert response["Content-Security-Policy"].startswith("default-src 'none'")
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Referrer-Policy"] == "same-origin"
    inside = enter("secretary.ansgar").get("/house/session/51/")
    assert inside["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "name", ["..%2Fdb.sqlite3", "../db.sqlite3", "../keys/log.key", "tile/../../keys/log.key", ".lock"]
)
def test_the_log_serves_nothing_but_the_register(name, demo, enter):
    assert enter("").get(f"/log/{name}").status_code == 404


@pytest.mark.parametrize(
    "address", ["/log/%00", "/log/../head", "/en/papers/%00/", "/en/sessions/%00/", "/house/paper/%00/"]
)
def test_a_strange_address_is_an_address_of_nothing(address, demo, enter):
    assert enter("secretary.ansgar").get(address).status_code in (400, 404)


def test_a_refused_upload_is_answered_as_a_refusal_and_stores_nothing(demo, enter):
    from django.core.files.uploadedfile import SimpleUploadedFile

    before = sorted(p for p in (demo / "files").rglob("*") if p.is_file())
    note = SimpleUploadedFile("cor.note", b"chancery act sign\n", content_type="text/plain")
    answer = enter("cor.head").post("/house/act/signature.give/", {"to": "instrument/CNR/51/FIN", "note": note})
    assert answer.status_code == 403 and "COR has signed CNR/51/FIN already" in answer.content.decode()
    assert sorted(p for p in (demo / "files").rglob("*") if p.is_file()) == before
