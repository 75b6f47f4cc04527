"""Founds the city hall as a real one is: by the `todoke` commands, then through the contract."""

import asyncio
import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from joserfc.jwk import ECKey

from channels.demo import commands, publishing
from channels.demo.commands import Places
from channels.demo.folder import Folder
from channels.demo.processes import Processes
from channels.demo.steady import SteadyCore
from channels.demo.wording import Words
from channels.simulators.city import places as city_places
from todoke.client import Core
from todoke.v1.staff_pb2 import (
    ROLE_ASSOCIATIONS,
    ROLE_AUDITOR,
    ROLE_COUNTER,
    ROLE_ELIGIBILITY,
    ROLE_INQUIRIES,
    ROLE_MESSAGE_APPROVER,
    ROLE_MESSENGER,
    ROLE_PAYMENT_APPROVER,
    ROLE_PAYMENT_PROPOSER,
    ROLE_PROCEDURE_AUTHOR,
    ROLE_REVIEWER,
    CreateStaffRequest,
    Role,
    SignInRequest,
)

MUNICIPALITY = "332089"
ADMINISTRATOR = "admin"


@dataclass(frozen=True, slots=True)
class Person:
    """One of the staff: the name to sign in with, and what the person may do."""

    name: str
    role: Role.ValueType


ELIGIBILITY = Person("tanaka", ROLE_ELIGIBILITY)
REVIEWER = Person("suzuki", ROLE_REVIEWER)
PROPOSER = Person("sato", ROLE_PAYMENT_PROPOSER)
APPROVER = Person("ito", ROLE_PAYMENT_APPROVER)
AUDITOR = Person("kato", ROLE_AUDITOR)
COUNTER = Person("yamada", ROLE_COUNTER)
SECOND = Person("mori", ROLE_COUNTER)
"""Decides what the first person of the counter puts forward."""
AUTHOR = Person("hara", ROLE_PROCEDURE_AUTHOR)
ASSOCIATIONS = Person("kimura", ROLE_ASSOCIATIONS)
MESSENGER = Person("inoue", ROLE_MESSENGER)
MESSAGE_APPROVER = Person("ueda", ROLE_MESSAGE_APPROVER)
INQUIRIES = Person("ogawa", ROLE_INQUIRIES)

PEOPLE = (
    *(ELIGIBILITY, REVIEWER, PROPOSER, APPROVER, AUDITOR, COUNTER, SECOND, AUTHOR, ASSOCIATIONS),
    *(MESSENGER, MESSAGE_APPROVER, INQUIRIES),
)


class CityHall:
    """The connections of the people who work there."""

    def __init__(self, processes: Processes, places: Places, password: str) -> None:
        self.password = password
        self._processes = processes
        self._address = places.core_address
        self._open: list[Core] = []

    async def core_up(self) -> None:
        await self._processes.up("core")

    async def sign_in(self, name: str) -> SteadyCore:
        """Open a desk for a person."""
        core = Core(self._address)
        self._open.append(core)
        desk = SteadyCore(core, self.core_up)
        request = SignInRequest(municipality=MUNICIPALITY, name=name, password=self.password)
        core.token = (await desk.ask(core.staff.SignIn, request)).token
        return desk

    async def close(self) -> None:
        for core in self._open:
            await core.close()


def prepare_secrets(folder: Folder) -> str:
    """Draw what the parts share; return the password that all staff of this city have."""
    folder.secret("line-secret", secrets.token_hex(16))
    folder.secret("line-token", secrets.token_hex(32))
    folder.secret("login-secret", secrets.token_hex(16))
    folder.secret("page-secret", secrets.token_urlsafe(32))
    for name in ("web-sessions", "board-sessions"):
        folder.secret(name, base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())
    key = ECKey.generate_key("P-256")
    key.ensure_kid()
    folder.secret("app-key", key.as_pem(private=True).decode())
    folder.secret("app-jwks", json.dumps({"keys": [key.as_dict(private=False)]}))
    # Short enough to be remembered from one screen to the next; the city is on this machine only.
    password = f"todoke-demo-{secrets.randbelow(10_000):04}"
    folder.secret("password", password)
    return password


async def found(folder: Folder, settings: Mapping[str, str], words: Words, hall: CityHall) -> None:
    """Add the municipality, the adapter, an administrator, and through them the others."""
    here = ("--municipality", MUNICIPALITY)
    await commands.run(settings, "municipality", "add", MUNICIPALITY, city_places.CITY)
    adapters = {
        channel: ("--channel", channel, "--token-file", str(folder.secrets / f"{channel}-adapter"))
        for channel in ("line", "web", "board")
    }
    password = ("--password-file", str(folder.secrets / "password"))
    await asyncio.gather(
        *(commands.run(settings, "adapter", "add", *here, *one) for one in adapters.values()),
        commands.run(
            settings,
            *("staff", "add", *here, "--name", ADMINISTRATOR, "--role", "administrator"),
            *("--display-name", words("staff", ADMINISTRATOR), *password),
        ),
    )
    desk = await hall.sign_in(ADMINISTRATOR)
    for person in PEOPLE:
        request = CreateStaffRequest(
            name=person.name,
            display_name=words("staff", person.name),
            password=hall.password,
            roles=[person.role],
            request_id=f"demo:staff:{person.name}",
        )
        await desk.ask(desk.core.staff.CreateStaff, request)
    await publishing.publish(await hall.sign_in(AUTHOR.name), words("reasons", "published"))
    await publishing.offer_topics(await hall.sign_in(MESSENGER.name))
