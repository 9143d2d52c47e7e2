"""The demo: play the invented council's session and serve it, with a way in for each role."""

from __future__ import annotations

import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from chancery.trail.house import Busy, only_one, open_house

ROLES = (
    ("secretary", "secretary.ansgar"),
    ("chair", "dov.head"),
    ("head of delegation, Corvane", "cor.head"),
    ("delegate, Lumery", "lum.delegate"),
    ("translator", "translator.tolvan"),
    ("press officer", "press.ellend"),
    ("observer", "observer.lindqvar"),
)


def production_refuses() -> str:
    """Why production settings refuse this house, or nothing."""
    from django.conf import settings

    from chancery.council.models import Council

    council = Council.objects.first()
    if settings.PRODUCTION and council and council.rehearsal:
        return "this house holds a rehearsal of invented things; production settings refuse to serve it"
    return ""


def demo(data_dir: str, port: int, *, serve: bool, witnesses: bool) -> int:
    """Play into `data_dir`, which must be new, and serve. Exit code of the command."""
    where = data_dir or tempfile.mkdtemp(prefix="chancery-demo-")
    if data_dir and Path(data_dir).exists() and any(Path(data_dir).iterdir()):
        print(
            f"{data_dir} is not empty; the demo needs a new folder (or `chancery serve --data {data_dir}`)",
            file=sys.stderr,
        )
        return 2
    data = open_house(where, create=True)
    if data is None:
        return 2
    from django.conf import settings

    if settings.PRODUCTION:
        print("the demo is a rehearsal of invented things; production settings refuse it", file=sys.stderr)
        return 2
    from chancery.play.command import play_folder

    print(f"Playing the 51st session of an invented council into {where}\n", flush=True)
    try:
        with only_one(data), ExitStack() as running:
            if code := play_folder(Path(__file__).parent.parent / "demo" / "session51", enter=not witnesses):
                return code
            if witnesses:
                _start_witnesses(running, Path(f"{where}-witnesses"), port)
            _make_popular()
            _tell(where, port, serve)
            if serve:
                from .server import serve as run

                run("127.0.0.1", port)
    except (Busy, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _start_witnesses(running: ExitStack, folder: Path, port: int) -> None:
    """Five witnesses of members as processes of their own, stopped with the demo; four of them make the quorum."""
    from chancery.ledger import policy, witness_http
    from chancery.ledger.note import Kind, Signer
    from chancery.register import tasks

    folder.mkdir(mode=0o700)
    names = ("ALD", "COR", "HAL", "OST", "TAV")
    keys = {name: Signer.new(f"{name.lower()}.witness.example", Kind.COSIGNATURE) for name in names}
    for name, key in keys.items():
        (folder / f"{name}.key").write_text(key.private_text())
    ports = {name: port + 1 + n for n, name in enumerate(names)}
    lines = [f"witness {name} {key.vkey} http://127.0.0.1:{ports[name]}" for name, key in keys.items()]
    lines += [f"group members {policy.default_k(len(names))} {' '.join(names)}", "quorum members"]
    tasks.found_if_absent("\n".join(lines) + "\n")
    log_vkey = (Path(f"{folder}".removesuffix("-witnesses")) / "register" / "log.vkey").read_text().split("\n")[0]
    for name in names:
        running.enter_context(witness_http.spawn(folder / f"{name}.key", [log_vkey], ports[name]))
    with tasks.Collector() as collector:
        collector.round()
    print(f"\nFive witnesses run at ports {port + 1} to {port + 5}; their keys and state lie in {folder}.")


def _make_popular() -> None:
    """Three items are read by invented visitors, so that the list of popular ones can be seen."""
    from chancery.press import popular
    from chancery.press.queries import visible
    from chancery.register.tasks import now

    for place, item in enumerate(visible(now())[:3]):
        for language in item.languages:
            popular.count(item, language, now(), now().date(), visitors=14 - place)


def _tell(where: str, port: int, serve: bool) -> None:
    from django.core import signing
    from django.urls import reverse

    from .views import REHEARSAL_SALT

    base = f"http://127.0.0.1:{port}"
    print(f"\nThe public site:  {base}/\nThe register:     chancery verify {where}/register\n")
    if serve:
        print("Sign in with one click (rehearsal only):")
        for role, person in ROLES:
            token = signing.dumps(person, salt=REHEARSAL_SALT)
            print(f"  {role:<28} {base}{reverse('rehearse', args=[token])}")
        print("\nCtrl-C stops the server. The data stay in", where, flush=True)
    else:
        print(f"Serve it with: chancery serve --data {where} --port {port}")
