"""A provider as LINE is one: it remembers keys for a day, refuses, and its answers get lost."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.dispatches.rows import Dispatch
from core.dispatches.rules import KEY_REMEMBERED, State
from tests.adapter import Adapter, an_adapter
from tests.town import Town
from todoke.client import Core
from todoke.v1 import dispatches_pb2 as pb


class Fate(StrEnum):
    """What becomes of a request that the provider could take."""

    TAKEN = "taken"
    ANSWER_LOST = "answer lost"
    TAKEN_AND_SILENT = "taken and silent"
    SILENT = "silent"
    BUSY = "busy"
    CONTENT_REFUSED = "content refused"
    ALLOWANCE_ENDS = "allowance ends"


TAKES = {Fate.TAKEN, Fate.ANSWER_LOST, Fate.TAKEN_AND_SILENT}
NO_WORD = {Fate.TAKEN_AND_SILENT, Fate.SILENT}


class Provider:
    """Counts who was told, by campaign and its own id of whom."""

    def __init__(self) -> None:
        self.unknown: set[str] = set()
        self.told: Counter[tuple[str, str]] = Counter()
        self._keys: dict[str, datetime] = {}

    def take(self, dispatch: pb.Dispatch, fate: Fate, now: datetime) -> pb.Outcome | None:
        """Return what an adapter would report, None where it never comes to that."""
        if dispatch.way == pb.WAY_EACH:
            outcome = self._each(dispatch, fate, now)
        else:
            outcome = self._together(dispatch, fate, now)
        if fate is Fate.ANSWER_LOST:
            outcome = pb.Outcome(result=pb.OUTCOME_RESULT_TRY_AGAIN)
        if outcome.result == pb.OUTCOME_RESULT_NOT_TAKEN or outcome.untaken_recipients:
            outcome.allowance_renew_time.FromDatetime(now + timedelta(days=3))
        outcome.dispatch_id, outcome.fence = dispatch.dispatch_id, dispatch.fence
        return None if fate in NO_WORD else outcome

    def _together(self, dispatch: pb.Dispatch, fate: Fate, now: datetime) -> pb.Outcome:
        if self._has(dispatch.retry_key, now):
            return pb.Outcome(result=pb.OUTCOME_RESULT_ACCEPTED)
        if fate is Fate.CONTENT_REFUSED:
            return pb.Outcome(result=pb.OUTCOME_RESULT_REFUSED, blame=pb.BLAME_CONTENT)
        if self.unknown & set(dispatch.recipients):
            return pb.Outcome(result=pb.OUTCOME_RESULT_REFUSED, blame=pb.BLAME_RECIPIENTS)
        if fate is Fate.ALLOWANCE_ENDS:
            return pb.Outcome(result=pb.OUTCOME_RESULT_NOT_TAKEN)
        if fate not in TAKES:
            return pb.Outcome(result=pb.OUTCOME_RESULT_TRY_AGAIN)
        self._tell(dispatch, dispatch.recipients, dispatch.retry_key, now)
        return pb.Outcome(result=pb.OUTCOME_RESULT_ACCEPTED)

    def _each(self, dispatch: pb.Dispatch, fate: Fate, now: datetime) -> pb.Outcome:
        keys = [str(uuid5(UUID(dispatch.retry_key), to)) for to in dispatch.recipients]
        had = any(self._has(key, now) for key in keys)
        if fate is Fate.CONTENT_REFUSED and not had:
            return pb.Outcome(result=pb.OUTCOME_RESULT_REFUSED, blame=pb.BLAME_CONTENT)
        if fate in {Fate.BUSY, Fate.SILENT}:
            return pb.Outcome(result=pb.OUTCOME_RESULT_TRY_AGAIN)
        refused, untaken = [], []
        left = len(keys) // 2 if fate is Fate.ALLOWANCE_ENDS else len(keys)
        for place, (key, to) in enumerate(zip(keys, dispatch.recipients, strict=True)):
            if self._has(key, now):
                continue
            if to in self.unknown:
                refused.append(place)
            elif place >= left:
                untaken.append(place)
            else:
                self._tell(dispatch, [to], key, now)
        if len(untaken) == len(keys):
            return pb.Outcome(result=pb.OUTCOME_RESULT_NOT_TAKEN)
        if len(refused) == len(keys):
            return pb.Outcome(result=pb.OUTCOME_RESULT_REFUSED, blame=pb.BLAME_RECIPIENTS)
        return pb.Outcome(
            result=pb.OUTCOME_RESULT_ACCEPTED,
            refused_recipients=refused,
            untaken_recipients=untaken,
        )

    def _has(self, key: str, now: datetime) -> bool:
        return key in self._keys and now < self._keys[key] + KEY_REMEMBERED

    def _tell(self, dispatch: pb.Dispatch, to: list[str], key: str, now: datetime) -> None:
        self._keys[key] = now
        self.told.update((dispatch.campaign.campaign_id, one) for one in to)


async def deliver(
    town: Town, core: Core, channel: str, provider: Provider, fates: Sequence[Fate]
) -> int:
    """Hand what waits to the provider, one for each fate; return how many there were."""
    handled = 0
    async with an_adapter(core) as adapter:
        for fate in fates:
            dispatch = await _next(town, adapter, channel)
            if dispatch is None:
                break
            handled += 1
            outcome = provider.take(dispatch, fate, town.clock())
            if outcome is not None:
                adapter.tell(outcome)
                assert await adapter.taken()
    return handled


async def _next(town: Town, adapter: Adapter, channel: str) -> pb.Dispatch | None:
    """Return the next dispatch, once it is sure that there is one."""
    in_hand, waits = partial(_in_hand, channel=channel), partial(_waits, channel=channel)
    before = await town.read(in_hand)
    adapter.ready(1)
    coming = asyncio.ensure_future(adapter.dispatch())
    while not coming.done():
        await asyncio.wait({coming}, timeout=0.02)
        if not await town.read(partial(waits, now=town.clock())):
            if await town.read(in_hand) - before:
                continue
            coming.cancel()
            with suppress(asyncio.CancelledError):
                await coming
            return None
    return await coming


def _in_hand(session: Session, channel: str) -> set[tuple[str, int]]:
    found = session.scalars(select(Dispatch).where(Dispatch.channel == channel))
    return {(one.id, one.fence) for one in found if one.state is State.LEASED}


def _waits(session: Session, channel: str, now: datetime) -> bool:
    found = session.scalars(select(Dispatch).where(Dispatch.channel == channel))
    return any(one.free_time is not None and one.free_time <= now for one in found)
