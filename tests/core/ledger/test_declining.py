"""Who told staff that they do not want a benefit is left alone, until they say otherwise."""

import re
from pathlib import Path

from tests.cards import Cards
from tests.core.applications.procedures import publish
from tests.core.ledger.makers import a_city
from tests.core.residents.makers import run_jobs
from tests.notices import outbox
from tests.town import Town, on_sqlite
from todoke.v1 import ledger_pb2 as pb

SHIPPED = Path("core/procedures/library/confirm_account.yaml").read_text()
REMINDING = re.sub(r"(?m)^version: .*$", "version: 99\nremind_days: 1", SHIPPED)


async def prompts(town: Town) -> int:
    return sum("prompt" in content for _, content in await outbox(town))


async def test_who_told_staff_no_is_not_invited_until_they_say_otherwise(
    a_town: Town, cards: Cards
) -> None:
    city = await a_city(a_town, cards, here="123", absent="")
    await city.contacted("1", declined=True, way=pb.CONTACT_WAY_VISIT)

    first, again = await city.invite(), await city.invite()
    await run_jobs(a_town)

    assert (first.invited, first.declined) == (2, 1)
    assert (again.invited, again.declined, again.campaign_id) == (0, 1, "")
    assert (await city.entry("1")).state == pb.LEDGER_STATE_DECLINED
    assert await prompts(a_town) == 2

    # In the same minute: a slip of the hand is mended at once.
    taken_back = await city.contacted("1")
    last = await city.invite()

    assert taken_back.state == pb.LEDGER_STATE_SILENT
    assert (last.invited, last.declined) == (1, 0)
    assert await prompts(a_town) == 3


@on_sqlite
async def test_who_told_staff_no_after_the_invitation_is_not_reminded(
    a_town: Town, cards: Cards
) -> None:
    await publish(a_town, REMINDING)
    city = await a_city(a_town, cards, here="123", absent="")
    await city.invite()
    for one in "12":
        await city.contacted(one, declined=True)
    a_town.clock.pass_by(minutes=10)
    await city.contacted("2")

    a_town.clock.pass_by(days=2)
    reminded = (await run_jobs(a_town))["reminders"]

    assert reminded == {"reminded": 2}
