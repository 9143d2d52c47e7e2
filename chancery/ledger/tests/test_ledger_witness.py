"""The witness's protocol row by row in its order, and a client that hostile answers neither deceive nor keep busy."""

from __future__ import annotations

import hashlib
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from chancery.ledger import client, note, tree, web, witness_http
from chancery.ledger.checkpoint import Checkpoint
from chancery.ledger.client import Standing, Submission
from chancery.ledger.note import Kind
from chancery.ledger.policy import Party
from chancery.ledger.reader import LogReader
from chancery.ledger.tests.council import LOG, ORIGIN, TIME, fetch_from, make_log, make_signer, signed
from chancery.ledger.web import Answer
from chancery.ledger.witness import MAX_BODY, SIZE_TYPE, Witness, request_body

KEY = make_signer("witness", Kind.COSIGNATURE)
ENTRIES = [b"entry %d" % number for number in range(20)]
LOGS = {size: make_log(ENTRIES[:size]) for size in (0, 3, 5, 8, 20)}
FORK, FORK_FILES = make_log([b"fork %d" % number for number in range(8)])


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Witness]:
    with closing(Witness(KEY, tmp_path / "witness.sqlite3", [LOG.verifier])) as made:
        yield made


def proof(old: int, new: int) -> list[bytes]:
    head, files = LOGS[new]
    return LogReader(fetch_from(files), head).consistency_proof(old) if 0 < old < new else []


def submission(old: int, new: int) -> bytes:
    return request_body(old, proof(old, new), signed(LOGS[new][0]))


def at(witness: Witness, size: int) -> Witness:
    """The witness when it has cosigned the head of `size`."""
    assert witness.add_checkpoint(submission(0, size), TIME).status == 200
    return witness


def test_a_head_that_continues_is_cosigned(witness: Witness) -> None:
    for old, new in ((0, 3), (3, 3), (3, 5), (5, 20)):
        answer = witness.add_checkpoint(submission(old, new), TIME)
        line = note.parse_lines(answer.body.decode())[0]
        assert answer.status == 200
        assert KEY.verifier.check(LOGS[new][0].text(), line.payload) == TIME
        assert witness.last_size(ORIGIN) == new


STRANGER = make_signer("stranger.example/log")
FOREIGN = Checkpoint("stranger.example/log", 3, b"r" * 32).text()
UNSIGNED = LOGS[5][0].text() + b"\n" + make_signer("somebody").sign_line(LOGS[5][0].text()).encode()
WRONG = signed(LOGS[5][0]).replace(b"\n5\n", b"\n6\n")
GOOD = signed(LOGS[5][0])
NOT_PARSED = [
    b"",
    b"old 0\n" + GOOD,
    b"old -1\n\n" + GOOD,
    b"old 01\n\n" + GOOD,
    b"new 0\n\n" + GOOD,
    b"old 0\n\n" + GOOD[:-1],
    b"old 0\nAAAA\n\n" + GOOD,
    b"old 3\n" + b"A" * 43 + b"\n\n" + GOOD,
    request_body(3, [bytes(32)] * 64, GOOD),
    request_body(6, [], GOOD),
    request_body(0, [], GOOD) + b"x" * MAX_BODY,
    "old ٣\n\n".encode() + GOOD,
]


@pytest.mark.parametrize("body", NOT_PARSED, ids=range(len(NOT_PARSED)))
def test_400_for_what_cannot_be_parsed(witness: Witness, body: bytes) -> None:
    assert witness.add_checkpoint(body, TIME).status == 400


FOREIGN_NOTE = FOREIGN + b"\n" + STRANGER.sign_line(FOREIGN).encode()
# Each request is wrong in two ways or more; it gets the answer of the earlier row.
TWICE_WRONG = [
    (400, request_body(4, [], FOREIGN_NOTE), "old greater than the size, and an unknown origin"),
    (404, request_body(1, [bytes(32)], FOREIGN_NOTE), "an unknown origin, and a wrong proof"),
    (403, request_body(1, [], UNSIGNED), "no signature of the log, and a wrong old size"),
    (403, request_body(3, [], WRONG), "a wrong signature, and a missing proof"),
    (409, request_body(1, [bytes(32)], GOOD), "another size, and a wrong proof"),
    (409, request_body(0, [bytes(32)], GOOD), "another size, and a proof from nothing"),
    (422, request_body(3, [bytes(32)], GOOD), "a wrong proof"),
    (422, request_body(3, [], GOOD), "no proof"),
    (422, request_body(3, [], signed(Checkpoint(ORIGIN, 3, b"r" * 32))), "same size, other root"),
    (422, request_body(3, proof(3, 5), signed(LOGS[3][0])), "same size, with a proof"),
]


