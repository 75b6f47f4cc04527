"""Whatever happened to an entitlement, the query says what a plain reading of it says."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from core import crypto, db, events
from core.applications.rows import Application
from core.applications.rules import State
from core.callers import Caller, Role
from core.dispatches.rows import Delivery
from core.dispatches.rules import State as Told
from core.eligibility import rows as eligibility
from core.eligibility.contacted_rows import ContactRecord
from core.eligibility.rules import Unit, Way
from core.ids import new_id
from core.ledger import lines
from core.ledger.rules import Progress
from core.matching import Class, Decision
from core.proxies.rows import Proxy
from core.residents.contact_rows import Contact
from core.residents.rows import Resident
from core.residents.rules import ClosingCause, ContactState
from tests.examples import examples

TOWN = "332089"
CLERK = Caller(TOWN, "suzuki", frozenset({Role.ELIGIBILITY}), "staff-1")
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


@dataclass(frozen=True)
class History:
    """What happened to one entitlement; the application's days count from the match's."""

    listed_as_protected: bool
    decision: Decision | None
    suppressed: bool
    closed: bool
    contact: ContactState | None
    proxy: str
    application: State | None
    begun_after_match: bool
    answered: bool
    opened: bool
    told: Told
    phoned: bool | None
    said_no: str


histories = st.builds(
    History,
    listed_as_protected=st.sampled_from([False, False, False, True]),
    decision=st.sampled_from([None, *Decision, Decision.ACCEPTED, Decision.ACCEPTED]),
    suppressed=st.sampled_from([False, False, False, True]),
    closed=st.sampled_from([False, False, False, True]),
    contact=st.sampled_from([None, *ContactState, ContactState.REACHABLE]),
    proxy=st.sampled_from(["", "", "reads", "visits", "applies", "expired", "protected", "lost"]),
    application=st.sampled_from([None, *State, State.INVITED, State.INVITED]),
    begun_after_match=st.booleans(),
    answered=st.booleans(),
    opened=st.booleans(),
    told=st.sampled_from([*Told]),
    phoned=st.sampled_from([None, False, True]),
    said_no=st.sampled_from(["", "", "", "before", "after", "taken_back"]),
)


def expected(one: History) -> Progress:
    """Read a history from the end of the way to its beginning: the first that is true."""
    linked = one.decision is Decision.ACCEPTED
    meant = one.decision not in {None, Decision.REFUSED}
    waiting = one.application is State.INVITED
    ended = one.application in {None, State.WITHDRAWN, State.EXPIRED}
    said_no = one.said_no == "after" or (one.said_no == "before" and not one.application)
    read = [
        (Progress.PROTECTED, one.listed_as_protected or (meant and one.suppressed)),
        (Progress.SETTLED, one.application in {State.PAID, State.REJECTED}),
        (Progress.FILED, not ended and not waiting),
        (Progress.DECLINED, said_no),
        (Progress.UNMATCHED, not linked),
        (Progress.DECLINED, one.application is State.WITHDRAWN and one.begun_after_match),
        (
            Progress.UNREACHABLE,
            not is_reachable(one)
            or (waiting and one.told is Told.FAILED and not (one.answered or one.opened)),
        ),
        (Progress.OPENED, waiting and (one.answered or one.opened)),
        (Progress.SILENT, True),
    ]
    return next(state for state, true in read if true)


def is_reachable(one: History) -> bool:
    if one.closed or one.suppressed:
        return False
    if one.contact is ContactState.REACHABLE or one.proxy == "reads":
        return True
    lies_on_the_web = one.application is State.INVITED
    return lies_on_the_web and (one.contact is ContactState.VISITING or one.proxy == "visits")


def expected_way(one: History) -> Way | None:
    if expected(one) is Progress.PROTECTED:
        return None
    if one.decision is Decision.ACCEPTED and is_reachable(one):
        return Way.CHANNEL
    return Way.PHONE if one.phoned else Way.LETTER


def a_resident(session: Session, *, suppressed: bool = False, closed: bool = False) -> str:
    resident = Resident(
        municipality=TOWN, id=new_id(), create_time=NOW, suppressed=suppressed,
        closing_cause=ClosingCause.MOVED_OUT if closed else None,
    )  # fmt: skip
    session.add(resident)
    session.flush()
    return resident.id


def a_contact(session: Session, resident_id: str, state: ContactState) -> None:
    id = new_id()
    session.add(
        Contact(
            municipality=TOWN, id=id, channel="line", external_id=id, external_index=id.encode(),
            state=state, seen_time=NOW, resident_id=resident_id,
        )
    )  # fmt: skip


def a_proxy(session: Session, resident_id: str, kind: str) -> None:
    acting = a_resident(session, suppressed=kind == "protected")
    states = {"lost": ContactState.LOST, "visits": ContactState.VISITING}
    a_contact(session, acting, states.get(kind, ContactState.REACHABLE))
    last_day = (NOW + timedelta(days=-2 if kind == "expired" else 30)).date()
    session.add(
        Proxy(
            municipality=TOWN, id=new_id(), resident_id=resident_id, proxy_resident_id=acting,
            scopes=["apply"] if kind == "applies" else ["apply", "read"], given_by="counter",
            expire_date=last_day, create_time=NOW,
        )
    )  # fmt: skip


def play(session: Session, roster: eligibility.Roster, entitlement_id: str, one: History) -> None:
    resident_id = a_resident(session, suppressed=one.suppressed, closed=one.closed)
    if one.contact:
        a_contact(session, resident_id, one.contact)
    if one.proxy:
        a_proxy(session, resident_id, one.proxy)
    if one.decision:
        session.add(
            eligibility.Match(
                municipality=TOWN, id=new_id(), program_id=roster.program_id,
                entitlement_id=entitlement_id, resident_id=resident_id, match_class=Class.EXACT,
                decision=one.decision, rule="exact", find_time=NOW,
                decide_time=NOW + timedelta(days=0 if one.begun_after_match else 2),
            )
        )  # fmt: skip
    if one.application:
        application = Application(
            municipality=TOWN, id=new_id(), program_id=roster.program_id,
            entitlement_id=entitlement_id, resident_id=resident_id, state=one.application,
            procedure_key="confirm_account", procedure_version=1, amount=1,
            invite_time=NOW + timedelta(days=1), revision=2 if one.answered else 1,
        )  # fmt: skip
        session.add(application)
        session.add(
            Delivery(
                municipality=TOWN, id=new_id(), occasion=f"{application.id}:invited",
                campaign_id="", resident_id=resident_id, contact_id="", dispatch_id="",
                state=one.told, create_time=NOW,
            )
        )  # fmt: skip
        if one.opened:
            events.record(session, CLERK, "application.opened", application.id, NOW)
    if one.said_no:
        day = NOW + timedelta(days=2 if one.said_no == "after" else 0, hours=1)
        said = [(day, True), (day + timedelta(hours=1), False)]
        session.add_all(
            ContactRecord(
                municipality=TOWN, id=new_id(), program_id=roster.program_id,
                entitlement_id=entitlement_id, way=Way.VISIT, reached=True, declined=declined,
                note=None, actor="staff:suzuki", contact_time=time, create_time=NOW,
            )
            for time, declined in said[: 2 if one.said_no == "taken_back" else 1]
        )  # fmt: skip
    if one.phoned is not None:
        session.add(
            ContactRecord(
                municipality=TOWN, id=new_id(), program_id=roster.program_id,
                entitlement_id=entitlement_id, way=Way.PHONE, reached=one.phoned, note=None,
                actor="staff:suzuki", contact_time=NOW, create_time=NOW,
            )
        )  # fmt: skip


def lay(session: Session, played: list[History]) -> tuple[eligibility.Roster, list[str]]:
    """Lay down a roster and what happened to each of its rows."""
    if session.get(events.Municipality, TOWN) is None:
        session.add(events.Municipality(municipality=TOWN, name="総社市", create_time=NOW))
        session.flush()
    program = eligibility.Program(
        municipality=TOWN, id=new_id(), code=new_id(), title="給付金", unit=Unit.PERSON, amount=1,
        budget=100, procedure_key="confirm_account", create_time=NOW,
    )  # fmt: skip
    session.add(program)
    session.flush()
    roster = eligibility.Roster(
        municipality=TOWN, id=new_id(), program_id=program.id, row_count=len(played), total=1,
        content_hash="", file_name="", encoding="", import_time=NOW, freeze_time=NOW,
    )  # fmt: skip
    session.add(roster)
    ids = []
    session.flush()
    for number, one in enumerate(played):
        row = eligibility.Entitlement(
            municipality=TOWN, id=new_id(), program_id=program.id, roster_id=roster.id,
            reference=str(number), reference_index=str(number).encode(), household="", name="総社",
            kana="", birth_date="1950-01-01", sex="1", postal_code="", address="中央1-1", amount=1,
            account_text=None, suppressed=one.listed_as_protected,
        )  # fmt: skip
        session.add(row)
        session.flush()
        ids.append(row.id)
        play(session, roster, row.id, one)
    return roster, ids


@examples(8, HealthCheck.function_scoped_fixture)
@given(played=st.lists(histories, min_size=1, max_size=12))
def test_state_and_best_way_are_those_of_the_history(
    database: str, tmp_path: Path, played: list[History]
) -> None:
    keys = tmp_path / "keys.json"
    if not keys.exists():
        crypto.create_keys(keys)

    async def seen() -> tuple[list[lines.Line], dict[str, Progress], list[str]]:
        town = db.Database(database, crypto.load_keys(keys), finish=(events.append,))
        try:
            roster, ids = await town.write(lambda s: lay(s, played))
            page, total = await town.read(
                lambda s: lines.page(s, roster, states=(), after=None, limit=99, now=NOW)
            )
            assert total == len(page) == len(played)
            return page, await town.read(lambda s: lines.states_of(s, roster, NOW)), ids
        finally:
            town.close()

    page, states, ids = asyncio.run(seen())

    found = {line.entitlement.id: line for line in page}
    assert [states[id] for id in ids] == [expected(one) for one in played]
    assert [found[id].state for id in ids] == [expected(one) for one in played]
    assert [found[id].best_way for id in ids] == [expected_way(one) for one in played]
