"""Many decided at once come to what they come to one by one, whatever is wrong with any of them."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from core import crypto
from core.applications import actions, bulk, bulk_job, rows
from core.applications.desk_rows import BulkItem, DecisionNotice
from core.applications.notices.letterhead import Letterhead
from core.applications.queue import Wanted
from core.applications.rows import Application
from core.applications.rules import State
from core.callers import Caller, Role
from core.db import later
from core.dispatches.rows import Delivery, Dispatch
from core.eligibility import term_text
from core.eligibility.rows import Entitlement, Program, Roster
from core.eligibility.terms import Days
from core.eligibility.version_rows import ProgramVersion
from core.engines import engines
from core.errors import Refusal
from core.etags import etag_of
from core.jobs import At
from core.procedures.catalogue import Catalogue
from core.procedures.loading import shipped
from core.staff.rows import by_name
from tests.core.applications.fates import FATES, NOW, Desk
from tests.core.applications.many import filed
from tests.examples import examples
from tests.town import MUNICIPALITY, build

NUMBER = 8
CATALOGUE = Catalogue(shipped())
LETTERHEAD = Letterhead.load(page="http://localhost", office="", phone="", seals=None, words=None)


@pytest.fixture
def engine(sqlite_database: str, tmp_path: Path) -> Iterator[Engine]:
    async def filled() -> None:
        town = await build(sqlite_database, tmp_path)
        await town.running.jobs.stop()
        clerk = await town.staff(Role.ELIGIBILITY, name="clerk")
        await town.staff(Role.REVIEWER, name="sato")
        await filed(town, clerk, NUMBER, registered=True)
        await town.close()

    asyncio.run(filled())
    reading, writing = engines(sqlite_database, crypto.load_keys(tmp_path / "keys.json"))
    yield writing
    reading.dispose()
    writing.dispose()


@given(
    fates=st.lists(st.sampled_from(FATES), min_size=NUMBER, max_size=NUMBER),
    verb=st.sampled_from(bulk.Verb),
    approvals=st.sampled_from([1, 1, 2]),
    closed_to=st.sampled_from(["", "", "", "frozen", "others"]),
)
@examples(40, HealthCheck.function_scoped_fixture)
def test_each_comes_to_what_it_comes_to_alone(
    engine: Engine,
    fates: list[Callable[[Desk, Application], None]],
    verb: bulk.Verb,
    approvals: int,
    closed_to: str,
) -> None:
    with Session(engine) as session:
        person = by_name(session, MUNICIPALITY, "sato")
        desk = Desk(session, Caller(MUNICIPALITY, "sato", frozenset({Role.REVIEWER}), person.id))
        _lay_down(session, approvals, closed_to)
        begun = _begin(desk, verb)
        applications = list(session.scalars(select(Application).order_by(Application.id)))
        for fate, row in zip(fates, applications, strict=True):
            fate(desk, row)
        session.flush()
        ids = [row.id for row in applications]
        alone = _undone(session, lambda: _one_by_one(desk, begun, ids))
        together = _undone(session, lambda: _all_at_once(desk, begun))
        session.rollback()

    assert together == alone


def _lay_down(session: Session, approvals: int, closed_to: str) -> None:
    """Give the program terms by which so many approve, and which may keep this person out."""
    version = session.scalars(select(ProgramVersion)).one()
    rest = Days(NOW.date() - timedelta(days=1), NOW.date() + timedelta(days=1))
    terms = replace(
        term_text.read(version.terms),
        approvals=approvals,
        freezes=(rest,) if closed_to == "frozen" else (),
        deciders=("suzuki",) if closed_to == "others" else (),
    )
    version.terms = term_text.write(terms)
    session.flush()


def _begin(desk: Desk, verb: bulk.Verb) -> bulk.BulkDecision:
    program = desk.session.scalars(select(Program)).one()
    return bulk.begin(
        desk.session, desk.by, Wanted(program_id=program.id, states={State.SUBMITTED}),
        verb=verb, reason="対象外のため", expected=NUMBER, now=NOW,
    )  # fmt: skip


def _undone(session: Session, work: Callable[[], dict[str, str]]) -> dict:
    """Return what is there after some work, which leaves nothing behind."""
    nested = session.begin_nested()
    noted = later(session, "events")
    before = len(noted)
    refused = work()
    session.flush()
    found = {"refused": refused, **_there(session, noted[before:])}
    del noted[before:]
    nested.rollback()
    session.expire_all()
    return found


def _one_by_one(desk: Desk, begun: bulk.BulkDecision, ids: list[str]) -> dict[str, str]:
    """Decide each in a savepoint of its own, by the revision that was looked at."""
    refused: dict[str, str] = {}
    for id in ids:
        item = desk.session.get_one(BulkItem, (MUNICIPALITY, begun.id, id))
        given = {
            "id": id, "etag": etag_of(item.revision), "letterhead": LETTERHEAD,
            "known": CATALOGUE, "now": NOW,
        }  # fmt: skip
        try:
            with desk.session.begin_nested():
                if begun.verb == bulk.Verb.APPROVE:
                    actions.approve(desk.session, desk.by, **given)
                else:
                    actions.reject(desk.session, desk.by, reason=begun.reason, **given)
        except Refusal as refusal:
            refused[id] = refusal.reason
    return refused


def _all_at_once(desk: Desk, begun: bulk.BulkDecision) -> dict[str, str]:
    at = At(MUNICIPALITY, "", NOW)
    bulk_job.step(desk.session, at, letterhead=LETTERHEAD, known=CATALOGUE)
    desk.session.flush()
    assert begun.state == bulk.Phase.FINISHED
    found = bulk.refusals(desk.session, MUNICIPALITY, begun.id, after="", limit=NUMBER)
    assert begun.decided == NUMBER - len(found) == NUMBER - sum(begun.refused.values())
    return {item.application_id: item.refused for item in found}


def _there(session: Session, noted: list) -> dict:
    """Return all that decisions write, but for ids, codes, and the end of the bulk decision."""
    session.expire_all()
    applications = {row.id: row for row in session.scalars(select(Application))}
    entitled = {row.id: row for row in session.scalars(select(Entitlement))}
    dispatches = {row.id: row for row in session.scalars(select(Dispatch))}
    granted = {
        id: entitled[row.entitlement_id] for id, row in applications.items() if row.entitlement_id
    }
    return {
        "applications": {
            id: (row.state, row.revision, row.decide_time, row.amount, row.payee_json)
            for id, row in applications.items()
        },
        "granted": {
            id: (row.reference, row.amount, row.account_text) for id, row in granted.items()
        },
        "rosters": [(row.row_count, row.total) for row in session.scalars(select(Roster))],
        "approvals": sorted(
            (row.application_id, row.number, row.staff_id)
            for row in session.scalars(select(rows.Approval))
        ),
        "notices": {
            row.application_id: (row.number, row.fiscal_year, row.notice_date, row.facts)
            for row in session.scalars(select(DecisionNotice))
        },
        "told": {
            row.occasion: (
                row.resident_id, row.contact_id, row.state,
                dispatches[row.dispatch_id].channel, dispatches[row.dispatch_id].state,
                dispatches[row.dispatch_id].recipients, dispatches[row.dispatch_id].content,
                dispatches[row.dispatch_id].free_time,
            )
            for row in session.scalars(select(Delivery))
        },
        "events": sorted(
            (one.subject, at, one.kind, one.actor, one.on_behalf_of, one.reason or "",
             sorted(one.details.items()))
            for at, one in _of_each(noted)
            if not one.kind.startswith("bulk_decision.")
        ),
    }  # fmt: skip


def _of_each(noted: list) -> Iterator[tuple[int, object]]:
    """Yield events, each with its place among those of its subject."""
    places: dict[str, int] = {}
    for one in noted:
        place = places.get(one.subject, 0)
        places[one.subject] = place + 1
        yield place, one
