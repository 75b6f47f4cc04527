"""Figures of delivery for a monitor: what waits and how long, what goes out, and what is amiss.

They are counted anew each time they are sent, from the database: every core process tells the same,
whichever of them sends, and nothing is lost with one that dies. They name no person.
"""

import asyncio
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from opentelemetry.metrics import CallbackOptions, Meter, Observation
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import Database
from core.dispatches import rates, watching
from core.dispatches.rules import Lane
from core.events import Municipality

NAMES = {
    "todoke.delivery.recipients": "recipients that wait, are in hand, are held or await allowance",
    "todoke.delivery.oldest_seconds": "for how long what could go out has waited, at the longest",
    "todoke.delivery.sent_last_minute": "recipients told in the last minute",
    "todoke.delivery.failed_last_minute": "recipients refused in the last minute",
    "todoke.delivery.unknown": "dispatches of which nobody knows whether they went out",
    "todoke.delivery.amiss": "what the sweepers found last; 0 in a healthy town",
    "todoke.quota.limit": "messages that the provider allows in the period; 0 is no limit",
    "todoke.quota.used": "messages used of them",
}

FRESH_SECONDS = 5.0
"""How long one look serves: all figures of one sending are of the same moment."""

LONGEST_SECONDS = 20.0
"""How long a look may take; a sending without figures shows that the database is away."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a municipality, by its name in `NAMES`."""

    name: str
    value: float
    of: dict[str, str]


def count(session: Session, db: Database) -> list[Figure]:
    """Count the figures of every municipality."""
    everywhere = session.scalars(select(Municipality.municipality)).all()
    return [figure for one in everywhere for figure in _of_town(session, db, one)]


def _of_town(session: Session, db: Database, municipality: str) -> Iterator[Figure]:
    now = db.now(session)
    status = watching.status(session, municipality, now)
    town = {"municipality": municipality}
    for (channel, lane), one in status.lanes.items():
        of = town | {"channel": channel, "lane": Lane(lane).name.lower()}
        for state in ("waiting", "in_hand", "held", "awaiting"):
            value = getattr(one, state)
            yield Figure("todoke.delivery.recipients", value, of | {"state": state})
        waits = (now - one.oldest).total_seconds() if one.oldest else 0.0
        yield Figure("todoke.delivery.oldest_seconds", waits, of)
        yield Figure("todoke.delivery.sent_last_minute", one.sent, of)
        yield Figure("todoke.delivery.failed_last_minute", one.failed, of)
    yield Figure("todoke.delivery.unknown", status.unknown, town)
    for what, number in (status.amiss or {"nothing": 0}).items():
        yield Figure("todoke.delivery.amiss", number, town | {"what": what})
    for quota in rates.quotas(session, municipality):
        of = town | {"channel": quota.channel}
        yield Figure("todoke.quota.limit", quota.most, of)
        yield Figure("todoke.quota.used", quota.used, of)


class Teller:
    """Tells a meter the figures, from its own thread, each time that it sends."""

    def __init__(self, db: Database, meter: Meter) -> None:
        self._db = db
        self._loop = asyncio.get_running_loop()
        self._looked_at = float("-inf")
        self._figures: list[Figure] = []
        for name, description in NAMES.items():
            tell = partial(self._tell, name)
            meter.create_observable_gauge(name, callbacks=[tell], description=description)

    def _tell(self, name: str, options: CallbackOptions) -> Iterable[Observation]:
        del options
        if time.monotonic() > self._looked_at + FRESH_SECONDS:
            # A look that fails is not made again for each figure.
            self._looked_at, self._figures = time.monotonic(), []
            looking = asyncio.run_coroutine_threadsafe(
                self._db.read(lambda session: count(session, self._db)), self._loop
            )
            self._figures = looking.result(LONGEST_SECONDS)
        return [Observation(one.value, one.of) for one in self._figures if one.name == name]
