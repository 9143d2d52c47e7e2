"""Fuzz the parsers of the ledger: whatever the bytes, they are refused in a sentence or have one spelling.

Run `python -m bench.ledger_fuzz SECONDS [NAME …]`: that long for each parser, from good examples that are cut,
joined and flipped at random. A failure prints the beginning of its input in hex and ends with exit code 1.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.ledger import make_bundle
from chancery.ledger import Refused, acts, checkpoint, client, note, policy, proof, tiles, unbundle, witness
from chancery.ledger.acts import CredentialsText, RecordText, SealedText
from chancery.ledger.checkpoint import Checkpoint
from chancery.ledger.note import Kind, Signer, Verifier
from chancery.ledger.proof import Proof
from chancery.ledger.sshsig import SshKey
from chancery.ledger.verify import Demand
from chancery.ledger.web import Answer

ORIGIN = "register.council.example/log"
HEX = "ab" * 32
SHOWN = 4000  # hex digits of an input that broke a parser
LOG, RECEIPT = Signer.new(ORIGIN), Signer.new(f"{ORIGIN}/receipt", Kind.RECEIPT)
WITNESSES = [Signer.new(f"witness-{number}", Kind.COSIGNATURE) for number in range(3)]
HEAD = Checkpoint(ORIGIN, 70_000, b"r" * 32)
SIGNED = HEAD.text() + b"\n" + LOG.sign_line(HEAD.text()).encode()
AT = datetime(2026, 10, 22, tzinfo=UTC)

Parser = Callable[[bytes], bytes | None]


def _note(data: bytes) -> bytes:
    note.check_lines(b"", (), [])
    return note.parse(data).to_bytes()


def _opened(data: bytes) -> None:
    note.open(data, [LOG.verifier, *(each.verifier for each in WITNESSES)])


def _key(data: bytes) -> bytes:
    return Verifier.parse(data.decode(errors="surrogateescape")).vkey.encode()


def _private(data: bytes) -> bytes:
    text = data.decode(errors="surrogateescape")
    return Signer.from_private_text(text).private_text().rstrip("\n").encode() + text[len(text.rstrip("\n")) :].encode()


def _ssh(data: bytes) -> None:
    SshKey("name", b"\0\0\0\x0bssh-ed25519\0\0\0\x20" + LOG.verifier.public).check(b"text", data)
    SshKey("name", data)


def _tile(data: bytes) -> bytes:
    return tiles.tile_at(data.decode(errors="replace")).path.encode() if data.isascii() else b"".join([data])


def _bundle_of_entries(data: bytes) -> bytes:
    return tiles.bundle(tiles.entries_in(data, 5))


def _policy(data: bytes) -> bytes:
    """What is read has one spelling, which is read to the same policy."""
    rules = policy.parse(data)
    rules.colluders(), rules.absent()
    if policy.parse(rules.text()).text() != rules.text():
        raise AssertionError("a policy has two spellings")
    return data


def _act(data: bytes) -> bytes:
    return acts.parse(data.decode()).text().encode() if _is_text(data) else data


def _leaf(data: bytes) -> None:
    acts.open_leaf(data, RECEIPT.verifier, [LOG.verifier])


def _request(data: bytes) -> bytes:
    found = witness.parse_request(data)
    return witness.request_body(found.old, found.proof, found.note.to_bytes())


def _answer(data: bytes) -> None:
    party = policy.Party("witness-0", WITNESSES[0].verifier, "http://witness.example")
    asked = client.Submission(SIGNED, HEAD.size, lambda old: [b"h" * 32])
    for status, kind in ((200, "text/plain"), (409, witness.SIZE_TYPE)):
        client.ask_cosignature(party, asked, 3, 2**40, lambda url, body, s=status, k=kind: Answer(s, data, k))


def _zip(data: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as file:
        file.write(data)
        file.flush()
        unbundle.verify_bundle(Path(file.name), Demand())


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _texts() -> list[bytes]:
    record = RecordText(ORIGIN, "decision.issue", "decision/51/DEC/4", HEX).text()
    credentials = CredentialsText(ORIGIN, "ALD", "head of delegation", (HEX,), HEX).text()
    act = acts.ActText(
        ORIGIN, "51", "C51/DEC/4 x", (acts.Digest(HEX),), (acts.Digest(HEX, True), acts.Digest(HEX)), ("en", "ru"),
        f"reserve {HEX}", "head of delegation", "ALD", HEX,
    ).text()  # fmt: skip
    return [each.encode() for each in (record, credentials, act, SealedText(ORIGIN, HEX).text(), _policy_text())]


def _policy_text() -> str:
    members = (
        ("witness-0", Signer.new("a").vkey),
        ("witness-1", Signer.new("b").vkey),
        ("witness-2", Signer.new("c").vkey),
    )
    return policy.PolicyText(ORIGIN, "1", "-", RECEIPT.vkey, members, (), _policy_file()).text()


def _policy_file() -> str:
    lines = "".join(f"witness {each.name} {each.vkey} https://w.example\n" for each in WITNESSES)
    return f"log {LOG.vkey}\n{lines}group g 2 witness-0 witness-1 witness-2\nquorum g\n"


def _leaves() -> list[bytes]:
    texts = [RecordText(ORIGIN, "decision.issue", "decision/51/DEC/4", HEX).text()]
    return [acts.leaf(text, [], RECEIPT, AT) for text in texts]


PARSERS: dict[str, tuple[Parser, Callable[[], list[bytes]]]] = {
    "note": (_note, lambda: [SIGNED, *_leaves()]),
    "signed note": (_opened, lambda: [SIGNED]),
    "key": (_key, lambda: [LOG.vkey.encode(), RECEIPT.vkey.encode(), WITNESSES[0].vkey.encode()]),
    "private key": (_private, lambda: [LOG.private_text().encode()]),
    "ssh signature": (_ssh, lambda: [b"SSHSIG\0\0\0\x01\0\0\0\x0bssh-ed25519\0\0\0\x20" + b"k" * 80]),
    "checkpoint": (lambda data: checkpoint.parse(data).text(), lambda: [HEAD.text(), HEAD.text() + b"extension\n"]),
    "tile path": (_tile, lambda: [b"tile/0/x001/x234/067", b"tile/entries/000.p/5", b"tile/63/001"]),
    "tile": (_bundle_of_entries, lambda: [tiles.bundle([b"x" * size for size in (0, 1, 2, 300, 5)])]),
    "policy": (_policy, lambda: [_policy_file().encode(), f"log {LOG.vkey}\nquorum none\n".encode()]),
    "proof": (lambda data: proof.parse(data).to_bytes(), lambda: [Proof(7, (b"h" * 32,) * 3, SIGNED, b"e").to_bytes()]),
    "act text": (_act, _texts),
    "leaf": (_leaf, _leaves),
    "submission": (_request, lambda: [witness.request_body(3, [b"h" * 32] * 2, SIGNED)]),
    "answer": (_answer, lambda: [b"70000\n", WITNESSES[0].sign_line(HEAD.text(), 5).encode()]),
    "bundle": (_zip, lambda: [make_bundle(is_enrolled=False)]),
}


def mutated(seeds: Sequence[bytes], chance: random.Random) -> bytes:
    """One good example, changed in one to five places."""
    data = bytearray(chance.choice(seeds))
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(len(data) + 1)
        how = chance.randrange(6)
        if how == 0 and data:
            data[at % len(data)] ^= 1 << chance.randrange(8)
        elif how == 1:
            data[at:at] = chance.choice([b"\n", b"\n\n", b" ", b"\0", b"=", "é".encode(), b"\xff", b"0", b"\r", b"-"])
        elif how == 2:
            del data[at : at + chance.randint(1, 20)]
        elif how == 3:
            other = chance.choice(seeds)
            start = chance.randrange(len(other) + 1)
            data[at:at] = other[start : start + chance.randint(1, 60)]
        elif how == 4:
            data[at : at + 4] = chance.randbytes(4)
        else:
            data[at:at] = data[at : at + chance.randint(1, 200)]
    return bytes(data)


def fuzz(parser: Parser, seeds: Sequence[bytes], seconds: float, chance: random.Random) -> tuple[int, int]:
    """How many inputs were tried and how many were read. Raises AssertionError with the input that broke the parser."""
    until, tried, read = time.monotonic() + seconds, 0, 0
    while time.monotonic() < until:
        data = mutated(seeds, chance)
        tried += 1
        try:
            again = parser(data)
        except Refused:
            continue
        except Exception as error:
            raise AssertionError(f"{type(error).__name__}: {error} for {data.hex()[:SHOWN]}") from error
        read += 1
        if again is not None and again != data:
            raise AssertionError(f"two spellings: {data.hex()[:SHOWN]} and {again.hex()[:SHOWN]}")
    return tried, read


def main(arguments: list[str]) -> int:
    """Fuzz each parser, or those named, for as many seconds as the first argument says."""
    seconds = float(arguments[0]) if arguments else 1.0
    names = arguments[1:] or list(PARSERS)
    for name in names:
        parser, seeds = PARSERS[name]
        try:
            tried, read = fuzz(parser, seeds(), seconds, random.Random())
        except AssertionError as error:
            print(f"{name}: {error}")
            return 1
        print(f"{name:<16} {tried:>10} inputs, {read:>8} of them read", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
