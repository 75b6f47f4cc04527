"""Residents who answer: what an answer costs beside a bare write, and how long a crowd waits."""

import asyncio
import itertools
import random
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, event

from core import logs, opening, server
from core.crypto import load_keys
from core.procedures.rows import ProcedureVersion
from tests.bench import load
from tests.bench.load import Case, Run
from tests.bench.processes import Process, running
from tests.bench.town import CONTACTS, MUNICIPALITY, Requests, Town, user_id
from todoke.client import Core, CoreError
from todoke.v1 import applications_pb2 as pb
from todoke.v1 import procedures_pb2, residents_pb2

CROWD = {"sqlite": 200, "postgresql": 2_000}
"""Residents who answer at the same time."""

ANSWERED = 512
"""Applications that the answers beside the bare write are for."""

QUESTIONS = 6
THINKING_SECONDS = 60.0
"""Between two answers of one resident at the most, unless told; the mean is half of it."""

COUNTED = 1_024
"""Answers among which the statements are counted."""

PATIENCE_SECONDS = 120.0
"""How long a resident waits here: a machine that others use shows as a delay, not as an error."""

SOURCE = "\n".join(
    [
        "key: bench_answers",
        "version: 1",
        "title: {ja: 負荷}",
        "audience: anybody",
        "decided: false",
        "once: false",
        "steps:",
        *(
            f"  - key: count_{number}\n"
            "    says: いくつですか。\n"
            "    label: 数\n"
            "    number: {least: 0, most: 1000000}"
            for number in range(QUESTIONS)
        ),
    ]
)


@dataclass
class Measured:
    """Rounds of answers beside those of bare writes, and what a crowd waited for, in ms."""

    people: int
    answers: list[Run] = field(default_factory=list)
    writes: list[Run] = field(default_factory=list)
    statements: float = 0
    """Of one answer; one that writes many rows at once counts as one."""
    waited_ms: list[float] = field(default_factory=list)
    filed: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    seconds: float = 0
    cpu: float = 0
    """Seconds of the server's while the crowd went through."""

    @property
    def ratios(self) -> list[float]:
        """Return the rate of answers by that of writes of each round, the least first."""
        pairs = zip(self.answers, self.writes, strict=True)
        return sorted(one.rate / write.rate for one, write in pairs)


async def measure(
    town: Town, log: Path, *, people: int, thinking: float, rounds: int, seconds: float
) -> Measured:
    """Answer beside bare writes, then let a crowd go through a procedure; errors are counted."""
    found = Measured(people)
    await _publish(town)
    found.statements = await _statements(town)
    with _core(town, log) as process:
        core = Core(f"127.0.0.1:{process.port}", town.token)
        await _beside_writes(town, process, core, found, rounds=rounds, seconds=seconds)
        began, cpu = time.perf_counter(), process.cpu()
        names = (user_id(number) for number in range(people))
        await asyncio.gather(*(_go_through(core, name, thinking, found) for name in names))
        found.seconds, found.cpu = time.perf_counter() - began, process.cpu() - cpu
        await core.close()
    return found


async def _publish(town: Town) -> None:
    db = opening.open_database(town.settings, load_keys(town.settings.keys))
    row = {
        "municipality": MUNICIPALITY, "key": "bench_answers", "version": 1, "source": SOURCE,
        "origin": "", "origin_source": "", "author": "bench", "publish_time": datetime.now(UTC),
    }  # fmt: skip
    try:
        await db.write(lambda session: session.add(ProcedureVersion(**row)))
    finally:
        await asyncio.to_thread(db.close)


@contextmanager
def _core(town: Town, log: Path) -> Iterator[Process]:
    with running(log, "python", "-m", "tests.bench.core", **town.environment) as process:
        yield process


async def _statements(town: Town) -> float:
    """Count the statements of an answer, in a core of this process."""
    counted = 0

    def count(*_: object) -> None:
        nonlocal counted
        counted += 1

    logs.configure("warning")  # A core says every call, which the tables would drown in.
    core = await server.start(town.settings)
    client = Core(f"127.0.0.1:{core.port}", town.token)
    answer = await _answers(client)
    event.listen(Engine, "before_cursor_execute", count)
    try:
        for _ in range(COUNTED // load.IN_FLIGHT):
            asked = (pb.AnswerPromptRequest.FromString(answer()) for _ in range(load.IN_FLIGHT))
            answered = (client.ask(client.applications.AnswerPrompt, one) for one in asked)
            await asyncio.gather(*answered)
    finally:
        event.remove(Engine, "before_cursor_execute", count)
        await client.close()
        await core.stop(1)
    return counted / COUNTED


async def _answers(core: Core) -> Callable[[], bytes]:
    """Begin applications, and give what makes the bytes of the next answer to one of them."""
    # The last of the contacts: the crowd are the first.
    names = [user_id(CONTACTS - 1 - number) for number in range(ANSWERED)]
    ids = [await _begin(core, name) for name in names]
    whose = itertools.cycle(zip(names, ids, strict=True))
    values = itertools.count()

    def answer() -> bytes:
        name, id = next(whose)
        return _answer(name, id, 0, next(values) % 1_000_000).SerializeToString()

    return answer


async def _beside_writes(
    town: Town, process: Process, core: Core, found: Measured, *, rounds: int, seconds: float
) -> None:
    answer = await _answers(core)
    service = "/todoke.v1.ApplicationService/AnswerPrompt"
    seen = "/todoke.v1.ResidentService/SeeContact"
    answers = Case("answer", process, service, answer, town.metadata)
    writes = Case("durable write", process, seen, Requests().see_again, town.metadata)
    for case in (answers, writes):
        await load.run(case, 0.5)
    for _ in range(rounds):
        found.answers.append(await load.run(answers, seconds))
        found.writes.append(await load.run(writes, seconds))


async def _go_through(core: Core, name: str, thinking: float, found: Measured) -> None:
    """Begin, answer every question after some thought, and file; who gets an error gives up."""
    chance = random.Random(name)
    try:
        await asyncio.sleep(chance.uniform(0, thinking))
        id = await _begin(core, name)
        for number in range(QUESTIONS):
            await asyncio.sleep(chance.uniform(0, thinking))
            began = time.perf_counter()
            request = _answer(name, id, number, chance.randrange(1_000_000))
            await core.ask(core.applications.AnswerPrompt, request, seconds=PATIENCE_SECONDS)
            found.waited_ms.append((time.perf_counter() - began) * 1000)
        filing = pb.SubmitApplicationRequest(
            external_id=name, application_id=id, request_id=uuid.uuid4().hex
        )
        filed = await core.ask(
            core.applications.SubmitApplication, filing, seconds=PATIENCE_SECONDS
        )
    except CoreError as error:
        found.errors[error.reason or error.code.name] += 1
        return
    found.filed += filed.turn.closing.state == pb.APPLICATION_STATE_RECEIVED


async def _begin(core: Core, name: str) -> str:
    request = pb.StartApplicationRequest(
        speaker=residents_pb2.Speaker(external_id=name), procedure="bench_answers",
        request_id=uuid.uuid4().hex,
    )  # fmt: skip
    answer = await core.ask(core.applications.StartApplication, request, seconds=PATIENCE_SECONDS)
    id: str = answer.turn.prompt.application_id
    return id


def _answer(name: str, id: str, number: int, value: int) -> pb.AnswerPromptRequest:
    return pb.AnswerPromptRequest(
        external_id=name, application_id=id, step=f"count_{number}",
        given=procedures_pb2.Answer(number=value), request_id=uuid.uuid4().hex,
    )  # fmt: skip
