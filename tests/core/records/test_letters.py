"""A resident's record tells what was printed for them: the day, what of, and the number on it."""

import json
from datetime import UTC, timedelta

from tests.cards import Cards
from tests.core.ledger.makers import a_city
from tests.core.ledger.test_letters import printed as printed_for_ledger
from tests.core.messaging.makers import a_draft, a_topic, send
from tests.core.messaging.test_campaigns import finished
from tests.core.messaging.test_letters import printed as printed_for_campaign
from tests.core.records.makers import by_staff, export, record
from tests.core.residents.makers import events_of
from tests.core.residents.test_unlinking import unlink
from tests.town import Town
from todoke.v1 import ledger_pb2
from todoke.v1 import records_pb2 as pb
from todoke.v1.procedures_pb2 import Text


async def test_letters_of_a_program_and_of_a_campaign_are_in_the_record_newest_first(
    a_town: Town, cards: Cards
) -> None:
    city = await a_city(a_town, cards, here="12", absent="3")
    mine, other = city.residents["1"], city.residents["2"]
    await a_topic(city.clerk)
    first, _ = await printed_for_ledger(city, ledger_pb2.LEDGER_STATE_SILENT, most=1)
    a_town.clock.pass_by(days=1)
    city.clerk = staff = await a_town.staff()
    for one in (mine, other):
        await unlink(staff, by_staff(one.resident_id), one.contact_id)
    draft = a_draft(title=Text(by_language={"ja": "{name}様へ"}))
    campaign = await send(staff, draft)
    await finished(a_town, staff, campaign)
    second, _, _ = await printed_for_campaign(staff, campaign)

    shown = [await record(staff, by_staff(one.resident_id)) for one in (mine, other)]

    only, both = sorted(shown, key=lambda one: len(one.letters))
    greeted = [f"{one.resident.basic_four.name}様へ" for one in (only, both)]
    assert [one.about for one in only.letters] == greeted[:1]
    assert [one.about for one in both.letters] == [greeted[1], "住民税非課税世帯への給付金"]
    days = [one.print_time.ToDatetime(UTC).date() for one in both.letters]
    assert days[0] - days[1] == timedelta(days=1)
    # The number is what the file is called by and the place in it.
    assert both.letters[1].number == f"{first.file.file_name[8:-4]}-00001".upper()
    printing = second.file.file_name[-10:-4].upper()
    numbers = {only.letters[0].number, both.letters[0].number}
    assert numbers == {f"{printing}-00001", f"{printing}-00002"}
    assert len(await events_of(a_town, "record.viewed")) == 2
    _, exported = await export(staff, by_staff(both.resident.resident_id), pb.EXPORT_FORMAT_JSON)
    assert [one["number"] for one in json.loads(exported)["letters"]] == [
        one.number for one in both.letters
    ]
