"""What the city holds for somebody stands in what they are asked, as documents say it does."""

import re
from pathlib import Path

from sqlalchemy import update

from core.eligibility.rows import Entitlement
from tests.cards import Cards
from tests.core.applications.procedures import publish
from tests.core.applications.talks import Talk
from tests.core.test_applications import a_case
from tests.town import Town, on_sqlite

SHIPPED = Path("core/procedures/library/confirm_account.yaml").read_text()
OF_HOUSEHOLDS = re.sub("(?m)^version: .*$", "version: 99", SHIPPED).replace(
    "{program}の対象の方にお送りしています。",
    "{household_size, plural, =0 {人数は不明} other {#人の世帯}}です。",
)


@on_sqlite
async def test_how_many_live_together_is_told_where_the_roster_holds_it(
    a_town: Town, cards: Cards
) -> None:
    await publish(a_town, OF_HOUSEHOLDS)
    case = await a_case(a_town, cards)
    talk = Talk(case.line, case.resident.external_id)

    unknown = await talk.prompt(case.application_id)
    await a_town.running.db.write(lambda s: s.execute(update(Entitlement).values(household_size=3)))
    known = await talk.prompt(case.application_id)

    assert unknown.prompt.text.startswith("人数は不明です。")
    assert known.prompt.text.startswith("3人の世帯です。")
