"""Witnesses of a register: the question at the start, heads pending and published, returned lines, recovery."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from chancery.ledger import Refused, verify
from chancery.ledger.checkpoint import Checkpoint
from chancery.ledger.client import Standing
from chancery.ledger.folder import LogFolder
from chancery.ledger.note import Kind, Signer, Verifier
from chancery.ledger.tests.council import ORIGIN, TIME, make_signer
from chancery.ledger.web import Answer, Unreachable
from chancery.ledger.witness import Witness
from chancery.register import recovery
from chancery.register.sequencer import Sequencer

NAMES = ("ALD", "BRN", "CYR", "DOR")
KEYS = {name: make_signer(name, Kind.COSIGNATURE) for name in NAMES}
POLICY = (
    "".join(f"witness {name} {key.vkey} http://{name}.example\n" for name, key in KEYS.items())
    + f"group members 3 {' '.join(NAMES)}\nquorum members\n"
)


class World:
    """Four witnesses that can fall asleep, a clock, and the data directory of a council."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.now, self.asleep = folder, TIME, set[str]()
        self.witnesses: dict[str, Witness] = {}
        self.requests = 0
        self.data = folder / "data"
        self._open: list[Sequencer] = []
        Sequencer.found(self.data, ORIGIN, POLICY, ask=self.ask).close()

    def ask(self, url: str, body: bytes | None) -> Answer:
        self.requests += 1
        name, _, path = url.removeprefix("http://").partition(".example/")
        if name in self.asleep:
            raise Unreachable(f"{name} sleeps")
        if name not in self.witnesses:
            keys = self.data / "register" / "log.vkey"
            logs = [Verifier.parse(keys.read_text().split("\n")[0])] if keys.exists() else []
            self.witnesses[name] = Witness(KEYS[name], self.folder / f"{name}.sqlite3", logs)
        if body is None:
            return self.witnesses[name].last_checkpoint(path.split("/")[0])
        return self.witnesses[name].add_checkpoint(body, self.now)

    def sequencer(self, data: Path | None = None, **options: str) -> Sequencer:
        made = Sequencer(data or self.data, ask=self.ask, clock=lambda: self.now, **options)
        self._open.append(made)
        return made

    def close(self) -> None:
        for each in (*self._open, *self.witnesses.values()):
            each.close()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    made.witnesses.clear()
    yield made
    made.close()


def published(world: World) -> int | None:
    path = world.data / "register" / "checkpoint"
    return int(path.read_text().split("\n")[1]) if path.exists() else None


def test_with_all_witnesses_awake_a_head_is_published_with_its_quorum(world: World) -> None:
    sequencer = world.sequencer()
    sequencer.append([b"one", b"two"])
    assert published(world) == 0
    heard = sequencer.ask_witnesses()
    assert [each.standing for each in heard] == [Standing.COSIGNED] * 4
    assert published(world) == 2
    collected = sequencer.collected()
    assert (set(collected.cosigned), collected.quorum_time) == (set(NAMES), TIME)
    assert (collected.witnessed, collected.needed, set(collected.known.values())) == (2, 3, {2})
    assert "Safe against 1 dishonest witness" in collected.tolerance
    verdict = verify.verify_folder(world.data / "register", verify.Demand())
    assert any("witnessed by ALD, BRN, CYR, DOR" in sentence for sentence in verdict.proven)
    assert not [finding for finding in sequencer.fsck() if "receipt" not in finding.what]


def test_an_entry_is_proven_under_the_newest_head_that_has_its_quorum(world: World) -> None:
    sequencer = world.sequencer()
    sequencer.append([b"entry %d" % number for number in range(300)])
    sequencer.ask_witnesses()
    world.asleep = set(NAMES)
    sequencer.append([b"later"] * 300)
    head = sequencer.head_over(300)
    assert head.size == 300
    assert sequencer.inclusion_proof(7, head).verify(b"entry 7", sequencer.policy).quorum_time == TIME
    assert sequencer.head_over(301).size == 600
    with pytest.raises(Refused, match="quorum"):
        sequencer.inclusion_proof(300).verify(b"later", sequencer.policy)


def test_a_head_once_cosigned_by_a_witness_is_not_asked_again(world: World) -> None:
    sequencer = world.sequencer()
    sequencer.append([b"one"])
    sequencer.ask_witnesses()
    before = world.requests
    assert sequencer.ask_witnesses() == []
    assert world.requests == before