@pytest.mark.parametrize(("status", "body", "why"), TWICE_WRONG, ids=[each[2] for each in TWICE_WRONG])
def test_a_request_wrong_in_two_ways_gets_the_earlier_answer(
    witness: Witness, status: int, body: bytes, why: str
) -> None:
    assert at(witness, 3).add_checkpoint(body, TIME).status == status, why
    assert witness.last_size(ORIGIN) == 3


def test_a_409_states_the_known_size(witness: Witness) -> None:
    answer = at(witness, 3).add_checkpoint(submission(0, 5), TIME)
    assert (answer.body, answer.content_type) == (b"3\n", SIZE_TYPE)


def test_the_empty_log_has_one_root(witness: Witness) -> None:
    wrong = request_body(0, [], signed(Checkpoint(ORIGIN, 0, b"r" * 32)))
    assert witness.add_checkpoint(wrong, TIME).status == 422
    assert witness.add_checkpoint(request_body(0, [bytes(32)], GOOD), TIME).status == 422
    assert witness.add_checkpoint(submission(0, 0), TIME).status == 200
    assert witness.add_checkpoint(submission(0, 3), TIME).status == 200


def test_an_extension_line_of_a_foreign_log_is_cosigned_with_the_rest(tmp_path: Path) -> None:
    text = Checkpoint("stranger.example/log", 3, b"r" * 32, ("extension",)).text()
    with closing(Witness(KEY, tmp_path / "witness.sqlite3", [STRANGER.verifier])) as witness:
        body = request_body(0, [], text + b"\n" + STRANGER.sign_line(text).encode())
        line = note.parse_lines(witness.add_checkpoint(body, TIME).body.decode())[0]
        assert KEY.verifier.check(text, line.payload) == TIME


def test_a_witness_remembers_over_a_restart_even_when_its_answer_was_lost(tmp_path: Path) -> None:
    for _ in range(2):
        with closing(Witness(KEY, tmp_path / "witness.sqlite3", [LOG.verifier])) as witness:
            assert witness.add_checkpoint(submission(witness.last_size(ORIGIN), 5), TIME).status == 200
    with closing(Witness(KEY, tmp_path / "witness.sqlite3", [LOG.verifier])) as witness:
        assert witness.add_checkpoint(submission(0, 3), TIME).status == 409
        assert witness.add_checkpoint(request_body(5, [], signed(Checkpoint(ORIGIN, 5, FORK.root))), TIME).status == 422


def test_of_two_submissions_at_once_the_later_one_never_rolls_back(witness: Witness) -> None:
    at(witness, 3)
    bodies = [submission(3, 5), submission(3, 20)] * 8
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda body: witness.add_checkpoint(body, TIME).status, bodies))
    assert answers.count(200) == 1
    assert set(answers) == {200, 409}


@pytest.mark.parametrize(
    ("gap", "status", "time"), [(0, 200, TIME), (60, 200, TIME), (61, 503, None), (-5, 200, TIME + 5)]
)
def test_a_clock_set_back_never_states_an_earlier_time(witness: Witness, gap: int, status: int, time: int) -> None:
    answer = at(witness, 3).add_checkpoint(submission(3, 3), TIME - gap)
    assert answer.status == status
    if time is not None:
        line = note.parse_lines(answer.body.decode())[0]
        assert KEY.verifier.check(LOGS[3][0].text(), line.payload) == time


