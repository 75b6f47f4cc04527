"""The running platform: the parts every endpoint works with."""

import asyncio
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import aiohttp
import orjson

from channels.simulators.faults import Faults
from channels.simulators.line.answers import Detail, Refused, body_has_errors
from channels.simulators.line.bell import Bell
from channels.simulators.line.card import Wallet
from channels.simulators.line.clock import Clock, milliseconds
from channels.simulators.line.cookies import Jars
from channels.simulators.line.delivery import Deliverer
from channels.simulators.line.id_tokens import Mint
from channels.simulators.line.mailbag import Mailbag
from channels.simulators.line.rates import Rates
from channels.simulators.line.sending import Limits
from channels.simulators.line.settings import Settings
from channels.simulators.line.store import Store


@dataclass(frozen=True, slots=True)
class SavedFile:
    """A file on a phone."""

    name: str
    kind: str
    body: bytes


@dataclass
class Platform:
    """`wallet` is `None` where nobody has a card, `mint` where there is no LINE Login.

    `typing` says until when (ms) dots are shown.
    """

    settings: Settings
    clock: Clock
    store: Store
    rates: Rates
    faults: Faults
    bell: Bell
    http: aiohttp.ClientSession
    mailbag: Mailbag
    deliverer: Deliverer
    wallet: Wallet | None
    mint: Mint | None
    cookies: Jars
    batches: dict[str, tuple[str, str]] = field(default_factory=dict)
    """When each replacing of menus was taken and done, by the request's id, as ISO 8601."""
    typing: dict[str, int] = field(default_factory=dict)
    files: dict[str, dict[str, SavedFile]] = field(default_factory=dict)
    card_locks: dict[str, asyncio.Lock] = field(default_factory=dict)

    def now(self) -> int:
        """Milliseconds since 1970."""
        return milliseconds(self.clock)

    def limits(self) -> Limits:
        return Limits(
            quota=self.settings.quota,
            retry_key_memory=int(self.settings.retry_key_memory * 1_000),
            multicast_refuses_unknown=self.settings.multicast_refuses_unknown,
        )


@dataclass(frozen=True, slots=True)
class Call:
    """One request to LINE's API, past the door."""

    platform: Platform
    request_id: str
    path: str
    headers: dict[bytes, bytes]
    body: bytes
    query: bytes = b""

    def form(self) -> dict[str, str]:
        """Read the body as a form, in which what is empty is missing."""
        kind = self.headers.get(b"content-type", b"").decode("latin-1")
        if kind.partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
            raise Refused(415, f"The content type, {kind}, is not supported")
        values = parse_qs(self.body.decode("latin-1"))
        return {name: found[0] for name, found in values.items()}

    def json(self) -> dict[str, Any]:
        """Read the body; raises Refused where it is not a JSON object."""
        kind = self.headers.get(b"content-type", b"").decode("latin-1")
        if kind.partition(";")[0].strip().lower() != "application/json":
            raise Refused(415, f"The content type, {kind}, is not supported")
        try:
            found = orjson.loads(self.body)
        except orjson.JSONDecodeError as wrong:
            raise unreadable(wrong.lineno, wrong.colno) from wrong
        if not isinstance(found, dict):
            raise body_has_errors([Detail("Must be an object", "")])
        return found


def unreadable(line: int, column: int) -> Refused:
    return Refused(
        400,
        f"The request body could not be parsed as JSON (line: {line}, column: {column})",
    )