def test_sleeping_witnesses_do_not_stop_a_session_and_are_asked_ever_more_rarely(world: World) -> None:
    sequencer = world.sequencer()
    sequencer.append([b"one"])
    sequencer.ask_witnesses()
    world.asleep = {"ALD", "BRN"}
    sequencer.append([b"two"])
    asked = []
    for _ in range(150):
        world.now += 4
        asked += sequencer.ask_witnesses()
    assert published(world) == 1
    assert sequencer.collected().quorum_time is None
    assert 2 * 7 <= len([each for each in asked if each.standing is Standing.UNREACHABLE]) <= 2 * 12
    world.asleep = {"BRN"}
    world.now += 300
    sequencer.ask_witnesses()
    assert published(world) == 2


def test_signing_begins_when_every_quorum_contains_one_that_has_answered(world: World) -> None:
    world.sequencer().append([b"one"])
    world.asleep = {"ALD", "BRN", "CYR"}
    sequencer = world.sequencer()
    with pytest.raises(Refused, match="only reads"):
        sequencer.append([b"two"])
    assert sequencer.head().size == 1
    world.asleep = {"ALD", "BRN"}
    world.now += 300
    assert sequencer.append([b"two"])[0].index == 1
    world.asleep = set(NAMES)
    assert sequencer.append([b"three"])[0].index == 2


def test_an_operator_may_go_on_unasked_with_a_reason(world: World) -> None:
    world.asleep = set(NAMES)
    assert world.sequencer(unasked_because="the network of the session is down").append([b"one"])[0].index == 0


def test_yesterdays_log_and_head_lock_are_refused_by_the_witnesses(world: World) -> None:
    sequencer = world.sequencer()
    sequencer.append([b"one"])
    sequencer.ask_witnesses()
    yesterday = Path(shutil.copytree(world.data, world.folder / "yesterday"))
    sequencer.append([b"two", b"three"])
    sequencer.ask_witnesses()
    with pytest.raises(Refused, match="has seen size 3, we have 1: not signing"):
        world.sequencer(yesterday).append([b"fork"])


def test_a_fork_of_the_same_size_is_refused_by_the_witnesses(world: World) -> None:
    sequencer = world.sequencer()
    sequencer.append([b"one"])
    sequencer.ask_witnesses()
    yesterday = Path(shutil.copytree(world.data, world.folder / "yesterday"))
    sequencer.append([b"two"])
    sequencer.ask_witnesses()
    fork = world.sequencer(yesterday, unasked_because="test")
    fork.append([b"fork"])
    assert [each.standing for each in fork.ask_witnesses()] == [Standing.REFUSES] * 4
    again = world.sequencer(yesterday)
    with pytest.raises(Refused, match="not signing"):
        again.append([b"more"])


def test_founding_is_refused_when_a_witness_knows_the_register(world: World) -> None:
    sequencer = world.sequencer()
    sequencer.append([b"one"])
    sequencer.ask_witnesses()
    with pytest.raises(Refused, match="knows the register"):
        Sequencer.found(world.folder / "again", ORIGIN, POLICY, ask=world.ask)
    assert not (world.folder / "again" / "keys").exists()


def test_a_killed_publication_is_made_good(world: World) -> None:
    sequencer = world.sequencer()
    sequencer.append([b"one"])
    sequencer.ask_witnesses()
    for name in ("checkpoint", "checkpoint.pending"):
        (world.data / "register" / name).unlink()
    again = world.sequencer()
    again.recover()
    again.ask_witnesses()
    assert published(world) == 1


def returned(sequencer: Sequencer, key: Signer, time: int = TIME) -> bytes:
    head = sequencer.head()
    text = head.note.partition(b"\n\n")[0] + b"\n"
    return head.note + key.sign_line(text, time).encode()


def test_a_pulled_cosignature_returns(world: World) -> None:
    world.asleep = set(NAMES)
    sequencer = world.sequencer(unasked_because="test")
    sequencer.append([b"one"])
    for name in NAMES[:3]:
        assert sequencer.take_cosignature(returned(sequencer, KEYS[name])).status == 200
    assert sequencer.take_cosignature(returned(sequencer, KEYS["ALD"])).status == 200
    assert published(world) == 1
    older = returned(sequencer, KEYS["DOR"])
    sequencer.append([b"two"])
    assert sequencer.take_cosignature(older).status == 200
    assert published(world) == 1


