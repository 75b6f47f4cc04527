"""Batches that are refused: nothing to pay, no such account or day, an older reading."""

import pytest

from core.applications.rules import State
from core.callers import Role
from tests.core.payments.batches import (
    Office,
    an_account,
    an_office,
)
from tests.makers import a_request_id
from tests.town import Town, on_sqlite
from todoke.client import CoreError
from todoke.v1 import payments_pb2 as pb


async def test_nothing_to_pay_is_said_so(a_town: Town) -> None:
    office = await an_office(a_town)

    with pytest.raises(CoreError) as refused:
        await office.propose()

    assert refused.value.reason == "NOTHING_TO_PAY"


@on_sqlite
@pytest.mark.parametrize(
    ("held", "reason", "metadata"),
    [
        (an_account(1, bank_code="9998"), "BANK_UNKNOWN", {"bank": "9998"}),
        (an_account(1, branch_code="998"), "BRANCH_UNKNOWN", {"branch": "998"}),
        (an_account(1, account_name="総社太郎"), "PAYEE_NAME_ILLEGAL", {"position": "1"}),
        (None, "ACCOUNT_INVALID", {"problem": "MISSING"}),
    ],
)
async def test_an_account_that_cannot_be_paid_is_refused_naming_its_application(
    a_town: Town, held, reason: str, metadata: dict[str, str]
) -> None:
    office = await an_office(a_town, [an_account(1)])
    (application_id,) = await office.approve_more(held)

    with pytest.raises(CoreError) as refused:
        await office.propose()

    assert refused.value.reason == reason
    assert refused.value.metadata["applicationId"] == application_id
    assert metadata.items() <= refused.value.metadata.items()
    assert await office.states() == [State.APPROVED] * 2


@on_sqlite
@pytest.mark.parametrize(
    ("day", "problem"),
    [
        ("2026-11-23", "PAST"),
        ("2026-12-12", "NO_BUSINESS_DAY"),
        ("2026-12-31", "NO_BUSINESS_DAY"),
        ("2027-11-29", "TOO_FAR"),
        ("2026-02-30", "NO_DAY"),
    ],
)
async def test_a_day_on_which_no_bank_pays_is_refused(office: Office, day, problem) -> None:
    with pytest.raises(CoreError) as refused:
        await office.propose(transfer_date=day)

    assert refused.value.reason == "TRANSFER_DATE_REFUSED"
    assert refused.value.metadata == {"date": day, "problem": problem}
    assert refused.value.violations[0].field == "transfer_date"


async def test_a_batch_whose_day_has_passed_is_not_released(office: Office) -> None:
    proposed = await office.propose(transfer_date="2026-11-24")
    approved = await office.approve(proposed)
    office.town.clock.pass_by(days=1)
    office.approver = await office.town.staff(Role.PAYMENT_APPROVER)

    with pytest.raises(CoreError) as refused:
        await office.export(approved, office.approver)

    assert refused.value.reason == "TRANSFER_DATE_REFUSED"


async def test_who_read_an_older_batch_changes_nothing(office: Office) -> None:
    read = await office.propose()
    await office.approve(read)

    for change in (office.approve(read, office.second), office.cancel(read)):
        with pytest.raises(CoreError) as refused:
            await change
        assert refused.value.reason == "CHANGED_MEANWHILE"


async def test_a_my_number_is_never_taken_as_a_reason(office: Office) -> None:
    batch = await office.propose()
    request = pb.CancelTransferBatchRequest(
        batch_id=batch.batch_id, reason="本人 123456789018", etag=batch.etag,
        request_id=a_request_id(),
    )  # fmt: skip

    with pytest.raises(CoreError) as refused:
        await office.proposer.ask(office.proposer.payments.CancelTransferBatch, request)

    assert refused.value.reason == "MY_NUMBER_REFUSED"
    assert (await office.get(batch)).state == pb.TRANSFER_BATCH_STATE_PROPOSED


async def test_other_towns_and_other_roles_get_nothing(office: Office) -> None:
    town = office.town
    batch = await office.propose()
    await town.found("331007", "岡山市")
    elsewhere = await town.staff(municipality="331007")
    reviewer = await town.staff(Role.REVIEWER)

    for work in (
        lambda by: by.ask(
            by.payments.GetTransferBatch, pb.GetTransferBatchRequest(batch_id=batch.batch_id)
        ),
        lambda by: by.ask(
            by.payments.ListTransferLines, pb.ListTransferLinesRequest(batch_id=batch.batch_id)
        ),
        lambda by: office.export(batch, by),
        lambda by: office.cancel(batch, by),
        lambda by: office.override(batch, by),
        lambda by: office.approve(batch, by),
    ):
        with pytest.raises(CoreError) as unknown:
            await work(elsewhere)
        assert unknown.value.reason == "BATCH_UNKNOWN"
        with pytest.raises(CoreError) as not_allowed:
            await work(reviewer)
        assert not_allowed.value.reason == "CALLER_NOT_ALLOWED"
    with pytest.raises(CoreError) as only_proposers:
        await office.propose(office.approver)
    with pytest.raises(CoreError) as only_approvers:
        await office.approve(batch, office.proposer)
    assert only_proposers.value.reason == only_approvers.value.reason == "CALLER_NOT_ALLOWED"
    seen = await elsewhere.ask(
        elsewhere.payments.ListTransferBatches, pb.ListTransferBatchesRequest()
    )
    assert list(seen.batches) == []
