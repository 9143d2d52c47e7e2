"""Command lines of the register that need only its files: found, status, fsck, recover. None needs Django."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chancery.register.recovery import Recovered
    from chancery.register.sequencer import Sequencer


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand `register` and its verbs."""
    register_verbs(commands)


def register_verbs(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
) -> argparse._SubParsersAction[argparse.ArgumentParser]:
    """Add the subcommand `register`; what is returned takes further verbs, such as those that need the database."""
    parser = commands.add_parser(
        "register", help="found, show, check the register", description="Found, show and check the council's register."
    )
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    found = _verb(verbs, "found", found_register, "found the register, once")
    found.add_argument("--origin", required=True, metavar="NAME", help="its name for ever, such as council.example/log")
    found.add_argument("--witnesses", type=Path, metavar="FILE", help="witness, group and quorum lines of the policy")
    _verb(verbs, "status", show_status, "show head, key and quorum").add_argument(
        "--json", action="store_true", help="answer for programs"
    )
    _verb(verbs, "fsck", check_files, "read every file and name each difference")
    recover = _verb(verbs, "recover", recover_register, "fetch lost files, make a lost head lock anew")
    recover.add_argument("--from", dest="mirror", metavar="URL-OR-DIR", help="a mirror that has the files")
    recover.add_argument("--head-size", type=int, metavar="N", help="entries of the last head, from minutes or mail")
    recover.add_argument("--root", metavar="B64", help="root of that head")
    recover.add_argument("--reason", metavar="TEXT", help="why the head lock was lost; makes it anew, and is recorded")
    return verbs


def found_register(args: argparse.Namespace) -> int:
    """Found the register: two keys and an empty log. Refused where any of it exists."""
    from chancery.register.sequencer import Sequencer

    def found() -> int:
        lines = args.witnesses.read_text(encoding="utf-8") if args.witnesses else "quorum none\n"
        sequencer = Sequencer.found(args.data, args.origin, lines)
        print(sequencer.verifier.vkey)
        print(f"The register {args.origin} is founded in {args.data / 'register'}.", file=sys.stderr)
        print(_quorum(sequencer), file=sys.stderr)
        return 0

    return _guarded(found)


def show_status(args: argparse.Namespace) -> int:
    """Show the last signed head, the key and what the quorum bears."""

    def show() -> int:
        status = _status(_sequencer(args.data))
        if args.json:
            import json

            print(json.dumps(status, ensure_ascii=False, indent=2))
        else:
            print("\n".join(f"{name}: {value}" for name, value in status.items()))
        return 0

    return _guarded(show)


def check_files(args: argparse.Namespace) -> int:
    """Read every file of the register and name each difference with its repair; 1 when there is any."""

    def check() -> int:
        findings = _sequencer(args.data).fsck()
        for each in findings:
            print(each)
        print(f"{len(findings)} differences." if findings else "Every file is as it was signed.", file=sys.stderr)
        return 1 if findings else 0

    return _guarded(check)


def recover_register(args: argparse.Namespace) -> int:
    """Fetch files from a mirror, each led to the head; with --reason also make a lost head lock anew.

    The head comes from minutes or mail (--head-size, --root), or from the witnesses.
    """
    if (args.head_size is None) != (args.root is None) or (args.head_size is not None and not args.reason):
        print("chancery: --head-size and --root go together, and with --reason", file=sys.stderr)
        return 2

    if not args.mirror and not args.reason:
        print("chancery: say where the files are (--from) or why the head was lost (--reason)", file=sys.stderr)
        return 2

    def recover() -> int:
        recovered = _recovered(args)
        for name in recovered.files:
            print(f"written again: {name}")
        print(f"The head has {recovered.head.size} entries; every file leads to it.", file=sys.stderr)
        return 0

    return _guarded(recover)


def _recovered(args: argparse.Namespace) -> Recovered:
    from chancery.ledger import checkpoint, watching
    from chancery.ledger.checkpoint import Checkpoint
    from chancery.register import recovery, sequencer

    fetch = watching.fetch_from(args.mirror) if args.mirror else None
    if fetch and not args.reason:
        return recovery.recover_files(args.data, fetch)
    if args.root is None:
        return recovery.recover_head(args.data, None, fetch)
    origin = sequencer.read_key(args.data / "keys" / "log.key").name
    return recovery.recover_head(args.data, Checkpoint(origin, args.head_size, checkpoint.hash_line(args.root)), fetch)


def _verb(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: Callable[[argparse.Namespace], int],
    summary: str,
) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=summary, description=run.__doc__)
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the council's data directory")
    parser.set_defaults(run=run)
    return parser


def _sequencer(data_dir: Path) -> Sequencer:
    from chancery.register.sequencer import Sequencer

    return Sequencer(data_dir)


def _status(sequencer: Sequencer) -> dict[str, Any]:
    from chancery import canon
    from chancery.ledger import note

    head, vkey = sequencer.head(), sequencer.verifier.vkey
    return {
        "origin": head.origin,
        "size": head.size,
        "root": canon.base64_text(head.root),
        "vkey": vkey,
        "fingerprint": note.fingerprint(vkey),
        "receipt_vkey": sequencer.receipt_signer.vkey,
        "quorum": _quorum(sequencer),
    }


def _quorum(sequencer: Sequencer) -> str:
    from chancery.ledger import policy

    return policy.warning(sequencer.policy) or policy.tolerance(sequencer.policy)


def _guarded(run: Callable[[], int]) -> int:
    """Run a command; what is refused becomes one sentence and exit code 1, an unreadable file exit code 2."""
    from chancery.ledger import Refused

    try:
        return run()
    except Refused as error:
        print(f"chancery: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"chancery: {error.filename}: {error.strerror}", file=sys.stderr)
    return 2
