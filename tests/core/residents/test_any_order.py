"""Whatever is done to residents, in whatever order, facts, search and silence stay true."""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from core import crypto, events
from core.callers import Caller, Role
from core.dispatches.rows import Delivery, Dispatch
from core.engines import engines
from core.etags import etag_of
from core.records import deleting
from core.records.terms import Terms
from core.registration import registering
from core.registration.identity.facts import BasicFour
from core.registration.identity.proof import Certificate, Proof
from core.residents import actions, contact_rows, fact_rows, protecting, rows, searching
from core.residents.rules import (
    Assurance,
    ClosingCause,
    ContactState,
    ContactTaken,
    NotSuppressed,
    ResidentClosed,
    Revocation,
)
from core.wire.mutation import forget_about
from tests.core.records.makers import blind_indexes, traces
from tests.examples import examples

TOWN = "332089"
LINE = Caller(TOWN, "line", frozenset({Role.CHANNEL}))
CLERK = Caller(TOWN, "suzuki", frozenset({Role.COUNTER}), "staff-1")
BEGIN = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
YEARS = timedelta(days=1826)
TERMS = Terms(YEARS, YEARS, YEARS, YEARS, YEARS, YEARS)

PEOPLE = {"U-hanako": "総社　花子", "U-taro": "総社　太郎"}
BORN = {"U-hanako": "319500412", "U-taro": "319510413"}
ADDRESSES = ["中央１丁目１番地", "中央２丁目２番地"]

steps = st.tuples(
    st.sampled_from(
        ["register", "register", "move", "suppress", "clear", "close", "died", "withdraw", "delete"]
    ),
    st.sampled_from(sorted(PEOPLE)),
)


@dataclass
class Person:
    """What is known of one of the people, beside the core."""

    resident_id: str | None = None
    address: int = 0
    died: bool = False


@pytest.fixture
def engine(sqlite_database: str, tmp_path: Path) -> Iterator[Engine]:
    crypto.create_keys(tmp_path / "keys.json")
    reading, writing = engines(sqlite_database, crypto.load_keys(tmp_path / "keys.json"))
    yield writing
    reading.dispose()
    writing.dispose()


def register(session: Session, contact: str, person: Person, now: datetime) -> None:
    """Prove who it is on their own contact, which a deletion may have taken away."""
    actions.see_contact(
        session, LINE, external_id=contact, state=ContactState.REACHABLE, seen_time=now,
        language="", now=now,
    )  # fmt: skip
    address = ADDRESSES[person.address]
    proof = Proof(
        basic_four=BasicFour(PEOPLE[contact], "00000", BORN[contact], None, "2", address, "0"),
        assurance=Assurance.JPKI_SIGNATURE,
        revocation=Revocation.NOT_CHECKED,
        certificate=Certificate("1", "2", "3", "4", BEGIN + timedelta(days=1000)),
    )
    session.flush()
    held = contact_rows.contact_of(session, LINE, contact)
    registering.register(session, LINE, held, proof, consent_version="v1", now=now)
    person.resident_id = held.resident_id


def change(session: Session, what: str, contact: str, person: Person, now: datetime) -> None:
    """Do one thing to a person; refused is only what the rules refuse."""
    if what == "move":
        person.address = 1 - person.address
    if what in ("register", "move"):
        try:
            register(session, contact, person, now)
        except (ResidentClosed, ContactTaken):
            assert person.died
    elif person.resident_id is not None:
        resident = rows.get(session, TOWN, person.resident_id)
        if what == "delete":
            delete(session, contact, person, resident, now)
        elif what == "withdraw":
            resident.consent_withdrawn = True
        else:
            decide(session, what, person, resident, now)


def decide(
    session: Session, what: str, person: Person, resident: rows.Resident, now: datetime
) -> None:
    """Protect or close a resident, or find that there is nothing to end."""
    common = {
        "resident_id": resident.id, "reason": "x", "etag": etag_of(resident.revision), "now": now
    }  # fmt: skip
    if what == "suppress":
        protecting.suppress(session, CLERK, **common)
    elif what == "clear":
        with nullcontext() if resident.suppressed else pytest.raises(NotSuppressed):
            protecting.clear(session, CLERK, **common)
    elif resident.closing_cause is None:
        cause = ClosingCause.DIED if what == "died" else ClosingCause.MOVED_OUT
        protecting.close(session, CLERK, cause=cause, day=date(2026, 11, 24), **common)
        person.died = what == "died"


def delete(
    session: Session, contact: str, person: Person, resident: rows.Resident, now: datetime
) -> None:
    digests = blind_indexes(session, resident.id)
    history = fact_rows.history_of(session, TOWN, resident.id)
    deleting.delete(session, LINE, resident, terms=TERMS, forget_answers=forget_about, now=now)
    assert digests >= {facts.person for facts in history}
    assert traces(session, PEOPLE[contact], contact, digests=digests) == set()
    person.resident_id, person.died = None, False


def check(session: Session, people: dict[str, Person]) -> None:
    living = {one.resident_id: (c, one) for c, one in people.items() if one.resident_id}
    facts = session.scalars(select(rows.Facts).where(rows.IN_FORCE)).all()
    assert sorted(one.resident_id for one in facts) == sorted(living)
    assert all(one.assurance in set(Assurance) and one.revocation for one in facts)
    assert set(session.scalars(select(rows.Resident.id))) == set(living)
    silent = set()
    for id, (contact, _) in living.items():
        resident = rows.get(session, TOWN, id)
        if rows.is_silent(resident):
            silent.add(id)
        shown = searching._find(session, TOWN, searching.Question(name=PEOPLE[contact]), "", 10)
        assert [one.id for one, _ in shown] == [id]
        served = resident.closing_cause is None and not resident.consent_withdrawn
        assert (id in dict(fact_rows.current_facts(session, TOWN))) is served
    for contact, person in people.items():
        if person.resident_id is None:
            question = searching.Question(name=PEOPLE[contact])
            assert searching._find(session, TOWN, question, "", 10) == []
    protected = {id for id in silent if not rows.get(session, TOWN, id).consent_withdrawn}
    queued = session.execute(
        select(Delivery.resident_id)
        .join(Dispatch, Dispatch.id == Delivery.dispatch_id)
        .where(Dispatch.state == "queued")
    ).scalars()
    assert not protected & set(queued)


@given(taken=st.lists(steps, max_size=16))
@examples(10, HealthCheck.function_scoped_fixture)
def test_any_order_of_what_may_be_done_keeps_residents_true(engine: Engine, taken: list) -> None:
    with Session(engine, expire_on_commit=False) as session:  # Rolled back at the end.
        session.add(events.Municipality(municipality=TOWN, name="総社市", create_time=BEGIN))
        session.flush()
        people = {contact: Person() for contact in PEOPLE}
        for minute, (what, contact) in enumerate(taken):
            now = BEGIN + timedelta(minutes=minute)
            change(session, what, contact, people[contact], now)
            session.flush()
            check(session, people)
        events.append(session)
        logged = [
            f"{one.details} {one.subject} {one.on_behalf_of} {one.kind}"
            for one in events.after(session, TOWN, 0, 1000)
        ]
        private = (*PEOPLE, *PEOPLE.values(), *ADDRESSES)
        assert not [line for line in logged if any(text in line for text in private)]
