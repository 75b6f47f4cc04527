"""A town to test in: the real core over an empty database, and callers with their roles."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from core import events, server
from core.callers import Role, the_core
from core.crypto import create_keys
from core.settings import Settings
from core.staff import actions
from todoke.client import Core

MUNICIPALITY = "332089"

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""For tests to which the kind of database makes no difference: only one town is built for them."""


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **length: float) -> None:
        self.now += timedelta(**length)


class GoingClock(Clock):
    """A clock that goes, from the same moment on, and can be moved as well."""

    def __init__(self) -> None:
        super().__init__()
        self._began = time.monotonic()

    def __call__(self) -> datetime:
        return self.now + timedelta(seconds=time.monotonic() - self._began)


@dataclass
class Town:
    """The core of one town, in this process."""

    running: server.Running
    settings: Settings
    clock: Clock
    cores: list[Core] = field(default_factory=list)
    passwords: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.running.port}"

    async def do_waiting(self) -> None:
        """Have the work done that waits, whoever does it: the core's own runner may be at it."""
        for _ in range(500):  # What failed rests, and is left.
            if not await self.running.jobs.run_waiting():
                return
            await asyncio.sleep(0.02)

    def caller(self, token: str = "") -> Core:
        """Connect with a token, or as nobody."""
        core = Core(self.address, token)
        self.cores.append(core)
        return core

    async def channel(self, name: str = "line", municipality: str = MUNICIPALITY) -> Core:
        """Connect as the adapter of a channel."""
        make = partial(
            actions.add_channel, by=the_core(municipality), channel=name, now=self.clock()
        )
        return self.caller(await self.running.db.write(make))

    async def staff(
        self, *roles: Role, name: str = "", shown: str = "", municipality: str = MUNICIPALITY
    ) -> Core:
        """Connect as a new person with these roles; all of them if none is named.

        They sign in by `name`, and are `shown` by it too unless another is given.
        """
        roles = roles or tuple(role for role in Role if role != Role.CHANNEL)
        name = name or f"staff{len(self.cores)}"
        work = partial(
            self._sign_in, name=name, shown=shown or name, roles=roles, municipality=municipality
        )
        return self.caller(await self.running.db.write(work))

    def _sign_in(self, session, *, name, shown, roles, municipality) -> str:
        by = the_core(municipality)
        actions.create_staff(
            session, by, name=name, display_name=shown, password_hash="unused",
            roles=list(roles), now=self.clock(),
        )  # fmt: skip
        signed_in = actions.sign_in(
            session, municipality=municipality, name=name, fits=True, now=self.clock()
        )
        assert signed_in is not None
        return signed_in[1]

    async def found(self, municipality: str, name: str) -> None:
        """Add a municipality."""

        def work(session) -> None:
            session.add(
                events.Municipality(municipality=municipality, name=name, create_time=self.clock())
            )

        await self.running.db.write(work)

    async def read(self, work: Callable):
        return await self.running.db.read(work)

    async def close(self) -> None:
        for core in self.cores:
            await core.close()
        await self.running.stop(grace=1)


async def build(database: str, folder: Path, clock: Clock | None = None, **settings) -> Town:
    """Start the core over a migrated, empty database."""
    keys = folder / "keys.json"
    if not keys.exists():
        keys.touch(mode=0o600)
        keys.write_bytes(_keys())
    settings = Settings(
        database=database, keys=keys, listen="127.0.0.1:0",
        **{"poll_seconds": 0.05, "jpki_test_cards": True, **settings},
    )  # fmt: skip
    town = await start(settings, clock)
    await town.found(MUNICIPALITY, "総社市")
    return town


@cache
def _keys() -> bytes:
    """Return a key file that all towns have: what is compiled for one then serves the others."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "keys.json"
        create_keys(file)
        return file.read_bytes()


async def start(settings: Settings, clock: Clock | None = None) -> Town:
    """Start the core over a database that is there."""
    clock = clock or Clock()
    return Town(await server.start(settings, clock=clock), settings, clock)
