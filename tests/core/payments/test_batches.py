"""A transfer batch from proposal to release: who may, when, and what stops it."""

import pytest
from grpc import StatusCode
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from core import events
from core.applications.rows import Application
from core.applications.rules import State
from core.payments.rows import TransferBatch, TransferLine
from tests.core.payments.batches import (
    DAY,
    Office,
    an_account,
    an_office,
)
from tests.town import MUNICIPALITY, Town
from todoke.client import CoreError
from todoke.v1 import payments_pb2 as pb


async def kinds_of_events(town: Town) -> list[str]:
    logged = await town.read(lambda s: events.after(s, MUNICIPALITY, 0, 1000))
    return [one.kind for one in logged]


async def test_a_batch_takes_every_approved_application(office: Office) -> None:
    batch = await office.propose()
    lines = await office.lines(batch)

    assert batch.state == pb.TRANSFER_BATCH_STATE_PROPOSED
    assert (batch.lines, batch.total, batch.transfer_date) == (3, 90_000, DAY)
    assert (batch.proposer, batch.program_title) == ("sato", "物価高騰対応給付金")
    assert [line.number for line in lines] == [1, 2, 3]
    assert lines[0].masked_account == "中国銀行 総社支店 普通 ****001"
    assert lines[0].payee_name == "ｿｳｼﾞﾔ ﾀﾛｳ"
    assert await office.states() == [State.IN_PAYMENT] * 3
    assert await office.get(batch) == batch


async def test_payment_numbers_have_twenty_digits_and_never_repeat(office: Office) -> None:
    first = await office.propose()
    numbers = [line.payment_number for line in await office.lines(first)]
    await office.cancel(first)
    again = await office.propose()
    numbers += [line.payment_number for line in await office.lines(again)]

    assert all(len(number) == 20 and number.isdigit() for number in numbers)
    assert len(set(numbers)) == 6


async def test_the_proposer_never_approves(office: Office) -> None:
    batch = await office.propose(office.second)

    with pytest.raises(CoreError) as refused:
        await office.approve(batch, office.second)

    assert refused.value.reason == "PROPOSER_CANNOT_APPROVE"
    assert refused.value.code is StatusCode.PERMISSION_DENIED
    approved = await office.approve(batch)
    assert approved.state == pb.TRANSFER_BATCH_STATE_APPROVED
    assert approved.approver == "kato"


async def test_the_database_itself_refuses_the_proposer_as_approver(office: Office) -> None:
    await office.propose()

    def approve(session) -> None:
        session.execute(update(TransferBatch).values(approver_id=TransferBatch.proposer_id))

    with pytest.raises(IntegrityError):
        await office.town.running.db.write(approve)


async def test_the_database_itself_refuses_an_entitlement_in_two_live_lines(
    office: Office,
) -> None:
    await office.propose()

    def twice(session) -> None:
        line = session.scalars(select(TransferLine)).first()
        session.add(
            TransferLine(
                municipality=line.municipality, batch_id=line.batch_id, number=99,
                application_id=line.application_id, entitlement_id=line.entitlement_id,
                amount=1, payee_text="", account_index=b"", payment_number="9" * 20,
            )
        )  # fmt: skip
        session.flush()

    with pytest.raises(IntegrityError):
        await office.town.running.db.write(twice)


async def test_a_batch_with_findings_waits_for_two_people_other_than_the_proposer(
    a_town: Town,
) -> None:
    office = await an_office(a_town, [an_account(1), an_account(1), an_account(2)])
    batch = await office.propose(office.second)

    assert [(one.kind, list(one.lines)) for one in batch.findings] == [
        ("many_lines_to_one_account", [1, 2])
    ]
    with pytest.raises(CoreError) as waiting:
        await office.approve(batch)
    assert waiting.value.reason == "BATCH_HAS_FINDINGS"
    assert waiting.value.metadata == {"findings": "many_lines_to_one_account"}
    with pytest.raises(CoreError) as own:
        await office.override(batch, office.second)
    assert own.value.reason == "SAME_PERSON"
    batch = await office.override(batch, office.proposer)
    with pytest.raises(CoreError) as twice:
        await office.override(batch, office.proposer)
    assert twice.value.reason == "SAME_PERSON"
    with pytest.raises(CoreError) as one_is_too_few:
        await office.approve(batch)
    assert one_is_too_few.value.reason == "BATCH_HAS_FINDINGS"

    batch = await office.override(batch, office.approver, "夫婦の口座である")
    approved = await office.approve(batch)

    assert approved.state == pb.TRANSFER_BATCH_STATE_APPROVED
    assert [(one.staff_name, one.reason) for one in approved.overrides] == [
        ("sato", "世帯の口座である"), ("kato", "夫婦の口座である"),
    ]  # fmt: skip


