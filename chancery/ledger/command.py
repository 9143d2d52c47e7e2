"""Command lines of the ledger: verify, key, sign, and those of `watching`. None needs Django or the database."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from chancery.ledger import watching

if TYPE_CHECKING:
    from chancery.ledger.acts import Text
    from chancery.ledger.note import Signer
    from chancery.ledger.verdict import Verdict
    from chancery.ledger.verify import Demand


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommands."""
    _register_verify(commands)
    _register_key(commands)
    _register_sign(commands)
    watching.register(commands)


def add_verify_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `chancery verify`, which the stand-alone verifier shares."""
    parser.add_argument(
        "target", metavar="LOGDIR|BUNDLE|URL", help="DIR/register, log/ of a site, a bundle, or http(s)://…"
    )
    parser.add_argument(
        "--policy", type=Path, metavar="FILE", help="your own policy: which log, which witnesses, how many"
    )
    parser.add_argument(
        "--fingerprint", metavar="HEX", help="SHA-256 of policy 1 or of the log's key, as you hold it on paper"
    )
    parser.add_argument(
        "--state", type=Path, metavar="FILE", help="remember the largest head here; an older log is refused"
    )
    parser.add_argument("--old", type=Path, metavar="FILE", action="append", default=[], help="a head that you kept")
    parser.add_argument(
        "--strict", action="store_true", help="compare the tiles of all levels (always so for a folder)"
    )
    parser.add_argument("--json", action="store_true", help="answer for programs")
    parser.set_defaults(run=verify)


def verify(args: argparse.Namespace) -> int:
    """Verify a log or a bundle; 0 sound, 1 refused, 2 wrong usage."""
    try:
        demand = _demand(args)
        found = _verdict(args.target, demand, args.strict)
    except OSError as error:
        return _wrong_usage(f"{error.filename}: {error.strerror}")
    if args.json:
        import json

        print(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
    else:
        print("\n".join(found.lines()))
    return 0 if found.is_sound else 1


def new_key(args: argparse.Namespace) -> int:
    """Make a key pair: the private half into a file, the public half on the screen."""
    from chancery.ledger import Refused, note

    try:
        kind = note.Kind.COSIGNATURE if args.witness else note.Kind.PLAIN
        signer = note.Signer.new(args.name, kind)
        _write_new(args.key, signer.private_text())
    except Refused as error:
        return _wrong_usage(str(error))
    except OSError as error:
        return _wrong_usage(f"{args.key}: {error.strerror}")
    print(signer.vkey)
    print(f"fingerprint {note.fingerprint(signer.vkey)}; the private key is in {args.key}", file=sys.stderr)
    return 0


def export_keys(args: argparse.Namespace) -> int:
    """Copy the register's private keys into one file that belongs in a safe, not in a backup."""
    from chancery import canon
    from chancery.ledger import folder

    keys = args.data / "keys"
    try:
        texts = [(keys / name).read_text() for name in ("log.key", "receipt.key")]
        _write_new(args.file, "".join(texts))
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        folder.write_private(keys / "exported", f"{stamp} {canon.sha256(''.join(texts).encode())}\n".encode())
    except OSError as error:
        return _wrong_usage(f"{error.filename}: {error.strerror}")
    print(
        f"The keys of log and receipts are in {args.file}. Keep it in a safe and out of every backup.", file=sys.stderr
    )
    return 0


def sign(args: argparse.Namespace) -> int:
    """Sign an act text with a member's key; works without network and without the council's data."""
    from chancery.ledger import Refused, acts, note

    try:
        text = args.text.read_bytes()
        signer = note.Signer.from_private_text(args.key.read_text())
        act = acts.parse(text.decode())
        _check_signable(act, signer)
        signed = note.Note(text, ()).to_bytes() + signer.sign_line(text).encode()
        if args.out:
            args.out.write_bytes(signed)
        else:
            sys.stdout.buffer.write(signed)
    except (Refused, UnicodeDecodeError) as error:
        return _wrong_usage(str(error))
    except OSError as error:
        return _wrong_usage(f"{error.filename}: {error.strerror}")
    return 0


def _register_verify(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "Verify a register or a bundle without trusting who holds it; the root is rebuilt from the entries."
    add_verify_arguments(commands.add_parser("verify", help="verify a register, a bundle or a site", description=text))


def _register_key(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("key", help="make keys, export the register's", description="Make and export keys.")
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    new = verbs.add_parser("new", help="make a key pair", description=new_key.__doc__)
    new.add_argument("name", metavar="NAME", help="name of the key: no space, no plus sign")
    new.add_argument("--key", type=Path, required=True, metavar="FILE", help="new file for the private key (mode 0600)")
    new.add_argument("--witness", action="store_true", help="a witness's key, which signs with a time")
    new.set_defaults(run=new_key)
    export = verbs.add_parser("export", help="copy the register's keys for the safe", description=export_keys.__doc__)
    export.add_argument("file", type=Path, metavar="FILE", help="new file (mode 0600)")
    export.add_argument("--data", type=Path, required=True, metavar="DIR", help="the council's data directory")
    export.set_defaults(run=export_keys)


def _register_sign(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("sign", help="sign an act text with a member's key", description=sign.__doc__)
    parser.add_argument("text", type=Path, metavar="TEXT", help="the act text, as the council gave it out")
    parser.add_argument("--key", type=Path, required=True, metavar="FILE", help="file of the private key")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the signed note here instead of on the screen")
    parser.set_defaults(run=sign)


def _demand(args: argparse.Namespace) -> Demand:
    from chancery.ledger.verify import Demand

    rules = args.policy.read_bytes() if args.policy else None
    old = [path.read_bytes() for path in args.old]
    return Demand(rules, args.fingerprint, old, args.state, int(time.time()))


def _verdict(target: str, demand: Demand, is_strict: bool) -> Verdict:
    from chancery.ledger import unbundle, verify, web

    if target.startswith(("http://", "https://")):
        return verify.verify_log(web.fetch_from(target), demand, is_strict)
    path = Path(target)
    return verify.verify_folder(path, demand) if path.is_dir() else unbundle.verify_bundle(path, demand)


def _check_signable(text: Text, signer: Signer) -> None:
    from chancery.ledger import Untrusted, acts, note, policy

    if not isinstance(text, acts.ActText | policy.PolicyText):
        raise Untrusted("only act texts and policies are signed by members")
    if isinstance(text, acts.ActText) and text.credentials != note.fingerprint(signer.vkey):
        raise Untrusted("the act text names another key: its line `credentials` is not this key's fingerprint")


def _write_new(path: Path, text: str) -> None:
    import os

    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)


def _wrong_usage(sentence: str) -> int:
    print(f"chancery: {sentence}", file=sys.stderr)
    return 2
