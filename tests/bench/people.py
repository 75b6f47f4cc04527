"""A hundred thousand residents: how fast they register, are found, and are sealed anew.

Registering is measured below gRPC and the card's signature: see the contact, make the challenge,
complete it, each a durable write of its own beside 63 others. Finding goes through the whole core.
"""

import asyncio
import os
import random
import re
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from channels.simulators.city.names import draw_given_name, draw_surname
from core import opening
from core.callers import Caller, Role, the_core
from core.crypto import load_keys, rotate_keys
from core.db import Database
from core.registration import actions as registration
from core.registration.identity.facts import BasicFour
from core.registration.identity.proof import Certificate, Proof
from core.residents import actions as residents
from core.residents import births
from core.residents.rules import Assurance, ContactState, Revocation
from core.staff import actions as staff
from tests.bench.processes import Process, running
from tests.bench.town import CHANNEL, MUNICIPALITY, Town
from todoke.client import Core
from todoke.v1 import residents_pb2 as pb

IN_FLIGHT = 64
LOOKS = 1_000
LOOKS_EACH = 150
"""Searches of one person; the core bounds them by 200 an hour."""

CLERKS = 4 * (LOOKS // LOOKS_EACH + 1)
LINE = Caller(MUNICIPALITY, CHANNEL, frozenset({Role.CHANNEL}))
DONE = re.compile(r"(\S+): (\d+) of \d+ values")
"""What `todoke keys reseal` says of a column, again and again as it goes on."""


@dataclass(frozen=True)
class Person:
    """Somebody to register; no two are alike."""

    number: int
    name: str
    birth_date: date
    sex: str

    @property
    def external_id(self) -> str:
        return f"P{self.number:032x}"

    @property
    def proof(self) -> Proof:
        address = f"岡山県総社市中央{self.number // 100 + 1}番地{self.number % 100 + 1}"
        return Proof(
            basic_four=BasicFour(
                name=self.name,
                name_flags="0" * len(self.name),
                birth_date_text=births.written(self.birth_date),
                birth_date=self.birth_date,
                sex=self.sex,
                address=address,
                address_flags="0" * len(address),
            ),
            assurance=Assurance.JPKI_SIGNATURE,
            revocation=Revocation.NOT_CHECKED,
            certificate=Certificate(
                serial=f"{self.number:x}",
                fingerprint=f"{self.number:064x}",
                issuer_fingerprint="0" * 64,
                policy="1.2.392.200149.8.5.1.0.20",
                not_after=datetime.now(UTC) + timedelta(days=1000),
            ),
        )


@dataclass
class Measured:
    """Rates in a second, delays in milliseconds, memory in MB."""

    people: int = 0
    see_rate: float = 0
    register_rate: float = 0
    register_cpu_ms: float = 0
    get_ms: list[float] = field(default_factory=list)
    search_ms: dict[str, list[float]] = field(default_factory=dict)
    core_mb_before: float = 0
    core_mb_after: float = 0
    reseal_values: int = 0
    reseal_seconds: float = 0
    get_ms_meanwhile: list[float] = field(default_factory=list)


async def measure(town: Town, log: Path, *, people: int) -> Measured:
    """Register `people`, look some up by every way, and seal all anew while they are looked up."""
    found = Measured(people)
    crowd = list(_crowd(people))
    db = opening.open_database(town.settings, load_keys(town.settings.keys))
    try:
        await _register(db, crowd, found)
        tokens = await db.write(_clerks)
    finally:
        await asyncio.to_thread(db.close)
    with _core(town, log) as process:
        found.core_mb_before = _memory(process)
        desk = Core(f"127.0.0.1:{process.port}")
        channel = Core(f"127.0.0.1:{process.port}", town.token)
        await _search(desk, tokens, channel, crowd, found)
        found.core_mb_after = _memory(process)
        await desk.close()
        await channel.close()
    rotate_keys(town.settings.keys)
    with _core(town, log) as process:
        channel = Core(f"127.0.0.1:{process.port}", town.token)
        await _reseal(town, channel, crowd, found)
        await channel.close()
    return found


def _crowd(people: int) -> Iterator[Person]:
    chance = random.Random(1)
    first = date(1930, 1, 1)
    for number in range(people):
        born = first + timedelta(days=chance.randrange(90 * 365))
        sex = chance.choice("12")
        name = f"{draw_surname(chance).kanji}　{draw_given_name(chance, sex, born).kanji}"
        yield Person(number, name, born, sex)


async def _register(db: Database, crowd: list[Person], found: Measured) -> None:
    async def see(one: Person) -> None:
        now = datetime.now(UTC)
        await db.write(
            lambda s: residents.see_contact(
                s, LINE, external_id=one.external_id, state=ContactState.REACHABLE,
                seen_time=now, language="ja", now=now,
            )
        )  # fmt: skip

    async def register(one: Person) -> None:
        now = datetime.now(UTC)
        begun = await db.write(
            lambda s: registration.begin_verification(
                s, LINE, external_id=one.external_id, checks_revocation=False, now=now
            )
        )
        await db.write(
            lambda s: registration.complete_verification(
                s, LINE, challenge_id=begun.challenge_id, proof=one.proof, now=now
            )
        )

    found.see_rate = len(crowd) / await _all(see, crowd)
    cpu = time.process_time()
    found.register_rate = len(crowd) / await _all(register, crowd)
    found.register_cpu_ms = (time.process_time() - cpu) / len(crowd) * 1000


async def _all(do: Callable[[Person], Awaitable[None]], crowd: list[Person]) -> float:
    """Do it for each, IN_FLIGHT at a time; return the seconds."""
    waiting = iter(crowd)

    async def hand() -> None:
        for one in waiting:
            await do(one)

    began = time.perf_counter()
    await asyncio.gather(*(hand() for _ in range(IN_FLIGHT)))
    return time.perf_counter() - began


def _clerks(session) -> list[str]:
    """Return the tokens of people at the counter, so many that none searches too often."""
    now, by, tokens = datetime.now(UTC), the_core(MUNICIPALITY), []
    for name in (f"clerk{number}" for number in range(CLERKS)):
        staff.create_staff(
            session, by, name=name, display_name=name, password_hash="unused",
            roles=[Role.COUNTER], now=now,
        )  # fmt: skip
        session.flush()
        signed_in = staff.sign_in(session, municipality=MUNICIPALITY, name=name, fits=True, now=now)
        tokens.append(signed_in[1])
    return tokens


async def _search(
    desk: Core, tokens: list[str], channel: Core, crowd: list[Person], found: Measured
) -> None:
    chance = random.Random(2)
    requests: dict[str, Callable[[Person], pb.SearchResidentsRequest]] = {
        "name and birth date": lambda one: pb.SearchResidentsRequest(
            name=one.name, birth_date=one.birth_date.isoformat()
        ),
        "birth date": lambda one: pb.SearchResidentsRequest(birth_date=one.birth_date.isoformat()),
        "name": lambda one: pb.SearchResidentsRequest(name=one.name),
        "contact": lambda one: pb.SearchResidentsRequest(external_id=one.external_id),
    }
    for one in chance.sample(crowd, LOOKS):
        began = time.perf_counter()
        await channel.ask(
            channel.residents.GetContact, pb.GetContactRequest(external_id=one.external_id)
        )
        found.get_ms.append((time.perf_counter() - began) * 1000)
    waiting = list(tokens)
    for way, request in requests.items():
        delays = found.search_ms[way] = []
        for number, one in enumerate(chance.sample(crowd, LOOKS)):
            if number % LOOKS_EACH == 0:
                desk.token = waiting.pop()
            began = time.perf_counter()
            answer = await desk.ask(desk.residents.SearchResidents, request(one))
            delays.append((time.perf_counter() - began) * 1000)
            assert answer.residents, way


async def _reseal(town: Town, channel: Core, crowd: list[Person], found: Measured) -> None:
    """Run `todoke keys reseal` in a process of its own, and look people up meanwhile."""
    program = Path(sys.executable).with_name("todoke")
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        program, "keys", "reseal", stdout=asyncio.subprocess.PIPE,
        env={**os.environ, **town.environment},
    )  # fmt: skip
    saying = asyncio.create_task(process.communicate())
    chance = random.Random(3)
    while not saying.done():
        one = chance.choice(crowd)
        asked = time.perf_counter()
        await channel.ask(
            channel.residents.GetContact, pb.GetContactRequest(external_id=one.external_id)
        )
        found.get_ms_meanwhile.append((time.perf_counter() - asked) * 1000)
        await asyncio.sleep(0.01)
    found.reseal_seconds = time.perf_counter() - began
    said = (await saying)[0].decode()
    found.reseal_values = sum({column: int(done) for column, done in DONE.findall(said)}.values())


@contextmanager
def _core(town: Town, log: Path) -> Iterator[Process]:
    with running(log, "python", "-m", "tests.bench.core", **town.environment) as process:
        yield process


def _memory(process: Process) -> float:
    status = Path(f"/proc/{process.process.pid}/status").read_text(encoding="ascii")
    return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) / 1024


def quantile(delays: list[float], share: float) -> float:
    """Return the delay that this share of them keeps within."""
    return statistics.quantiles(delays, n=1000)[round(share * 1000) - 1]