async def test_a_batch_without_findings_has_nothing_to_override(office: Office) -> None:
    batch = await office.propose()

    with pytest.raises(CoreError) as refused:
        await office.override(batch, office.approver)

    assert refused.value.reason == "WRONG_STATE"


async def test_an_earlier_batch_counts_for_the_budget_the_roster_and_the_accounts(
    a_town: Town,
) -> None:
    office = await an_office(a_town, [an_account(1)], entitled=1, budget=50_000)
    first = await office.propose()
    await office.approve_more(an_account(1))
    second = await office.propose()

    assert list(first.findings) == []
    assert {one.kind for one in second.findings} == {
        "above_budget", "many_lines_to_one_account", "more_lines_than_entitlements",
    }  # fmt: skip


async def test_an_amount_above_the_programs_stops_the_batch(a_town: Town) -> None:
    office = await an_office(a_town, [an_account(1)])
    await office.approve_more(an_account(2), amount=30_001)

    batch = await office.propose()

    assert [(one.kind, list(one.lines)) for one in batch.findings] == [
        ("above_program_amount", [2])
    ]


async def test_a_cancelled_batch_frees_its_applications_for_another(office: Office) -> None:
    batch = await office.approve(await office.propose())

    cancelled = await office.cancel(batch)

    assert cancelled.state == pb.TRANSFER_BATCH_STATE_CANCELLED
    assert await office.states() == [State.APPROVED] * 3
    again = await office.propose()
    assert again.fingerprint == batch.fingerprint
    assert again.lines == 3


async def test_an_exported_batch_is_neither_cancelled_nor_approved_nor_overridden(
    office: Office,
) -> None:
    batch = await office.approve(await office.propose())
    batch = (await office.export(batch))[0].batch

    for change in (
        office.cancel(batch),
        office.approve(batch),
        office.override(batch, office.second),
    ):
        with pytest.raises(CoreError) as refused:
            await change
        assert refused.value.reason == "WRONG_STATE"
    assert await office.get(batch) == batch


async def test_content_that_was_exported_is_refused_whatever_the_day(office: Office) -> None:
    batch = await office.approve(await office.propose())
    await office.export(batch)

    def tamper(session) -> None:
        session.execute(update(TransferLine).values(live=False))
        session.execute(update(Application).values(state=State.APPROVED))

    await office.town.running.db.write(tamper)
    with pytest.raises(CoreError) as refused:
        await office.propose(transfer_date="2026-12-11")

    assert refused.value.reason == "BATCH_ALREADY_EXPORTED"
    assert refused.value.metadata["batchId"] == batch.batch_id


async def test_equal_content_exported_meanwhile_stops_approval_and_export(office: Office) -> None:
    first = await office.propose()

    def tamper(session) -> None:
        session.execute(update(TransferLine).values(live=False))
        session.execute(update(Application).values(state=State.APPROVED))

    await office.town.running.db.write(tamper)
    second = await office.propose()
    await office.town.running.db.write(tamper)
    approved = await office.approve(await office.propose())
    await office.export(await office.approve(first))

    for late in (office.approve(second), office.export(approved)):
        with pytest.raises(CoreError) as refused:
            await late
        assert refused.value.reason == "BATCH_ALREADY_EXPORTED"


async def test_a_repeated_proposal_gets_the_same_batch(office: Office) -> None:
    first = await office.propose(request_id="propose-1")
    again = await office.propose(request_id="propose-1")

    assert again == first
    assert (await kinds_of_events(office.town)).count("batch.proposed") == 1


async def test_everything_done_with_a_batch_is_in_the_log(office: Office) -> None:
    batch = await office.approve(await office.propose())
    await office.export(batch)
    await office.approve_more(an_account(5))
    await office.cancel(await office.propose())

    kinds = [kind for kind in await kinds_of_events(office.town) if kind.startswith("batch.")]
    verified = await office.town.read(lambda s: events.verify(s, MUNICIPALITY))

    assert kinds == [
        "batch.proposed", "batch.approved", "batch.exported", "batch.downloaded",
        "batch.proposed", "batch.cancelled",
    ]  # fmt: skip
    assert verified.broken_at == 0