def test_the_last_head_is_shown_with_both_signatures(witness: Witness) -> None:
    name = hashlib.sha256(ORIGIN.encode()).hexdigest()
    assert witness.last_checkpoint(name).status == 404
    shown = at(witness, 3).last_checkpoint(name)
    _, signatures = note.open(shown.body, [LOG.verifier, KEY.verifier])
    assert (shown.status, len(signatures)) == (200, 2)
    assert witness.last_checkpoint("ab" * 32).status == 404


def test_only_a_witness_key_makes_a_witness(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="--witness"):
        Witness(LOG, tmp_path / "witness.sqlite3", [])


# ------------------------------------------------------------------------------------------------ the asking side

PARTY = Party("witness", KEY.verifier, "http://witness.example/")
HEAD, FILES = LOGS[8]


def ask(answer: Callable[[bytes], Answer], known: int = 0) -> tuple[client.Heard, list[bytes]]:
    asked: list[bytes] = []

    def recording(url: str, body: bytes | None) -> Answer:
        assert url == "http://witness.example/add-checkpoint"
        asked.append(body or b"")
        return answer(body or b"")

    reader = LogReader(fetch_from(FILES), HEAD)
    heard = client.ask_cosignature(PARTY, Submission(signed(HEAD), 8, reader.consistency_proof), known, TIME, recording)
    return heard, asked


def line(time: int = TIME, text: bytes = b"") -> bytes:
    return KEY.sign_line(text or HEAD.text(), time).encode()


def conflict(size: object, content_type: str = SIZE_TYPE) -> Answer:
    return Answer(409, f"{size}\n".encode(), content_type)


def test_a_witness_in_step_is_asked_once(witness: Witness) -> None:
    at(witness, 5)
    heard, asked = ask(lambda body: witness.add_checkpoint(body, TIME), known=5)
    assert (heard.standing, heard.size, len(asked)) == (Standing.COSIGNED, 8, 1)
    assert heard.line == line().decode()


def test_a_witness_that_lags_or_was_reset_is_asked_twice(witness: Witness) -> None:
    at(witness, 3)
    assert ask(lambda body: witness.add_checkpoint(body, TIME), known=8)[0].standing is Standing.COSIGNED
    assert len(ask(lambda body: witness.add_checkpoint(body, TIME), known=0)[1]) == 2


HOSTILE = [
    ("a greater size: we were rolled back", lambda body: conflict(9), Standing.AHEAD, 1),
    ("a huge size", lambda body: conflict(2**63 - 1), Standing.AHEAD, 1),
    ("a size that is none", lambda body: conflict(2**63), Standing.CONFUSED, 1),
    ("not a number", lambda body: conflict("many"), Standing.CONFUSED, 1),
    ("the wrong content type", lambda body: conflict(3, "text/plain"), Standing.CONFUSED, 1),
    ("the size just sent: other root", lambda body: conflict(0), Standing.REFUSES, 1),
    ("another size each time", lambda body: conflict(3 if body.startswith(b"old 0") else 5), Standing.CONFUSED, 2),
    ("422 for ever", lambda body: Answer(422, b"no\n"), Standing.REFUSES, 1),
    ("422 after 409", lambda body: conflict(3) if body[:5] == b"old 0" else Answer(422, b""), Standing.REFUSES, 2),
    ("unknown origin", lambda body: Answer(404, b""), Standing.UNCONFIGURED, 1),
    ("forbidden", lambda body: Answer(403, b""), Standing.UNCONFIGURED, 1),
    ("broken", lambda body: Answer(500, b""), Standing.UNREACHABLE, 1),
    ("clock set back", lambda body: Answer(503, b""), Standing.UNREACHABLE, 1),
    ("a redirect", lambda body: Answer(301, b""), Standing.CONFUSED, 1),
    ("an empty answer", lambda body: Answer(200, b""), Standing.CONFUSED, 1),
    ("no text at all", lambda body: Answer(200, b"\xff\x00"), Standing.CONFUSED, 1),
    ("a line over another text", lambda body: Answer(200, line(text=LOGS[5][0].text())), Standing.CONFUSED, 1),
    ("a time too far ahead", lambda body: Answer(200, line(TIME + 301)), Standing.CONFUSED, 1),
    (
        "a stranger's line",
        lambda body: Answer(200, make_signer("x", Kind.COSIGNATURE).sign_line(HEAD.text(), TIME).encode()),
        Standing.CONFUSED,
        1,
    ),
]


