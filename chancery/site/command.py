"""`chancery demo`, `serve`, `password`: running a house."""

from __future__ import annotations

import argparse
import sys
from typing import Any


def register(commands: Any) -> None:
    demo = commands.add_parser(
        "demo",
        help="play an invented council's session and serve it",
        description="Play the built-in session folder into an empty data directory and serve the result.",
    )
    demo.add_argument("--data", metavar="DIR", default="", help="a new data directory (default: a temporary one)")
    demo.add_argument("--port", type=int, default=8051, help="port to serve on (default: 8051)")
    demo.add_argument("--no-serve", action="store_true", help="play only")
    demo.add_argument("--witnesses", action="store_true", help="start five witnesses beside it, and stop them with it")
    demo.set_defaults(run=run_demo)

    serve = commands.add_parser(
        "serve",
        help="serve a council's house and public site",
        description="Serve a data directory with web process and worker, or one of them alone. Ctrl-C stops it.",
    )
    serve.add_argument("--data", metavar="DIR", default="data", help="the council's data directory (default: data)")
    serve.add_argument("--port", type=int, default=8051, help="port to serve on (default: 8051)")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    part = serve.add_mutually_exclusive_group()
    part.add_argument("--web", action="store_true", help="a web process only; several may stand behind one proxy")
    part.add_argument("--worker", action="store_true", help="the worker only: exactly one, beside web processes")
    serve.set_defaults(run=run_serve)

    password = commands.add_parser(
        "password",
        help="set a person's password",
        description="Set the password with which a person signs in; it is read from standard input.",
    )
    password.add_argument("person", metavar="PERSON", help="the person's id")
    password.add_argument("--data", metavar="DIR", default="data", help="the council's data directory (default: data)")
    password.set_defaults(run=run_password)


def run_demo(args: argparse.Namespace) -> int:
    from .rehearsal import demo

    return demo(args.data, args.port, serve=not args.no_serve, witnesses=args.witnesses)


def run_serve(args: argparse.Namespace) -> int:
    from chancery.trail.house import Busy, one_of_several, only_one, open_house

    data = open_house(args.data, create=False)
    if data is None:
        return 2
    from .rehearsal import production_refuses

    if refused := production_refuses():
        print(refused, file=sys.stderr)
        return 2
    several = args.web or args.worker
    try:
        with one_of_several(data, worker=args.worker) if several else only_one(data):
            _serve_part(args)
    except (Busy, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _serve_part(args: argparse.Namespace) -> None:
    """All of the house, or the part that was asked for."""
    from . import server

    if args.worker:
        print(f"Working for {args.data}  (Ctrl-C stops it)", flush=True)
        server.work()
    else:
        print(f"Serving {args.data} at http://{args.host}:{args.port}/  (Ctrl-C stops it)", flush=True)
        (server.serve_web if args.web else server.serve)(args.host, args.port)


def run_password(args: argparse.Namespace) -> int:
    import getpass

    from chancery.trail.house import open_house

    if open_house(args.data, create=False) is None:
        return 2
    from chancery.council.models import Person

    person = Person.objects.filter(pk=args.person).first()
    if person is None:
        print(f"there is no person {args.person}", file=sys.stderr)
        return 2
    words = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    from .doors.forms import said

    try:
        validate_password(words, person)
    except ValidationError as error:
        print(" ".join(said(one) for one in error.error_list), file=sys.stderr)
        return 2
    person.set_password(words)
    person.save(update_fields=["password"])
    print(f"{person.name} may now sign in with {person.email}.")
    return 0