def test_a_returned_cosignature_gets_each_answer_in_order(world: World, tmp_path: Path) -> None:
    sequencer = world.sequencer(unasked_because="test")
    sequencer.append([b"one"])
    good = returned(sequencer, KEYS["ALD"])
    other = Sequencer.found(tmp_path / "other", ORIGIN)
    assert sequencer.take_cosignature(b"").status == 400
    assert sequencer.take_cosignature(good + b"\n" * 65_536).status == 400
    assert sequencer.take_cosignature(returned(other, KEYS["ALD"])).status == 400
    forged = sequencer._signer.sign_line(Checkpoint(ORIGIN, 5, bytes(32)).text())
    unknown = Checkpoint(ORIGIN, 5, bytes(32)).text() + b"\n" + forged.encode()
    assert sequencer.take_cosignature(unknown).status == 409
    assert sequencer.take_cosignature(sequencer.head().note).status == 422
    stranger = make_signer("stranger", Kind.COSIGNATURE)
    assert sequencer.take_cosignature(returned(sequencer, stranger)).status == 422
    assert sequencer.take_cosignature(returned(sequencer, KEYS["ALD"], TIME + 301)).status == 422
    broken = good.replace(b"ALD ", b"ALD ")[:-10] + b"AAAAAAA==\n"
    assert sequencer.take_cosignature(broken).status in (400, 422)
    over_other = KEYS["ALD"].sign_line(b"another text\n", TIME).encode()
    assert sequencer.take_cosignature(sequencer.head().note + over_other).status == 422
    assert not sequencer.collected().cosigned
    assert sequencer.take_cosignature(good).status == 200
    other.close()


def test_the_clock_of_the_register_set_back_changes_no_order(world: World) -> None:
    sequencer = world.sequencer()
    sequencer.append([b"one"])
    sequencer.ask_witnesses()
    world.now -= 30
    sequencer.append([b"two"])
    heard = sequencer.ask_witnesses()
    assert [each.standing for each in heard] == [Standing.COSIGNED] * 4
    assert set(sequencer.collected().cosigned.values()) == {TIME}


def lose_head(world: World) -> None:
    shutil.rmtree(world.data / "head")


def grown(world: World) -> Sequencer:
    sequencer = world.sequencer()
    sequencer.append([b"entry %d" % number for number in range(300)])
    sequencer.ask_witnesses()
    return sequencer


def head_of(sequencer: Sequencer) -> Checkpoint:
    head = sequencer.head()
    return Checkpoint(head.origin, head.size, head.root)


@pytest.mark.parametrize("is_stated", [True, False])
def test_a_lost_head_is_recovered_from_minutes_or_witnesses_and_goes_on(world: World, is_stated: bool) -> None:
    head = head_of(grown(world))
    lose_head(world)
    recovered = recovery.recover_head(world.data, head if is_stated else None, ask=world.ask)
    assert (recovered.head, recovered.files) == (head, ())
    sequencer = world.sequencer()
    assert sequencer.append([b"more"])[0].index == 300
    assert [each.standing for each in sequencer.ask_witnesses()] == [Standing.COSIGNED] * 4


def test_a_lost_head_is_not_recovered_smaller_or_other_than_it_was_seen(world: World) -> None:
    head = head_of(grown(world))
    reader = world.sequencer().reader()
    smaller = Checkpoint(ORIGIN, 200, reader.root_at(200))
    lose_head(world)
    for wrong in (smaller, Checkpoint(ORIGIN, 300, bytes(32)), Checkpoint(ORIGIN, 301, head.root)):
        with pytest.raises(Refused):
            recovery.recover_head(world.data, wrong, ask=world.ask)
    world.asleep = set(NAMES)
    with pytest.raises(Refused, match="roll the log back"):
        recovery.recover_head(world.data, smaller, ask=world.ask)
    with pytest.raises(Refused, match="--head-size"):
        recovery.recover_head(world.data, ask=world.ask)
    assert not (world.data / "head" / "head.sqlite3").exists()


