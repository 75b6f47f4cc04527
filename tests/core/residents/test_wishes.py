"""What residents want to hear of, and the language that they chose."""

import pytest

from core.callers import Role
from tests.cards import Cards
from tests.core.residents.makers import contact_of, get
from tests.makers import a_contact, a_request_id, a_resident
from tests.town import Town
from todoke.client import Core, CoreError
from todoke.v1 import procedures_pb2
from todoke.v1 import residents_pb2 as pb


async def save(staff: Core, key: str, *, chosen_at_first: bool = False, **changes) -> pb.Topic:
    title = procedures_pb2.Text(by_language={"ja": f"話題 {key}", "en": key})
    topic = {"key": key, "title": title, "chosen_at_first": chosen_at_first}
    request = pb.SaveTopicRequest(topic=pb.Topic(**(topic | changes)), request_id=a_request_id())
    return (await staff.ask(staff.residents.SaveTopic, request)).topic


async def choose(channel: Core, external_id: str, *topics: str, **changes) -> pb.Choices:
    values = {"language": "pt-BR", "etag": ""}
    speaker = pb.Speaker(external_id=external_id)
    request = pb.ChooseTopicsRequest(
        topics=topics,
        request_id=a_request_id(),
        **(values | {"speaker": speaker} | changes),
    )
    return (await channel.ask(channel.residents.ChooseTopics, request)).choices


async def test_topics_are_kept_changed_and_listed_by_key(a_town: Town) -> None:
    staff, line = await a_town.staff(Role.MESSENGER), await a_town.channel()
    waste = await save(staff, "waste")
    await save(staff, "events")

    changed = await save(staff, "waste", chosen_at_first=True, etag=waste.etag)
    refusals = []
    for key, etag in (("waste", waste.etag), ("waste", ""), ("never_seen", "1")):
        with pytest.raises(CoreError) as refused:
            await save(staff, key, etag=etag)
        refusals.append(refused.value.reason)
    request = pb.ListTopicsRequest(page_size=1)
    first = await line.ask(line.residents.ListTopics, request)
    request.page_token = first.next_page_token
    second = await line.ask(line.residents.ListTopics, request)

    assert set(refusals) == {"CHANGED_MEANWHILE"}
    assert [one.key for one in (*first.topics, *second.topics)] == ["events", "waste"]
    assert second.topics[0] == changed
    assert changed.title.by_language["ja"] == "話題 waste"


async def test_who_chose_nothing_hears_what_is_chosen_at_first_until_they_leave_it(
    a_town: Town, cards: Cards
) -> None:
    staff, line = await a_town.staff(), await a_town.channel()
    await save(staff, "disaster", chosen_at_first=True)
    await save(staff, "events")
    resident = await a_resident(a_town, line, cards.issue())

    made = await choose(line, resident.external_id, "events")
    await save(staff, "schools", chosen_at_first=True)
    later = await choose(line, resident.external_id, "events", "schools", etag=made.etag)

    assert list(made.topics) == ["events"]
    assert list(later.topics) == ["events", "schools"]
    assert later.etag != made.etag


async def test_choices_that_were_not_read_are_not_overwritten(a_town: Town, cards: Cards) -> None:
    line = await a_town.channel()
    resident = await a_resident(a_town, line, cards.issue())
    made = await choose(line, resident.external_id)

    with pytest.raises(CoreError) as first_again:
        await choose(line, resident.external_id, language="en")
    with pytest.raises(CoreError) as unknown:
        await choose(line, resident.external_id, "never_seen", etag=made.etag)

    assert first_again.value.reason == "CHANGED_MEANWHILE"
    assert unknown.value.reason == "TOPIC_UNKNOWN"
    assert (await choose(line, resident.external_id, etag=made.etag)).language == "pt-BR"


async def test_the_language_chosen_wins_on_every_contact_over_what_channels_say(
    a_town: Town, cards: Cards
) -> None:
    line, web, staff = await a_town.channel(), await a_town.channel("web"), await a_town.staff()
    card = cards.issue()
    first = await a_resident(a_town, line, card)
    second = await a_resident(a_town, web, card)

    await choose(line, first.external_id, language="ja-x-easy")
    a_town.clock.pass_by(minutes=1)
    await a_contact(a_town, line, first.external_id, language="en")
    third = await a_resident(a_town, line, card, language="vi")

    for channel, one in ((line, first), (web, second), (line, third)):
        assert (await contact_of(channel, one.external_id)).language == "ja-x-easy"
    assert (await get(staff, first.resident_id)).language == "ja-x-easy"


async def test_only_a_registered_contact_chooses_and_only_for_itself(
    a_town: Town, cards: Cards
) -> None:
    line = await a_town.channel()
    resident = await a_resident(a_town, line, cards.issue())
    stranger = await a_contact(a_town, line)
    speaker = pb.Speaker(external_id=resident.external_id, for_resident_id=resident.resident_id)

    with pytest.raises(CoreError) as nobody:
        await choose(line, stranger.external_id)
    with pytest.raises(CoreError) as another:
        await choose(line, resident.external_id, speaker=speaker)

    assert nobody.value.reason == "CONTACT_NOT_REGISTERED"
    assert another.value.reason == "PROXY_NOT_GRANTED"
