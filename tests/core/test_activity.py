"""What happens, live: the overview, the watch that misses nothing, the log that auditors read."""

import asyncio
from functools import partial

import pytest

from core import events
from core.callers import Role, the_core
from tests.makers import a_contact, a_program
from tests.town import MUNICIPALITY, Town, on_sqlite
from todoke.client import CoreError
from todoke.v1 import activity_pb2 as pb


async def happen(town: Town, times: int = 1, *, reason: str | None = None) -> None:
    record = partial(
        events.record, by=the_core(MUNICIPALITY), kind="it.happened", subject="x",
        now=town.clock(), reason=reason,
    )  # fmt: skip
    for _ in range(times):
        await town.running.db.write(record)


async def test_the_overview_counts_and_its_cursor_misses_nothing(a_town: Town) -> None:
    staff, line = await a_town.staff(), await a_town.channel()
    await a_contact(a_town, line)
    program = await a_program(staff)

    overview = await staff.ask(staff.activity.GetOverview, pb.GetOverviewRequest())
    await happen(a_town)
    watch = staff.watch(staff.activity.WatchEvents, pb.WatchEventsRequest(cursor=overview.cursor))
    seen = await asyncio.wait_for(anext(watch), 30)
    await watch.aclose()

    assert (overview.residents, overview.contacts) == (0, 1)
    assert [one.program_id for one in overview.programs] == [program.program_id]
    assert [event.kind for event in seen.events] == ["it.happened"]


async def test_a_watch_is_woken_by_what_happens_and_goes_on_from_its_cursor(a_town: Town) -> None:
    staff = await a_town.staff()
    overview = await staff.ask(staff.activity.GetOverview, pb.GetOverviewRequest())
    watch = staff.watch(staff.activity.WatchEvents, pb.WatchEventsRequest(cursor=overview.cursor))
    waiting = asyncio.ensure_future(anext(watch))
    await happen(a_town)
    first = await asyncio.wait_for(waiting, 30)
    await watch.aclose()
    await happen(a_town, 3)

    again = staff.watch(staff.activity.WatchEvents, pb.WatchEventsRequest(cursor=first.cursor))
    missed = await asyncio.wait_for(anext(again), 30)
    await again.aclose()

    assert [event.seq for event in missed.events] == [first.events[-1].seq + n for n in (1, 2, 3)]


@on_sqlite
@pytest.mark.parametrize("cursor", ["nonsense", "-1", "99999999", "9" * 30])
async def test_a_cursor_that_is_none_says_to_begin_again(a_town: Town, cursor: str) -> None:
    staff = await a_town.staff()
    watch = staff.watch(staff.activity.WatchEvents, pb.WatchEventsRequest(cursor=cursor))
    with pytest.raises(CoreError) as refused:
        await anext(watch)
    assert refused.value.reason == "CURSOR_EXPIRED"


async def test_the_log_is_paged_for_auditors_who_alone_read_reasons(a_town: Town) -> None:
    auditor, reviewer = await a_town.staff(Role.AUDITOR), await a_town.staff(Role.REVIEWER)
    await happen(a_town, 5, reason="個人の理由")

    first = await auditor.ask(auditor.activity.ListEvents, pb.ListEventsRequest(page_size=3))
    second = await auditor.ask(
        auditor.activity.ListEvents,
        pb.ListEventsRequest(page_size=3, page_token=first.next_page_token),
    )
    walked = await auditor.ask(auditor.activity.VerifyAudit, pb.VerifyAuditRequest())
    with pytest.raises(CoreError) as refused:
        await reviewer.ask(reviewer.activity.ListEvents, pb.ListEventsRequest())
    watch = reviewer.watch(reviewer.activity.WatchEvents, pb.WatchEventsRequest(cursor="0"))
    live = await asyncio.wait_for(anext(watch), 30)
    await watch.aclose()

    seqs = [event.seq for page in (first, second) for event in page.events]
    assert seqs == sorted(seqs, reverse=True)
    assert len(set(seqs)) == 6
    assert first.events[0].reason == "個人の理由"
    assert {event.reason for event in live.events} == {""}
    assert (walked.broken_at, walked.events) == (0, live.events[-1].seq)
    assert refused.value.reason == "CALLER_NOT_ALLOWED"


async def test_a_municipality_watches_only_itself(a_town: Town) -> None:
    await a_town.found("332020", "倉敷市")
    neighbour = await a_town.staff(municipality="332020")
    await happen(a_town, 3)

    overview = await neighbour.ask(neighbour.activity.GetOverview, pb.GetOverviewRequest())
    log = await neighbour.ask(neighbour.activity.ListEvents, pb.ListEventsRequest())

    assert overview.contacts == 0
    assert "it.happened" not in {event.kind for event in log.events}
