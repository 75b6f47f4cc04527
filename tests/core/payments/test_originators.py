"""Who orders transfers: the account of the city, in the forms of the file."""

import pytest
from sqlalchemy import delete

from core.callers import Role
from core.payments.rows import Originator
from tests.core.payments.batches import (
    an_account,
    an_office,
    an_originator,
    set_originator,
)
from tests.town import Town, on_sqlite
from todoke.client import CoreError
from todoke.v1 import payments_pb2 as pb


async def test_a_batch_needs_an_originator_and_a_program(a_town: Town) -> None:
    office = await an_office(a_town, [an_account(1)])
    await a_town.found("331007", "岡山市")
    elsewhere = await a_town.staff(Role.PAYMENT_PROPOSER, municipality="331007")

    with pytest.raises(CoreError) as of_another_town:
        await office.propose(elsewhere)
    assert of_another_town.value.reason == "PROGRAM_UNKNOWN"

    def forget(session) -> None:
        session.execute(delete(Originator))

    await a_town.running.db.write(forget)
    with pytest.raises(CoreError) as missing:
        await office.propose()
    assert missing.value.reason == "ORIGINATOR_MISSING"


async def test_the_originator_is_kept_in_the_forms_of_the_file(a_town: Town) -> None:
    clerk = await a_town.staff(Role.PAYMENT_PROPOSER)

    kept = await set_originator(clerk, format=pb.BankFormat(line_ends=True))

    assert kept == an_originator(
        name="ｿｳｼﾞﾔｼ ｶｲｹｲｶﾝﾘｼﾔ", account_number="0001234", format=pb.BankFormat(line_ends=True)
    )


@on_sqlite
@pytest.mark.parametrize(
    ("changes", "reason", "field"),
    [
        ({"bank": "9998"}, "BANK_UNKNOWN", "originator.bank"),
        ({"branch": "998"}, "BRANCH_UNKNOWN", "originator.branch"),
        ({"account_number": "0"}, "ACCOUNT_INVALID", "originator.account_number"),
        ({"name": "総社市"}, "PAYEE_NAME_ILLEGAL", "originator.name"),
        ({"code": "1"}, "FIELD_INVALID", "originator.code"),
        ({"account_type": pb.ACCOUNT_TYPE_SAVINGS}, "FIELD_INVALID", "originator.account_type"),
    ],
)
async def test_an_originator_that_no_file_can_name_is_refused_by_its_field(
    a_town: Town, changes, reason: str, field: str
) -> None:
    clerk = await a_town.staff(Role.PAYMENT_PROPOSER)

    with pytest.raises(CoreError) as refused:
        await set_originator(clerk, **changes)

    assert refused.value.reason == reason
    assert [one.field for one in refused.value.violations] == [field]
