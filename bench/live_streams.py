"""Open streams on a server, do acts beside it and say when each stream had each of them; used by `bench.live`."""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time
from datetime import UTC, datetime
from urllib.parse import urlencode

import django

django.setup()

from chancery.council.models import Person  # noqa: E402 (after setup)
from chancery.desk import streams  # noqa: E402
from chancery.trail import door, refs  # noqa: E402
from chancery.trail.actor import Actor  # noqa: E402
from chancery.trail.arguments import Reading  # noqa: E402

from .live import memory  # noqa: E402

ACTS = 40
MEETING = refs.Ref("meeting/51/2")


def act(name: str, raw: dict) -> float:
    """One act; when it was committed."""
    deed = door.acts()[name]
    subject, values = deed.read(str(MEETING), raw, Reading(from_record=True))
    door.perform(deed, subject, values, by=Actor("person/secretary.ansgar"), at=door.now())
    return time.perf_counter()


async def stream(port: int, token: str, after: str, came: list[float], ready: asyncio.Event) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
    query = urlencode({"token": token, "after": after})
    writer.write(f"GET /live/?{query} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    while line := await reader.readline():
        if line == b"event: ready\n":
            ready.set()
        elif line == b"event: news\n":
            came.append(time.perf_counter())


def tokens_for(many: int) -> list[str]:
    """Tokens of invented people of one delegation, ten pages each."""
    people = [Person(key=f"bench.{n}", member_id="LUM") for n in range(many // 10)]
    return [streams.token(person, MEETING, datetime.now(UTC)) for person in people for _ in range(10)]


async def main(port: int, process: int, tokens: list[str], after: str) -> None:
    before = memory(process)
    came: list[list[float]] = [[] for _ in tokens]
    ready = [asyncio.Event() for _ in tokens]
    running = [
        asyncio.create_task(stream(port, token, after, times, event))
        for token, times, event in zip(tokens, came, ready, strict=True)
    ]
    await asyncio.gather(*(event.wait() for event in ready))
    committed = []
    for n in range(ACTS):
        gone = n % 2 == 0
        raw = {"delegations": ["member/LUM"] if gone else {"LUM": "room"}}
        committed.append(await asyncio.to_thread(act, "presence.leave" if gone else "presence.enter", raw))
        while not all(len(times) > n for times in came):
            await asyncio.sleep(0.02)
    waits = [[(times[n] - committed[n]) * 1000 for times in came] for n in range(ACTS)]
    every = sorted(wait for one in waits for wait in one)
    told = {"p50": every[len(every) // 2], "p99": every[int(len(every) * 0.99)]}
    told |= {"last": statistics.median(max(one) for one in waits), "before": before, "memory": memory(process)}
    for task in running:
        task.cancel()
    print(json.dumps(told))


if __name__ == "__main__":
    server, many, pid = (int(argument) for argument in sys.argv[1:])
    asyncio.run(main(server, pid, tokens_for(many), streams.seal(door.last_id())))
