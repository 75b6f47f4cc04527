"""Batches and their lines, page by page."""

import pytest

from tests.core.payments.batches import (
    Office,
    an_account,
)
from tests.core.payments.test_batches import kinds_of_events
from todoke.client import CoreError
from todoke.v1 import payments_pb2 as pb


async def test_batches_are_listed_newest_first_and_lines_in_order_page_by_page(
    office: Office,
) -> None:
    first = await office.propose()
    await office.approve_more(an_account(4))
    second = await office.propose()
    by = office.proposer

    page = await by.ask(
        by.payments.ListTransferBatches,
        pb.ListTransferBatchesRequest(program_id=office.program_id, page_size=1),
    )
    rest = await by.ask(
        by.payments.ListTransferBatches,
        pb.ListTransferBatchesRequest(page_token=page.next_page_token),
    )
    two = await by.ask(
        by.payments.ListTransferLines,
        pb.ListTransferLinesRequest(batch_id=first.batch_id, page_size=2),
    )
    third = await by.ask(
        by.payments.ListTransferLines,
        pb.ListTransferLinesRequest(batch_id=first.batch_id, page_token=two.next_page_token),
    )

    assert [one.batch_id for one in [*page.batches, *rest.batches]] == [
        second.batch_id, first.batch_id,
    ]  # fmt: skip
    assert rest.next_page_token == third.next_page_token == ""
    assert [line.number for line in [*two.lines, *third.lines]] == [1, 2, 3]
    assert (await kinds_of_events(office.town)).count("batch.lines_viewed") == 2


@pytest.mark.parametrize("token", ["WyJ4Il0", "nonsense", "WyIxIiwiMiJd"])
async def test_a_foreign_page_token_is_refused(office: Office, token: str) -> None:
    batch = await office.propose()
    by = office.proposer

    with pytest.raises(CoreError) as refused:
        await by.ask(
            by.payments.ListTransferLines,
            pb.ListTransferLinesRequest(batch_id=batch.batch_id, page_token=token),
        )

    assert refused.value.reason == "CURSOR_EXPIRED"
