"""A town to call: an empty database with a channel that speaks and contacts that it knows."""

import itertools
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from google.protobuf.timestamp_pb2 import Timestamp
from sqlalchemy import create_engine

from core import events, opening
from core.callers import Caller, Role, the_core
from core.crypto import create_keys, load_keys
from core.residents import actions as residents
from core.residents.rules import ContactState
from core.schema import METADATA
from core.settings import Settings
from core.staff import actions as staff
from todoke.v1 import residents_pb2 as pb

MUNICIPALITY = "332089"
CHANNEL = "line"
CONTACTS = 4_096


@dataclass(frozen=True)
class Town:
    """The database, its keys, and the token of the channel."""

    settings: Settings
    token: str

    @property
    def environment(self) -> dict[str, str]:
        return {
            "TODOKE_DATABASE": self.settings.database,
            "TODOKE_KEYS": str(self.settings.keys),
            "TODOKE_LISTEN": self.settings.listen,
        }

    @property
    def metadata(self) -> tuple[tuple[str, str], ...]:
        return (("authorization", f"Bearer {self.token}"),)


async def found(database: str, folder: Path) -> Town:
    """Make the tables and what is in them."""
    engine = create_engine(database)
    METADATA.create_all(engine)
    engine.dispose()
    keys = folder / "keys.json"
    if not keys.exists():
        create_keys(keys)
    settings = Settings(database=database, keys=keys, listen="127.0.0.1:0")
    db = opening.open_database(settings, load_keys(keys))
    try:
        token = await db.write(_settle)
    finally:
        db.close()
    return Town(settings, token)


def _settle(session) -> str:
    now = datetime.now(UTC)
    session.add(events.Municipality(municipality=MUNICIPALITY, name="総社市", create_time=now))
    channel = Caller(MUNICIPALITY, CHANNEL, frozenset({Role.CHANNEL}))
    for number in range(CONTACTS):
        residents.see_contact(
            session, channel, external_id=user_id(number), state=ContactState.REACHABLE,
            seen_time=now, language="ja", now=now,
        )  # fmt: skip
    return staff.add_channel(session, by=the_core(MUNICIPALITY), channel=CHANNEL, now=now)


def user_id(number: int) -> str:
    """Return an id of LINE's form."""
    return f"U{number:032x}"


class Requests:
    """Requests without end, each about the next contact."""

    def __init__(self) -> None:
        self._number = itertools.cycle(range(CONTACTS))
        self._states = itertools.cycle(
            state
            for state in (pb.CONTACT_STATE_LOST, pb.CONTACT_STATE_REACHABLE)
            for _ in range(CONTACTS)
        )

    def get(self) -> bytes:
        return pb.GetContactRequest(external_id=user_id(next(self._number))).SerializeToString()

    def see_again(self) -> bytes:
        """Make a sight that only moves the time on."""
        return self._see(pb.CONTACT_STATE_REACHABLE)

    def see_changed(self) -> bytes:
        """Make a sight that differs from the one before, and so is an event of the audit chain."""
        return self._see(next(self._states))

    def _see(self, state: pb.ContactState) -> bytes:
        seen = Timestamp()
        seen.FromNanoseconds(time.time_ns())
        return pb.SeeContactRequest(
            external_id=user_id(next(self._number)), state=state, language="ja", seen_time=seen,
            request_id=uuid.uuid4().hex,
        ).SerializeToString()  # fmt: skip