@pytest.mark.parametrize(("why", "answer", "standing", "requests"), HOSTILE, ids=[each[0] for each in HOSTILE])
def test_hostile_answers_end_in_few_requests_and_the_right_verdict(
    why: str, answer: Callable[[bytes], Answer], standing: Standing, requests: int
) -> None:
    heard, asked = ask(answer)
    assert (heard.standing, len(asked)) == (standing, requests), why
    assert heard.line is None


def test_a_time_a_little_ahead_is_accepted() -> None:
    assert ask(lambda body: Answer(200, line(TIME + 300)))[0].standing is Standing.COSIGNED


def test_nobody_at_the_address_is_no_fault_of_ours() -> None:
    def silent(body: bytes) -> Answer:
        raise web.Unreachable("nobody answers")

    assert ask(silent)[0].standing is Standing.UNREACHABLE


# ------------------------------------------------------------------------------------------------ over HTTP


@pytest.fixture
def address(witness: Witness) -> Iterator[str]:
    server = witness_http.make_server(witness, "127.0.0.1", 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_service_speaks_the_protocol(address: str) -> None:
    reader = LogReader(fetch_from(FILES), HEAD)
    party = Party("witness", KEY.verifier, address)
    now = 2 * TIME  # Whatever the clock of this machine says, it is not ahead of this.
    assert client.last_cosigned(party, LOG.verifier, web.ask) is None
    heard = client.ask_cosignature(party, Submission(signed(HEAD), 8, reader.consistency_proof), 0, now, web.ask)
    assert heard.standing is Standing.COSIGNED
    assert client.last_cosigned(party, LOG.verifier, web.ask) == HEAD
    assert client.knows(party, ORIGIN, web.ask)


@pytest.mark.parametrize(
    ("path", "body", "status"), [("/", b"x", 404), ("/add-checkpoint", b"x", 400), ("/x", None, 404)]
)
def test_the_service_refuses_what_is_no_request(address: str, path: str, body: bytes | None, status: int) -> None:
    assert web.ask(address + path, body).status == status


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def test_a_witness_process_stops_comes_back_and_catches_up(tmp_path: Path) -> None:
    key, port, now = tmp_path / "ald.key", free_port(), 2 * TIME
    key.write_text(KEY.private_text())
    party = Party("witness", KEY.verifier, f"http://127.0.0.1:{port}")

    def submit(size: int, known: int) -> client.Heard:
        head, files = LOGS[size]
        reader = LogReader(fetch_from(files), head)
        return client.ask_cosignature(
            party, Submission(signed(head), size, reader.consistency_proof), known, now, web.ask
        )

    with witness_http.spawn(key, [LOG.vkey], port):
        assert submit(3, 0).standing is Standing.COSIGNED
    assert submit(5, 3).standing is Standing.UNREACHABLE
    with witness_http.spawn(key, [LOG.vkey], port):
        assert submit(20, 0).standing is Standing.COSIGNED
        assert submit(8, 3).standing is Standing.AHEAD
    with pytest.raises(RuntimeError, match="did not start"), witness_http.spawn(tmp_path / "no.key", [LOG.vkey], port):
        pass


def test_a_body_over_the_limit_is_refused_before_it_is_read(address: str) -> None:
    try:
        status = web.ask(address + "/add-checkpoint", b"x" * (MAX_BODY + 1)).status
    except web.Unreachable:  # The service closed the connection while we were still sending.
        status = 400
    assert status == 400


@pytest.mark.parametrize("url", ["ftp://x/", "file:///etc/passwd", "x", "http://127.0.0.1:1/", "http://[::1/"])
def test_an_address_that_cannot_answer_is_a_plain_refusal(url: str) -> None:
    with pytest.raises(ValueError, match=r"address|answer"):
        web.ask(url)


def test_the_roots_used_here_are_different() -> None:
    assert len({FORK.root, tree.EMPTY_ROOT, *(head.root for head, _ in LOGS.values())}) == 6
