"""Whatever the order in which contacts come, go and sign, residents stay whole."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from core import crypto, events
from core.callers import Caller, Role
from core.engines import engines
from core.registration import actions as registration
from core.registration.identity.facts import BasicFour
from core.registration.identity.proof import Certificate, Proof
from core.residents import actions, contact_rows, fact_rows, rows
from core.residents.rules import Assurance, ContactState, ContactTaken, Revocation
from tests.examples import examples

TOWN = "332089"
LINE = Caller(TOWN, "line", frozenset({Role.CHANNEL}))
BEGIN = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)

# Two people who share all but the address, one of them with two addresses, and a third.
CARDS = [
    ("総社　花子", "中央１丁目１番地"),
    ("総社　花子", "中央２丁目２番地"),
    ("総社　花子", "中央３丁目３番地"),
    ("総社　太郎", "中央１丁目１番地"),
]

contacts = st.sampled_from(["U1", "U2", "U3"])
steps = st.one_of(
    st.tuples(
        st.just("see"), contacts, st.sampled_from(ContactState), st.sampled_from([-200, -70, 0, 60])
    ),
    st.tuples(st.just("verify"), contacts, st.sampled_from(CARDS)),
)


@pytest.fixture
def engine(sqlite_database: str, tmp_path: Path) -> Iterator[Engine]:
    crypto.create_keys(tmp_path / "keys.json")
    reading, writing = engines(sqlite_database, crypto.load_keys(tmp_path / "keys.json"))
    yield writing
    reading.dispose()
    writing.dispose()


def a_proof(card: tuple[str, str]) -> Proof:
    name, address = card
    return Proof(
        basic_four=BasicFour(name, "00000", "319500412", None, "2", address, "00000000"),
        assurance=Assurance.JPKI_SIGNATURE,
        revocation=Revocation.NOT_CHECKED,
        certificate=Certificate("1", "2", "3", "4", BEGIN + timedelta(days=1000)),
    )


def see(session: Session, external_id: str, state: ContactState, seen: datetime, now) -> None:
    actions.see_contact(
        session, LINE, external_id=external_id, state=state, seen_time=seen, language="", now=now
    )


def verify(session: Session, external_id: str, card: tuple[str, str], now: datetime) -> bool:
    """Return whether the card's holder was taken on the contact."""
    begun = registration.begin_verification(
        session, LINE, external_id=external_id, checks_revocation=False, now=now
    )
    try:
        registration.complete_verification(
            session, LINE, challenge_id=begun.challenge_id, proof=a_proof(card), now=now
        )
    except ContactTaken:
        return False
    return True


def all_facts(session: Session) -> list[rows.Facts]:
    return list(session.scalars(select(rows.Facts).order_by(rows.Facts.id)))


def history(session: Session) -> list[tuple[str, str, str, str]]:
    """Return all that was ever proved, apart from when it was closed."""
    return [(one.id, one.resident_id, one.name, one.address) for one in all_facts(session)]


def owners(session: Session) -> dict[str, str | None]:
    return {
        one.external_id: one.resident_id for one in session.scalars(select(contact_rows.Contact))
    }


def check_whole(session: Session) -> None:
    facts = all_facts(session)
    in_force = [one.resident_id for one in facts if one.closed_time is None]
    residents = list(session.scalars(select(rows.Resident.id)))
    assert sorted(in_force) == sorted(residents)
    assert [pair[0] for pair in fact_rows.current_facts(session, TOWN)] == sorted(residents)
    persons = {(one.person, one.resident_id) for one in facts}
    assert len({person for person, _ in persons}) == len(persons)
    assert len({(one.resident_id, one.name) for one in facts}) == len(residents)
    assert {owner for owner in owners(session).values() if owner} == set(residents)


@given(taken=st.lists(steps, max_size=14))
@examples(15, HealthCheck.function_scoped_fixture)
def test_any_order_of_seeing_losing_and_verifying_keeps_residents_whole(
    engine: Engine, taken: list
) -> None:
    with Session(engine, expire_on_commit=False) as session:  # Rolled back at the end.
        session.add(events.Municipality(municipality=TOWN, name="総社市", create_time=BEGIN))
        session.flush()
        newest: dict[str, tuple[datetime, ContactState]] = {}
        for minute, (kind, external_id, *rest) in enumerate(taken):
            now = BEGIN + timedelta(minutes=minute)
            before, owned = history(session), owners(session)
            if kind == "see" or external_id not in newest:
                state, seconds = rest if kind == "see" else (ContactState.REACHABLE, 0)
                seen = min(now + timedelta(seconds=seconds), now)
                see(session, external_id, state, now + timedelta(seconds=seconds), now)
                if external_id not in newest or seen >= newest[external_id][0]:
                    newest[external_id] = seen, state
            proved = kind == "verify" and verify(session, external_id, rest[0], now)
            session.flush()

            check_whole(session)
            assert history(session)[: len(before)] == before
            assert len(history(session)) == len(before) + proved
            assert all(owners(session)[one] == owner for one, owner in owned.items() if owner)
            for contact in session.scalars(select(contact_rows.Contact)):
                assert (contact.seen_time, contact.state) == newest[contact.external_id]
