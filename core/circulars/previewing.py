"""Whom a draft would reach, counted before it goes out."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.callers import Caller
from core.circulars import knowing, reaching, targeting
from core.circulars.targets import Targets


@dataclass(frozen=True, slots=True)
class Preview:
    """Households that a draft would reach, by the channel of each, and those it would not."""

    households: int
    by_channel: Mapping[str, int]
    paper: int


def preview(
    session: Session, by: Caller, *, external_id: str, circular_id: str, now: datetime
) -> Preview:
    """Count whom a draft would reach now; raise CircularUnknown, NotInOffice."""
    led = knowing.for_officer(
        session, by, external_id=external_id, circular_id=circular_id, now=now
    )
    targets = Targets.of(json.loads(led.circular.targets_json))
    knowing.check_writes(led, targets)
    households = targeting.resolve(session, led.standing, by.municipality, targets, now)
    ids = [one.id for one in households]
    reached = reaching.reach_households(session, by.municipality, ids)
    newest = (
        max(members, key=lambda one: (one.seen_time, one.contact_id))
        for members in reached.values()
    )
    channels = Counter(one.channel for one in newest)
    return Preview(len(ids), channels, len(ids) - len(reached))