def test_a_head_smaller_than_a_witness_has_seen_is_not_recovered_from_an_older_folder(world: World) -> None:
    grown(world)
    reader = world.sequencer().reader()
    smaller = Checkpoint(ORIGIN, 200, reader.root_at(200))
    lose_head(world)
    for name in ("checkpoint", "checkpoint.pending"):
        (world.data / "register" / name).unlink()
    with pytest.raises(Refused, match="has cosigned another head of 300 entries"):
        recovery.recover_head(world.data, smaller, ask=world.ask)


def test_a_head_is_not_recovered_over_files_that_do_not_lead_to_it(world: World) -> None:
    head = head_of(grown(world))
    lose_head(world)
    path = world.data / "register" / "tile/entries/000"
    path.write_bytes(path.read_bytes().replace(b"entry 7", b"entry x", 1))
    with pytest.raises(Refused, match="tile/entries/000"):
        recovery.recover_head(world.data, head, ask=world.ask)


def test_an_unreadable_head_lock_is_put_aside(world: World) -> None:
    head = head_of(grown(world))
    for each in world._open:
        each.close()
    for path in (world.data / "head").glob("head.sqlite3*"):
        path.unlink()
    (world.data / "head" / "head.sqlite3").write_bytes(b"spoiled" * 1000)
    with pytest.raises(Refused):
        world.sequencer().head()
    recovery.recover_head(world.data, head, ask=world.ask)
    assert world.sequencer().head().size == 300
    assert (world.data / "head" / "lost-head.sqlite3").exists()


def test_an_old_head_lock_moves_forward_to_the_published_head_and_no_further_back(world: World) -> None:
    sequencer = world.sequencer()
    sequencer.append([b"one"])
    shutil.copytree(world.data / "head", world.folder / "old-head")
    sequencer.append([b"two"])
    head = head_of(sequencer)
    shutil.rmtree(world.data / "head")
    shutil.copytree(world.folder / "old-head", world.data / "head")
    with pytest.raises(Refused, match="register recover"):
        world.sequencer(unasked_because="test").append([b"fork"])
    recovery.recover_head(world.data, head, ask=world.ask)
    assert world.sequencer(unasked_because="test").append([b"three"])[0].index == 2


def test_lost_files_are_fetched_from_a_mirror_and_led_to_the_head(world: World) -> None:
    grown(world)
    copy = Path(shutil.copytree(world.data / "register", world.folder / "mirror"))
    lost = ["tile/0/001.p/44", "tile/entries/000", "tile/1/000.p/1"]
    for name in lost:
        (world.data / "register" / name).unlink()
    (world.data / "register" / "tile/0/000").write_bytes(bytes(8192))
    with pytest.raises(Refused):
        world.sequencer().append([b"more"])
    recovered = recovery.recover_files(world.data, LogFolder(copy).fetch)
    assert sorted(recovered.files) == sorted([*lost, "tile/0/000"])
    assert not [finding for finding in world.sequencer().fsck() if "receipt" not in finding.what]
    (copy / "tile/0/000").write_bytes(bytes(8192))
    with pytest.raises(Refused):
        recovery.recover_files(world.data, LogFolder(copy).fetch)


SPOILED = {
    "a tile": ("tile/0/000", "tile/0/000", "mirror"),
    "an entry": ("tile/entries/000", "tile/entries/000", "mirror"),
    "the published head": ("checkpoint", "checkpoint", "publishes it again"),
    "the keys": ("log.vkey", "log.vkey", "restore it"),
}


@pytest.mark.parametrize("what", SPOILED)
def test_fsck_names_each_difference_and_its_repair(world: World, what: str) -> None:
    sequencer = grown(world)
    name, named, repair = SPOILED[what]
    path = world.data / "register" / name
    data = bytearray(path.read_bytes())
    data[40] ^= 1
    path.write_bytes(bytes(data))
    assert any(named in finding.name and repair in finding.repair for finding in sequencer.fsck())


def test_fsck_names_strays_cosignatures_and_a_lost_head(world: World) -> None:
    sequencer = grown(world)
    (world.data / "register" / "stray").write_bytes(b"")
    sequencer._lock.keep_cosignatures(300, sequencer.head().root, [KEYS["ALD"].sign_line(b"other\n", TIME)])
    findings = {finding.name: finding.repair for finding in sequencer.fsck()}
    assert findings["stray"] == "delete it"
    assert "head, cosignatures" in findings
    sequencer.close()
    lose_head(world)
    assert "recover" in world.sequencer().fsck()[0].repair
