"""Command lines for those who watch a register: witness serve, witness once, mirror. None needs Django."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chancery.ledger.note import Verifier
    from chancery.ledger.reader import Fetch, LogReader
    from chancery.ledger.witness import Witness


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommands."""
    parser = commands.add_parser(
        "witness", help="cosign a register's heads", description="Cosign the heads of a register that stays consistent."
    )
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    served = _watcher(verbs.add_parser("serve", help="answer the register over HTTP", description=serve.__doc__), serve)
    served.add_argument("--host", default="127.0.0.1", help="address to listen at (default %(default)s)")
    served.add_argument("--port", type=int, default=7380, help="port to listen at (default %(default)s)")
    single = _watcher(verbs.add_parser("once", help="check and cosign now, from cron", description=once.__doc__), once)
    single.add_argument("url", metavar="URL", help="address of the register, such as https://council.example/log")
    _register_mirror(commands)


def serve(args: argparse.Namespace) -> int:
    """Answer the register's questions over HTTP until stopped; put a proxy with TLS before it."""
    from chancery.ledger import witness_http

    def listen() -> int:
        witness = _witness(args)
        server = witness_http.make_server(witness, args.host, args.port)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        print(f"listening at http://{args.host}:{server.server_port}", file=sys.stderr, flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return 0
        finally:
            server.server_close()
            witness.close()
        return 0

    return _guarded(listen)


def once(args: argparse.Namespace) -> int:
    """Fetch the register's newest head, check that it continues the last one cosigned here, cosign, return the line."""
    from chancery.ledger import mirror
    from chancery.ledger.reader import LogReader

    def check() -> int:
        fetch = fetch_from(args.url)
        _, data, head = mirror.newest_head(fetch, _log(args))
        return _cosign(args, LogReader(fetch, head), data)

    return _guarded(check)


def keep_mirror(args: argparse.Namespace) -> int:
    """Fetch what is new, rebuild it from the entries, check it against the own last head, store it; then cosign."""
    from chancery.ledger import mirror
    from chancery.ledger.folder import LogFolder
    from chancery.ledger.reader import LogReader

    def keep() -> int:
        folder = LogFolder(args.folder)
        pulled = mirror.pull(folder, fetch_from(args.url), args.log[0] if args.log else None)
        print(f"{pulled.head.size} entries, {pulled.head.size - pulled.before} of them new.", file=sys.stderr)
        if not args.cosign:
            return 0
        args.log = [mirror.log_key(folder.fetch, None).vkey]
        return _cosign(args, LogReader(folder.fetch, pulled.head), pulled.note)

    if args.cosign and args.key is None:
        print("chancery: --cosign needs --key FILE", file=sys.stderr)
        return 2
    return _guarded(keep)


def _register_mirror(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("mirror", help="keep and check a copy of a register", description=keep_mirror.__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR", help="where the copy is kept")
    parser.add_argument("url", metavar="URL", help="address of the register, or the folder of another copy")
    parser.add_argument("--log", action="append", metavar="VKEY", help="the register's key, if this is the first time")
    parser.add_argument("--cosign", action="store_true", help="cosign the head that was rebuilt, and return the line")
    parser.add_argument("--key", type=Path, metavar="FILE", help="private key of the witness")
    parser.set_defaults(run=keep_mirror)


def _watcher(parser: argparse.ArgumentParser, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
    parser.add_argument(
        "--key", type=Path, required=True, metavar="FILE", help="private key; its memory lies beside it"
    )
    parser.add_argument("--log", action="append", required=True, metavar="VKEY", help="verifier key of the register")
    parser.set_defaults(run=run)
    return parser


def _witness(args: argparse.Namespace) -> Witness:
    """The witness of a key file; its memory lies beside the key, so that one key never has two memories."""
    from chancery.ledger.note import Signer, Verifier
    from chancery.ledger.witness import Witness

    signer = Signer.from_private_text(args.key.read_text(encoding="utf-8"))
    return Witness(signer, args.key.with_suffix(".sqlite3"), [Verifier.parse(vkey) for vkey in args.log])


def _log(args: argparse.Namespace) -> Verifier:
    from chancery.ledger.note import Verifier

    return Verifier.parse(args.log[0])


def fetch_from(place: str) -> Fetch:
    """A fetch of the log at an address or in a folder."""
    from chancery.ledger import web
    from chancery.ledger.folder import LogFolder

    return web.fetch_from(place) if place.startswith(("http://", "https://")) else LogFolder(Path(place)).fetch


def _cosign(args: argparse.Namespace, reader: LogReader, signed: bytes) -> int:
    """Let the witness judge the head by its own checks, then return its line to the register."""
    from chancery.ledger import Untrusted, web
    from chancery.ledger.witness import request_body

    witness = _witness(args)
    try:
        last = witness.last_size(reader.head.origin)
        proof = reader.consistency_proof(last) if 0 < last < reader.head.size else []
        answer = witness.add_checkpoint(request_body(last, proof, signed), int(time.time()))
    finally:
        witness.close()
    if answer.status != 200:
        raise Untrusted(f"not cosigned: {answer.body.decode(errors='replace').strip()}")
    print(answer.body.decode(), end="")
    if not args.url.startswith(("http://", "https://")):
        return 0
    returned = web.ask(f"{args.url.rstrip('/')}/cosignature", _with_own_line(signed, reader.head.origin, answer.body))
    if returned.status != 200:
        raise Untrusted(
            f"cosigned, but the register answers {returned.status}: {returned.body.decode(errors='replace')}"
        )
    return 0


def _with_own_line(signed: bytes, origin: str, line: bytes) -> bytes:
    """The head with the log's line and the own one only, so that the answer is about the own one."""
    from chancery.ledger import note

    head = note.parse(signed)
    return note.Note(head.text, tuple(each for each in head.lines if each.name == origin)).to_bytes() + line


def _guarded(run: Callable[[], int]) -> int:
    """Run a command; what is refused becomes one sentence and exit code 1, an unreadable file exit code 2."""
    import sqlite3

    from chancery.ledger import Refused

    try:
        return run()
    except Refused as error:
        print(f"chancery: {error}", file=sys.stderr)
        return 1
    except sqlite3.DatabaseError as error:
        print(f"chancery: the witness's memory cannot be used: {error}", file=sys.stderr)
    except OSError as error:
        print(f"chancery: {error.filename or ''} {error.strerror or error}", file=sys.stderr)
    return 2
