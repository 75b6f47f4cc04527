"""The running provider: the parts every endpoint works with."""

import secrets
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from starlette.requests import Request

from channels.simulators.auth_app.authorization import Asked
from channels.simulators.auth_app.faults import NAMES
from channels.simulators.auth_app.keys import Keys
from channels.simulators.auth_app.memory import Memory
from channels.simulators.auth_app.people import CardHolder, People
from channels.simulators.auth_app.settings import Client, Clock, Settings
from channels.simulators.card import Wallet
from channels.simulators.faults import Faults

REALM = "/api/realms/main"
PROTOCOL = f"{REALM}/protocol/openid-connect"


@dataclass(frozen=True, slots=True)
class Pending:
    """A request whose person is looking at the page, in the browser with this cookie."""

    asked: Asked
    browser: str


@dataclass(slots=True)
class Grant:
    """What a person agreed to, under a code; `access_token` is set once the code was used."""

    asked: Asked
    person: CardHolder
    time: float
    is_used: bool = False
    access_token: str = ""
    session: str = field(default_factory=lambda: secrets.token_urlsafe(16))


@dataclass
class Provider:
    """`accesses` holds grants by access token, `assertions` the ids of assertions seen."""

    settings: Settings
    clock: Clock
    wallet: Wallet
    people: People
    keys: Keys
    faults: Faults
    clients: dict[str, Client]
    pending: Memory[Pending]
    grants: Memory[Grant]
    accesses: Memory[Grant]
    assertions: Memory[bool]
    counts: Counter[str] = field(default_factory=Counter)

    @classmethod
    def start(cls, settings: Settings, *, cards: Path, clock: Clock) -> Self:
        wallet = Wallet(cards)
        return cls(
            settings=settings,
            clock=clock,
            wallet=wallet,
            people=People(wallet),
            keys=Keys(settings.state),
            faults=Faults(settings.faults, names=NAMES, seed=settings.seed),
            clients={client.id: client for client in settings.clients},
            pending=Memory(clock, settings.request_life),
            # Longer than a code can be used, so that a second use is known for one.
            grants=Memory(clock, settings.code_life + settings.token_life),
            accesses=Memory(clock, settings.token_life),
            assertions=Memory(clock, settings.assertion_life + 2 * settings.leeway),
        )

    @property
    def issuer(self) -> str:
        return self.settings.base_url.rstrip("/") + REALM

    def endpoint(self, name: str) -> str:
        """Return the URL of `auth`, `token`, `userinfo` or `certs`."""
        return f"{self.settings.base_url.rstrip('/')}{PROTOCOL}/{name}"


def provider_of(request: Request) -> Provider:
    provider: Provider = request.app.state.provider
    return provider
