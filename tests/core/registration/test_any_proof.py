"""Whatever the order of proofs of each strength, of withdrawing and closing: the laws hold."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from core import crypto, events
from core.callers import Caller, Role
from core.dispatches.rows import Dispatch
from core.engines import engines
from core.registration import registering
from core.registration.identity.facts import BasicFour
from core.registration.identity.proof import Proof
from core.residents import actions, consent, consents, contact_rows, rows
from core.residents.rules import (
    Assurance,
    ClosingCause,
    ConsentPurpose,
    ContactState,
    ContactTaken,
    ResidentClosed,
    Revocation,
    suffices,
)
from core.residents.wish_rows import HOLDS, Consent
from tests.examples import examples

TOWN = "332089"
LINE = Caller(TOWN, "line", frozenset({Role.CHANNEL}))
BEGIN = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
PLACES = ["中央１丁目１番地", "中央２丁目２番地"]
LEVELS = [Assurance.COUNTER, Assurance.DIGITAL_AUTH_APP, Assurance.JPKI_SIGNATURE]
REGISTRATION = ConsentPurpose.REGISTRATION

people = st.sampled_from(["総社　花子", "総社　太郎"])
steps = st.one_of(
    st.tuples(
        st.just("prove"),
        people,
        st.sampled_from(PLACES),
        st.sampled_from(LEVELS),
        st.sampled_from(["U1", "U2", None]),
    ),
    st.tuples(st.just("withdraw"), people),
    st.tuples(st.just("agree"), people),
    st.tuples(st.just("close"), people, st.sampled_from(ClosingCause)),
)


@pytest.fixture
def engine(sqlite_database: str, tmp_path: Path) -> Iterator[Engine]:
    crypto.create_keys(tmp_path / "keys.json")
    reading, writing = engines(sqlite_database, crypto.load_keys(tmp_path / "keys.json"))
    yield writing
    reading.dispose()
    writing.dispose()


def a_proof(name: str, address: str, level: Assurance) -> Proof:
    four = BasicFour(name, "00000", "319500412", None, "2", address, "00000000")
    return Proof(four, assurance=level, revocation=Revocation.NOT_CHECKED)


def resident_named(session: Session, name: str) -> rows.Resident | None:
    """Return whoever last proved to be of this name; sealed names are compared in the clear."""
    for facts in session.scalars(select(rows.Facts).order_by(rows.Facts.id.desc())):
        if facts.name == name:
            return rows.get(session, TOWN, facts.resident_id)
    return None


def prove(session: Session, step: tuple, now: datetime) -> None:
    """Take a proof, and check what became of it against what was before."""
    _, name, address, level, external_id = step
    contact = external_id and contact_rows.find_contact(session, LINE, external_id)
    before = {one.id: one for one in session.scalars(select(rows.Facts))}
    in_force = {one.resident_id: one for one in before.values() if one.closed_time is None}
    try:
        done = registering.register(
            session,
            LINE,
            contact or None,
            a_proof(name, address, level),
            consent_version=consent.VERSION,
            now=now,
        )
    except ContactTaken:
        assert contact
        assert contact.resident_id is not None
        return
    except ResidentClosed:
        return
    session.flush()
    was = in_force.get(done.resident.id)
    same = was is not None and (was.name, was.address) == (name, address)
    if same and not suffices(level, was.assurance):
        assert done.facts is was
        assert was.closed_time is None
    else:
        assert done.facts.id not in before
        assert (done.facts.address, done.facts.assurance) == (address, level)
    assert not rows.is_silent(done.resident)
    held = consents.holding(session, done.resident, REGISTRATION)
    assert held is not None
    assert (held.given_by, held.version) == (level, consent.VERSION)


def take(session: Session, step: tuple, now: datetime) -> None:
    if step[0] == "prove":
        prove(session, step, now)
        return
    resident = resident_named(session, step[1])
    if resident is None:
        return
    if step[0] == "withdraw":
        held = consents.holding(session, resident, REGISTRATION)
        if held is not None:
            consents.withdraw(session, LINE, resident=resident, consent_id=held.id, now=now)
    elif step[0] == "agree":
        consents.give(
            session,
            LINE,
            resident=resident,
            purpose=REGISTRATION,
            version=consent.VERSION,
            now=now,
        )
    else:
        resident.closing_cause, resident.closing_date = step[2], date(2026, 11, 24)


def check_laws(session: Session) -> None:
    residents = list(session.scalars(select(rows.Resident)))
    facts = list(session.scalars(select(rows.Facts)))
    in_force = [one.resident_id for one in facts if one.closed_time is None]
    assert sorted(in_force) == sorted(one.id for one in residents)
    assert {one.assurance for one in facts} <= set(LEVELS)
    holding = list(session.scalars(select(Consent.resident_id).where(HOLDS)))
    assert sorted(holding) == sorted(one.id for one in residents if not one.consent_withdrawn)


@given(taken=st.lists(steps, max_size=16))
@examples(15, HealthCheck.function_scoped_fixture)
def test_any_order_of_proofs_withdrawing_and_closing_keeps_the_laws(
    engine: Engine, taken: list
) -> None:
    with Session(engine, expire_on_commit=False) as session:  # Rolled back at the end.
        session.add(events.Municipality(municipality=TOWN, name="総社市", create_time=BEGIN))
        session.flush()
        for external_id in ("U1", "U2"):
            actions.see_contact(
                session, LINE, external_id=external_id, state=ContactState.REACHABLE,
                seen_time=BEGIN, language="", now=BEGIN,
            )  # fmt: skip
        session.flush()
        for minute, step in enumerate(taken):
            now = BEGIN + timedelta(minutes=minute)
            told = session.query(Dispatch).count()
            resident = resident_named(session, step[1])
            silent = resident is not None and rows.is_silent(resident)

            take(session, step, now)
            session.flush()

            check_laws(session)
            if silent and step[0] != "prove":
                assert session.query(Dispatch).count() == told
