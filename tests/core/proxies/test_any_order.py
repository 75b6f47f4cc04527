"""Whatever the order in which people link, leave, offer, accept and end, nobody acts unagreed."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from core import crypto, events
from core.access import actions as access
from core.access import codes
from core.access.rules import CodeKind, LinkCodeRefused
from core.attempts import Attempts
from core.callers import Caller, Role
from core.engines import engines
from core.errors import Refusal
from core.japan import today
from core.proxies import actions as proxies
from core.proxies import rows, speaking
from core.proxies.rules import Scope
from core.residents import actions, contact_rows, linking
from core.residents import rows as residents
from core.residents.rules import ContactState
from tests.examples import examples

TOWN = "332089"
LINE = Caller(TOWN, "line", frozenset({Role.CHANNEL}))
BEGIN = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
PEOPLE = ("A", "B", "C")

contacts = st.sampled_from(["U1", "U2", "U3", "U4"])
people = st.sampled_from(PEOPLE)
steps = st.one_of(
    st.tuples(st.just("see"), contacts),
    st.tuples(st.just("make"), people),
    st.tuples(st.just("join"), people, contacts),
    st.tuples(st.just("agree"), people, contacts, st.sampled_from([0, 1, 30])),
    st.tuples(st.just("link"), contacts, st.integers(0, 5)),
    st.tuples(st.just("unlink"), contacts),
    st.tuples(st.just("offer"), people, st.sampled_from([0, 1, 30])),
    st.tuples(st.just("accept"), contacts, st.integers(0, 5)),
    st.tuples(st.just("end"), people, st.integers(0, 5)),
    st.tuples(st.just("wait"), st.sampled_from([1, 20, 60 * 24])),
    st.tuples(st.just("expire")),
)


@pytest.fixture
def engine(sqlite_database: str, tmp_path: Path) -> Iterator[Engine]:
    crypto.create_keys(tmp_path / "keys.json")
    reading, writing = engines(sqlite_database, crypto.load_keys(tmp_path / "keys.json"))
    yield writing
    reading.dispose()
    writing.dispose()


class Walk:
    """A town that takes one step after another, and what it knows must hold."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.now = BEGIN
        self.made: dict[CodeKind, list[str]] = {kind: [] for kind in CodeKind}
        self.used: Counter[str] = Counter()
        session.add(events.Municipality(municipality=TOWN, name="総社市", create_time=BEGIN))
        session.flush()
        for id in PEOPLE:
            session.add(residents.Resident(municipality=TOWN, id=id, create_time=BEGIN))
        session.flush()

    def take(self, step: tuple) -> None:
        try:
            with self.session.begin_nested():
                getattr(self, step[0])(*step[1:])
        except Refusal:
            pass
        # Bounds on guessing are tested elsewhere; here they would hide what codes do.
        self.session.query(Attempts).delete()
        self.session.flush()

    def person(self, id: str) -> residents.Resident:
        return residents.get(self.session, TOWN, id)

    def see(self, external_id: str) -> None:
        actions.see_contact(
            self.session, LINE, external_id=external_id, state=ContactState.REACHABLE,
            seen_time=self.now, language="", now=self.now,
        )  # fmt: skip

    def make(self, id: str) -> None:
        made = codes.make(
            self.session, LINE, kind=CodeKind.CONTACT, resident=self.person(id), now=self.now
        )
        self.made[CodeKind.CONTACT].append(made.code)

    def link(self, external_id: str, number: int) -> None:
        code = self.code(CodeKind.CONTACT, number)
        access.link_by_code(self.session, LINE, external_id=external_id, code=code, now=self.now)
        self.used[code] += 1

    def join(self, id: str, external_id: str) -> None:
        self.make(id)
        self.link(external_id, len(self.made[CodeKind.CONTACT][-5:]) - 1)

    def unlink(self, external_id: str) -> None:
        contact = contact_rows.contact_of(self.session, LINE, external_id)
        linking.unlink_one(
            self.session, LINE, resident=self.person(contact_rows.resident_of(contact)),
            contact_id=contact.id, ends=(), now=self.now,
        )  # fmt: skip

    def offer(self, id: str, days: int) -> None:
        last_day = today(self.now) + timedelta(days=days)
        made = proxies.offer(
            self.session, LINE, resident=self.person(id), scopes=[Scope.READ],
            last_day=last_day, now=self.now,
        )  # fmt: skip
        self.made[CodeKind.PROXY].append(made.code)

    def accept(self, external_id: str, number: int) -> None:
        code = self.code(CodeKind.PROXY, number)
        proxies.accept(self.session, LINE, external_id=external_id, code=code, now=self.now)
        self.used[code] += 1

    def agree(self, id: str, external_id: str, days: int) -> None:
        self.offer(id, days)
        self.accept(external_id, len(self.made[CodeKind.PROXY][-5:]) - 1)

    def end(self, id: str, number: int) -> None:
        held = rows.of_resident(self.session, TOWN, id, since=None)
        if held:
            proxy = held[number % len(held)]
            proxies.end(self.session, LINE, resident_id=id, proxy_id=proxy.id, now=self.now)

    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    def expire(self) -> None:
        proxies.expire_due(self.session, TOWN, self.now)

    def code(self, kind: CodeKind, number: int) -> str:
        """Return one of the latest codes, or one that nobody made."""
        made = self.made[kind][-5:]
        return made[number] if number < len(made) else "AAAAAAAAAA"

    def may(self, pair: tuple[str, str], moment: datetime) -> bool:
        whose, who = pair
        return speaking.granted(
            self.session, TOWN, resident_id=whose, proxy_resident_id=who,
            scope=Scope.READ, now=moment,
        )  # fmt: skip

    def check(self) -> None:
        held = list(self.session.scalars(select(rows.Proxy)))
        going_on = [one for one in held if one.end_time is None]
        pairs = Counter((one.resident_id, one.proxy_resident_id) for one in going_on)
        assert all(number == 1 for number in pairs.values())
        assert all(one.resident_id != one.proxy_resident_id for one in held)
        for moment in (self.now, self.now + timedelta(days=2)):
            agreed = {
                (one.resident_id, one.proxy_resident_id)
                for one in going_on
                if one.expire_date >= today(moment)
            }
            assert {pair for pair in product(PEOPLE, PEOPLE) if self.may(pair, moment)} == agreed
        assert all(number == 1 for number in self.used.values())
        for code in self.used:
            for kind in CodeKind:
                with pytest.raises(LinkCodeRefused):
                    codes.take(
                        self.session, LINE, kind=kind, typed=code, contact_id="c", now=self.now
                    )


@given(taken=st.lists(steps, max_size=20))
@examples(10, HealthCheck.function_scoped_fixture)
def test_any_order_of_linking_leaving_offering_accepting_and_ending_stays_as_agreed(
    engine: Engine, taken: list
) -> None:
    with Session(engine, expire_on_commit=False) as session:  # Rolled back at the end.
        walk = Walk(session)
        for external_id in ("U1", "U2", "U3"):
            walk.take(("see", external_id))
        for id, external_id in zip(PEOPLE, ("U1", "U2", "U3"), strict=True):
            walk.take(("join", id, external_id))
        for step in taken:
            owned = owners(session)
            walk.take(step)
            walk.check()
            for external_id, owner in owners(session).items():
                before = owned.get(external_id)
                assert owner in {None, before} or before is None


def owners(session: Session) -> dict[str, str | None]:
    return {
        one.external_id: one.resident_id for one in session.scalars(select(contact_rows.Contact))
    }
