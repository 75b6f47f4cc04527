"""A city that tells many in LINE: cores, two adapters and LINE's simulator, each as a process."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from core.callers import Role
from tests import town as towns
from tests.bench.messaging import FIRST, PART, befriend, settle
from tests.chaos.parts import Command, Part
from tests.core.messaging.makers import a_topic
from tests.core.messaging.many import lay_in
from tests.town import Town
from todoke.client import Core

ADAPTERS = 2

FAULTS = {
    "lost_reply": "0.05",
    "error_after_accept": "0.02",
    "error_before_accept": "0.01",
    "too_many_requests": "0.02",
}
"""From the start; the shares of requests to push."""

LONG_FAULTS = {**FAULTS, "too_many_to_one": "0.005", "monthly_limit": "0.001"}
"""With those after which an adapter waits for a minute, or an hour, unless staff resume."""


@dataclass
class City:
    """Its parts, by name, and a clerk who can reach a core."""

    file: Path
    database: str
    token: str
    parts: dict[str, Part]
    faults: dict[str, str] = field(default_factory=lambda: dict(FAULTS))

    @property
    def cores(self) -> list[Part]:
        return [part for name, part in self.parts.items() if name.startswith("core")]

    def clerk(self) -> Core:
        return Core(f"127.0.0.1:{self.cores[0].port}", self.token)

    async def start(self) -> None:
        """Start all, each behind those it must know the port of."""
        for kinds in (("core", "simulator"), ("adapter",)):
            await asyncio.gather(
                *(part.start() for name, part in self.parts.items() if name.startswith(kinds))
            )

    async def stop(self) -> None:
        for part in reversed(self.parts.values()):
            await part.stop()


async def found(
    database: str,
    folder: Path,
    *,
    together: int,
    each: int,
    lease_seconds: int,
    rates: dict[str, int],
) -> City:
    """Lay in the residents: those who are told together read Japanese, the others English."""
    town = await towns.build(database, folder)
    town.clock.now = datetime.now(UTC)
    await town.running.jobs.stop()
    await town.running.jobs.run_due()
    await town.running.db.write(settle)
    await _lay_in(town, range(FIRST, FIRST + each), "en")
    await _lay_in(town, range(FIRST + each, FIRST + each + together), "ja")
    clerk = await town.staff(Role.MESSENGER, name="messaging-clerk")
    token, adapter_token = clerk.token, (await town.channel()).token
    await a_topic(clerk)
    await town.close()
    befriend(folder / "line.db", together + each)
    for name, secret in (("token", adapter_token), ("secret", "s" * 32), ("access", "a" * 32)):
        (folder / name).write_text(secret, encoding="ascii")
    city = City(folder / "line.db", database, token, {})
    # SQLite takes one process at a time; two cores share a server.
    for number in range(1 if database.startswith("sqlite") else 2):
        city.parts[f"core {number}"] = Part(
            f"core {number}", _core(town, lease_seconds), folder / "log"
        )
    city.parts["simulator"] = Part("simulator", _simulator(city, folder), folder / "log")
    for number in range(ADAPTERS):
        name = f"adapter {number}"
        core = city.cores[number % len(city.cores)]
        command = _adapter(core, city.parts["simulator"], folder, rates)
        city.parts[name] = Part(name, command, folder / "log")
    return city


async def _lay_in(town: Town, numbers: range, language: str) -> None:
    for begin in range(numbers.start, numbers.stop, PART):
        some = range(begin, min(begin + PART, numbers.stop))
        lay = partial(lay_in, numbers=some, now=town.clock(), language=language)
        await town.running.db.write(lay)


def _core(town: Town, lease_seconds: int) -> Command:
    def command(port: int, _: int) -> tuple[tuple[str, ...], dict[str, str]]:
        return ("python", "-m", "tests.bench.core"), {
            "TODOKE_DATABASE": town.settings.database,
            "TODOKE_KEYS": str(town.settings.keys),
            "TODOKE_LISTEN": f"127.0.0.1:{port}",
            "TODOKE_LEASE_SECONDS": str(lease_seconds),
        }

    return command


def _simulator(city: City, folder: Path) -> Command:
    def command(port: int, start: int) -> tuple[tuple[str, ...], dict[str, str]]:
        return (
            *("todoke", "simulate", "line", "--port", str(port), "--seed", str(start)),
            *("--state", str(city.file)),
            *("--channel-secret-file", str(folder / "secret")),
            *("--channel-access-token-file", str(folder / "access")),
            *(f"--fault={name}={share}" for name, share in city.faults.items()),
        ), {}

    return command


def _adapter(core: Part, simulator: Part, folder: Path, rates: dict[str, int]) -> Command:
    def command(port: int, _: int) -> tuple[tuple[str, ...], dict[str, str]]:
        return ("todoke", "line"), {
            "TODOKE_LINE_CORE_ADDRESS": f"127.0.0.1:{core.port}",
            "TODOKE_LINE_CORE_TOKEN_FILE": str(folder / "token"),
            "TODOKE_LINE_CHANNEL_SECRET_FILE": str(folder / "secret"),
            "TODOKE_LINE_ACCESS_TOKEN_FILE": str(folder / "access"),
            "TODOKE_LINE_PUBLIC_URL": "http://127.0.0.1:8700",
            "TODOKE_LINE_API_URL": f"http://127.0.0.1:{simulator.port}",
            "TODOKE_LINE_PORT": str(port),
            **{f"TODOKE_LINE_{name.upper()}_RATE": str(rate) for name, rate in rates.items()},
        }

    return command
