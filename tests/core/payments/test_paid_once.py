"""No one is paid twice, whatever is done with batches, in which order, by whom, and how often."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from grpc import StatusCode
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from core import crypto, events
from core.applications.rows import Application
from core.applications.rules import State as ApplicationState
from core.callers import Caller, Role
from core.engines import engines
from core.errors import Refusal
from core.etags import etag_of
from core.payments import actions, proposing, rows
from core.payments.rules import State
from core.payments.zengin.reading import read
from core.payments.zengin.records import BankFormat, Originator
from tests.core.payments.batches import (
    Office,
    an_account,
    an_office,
    approve_one,
    lay_program,
)
from tests.core.payments.makers import an_originator
from tests.examples import examples
from tests.town import MUNICIPALITY, start
from todoke.client import CoreError
from todoke.v1 import payments_pb2 as pb

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
DAY = date(2026, 12, 10)
BOTH = frozenset({Role.PAYMENT_PROPOSER, Role.PAYMENT_APPROVER})
STAFF = [Caller(MUNICIPALITY, name, BOTH, id=f"id-{name}") for name in ("sato", "kato", "mori")]
ORIGINATOR: Originator = an_originator()

people = st.sampled_from(STAFF)
recent = st.sampled_from([0, 0, 0, 1, 2])
stale = st.sampled_from([False, False, False, True])
applying = st.tuples(st.just("apply"), st.integers(1, 3), st.sampled_from([30_000, 30_000, 40_000]))
beginning = st.tuples(st.just("propose"), people, stale)
doing = st.tuples(
    st.sampled_from(["override", "approve", "cancel", "export"]), people, recent, stale
)


def whole(staff: list[Caller], ending: str) -> list[tuple]:
    """Return the steps by which three people bring a batch to its end; each step is its own."""
    one, two, three = staff
    return [
        ("propose", one, False),
        ("override", two, 0, False),
        ("override", three, 0, False),
        ("approve", two, 0, False),
        (ending, three, 0, False),
    ]


# Single steps alone would hardly ever reach an export: whole ways there are mixed among them.
ways = st.builds(whole, st.permutations(STAFF), st.sampled_from(["export", "export", "cancel"]))
steps = st.lists(
    st.one_of(ways, st.lists(st.one_of(applying, beginning, doing, doing), max_size=4)),
    min_size=2,
    max_size=8,
).map(lambda parts: [step for part in parts for step in part])


@pytest.fixture
def engine(sqlite_database: str, tmp_path: Path) -> Iterator[Engine]:
    crypto.create_keys(tmp_path / "keys.json")
    reading, writing = engines(sqlite_database, crypto.load_keys(tmp_path / "keys.json"))
    yield writing
    reading.dispose()
    writing.dispose()


class Books:
    """The books of a town in one transaction, kept as the steps say."""

    def __init__(self, session: Session) -> None:
        self.session = session
        session.add(events.Municipality(municipality=MUNICIPALITY, name="総社市", create_time=NOW))
        session.flush()
        self.program_id = lay_program(session, entitled=4, budget=150_000)
        actions.set_originator(
            session, STAFF[0], originator=ORIGINATOR, format=BankFormat(), now=NOW
        )
        self.prepared: proposing.Prepared = {}
        self.files: dict[str, bytes] = {}

    @property
    def batches(self) -> list[rows.TransferBatch]:
        query = select(rows.TransferBatch).order_by(rows.TransferBatch.id)
        return list(self.session.scalars(query))

    def take(self, kind: str, *rest) -> None:
        """Do a step; what is refused must leave no trace."""
        try:
            with self.session.begin_nested():
                getattr(self, kind)(*rest)
        except Refusal:
            self.session.expire_all()

    def apply(self, number: int, amount: int) -> None:
        approve_one(self.session, self.program_id, an_account(number), amount=amount)

    def propose(self, by: Caller, stale: bool) -> None:  # noqa: FBT001 - drawn by position.
        if not stale:
            self.prepared = proposing.prepare(self.session, by, program_id=self.program_id)
        proposing.propose(
            self.session, by, program_id=self.program_id, transfer_date=DAY,
            prepared=self.prepared, now=NOW,
        )  # fmt: skip

    def override(self, by: Caller, number: int, stale: bool) -> None:  # noqa: FBT001 - likewise.
        id, etag = self.named(number, stale=stale)
        actions.override(self.session, by, id=id, etag=etag, reason="確かめた", now=NOW)

    def approve(self, by: Caller, number: int, stale: bool) -> None:  # noqa: FBT001 - likewise.
        id, etag = self.named(number, stale=stale)
        actions.approve(self.session, by, id=id, etag=etag, now=NOW)

    def cancel(self, by: Caller, number: int, stale: bool) -> None:  # noqa: FBT001 - likewise.
        id, etag = self.named(number, stale=stale)
        actions.cancel(self.session, by, id=id, etag=etag, reason="改める", now=NOW)

    def export(self, by: Caller, number: int, stale: bool) -> None:  # noqa: FBT001 - likewise.
        id, _ = self.named(number, stale=stale)
        content = actions.bank_file(*actions.to_export(self.session, by, id=id))
        actions.export(self.session, by, id=id, sha256=str(hash(content)), now=NOW)
        assert self.files.setdefault(id, content) == content

    def named(self, number: int, *, stale: bool) -> tuple[str, str]:
        batches = self.batches
        if number >= len(batches):
            return "none", "1"
        batch = batches[-1 - number]
        return batch.id, etag_of(batch.revision - stale)

    def check(self) -> None:
        """Hold all that is kept against the law, and the files against what is kept."""
        batches = {batch.id: batch for batch in self.batches}
        lines = list(self.session.scalars(select(rows.TransferLine)))
        applications = list(self.session.scalars(select(Application)))
        live = Counter(line.entitlement_id for line in lines if line.live)
        assert set(live.values()) <= {1}
        assert {line.live for line in lines} <= {True, False}
        for line in lines:
            assert line.live is (batches[line.batch_id].state is not State.CANCELLED)
        for application in applications:
            in_payment = application.entitlement_id in live
            assert (application.state is ApplicationState.IN_PAYMENT) is in_payment
        overrides = rows.overrides(self.session, MUNICIPALITY, batches.keys())
        for batch in batches.values():
            check_released(batch, [one.staff_id for one in overrides.get(batch.id, [])])
        self.check_files(batches, {one.entitlement_id: one.amount for one in applications})

    def check_files(self, batches: dict[str, rows.TransferBatch], entitled: dict[str, int]) -> None:
        exported = {id for id, batch in batches.items() if batch.state is State.EXPORTED}
        assert exported == self.files.keys()
        assert len({batches[id].fingerprint for id in exported}) == len(exported)
        paid = [one for content in self.files.values() for one in read(content).transfers]
        assert len({one.payment_id for one in paid}) == len(paid)
        assert sum(one.amount for one in paid) <= sum(entitled.values())
        assert len(paid) <= len(entitled)


def check_released(batch: rows.TransferBatch, overrode: list[str]) -> None:
    assert batch.proposer_id not in overrode
    assert len(set(overrode)) == len(overrode)
    if batch.state in (State.APPROVED, State.EXPORTED):
        assert batch.approver_id not in (None, batch.proposer_id)
        assert not batch.findings or len(overrode) >= 2


@given(taken=steps)
@examples(10, HealthCheck.function_scoped_fixture)
def test_any_order_of_steps_pays_each_entitlement_at_most_once(engine: Engine, taken: list) -> None:
    with Session(engine, expire_on_commit=False) as session:  # Rolled back at the end.
        books = Books(session)
        for step in [("apply", 1, 30_000), ("apply", 2, 30_000), *taken]:
            books.take(*step)
            books.check()


async def outcomes(*work) -> list[str]:
    """Return the reasons of what was refused, and an empty one for each that was done."""
    done = await asyncio.gather(*work, return_exceptions=True)
    for one in done:
        if isinstance(one, BaseException) and not isinstance(one, CoreError):
            raise one
    return sorted(one.reason if isinstance(one, CoreError) else "" for one in done)


@pytest.fixture
async def office(a_town) -> Office:
    return await an_office(a_town, [an_account(1), an_account(2), an_account(3)])


@pytest.fixture
async def another(office: Office):
    """A second core over the same database."""
    town = await start(office.town.settings)
    yield town
    await town.close()


async def test_of_many_proposals_at_once_on_two_cores_one_takes_the_applications(
    office: Office, another
) -> None:
    by = [office.proposer, office.second, another.caller(office.proposer.token),
          another.caller(office.second.token)]  # fmt: skip

    done = await outcomes(*(office.propose(one) for one in by * 3))

    assert done == ["", *["NOTHING_TO_PAY"] * 11]
    live = await office.town.read(
        lambda s: s.scalars(select(func.count()).where(rows.TransferLine.live)).one()
    )
    assert live == 3


async def test_one_proposal_pressed_many_times_on_two_cores_is_one_batch(
    office: Office, another
) -> None:
    by = [office.proposer, another.caller(office.proposer.token)] * 4

    batches = await asyncio.gather(*(office.propose(one, request_id="propose-once") for one in by))

    assert len({batch.batch_id for batch in batches}) == 1
    assert all(batch == batches[0] for batch in batches)


async def test_approval_and_cancellation_at_once_leave_one_of_them_done(
    office: Office, another
) -> None:
    batch = await office.propose()
    elsewhere = another.caller(office.second.token)

    done = await outcomes(
        office.approve(batch),
        office.cancel(batch),
        office.approve(batch, elsewhere),
        office.cancel(batch, elsewhere),
    )

    assert done == ["", *["CHANGED_MEANWHILE"] * 3]
    kept = await office.get(batch)
    states = await office.states()
    if kept.state == pb.TRANSFER_BATCH_STATE_APPROVED:
        assert set(states) == {ApplicationState.IN_PAYMENT}
    else:
        assert set(states) == {ApplicationState.APPROVED}


async def test_export_and_cancellation_at_once_never_both_happen(office: Office, another) -> None:
    batch = await office.approve(await office.propose())
    elsewhere = another.caller(office.second.token)

    done = await asyncio.gather(
        office.export(batch), office.cancel(batch, elsewhere), return_exceptions=True
    )

    refused = [one for one in done if isinstance(one, CoreError)]
    assert len(refused) == 1
    assert refused[0].reason in {"WRONG_STATE", "CHANGED_MEANWHILE"}
    assert refused[0].code in {StatusCode.FAILED_PRECONDITION, StatusCode.ABORTED}
    kept = await office.get(batch)
    was_exported = not isinstance(done[0], CoreError)
    assert (kept.state == pb.TRANSFER_BATCH_STATE_EXPORTED) is was_exported
    assert (set(await office.states()) == {ApplicationState.IN_PAYMENT}) is was_exported


async def test_overrides_at_once_by_one_person_count_once(a_town, tmp_path) -> None:
    office = await an_office(a_town, [an_account(1), an_account(1)])
    batch = await office.propose()

    done = await outcomes(*(office.override(batch, office.second) for _ in range(4)))

    assert done.count("") == 1
    assert [one.staff_name for one in (await office.get(batch)).overrides] == ["mori"]
