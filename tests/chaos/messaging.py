"""Many are told while every part of the city is killed at random, and LINE has a bad day.

A campaign in one request to many and one in each person's own words go out at once. An emergency is
sent alone before, and again in the middle.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from sqlalchemy import create_engine, text

from tests.bench.messaging import FIRST
from tests.chaos import cities, told
from tests.chaos.cities import City
from tests.chaos.parts import Part
from tests.chaos.told import Expected, Told
from tests.core.messaging.makers import a_draft
from tests.core.messaging.many import line_id
from tests.makers import a_request_id
from todoke.client import CoreError
from todoke.v1 import campaigns_pb2 as pb
from todoke.v1 import dispatches_pb2

LOOK_SECONDS = 0.2
STILL_SECONDS = 6.0
"""When nothing was told for so long though every part is up, staff let the campaigns go on."""

LONGEST_SECONDS = 1_800
EMERGENCY_AT = 0.4
"""The share of all that is told before the second emergency begins."""

LAST_KILL_AT = 0.9


@dataclass(frozen=True, kw_only=True)
class Size:
    """How many are told in one request to many, and how many each in their own words."""

    together: int
    each: int
    kills: int
    seed: int
    lease_seconds: int
    rates: dict[str, int]


@dataclass(kw_only=True)
class Played:
    """What came of it: by campaign what residents saw, and what the core says of it.

    `told_before` is whom the two campaigns had reached when the second emergency began.
    """

    told: dict[str, Told] = field(default_factory=dict)
    counted: dict[str, int] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    emergencies: dict[str, float] = field(default_factory=dict)
    dispatches: dict[str, int] = field(default_factory=dict)
    kills: dict[str, int] = field(default_factory=dict)
    told_before: int = 0
    resumed: int = 0
    seconds: float = 0.0
    accepted: int = 0
    quota: int = 0

    @property
    def unknown(self) -> int:
        """How many nobody can know of: they count as neither told nor lost."""
        return self.dispatches.get("unknown", 0)

    @property
    def is_exact(self) -> bool:
        """Whether everybody was told once, and core and provider count the same."""
        lost = sum(one.lost for one in self.told.values())
        core = self.dispatches.get("sent", 0) + self.unknown
        return (
            not any(one.doubled or one.strangers or one.misread for one in self.told.values())
            and lost <= self.unknown
            and self.accepted == self.quota == core - lost
            and all(
                self.told[words].people + self.told[words].lost == count
                for words, count in self.counted.items()
            )
        )


EVERYBODY = "全員へ一斉に"
EACH = "様へ各自に"
ALONE = "緊急のお知らせその一"
AMIDST = "緊急のお知らせその二"


async def play(
    database: str, folder: Path, size: Size, *, say: Callable[[str], None] = lambda _: None
) -> Played:
    """Play it, and stop all; what happens is said on the way."""
    city = await cities.found(
        database, folder, together=size.together, each=size.each,
        lease_seconds=size.lease_seconds, rates=size.rates,
    )  # fmt: skip
    await city.start()
    try:
        return await _Play(city, size, say).all()
    finally:
        await city.stop()


class _Play:
    def __init__(self, city: City, size: Size, say: Callable[[str], None]) -> None:
        self._city = city
        self._say = say
        self._size = size
        self._random = Random(size.seed)
        self._campaigns: dict[str, str] = {}
        self._played = Played()
        self._begun = asyncio.Event()
        self._killing = asyncio.Lock()
        self._ids = {
            "en": [line_id(FIRST + n) for n in range(size.each)],
            "ja": [line_id(FIRST + size.each + n) for n in range(size.together)],
        }

    async def all(self) -> Played:
        await self._emergency(ALONE)
        await self._until_finished()
        began = time.monotonic()
        killing = asyncio.create_task(self._kill_at_random())
        everybody = a_draft(EVERYBODY, recipients=pb.Condition(language="ja"))
        await self._begin(EVERYBODY, everybody)
        await self._begin(EACH, a_draft(f"{{name}}{EACH}", recipients=pb.Condition(language="en")))
        self._begun.set()
        await self._until_told(EMERGENCY_AT)
        await self._in_calm(self._emergency(AMIDST))
        await self._go_wrong_for_long()
        await self._until_finished()
        await killing
        self._played.seconds = time.monotonic() - began
        await self._look()
        return self._played

    async def _emergency(self, words: str) -> None:
        """Tell it, and note how long it took until the last was told."""
        recipients = pb.Condition(language="en")
        draft = a_draft(words, lane=dispatches_pb2.LANE_EMERGENCY, recipients=recipients)
        began = time.time()
        await self._begin(words, draft)
        people = 0
        async with asyncio.timeout(LONGEST_SECONDS):
            while people < len(self._ids["en"]):
                await asyncio.sleep(LOOK_SECONDS)
                people, last = told.reached(self._city.file, words)
        self._played.emergencies[words] = last - began
        self._say(f"{words}: {last - began:.1f} s")

    async def _in_calm(self, work: Awaitable[None]) -> None:
        """Do it while all parts are up and none is killed."""
        async with self._killing:
            for part in self._city.parts.values():
                await part.wait()
            self._played.told_before = self._count()
            await work

    async def _go_wrong_for_long(self) -> None:
        """Let LINE refuse for a minute, or an hour, too, from its next start on."""
        self._city.faults = dict(cities.LONG_FAULTS)
        await self._kill(self._city.parts["simulator"])

    async def _kill_at_random(self) -> None:
        """Kill each part in turns by chance, at moments spread over all that is told.

        The first is a core that lays out recipients.
        """
        parts = list(self._city.parts.values())
        turns = [parts[n % len(parts)] for n in range(self._size.kills)]
        first, *turns = turns
        self._random.shuffle(turns)
        await self._begun.wait()
        await asyncio.sleep(self._random.uniform(0, 1))
        await self._kill(first)
        for number, part in enumerate(turns):
            await self._until_told(LAST_KILL_AT * number / len(turns))
            await asyncio.sleep(self._random.uniform(0, 1))
            async with self._killing:
                await self._kill(part)

    async def _kill(self, part: Part) -> None:
        await part.kill()
        self._say(f"{self._count():,} told; {part.name} killed")

    async def _until_told(self, share: float) -> None:
        people = self._size.together + self._size.each
        while self._count() < share * people:  # noqa: ASYNC110 - other processes are waited for.
            await asyncio.sleep(LOOK_SECONDS)

    def _count(self) -> int:
        """Count whom the two campaigns have reached."""
        return sum(told.reached(self._city.file, words)[0] for words in (EVERYBODY, EACH))

    async def _until_finished(self) -> None:
        """Wait until every campaign has ended; resume what waits while all is up."""
        async with asyncio.timeout(LONGEST_SECONDS):
            count, since = told.count(self._city.file), time.monotonic()
            while left := [id for id in self._campaigns.values() if not await self._is_over(id)]:
                await asyncio.sleep(LOOK_SECONDS)
                now = told.count(self._city.file)
                if now != count or not all(part.is_up for part in self._city.parts.values()):
                    count, since = now, time.monotonic()
                elif time.monotonic() - since > max(STILL_SECONDS, self._size.lease_seconds + 1):
                    await self._resume(left)
                    since = time.monotonic()

    async def _resume(self, campaigns: list[str]) -> None:
        self._played.resumed += 1
        self._say("nothing goes out: staff resume what waits")
        for id in campaigns:
            pause = pb.PauseCampaignRequest(campaign_id=id, request_id=a_request_id())
            plan = (await self._ask("PauseCampaign", pause)).plan
            resume = pb.ResumeCampaignRequest(
                campaign_id=id, etag=plan.etag, request_id=a_request_id()
            )
            await self._ask("ResumeCampaign", resume)

    async def _is_over(self, id: str) -> bool:
        answer = await self._ask("GetCampaign", pb.GetCampaignRequest(campaign_id=id))
        return answer.campaign.state == pb.CAMPAIGN_STATE_FINISHED

    async def _begin(self, words: str, draft: pb.CampaignDraft) -> None:
        create = pb.CreateCampaignRequest(draft=draft, request_id=a_request_id())
        plan = (await self._ask("CreateCampaign", create)).plan
        schedule = pb.ScheduleCampaignRequest(
            campaign_id=plan.campaign.campaign_id, etag=plan.etag, request_id=a_request_id()
        )
        await self._ask("ScheduleCampaign", schedule)
        self._campaigns[words] = plan.campaign.campaign_id

    async def _ask(self, name: str, request):
        """Ask as staff do who do not give up: the same again while no core answers."""
        while True:
            clerk = self._city.clerk()
            try:
                return await clerk.ask(getattr(clerk.campaigns, name), request, seconds=5)
            except CoreError as error:
                if not error.passing:
                    raise
            finally:
                await clerk.close()
            await asyncio.sleep(LOOK_SECONDS)

    def _told(self, words: str) -> Told:
        people = self._ids["ja"] if words == EVERYBODY else self._ids["en"]
        own = {}
        if words == EACH:
            own = {id: f"市民{FIRST + number}{EACH}" for number, id in enumerate(people)}
        return told.judge(self._city.file, Expected(words, frozenset(people), own))

    async def _look(self) -> None:
        played = self._played
        for words, id in self._campaigns.items():
            played.told[words] = self._told(words)
            campaign = (
                await self._ask("GetCampaign", pb.GetCampaignRequest(campaign_id=id))
            ).campaign
            played.counted[words] = campaign.recipients
            played.states[words] = ", ".join(
                f"{state} {count}" for state, count in sorted(campaign.deliveries.items())
            )
        played.accepted = told.count(self._city.file)
        played.quota = told.used_quota(self._city.file)
        played.dispatches = _dispatches(self._city.database)
        played.kills = {name: part.kills for name, part in self._city.parts.items()}


def _dispatches(database: str) -> dict[str, int]:
    """Count recipients by the state of their dispatch, as the core has stored it."""
    engine = create_engine(database)
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT state, sum(recipient_count) FROM dispatches GROUP BY state")
        ).all()
    engine.dispose()
    return dict(Counter({state: int(count) for state, count in rows}))
