"""Many decisions at once: each by the rules of one, each once, whatever dies in the middle."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.applications import bulk, bulk_job
from core.applications.desk_rows import DecisionNotice
from core.applications.notices.letterhead import Letterhead
from core.applications.queue import Wanted
from core.applications.rows import Application
from core.applications.rules import State
from core.callers import Caller, Role
from core.jobs import At
from core.procedures.catalogue import Catalogue
from core.procedures.loading import shipped
from tests.cards import Cards
from tests.core.access.links import refused
from tests.core.applications.desk import a_reviewer
from tests.core.applications.many import filed
from tests.core.residents.makers import events_of
from tests.makers import a_request_id
from tests.town import MUNICIPALITY, Town, build, on_sqlite, start
from todoke.client import Core
from todoke.v1 import applications_pb2 as pb

SUBMITTED = pb.APPLICATION_STATE_SUBMITTED
FINISHED = pb.BULK_DECISION_STATE_FINISHED
TWO_PARTS = bulk_job.PART + 35


async def begin(
    core: Core, program_id: str, count: int, *, request_id: str = "", **more
) -> pb.BulkDecision:
    request = pb.BeginBulkDecisionRequest(
        program_id=program_id, expected_count=count, request_id=request_id or a_request_id(),
        **{"states": [SUBMITTED], "verb": pb.BULK_VERB_APPROVE, **more},
    )  # fmt: skip
    return (await core.ask(core.applications.BeginBulkDecision, request)).bulk_decision


async def ended(town: Town, core: Core, id: str) -> pb.BulkDecision:
    """Follow a bulk decision to its end."""
    request = pb.GetBulkDecisionRequest(bulk_decision_id=id)
    async with asyncio.timeout(60):
        while True:
            committed = town.running.db.committed
            found = await core.ask(core.applications.GetBulkDecision, request)
            if found.bulk_decision.state != pb.BULK_DECISION_STATE_RUNNING:
                return found.bulk_decision
            await town.do_waiting()
            await committed.wait()


async def a_town_hall(town: Town) -> Core:
    return await town.staff(Role.ELIGIBILITY, name="clerk")


async def test_each_is_decided_by_the_rules_of_a_single_decision(
    a_town: Town, cards: Cards
) -> None:
    clerk, sato = await a_town_hall(a_town), await a_reviewer(a_town)
    program_id = await filed(a_town, clerk, 25, bank="9999")
    miscounted = await refused(begin(sato.core, program_id, 24))
    begun = await begin(sato.core, program_id, 25, request_id="bulk-0001")
    again = await begin(sato.core, program_id, 25, request_id="bulk-0001")
    done = await ended(a_town, sato.core, begun.bulk_decision_id)
    decided = await events_of(a_town, "application.approved")
    numbers = await a_town.read(
        lambda s: list(s.scalars(select(DecisionNotice.number).order_by(DecisionNotice.number)))
    )
    left = await sato.listed(states=[SUBMITTED])

    assert (miscounted.reason, miscounted.metadata["count"]) == ("COUNT_CHANGED", "25")
    assert again == begun
    assert (begun.total, begun.author) == (25, "sato")
    assert (done.state, done.decided, dict(done.refused)) == (FINISHED, 24, {"BANK_UNKNOWN": 1})
    assert [event.actor for event in decided] == ["staff:sato"] * 24
    assert numbers == list(range(1, 25))
    assert len(left) == 1


@on_sqlite
async def test_who_decided_meanwhile_is_not_overruled_and_a_reason_is_told(
    a_town: Town, cards: Cards
) -> None:
    clerk, sato = await a_town_hall(a_town), await a_reviewer(a_town)
    program_id = await filed(a_town, clerk, 3)
    by = Caller(MUNICIPALITY, "sato", frozenset({Role.REVIEWER}), sato.staff_id)

    def begun_and_changed(session) -> str:
        begun = bulk.begin(
            session, by, Wanted(program_id=program_id, states={State.SUBMITTED}),
            verb=bulk.Verb.REJECT, reason="対象外のため", expected=3, now=a_town.clock(),
        )  # fmt: skip
        row = session.scalars(select(Application).order_by(Application.id).limit(1)).one()
        row.revision += 1
        return begun.id

    id = await a_town.running.db.write(begun_and_changed)
    done = await ended(a_town, sato.core, id)
    without = await refused(begin(sato.core, program_id, 1, verb=pb.BULK_VERB_REJECT))
    rejections = await events_of(a_town, "application.rejected")
    assert (done.decided, dict(done.refused)) == (2, {"CHANGED_MEANWHILE": 1})
    assert without.reason == "FIELD_INVALID"
    assert {event.reason for event in rejections} == {"対象外のため"}


async def test_a_core_that_dies_in_the_middle_leaves_the_rest_to_the_next(
    database: str, tmp_path: Path, cards: Cards
) -> None:
    town = await build(database, tmp_path, **cards.settings)
    clerk, sato = await a_town_hall(town), await a_reviewer(town)
    program_id = await filed(town, clerk, TWO_PARTS)
    by = Caller(MUNICIPALITY, "sato", frozenset({Role.REVIEWER}), sato.staff_id)
    letterhead = Letterhead.load(
        page="http://localhost", office="", phone="", seals=None, words=None
    )

    def begin_and_one_part(session) -> str:
        begun = bulk.begin(
            session, by, Wanted(program_id=program_id, states={State.SUBMITTED}),
            verb=bulk.Verb.APPROVE, reason="", expected=TWO_PARTS, now=town.clock(),
        )  # fmt: skip
        one_part(session)
        return begun.id

    def one_part(session) -> None:
        at = At(MUNICIPALITY, "", town.clock())
        bulk_job.step(session, at, letterhead=letterhead, known=procedures)

    def dies(session) -> None:
        one_part(session)
        raise RuntimeError("killed before it was committed")

    procedures = Catalogue(shipped())
    id = await town.running.db.write(begin_and_one_part)
    with pytest.raises(RuntimeError):
        await town.running.db.write(dies)
    await town.close()

    again = await start(town.settings)
    suzuki = await a_reviewer(again, "suzuki")
    done = await ended(again, suzuki.core, id)
    numbers = await again.read(lambda s: s.scalar(select(func.count()).select_from(DecisionNotice)))
    approved = await events_of(again, "application.approved")
    await again.close()
    assert (done.state, done.decided) == (FINISHED, TWO_PARTS)
    assert (numbers, len(approved)) == (TWO_PARTS, TWO_PARTS)
    assert {event.actor for event in approved} == {"staff:sato"}


@on_sqlite
async def test_it_is_tried_before_rests_goes_on_and_names_what_it_could_not_decide(
    a_town: Town, cards: Cards
) -> None:
    await a_town.running.jobs.stop()
    clerk, sato = await a_town_hall(a_town), await a_reviewer(a_town)
    program_id = await filed(a_town, clerk, TWO_PARTS, bank="9999")
    calls = sato.core.applications
    oldest = pb.ListApplicationsRequest(program_id=program_id, page_size=1)
    (first,) = (await sato.core.ask(calls.ListApplications, oldest)).applications
    tried = pb.RehearseBulkDecisionRequest(
        program_id=program_id, states=[SUBMITTED], verb=pb.BULK_VERB_APPROVE
    )
    parts = [await sato.core.ask(calls.RehearseBulkDecision, tried)]
    tried.page_token = parts[0].next_page_token
    parts.append(await sato.core.ask(calls.RehearseBulkDecision, tried))
    untouched = await events_of(a_town, "application.approved")
    id = (await begin(sato.core, program_id, TWO_PARTS)).bulk_decision_id
    named = {"bulk_decision_id": id}
    pause = pb.PauseBulkDecisionRequest(**named, request_id=a_request_id())
    rests = (await sato.core.ask(calls.PauseBulkDecision, pause)).bulk_decision
    await a_town.do_waiting()
    again = pb.PauseBulkDecisionRequest(**named, request_id=a_request_id())
    said = await refused(sato.core.ask(calls.PauseBulkDecision, again))
    still = (
        await sato.core.ask(calls.GetBulkDecision, pb.GetBulkDecisionRequest(**named))
    ).bulk_decision
    resume = pb.ResumeBulkDecisionRequest(**named, request_id=a_request_id())
    await sato.core.ask(calls.ResumeBulkDecision, resume)
    done = await ended(a_town, sato.core, id)
    page = await sato.core.ask(calls.ListBulkRefusals, pb.ListBulkRefusalsRequest(**named))

    assert [(part.looked_at, part.ready) for part in parts] == [
        (bulk_job.PART, bulk_job.PART - 1), (35, 35),
    ]  # fmt: skip
    assert (dict(parts[0].refused), parts[1].next_page_token) == ({"BANK_UNKNOWN": 1}, "")
    assert not untouched
    assert rests.state == still.state == pb.BULK_DECISION_STATE_PAUSED
    assert (still.decided, said.reason) == (0, "WRONG_STATE")
    assert (done.state, done.decided) == (FINISHED, TWO_PARTS - 1)
    assert [(one.application_id, one.reason) for one in page.refusals] == [
        (first.application_id, "BANK_UNKNOWN")
    ]


@on_sqlite
async def test_it_may_be_stopped_and_ends_with_the_right_to_decide(
    a_town: Town, cards: Cards
) -> None:
    clerk, sato = await a_town_hall(a_town), await a_reviewer(a_town)
    program_id = await filed(a_town, clerk, 2)
    other = Caller(MUNICIPALITY, "gone", frozenset({Role.REVIEWER}), "gone")

    def begin_twice(session) -> list[str]:
        return [
            bulk.begin(
                session, by, Wanted(program_id=program_id, states={State.SUBMITTED}),
                verb=bulk.Verb.APPROVE, reason="", expected=2, now=a_town.clock(),
            ).id
            for by in (other, other)
        ]  # fmt: skip

    def begin_and_cancel(session) -> str:
        by = Caller(MUNICIPALITY, "sato", frozenset({Role.REVIEWER}), sato.staff_id)
        (id, _) = begin_twice(session)
        bulk.cancel(session, by, id=id, reason="まちがい", now=a_town.clock())
        return id

    id = await a_town.running.db.write(begin_and_cancel)
    late = pb.CancelBulkDecisionRequest(
        bulk_decision_id=id, reason="もう一度", request_id=a_request_id()
    )
    said = await refused(sato.core.ask(sato.core.applications.CancelBulkDecision, late))
    page = await sato.core.ask(
        sato.core.applications.ListBulkDecisions, pb.ListBulkDecisionsRequest(page_size=1)
    )
    newest = await ended(a_town, sato.core, page.bulk_decisions[0].bulk_decision_id)
    assert said.reason == "WRONG_STATE"
    assert newest.state == pb.BULK_DECISION_STATE_CANCELLED
    assert page.next_page_token
    assert len(await sato.listed(states=[SUBMITTED])) == 2
    assert len(await events_of(a_town, "bulk_decision.cancelled")) == 2
