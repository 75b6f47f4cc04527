"""What goes through the outbox: core, LINE adapter and LINE's simulator, each as a process."""

import asyncio
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
from sqlalchemy import func, select

from core import opening
from core.callers import the_core
from core.crypto import load_keys
from core.dispatches import actions
from core.dispatches.rows import Dispatch
from core.dispatches.rules import Recipient, State
from tests.bench.processes import Process, running
from tests.bench.town import CHANNEL, MUNICIPALITY, Town, user_id

LIMIT = 2_000
"""Pushes a second that LINE takes (Messaging API reference, "Rate limits")."""

PEOPLE = 500
LONGEST_SECONDS = 120


@dataclass(frozen=True)
class Delivered:
    """What was sent between the first attempt and the last outcome, and the CPU it took."""

    sent: int
    queued: int
    seconds: float
    cpu: dict[str, float]

    @property
    def rate(self) -> float:
        return self.sent / self.seconds

    def cpu_ms(self, name: str) -> float:
        return self.cpu[name] / self.sent * 1000


async def measure(town: Town, folder: Path, log: Path, *, deliveries: int) -> Delivered:
    """Queue notices, and wait until the core knows that LINE took each."""
    db = opening.open_database(town.settings, load_keys(town.settings.keys))
    try:
        with ExitStack() as stack:
            processes = _processes(stack, town, folder, log)
            await _befriend(processes["simulator"].port)
            await _deliver(db, 50, "warm-up")
            before = {name: process.cpu() for name, process in processes.items()}
            sent, seconds = await _deliver(db, deliveries, "measured")
            cpu = {name: process.cpu() - before[name] for name, process in processes.items()}
            return Delivered(sent, deliveries, seconds, cpu)
    finally:
        await asyncio.to_thread(db.close)


def _processes(stack: ExitStack, town: Town, folder: Path, log: Path) -> dict[str, Process]:
    core = stack.enter_context(running(log, "python", "-m", "tests.bench.core", **town.environment))
    return {"core": core, **channel(stack, town, folder, log, core.port)}


def channel(
    stack: ExitStack, town: Town, folder: Path, log: Path, *core_ports: int
) -> dict[str, Process]:
    """Start the simulator, and an adapter beside each core."""
    files = {}
    for name, secret in (("token", town.token), ("secret", "s" * 32), ("access", "a" * 32)):
        files[name] = folder / name
        files[name].write_text(secret, encoding="ascii")
    simulator = stack.enter_context(
        running(
            log, "todoke", "simulate", "line", "--port", "0",
            "--state", str(folder / "line.db"),
            "--channel-secret-file", str(files["secret"]),
            "--channel-access-token-file", str(files["access"]),
        )
    )  # fmt: skip
    adapters = [
        stack.enter_context(
            running(
                log, "todoke", "line",
                TODOKE_LINE_CORE_ADDRESS=f"127.0.0.1:{port}",
                TODOKE_LINE_CORE_TOKEN_FILE=str(files["token"]),
                TODOKE_LINE_CHANNEL_SECRET_FILE=str(files["secret"]),
                TODOKE_LINE_ACCESS_TOKEN_FILE=str(files["access"]),
                TODOKE_LINE_PUBLIC_URL="http://127.0.0.1:8700",
                TODOKE_LINE_API_URL=f"http://127.0.0.1:{simulator.port}",
                TODOKE_LINE_PORT="0",
            )
        )
        for port in core_ports
    ]  # fmt: skip
    names = ("adapter", *(f"adapter {number}" for number in range(2, len(adapters) + 1)))
    return {**dict(zip(names, adapters, strict=True)), "simulator": simulator}


async def _befriend(port: int) -> None:
    people = [{"id": user_id(n), "name": f"住民{n}", "is_friend": True} for n in range(PEOPLE)]
    async with aiohttp.ClientSession() as http:
        url = f"http://127.0.0.1:{port}/phone/people"
        async with http.post(url, json={"people": people}) as answer:
            answer.raise_for_status()


async def _deliver(db, count: int, occasion: str) -> tuple[int, float]:
    """Queue so many; return how many were sent, and in how many seconds."""
    began = datetime.now(UTC)

    def queue(session) -> None:
        for number in range(count):
            actions.tell(
                session,
                the_core(MUNICIPALITY),
                occasion=f"{occasion}-{number}",
                resident_id=f"resident-{number}",
                contact=Recipient(f"contact-{number}", CHANNEL, user_id(number % PEOPLE)),
                content={"notice": {"kind": "NOTICE_KIND_REGISTERED", "language": "ja"}},
                now=began,
            )

    def outcome(session) -> tuple[int, datetime | None, datetime | None]:
        return session.execute(
            select(
                func.count(),
                func.min(Dispatch.first_attempt_time, type_=Dispatch.first_attempt_time.type),
                func.max(Dispatch.finish_time, type_=Dispatch.finish_time.type),
            ).where(Dispatch.create_time == began, Dispatch.state == State.SENT)
        ).one()

    await db.write(queue)
    end = time.monotonic() + LONGEST_SECONDS
    sent, first, last = 0, None, None
    while sent < count and time.monotonic() < end:
        await asyncio.sleep(0.2)
        sent, first, last = await db.read(outcome)
    return sent, (last - first).total_seconds() if sent else LONGEST_SECONDS
