"""What reviewers decide is told, once, and only where it may be."""

import asyncio

import pytest

from tests.adapter import an_adapter
from tests.cards import Cards
from tests.core.test_applications import a_case, delivered
from tests.town import Town
from todoke.client import CoreError
from todoke.v1 import applications_pb2 as pb
from todoke.v1 import dispatches_pb2


async def test_approval_is_told_with_amount_account_and_number(a_town: Town, cards: Cards) -> None:
    case = await a_case(a_town, cards)
    await case.tap("confirmed")

    approved = await case.decide("Approve")
    async with an_adapter(case.line) as adapter:
        *_, decision = await delivered(adapter, 3)

    assert approved.state == pb.APPLICATION_STATE_APPROVED
    assert decision.notice.kind == dispatches_pb2.NOTICE_KIND_APPROVED
    assert decision.notice.amount == 70_000
    assert decision.notice.masked_account == "中国銀行 総社支店 普通 ****001"
    assert decision.notice.reference == "令和8年度第1号"


async def test_a_returned_application_is_asked_again_and_filed_again(
    a_town: Town, cards: Cards
) -> None:
    case = await a_case(a_town, cards)
    await case.tap("confirmed")

    returned = await case.decide("Return", "口座をもう一度お確かめください")
    async with an_adapter(case.line) as adapter:
        *_, again = await delivered(adapter, 3)
    turn = await case.tap("confirmed")

    assert returned.state == pb.APPLICATION_STATE_RETURNED
    assert again.prompt.returned_with == "口座をもう一度お確かめください"
    assert turn.closing.state == pb.APPLICATION_STATE_SUBMITTED


async def test_a_rejection_is_told_with_its_reason(a_town: Town, cards: Cards) -> None:
    case = await a_case(a_town, cards)
    await case.tap("confirmed")

    rejected = await case.decide("Reject", "基準日に住民登録がありませんでした")
    async with an_adapter(case.line) as adapter:
        *_, decision = await delivered(adapter, 3)

    assert rejected.state == pb.APPLICATION_STATE_REJECTED
    assert decision.notice.kind == dispatches_pb2.NOTICE_KIND_REJECTED
    assert decision.notice.reason == "基準日に住民登録がありませんでした"


async def test_two_reviewers_at_once_decide_once(a_town: Town, cards: Cards) -> None:
    case = await a_case(a_town, cards)
    await case.tap("confirmed")
    etag = (await case.application()).etag

    outcomes = await asyncio.gather(
        case.decide("Approve", etag=etag),
        case.decide("Reject", "理由", etag=etag),
        return_exceptions=True,
    )

    refused = [one for one in outcomes if isinstance(one, CoreError)]
    assert [one.reason for one in refused] == ["CHANGED_MEANWHILE"]


async def test_what_is_not_filed_cannot_be_approved(a_town: Town, cards: Cards) -> None:
    case = await a_case(a_town, cards)
    with pytest.raises(CoreError) as refused:
        await case.decide("Approve")
    assert refused.value.reason == "WRONG_STATE"
    assert refused.value.metadata == {"state": "invited", "verb": "approve"}


async def test_an_account_that_no_bank_has_cannot_be_approved(a_town: Town, cards: Cards) -> None:
    case = await a_case(a_town, cards, branch="999")
    await case.tap("confirmed")
    with pytest.raises(CoreError) as refused:
        await case.decide("Approve")
    assert refused.value.reason == "BRANCH_UNKNOWN"
    assert (await case.application()).state == pb.APPLICATION_STATE_SUBMITTED


async def test_a_my_number_in_the_words_to_a_resident_is_refused(
    a_town: Town, cards: Cards
) -> None:
    case = await a_case(a_town, cards)
    await case.tap("confirmed")
    with pytest.raises(CoreError) as refused:
        await case.decide("Reject", "番号 1234 5678 9018 の件")
    assert refused.value.reason == "MY_NUMBER_REFUSED"
    assert "9018" not in str(refused.value)
