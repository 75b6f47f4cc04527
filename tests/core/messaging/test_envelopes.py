"""Letters of both kinds fit the window of the envelopes that a town says it has."""

import io
import re

import pikepdf
import pytest

from tests.cards import Cards
from tests.core.ledger.makers import a_city
from tests.core.ledger.test_letters import printed as printed_of_program
from tests.core.messaging.makers import a_topic, people, send, set_rules
from tests.core.messaging.test_campaigns import finished
from tests.core.messaging.test_letters import printed
from tests.core.residents.test_unlinking import unlink
from tests.makers import a_request_id
from tests.town import Town, on_sqlite
from todoke.client import Core, CoreError
from todoke.v1 import campaigns_pb2 as pb
from todoke.v1 import residents_pb2

PLACED = re.compile(rb"1 0 0 -1 ([\d.]+) ([\d.]+) cm")
POINTS_A_MM = 72 / 25.4


def begins(pdf: bytes) -> tuple[int, int]:
    """Tell where the address begins, from the sheet's left, and its first line, from below."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        found = PLACED.search(opened.pages[0].obj.Contents.read_bytes())
    assert found is not None
    left, above = (round(float(side) / POINTS_A_MM) for side in found.groups())
    return left, above


async def window_of(staff: Core) -> pb.EnvelopeWindow:
    answer = await staff.ask(staff.campaigns.GetSendingRules, pb.GetSendingRulesRequest())
    return answer.rules.letter_window


async def test_letters_of_a_program_and_of_a_campaign_begin_where_the_town_says(
    a_town: Town, cards: Cards
) -> None:
    city = await a_city(a_town, cards, here="1", absent="2")
    staff = await a_town.staff()
    await a_topic(staff)
    [absent] = await people(a_town, cards)
    named = residents_pb2.NamedResident(resident_id=absent.resident_id)
    await unlink(staff, named, absent.contact_id)
    campaign = await send(staff)
    await finished(a_town, staff, campaign)
    asked, told = a_request_id(), a_request_id()

    async def both() -> list[tuple[int, int]]:
        _, benefit = await printed_of_program(city, request_id=asked)
        _, message, _ = await printed(staff, campaign, request_id=told)
        return [begins(benefit), begins(message)]

    usual = await both()
    await set_rules(staff, letter_window=pb.EnvelopeWindow(left=38, top=20, width=80, height=42))
    moved = await both()

    assert [left for left, _ in usual] == [20, 20]
    assert [left for left, _ in moved] == [38, 38]
    assert [above - below for (_, above), (_, below) in zip(usual, moved, strict=True)] == [8, 8]


@on_sqlite
@pytest.mark.parametrize(
    "window",
    [
        pb.EnvelopeWindow(left=40, top=12, width=90, height=45),
        pb.EnvelopeWindow(left=20, top=20, width=90, height=45),
        pb.EnvelopeWindow(left=20, top=12, width=90, height=30),
        pb.EnvelopeWindow(left=20, top=12, width=79, height=45),
        pb.EnvelopeWindow(left=4, top=12, width=90, height=45),
    ],
)
async def test_a_window_that_would_show_the_text_or_no_address_is_refused(
    a_town: Town, window: pb.EnvelopeWindow
) -> None:
    staff = await a_town.staff()

    with pytest.raises(CoreError) as refused:
        await set_rules(staff, letter_window=window)

    [violation] = refused.value.violations
    assert violation.field == "rules.letter_window"
    assert "64" in violation.description
    assert await window_of(staff) == pb.EnvelopeWindow(left=20, top=12, width=90, height=45)
