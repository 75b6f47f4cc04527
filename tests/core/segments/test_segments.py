"""Segments through the door: kept by name, counted by channel, refused with the place."""

import uuid
from datetime import date

import pytest

from core.callers import Role
from tests.cards import Cards, a_holder
from tests.core.associations.makers import an_association
from tests.core.residents.makers import suppress
from tests.makers import a_contact, a_request_id, a_resident
from tests.town import Town, on_sqlite
from todoke.client import Core, CoreError
from todoke.v1 import activity_pb2, circulars_pb2, procedures_pb2, residents_pb2
from todoke.v1 import campaigns_pb2 as pb
from todoke.v1.dispatches_pb2 import LANE_EMERGENCY

OVER_65 = pb.Condition(age=pb.AgeRange(from_age=65, to_age=120))
HERE = pb.Condition(area=pb.TownArea(town="中央一丁目"))


async def save(staff: Core, name: str, condition: pb.Condition, **changes) -> pb.Segment:
    segment = pb.Segment(name=name, condition=condition, **changes)
    request = pb.SaveSegmentRequest(segment=segment, request_id=a_request_id())
    return (await staff.ask(staff.campaigns.SaveSegment, request)).segment


async def preview(staff: Core, condition: pb.Condition, **of) -> pb.SegmentPreview:
    request = pb.PreviewSegmentRequest(condition=condition, topic="events", **of)
    return (await staff.ask(staff.campaigns.PreviewSegment, request)).preview


async def a_topic(staff: Core, key: str = "events", title: str = "催し") -> None:
    topic = residents_pb2.Topic(
        key=key,
        title=procedures_pb2.Text(by_language={"ja": title}),
        chosen_at_first=True,
    )
    request = residents_pb2.SaveTopicRequest(topic=topic, request_id=a_request_id())
    await staff.ask(staff.residents.SaveTopic, request)


def both(*conditions: pb.Condition) -> pb.Condition:
    return pb.Condition(all_of=pb.Conditions(conditions=conditions))


async def test_a_preview_counts_by_channel_and_says_who_is_left_out_and_shows_some(
    a_town: Town, cards: Cards
) -> None:
    staff = await a_town.staff(Role.MESSENGER)
    await a_topic(staff)
    line, web = await a_town.channel(), await a_town.channel("web")
    old = cards.issue(a_holder(birth_date=date(1950, 1, 2), name="総社　太郎"))
    await a_resident(a_town, line, old)
    await a_resident(a_town, web, cards.issue(a_holder(birth_date=date(1951, 1, 2))))
    await a_resident(a_town, line, cards.issue(a_holder(birth_date=date(1999, 1, 2))))
    elsewhere = a_holder(birth_date=date(1949, 1, 2), address="岡山県総社市三須１番地")
    await a_resident(a_town, line, cards.issue(elsewhere))
    leaves = await a_resident(a_town, line, cards.issue(a_holder(birth_date=date(1948, 1, 2))))
    choice = residents_pb2.ChooseTopicsRequest(
        speaker=residents_pb2.Speaker(external_id=leaves.external_id),
        language="ja",
        request_id=a_request_id(),
    )
    await line.ask(line.residents.ChooseTopics, choice)
    hidden = await a_resident(a_town, line, cards.issue(a_holder(birth_date=date(1947, 1, 2))))
    await suppress(await a_town.staff(), hidden.resident_id)

    found = await preview(staff, both(OVER_65, HERE))

    assert dict(found.by_channel) == {"line": 1, "inbox": 1}
    assert (found.recipients, found.left_out, found.unreachable) == (2, 1, 0)
    assert "総社　太郎" in [one.name for one in found.samples]
    assert len(found.samples) == 2
    assert found.seconds == 1

    urgent = await preview(staff, both(OVER_65, HERE), lane=LANE_EMERGENCY)
    only_web = await preview(staff, both(OVER_65, HERE), channels=["web"])
    assert (dict(urgent.by_channel), urgent.left_out) == ({"line": 2, "inbox": 1}, 0)
    assert dict(only_web.by_channel) == {"inbox": 2}  # Nothing is pushed to a browser.


async def test_segments_are_kept_by_name_and_used_in_others(a_town: Town, cards: Cards) -> None:
    staff, line = await a_town.staff(Role.MESSENGER), await a_town.channel()
    await a_topic(staff)
    await a_resident(a_town, line, cards.issue(a_holder(birth_date=date(1950, 1, 2))))
    old = await save(staff, "65歳以上", OVER_65)
    here = await save(staff, "中央の高齢者", both(pb.Condition(segment_id=old.segment_id), HERE))

    found = await preview(staff, pb.Condition(segment_id=here.segment_id))
    request = pb.ListSegmentsRequest(page_size=1)
    first = await staff.ask(staff.campaigns.ListSegments, request)
    request.page_token = first.next_page_token
    second = await staff.ask(staff.campaigns.ListSegments, request)

    assert found.recipients == 1
    assert [one.name for one in (*first.segments, *second.segments)] == ["65歳以上", "中央の高齢者"]
    assert first.segments[0] == old


@pytest.mark.parametrize(
    ("condition", "path"),
    [
        (pb.Condition(age=pb.AgeRange(from_age=70, to_age=60)), "age"),
        (both(OVER_65, pb.Condition(topic="no_such")), "all_of[1].topic"),
        (
            pb.Condition(program=pb.ProgramStanding(program_id=str(uuid.uuid4()))),
            "program",
        ),
        (
            both(pb.Condition(registered={"begin_date": "2026-02-30", "end_date": "2026-03-01"})),
            "all_of[0].registered",
        ),
    ],
)
async def test_a_tree_that_cannot_be_is_refused_where_it_is_wrong(
    a_town: Town, condition: pb.Condition, path: str
) -> None:
    staff = await a_town.staff(Role.MESSENGER)
    await a_topic(staff)

    with pytest.raises(CoreError) as refused:
        await save(staff, "なし", condition)

    assert refused.value.reason == "SEGMENT_INVALID"
    assert refused.value.metadata["path"] == path


async def test_what_is_wrong_within_a_kept_segment_is_told_where_that_is_named(
    a_town: Town,
) -> None:
    staff = await a_town.staff(Role.MESSENGER)
    one = await save(staff, "一", OVER_65)
    named = both(OVER_65, pb.Condition(segment_id=one.segment_id))
    await save(staff, "二", named)

    with pytest.raises(CoreError) as within:
        await save(staff, "一", both(named), segment_id=one.segment_id, etag=one.etag)
    with pytest.raises(CoreError) as unknown:
        await save(staff, "三", both(pb.Condition(segment_id=str(uuid.uuid4()))))

    assert within.value.metadata == {
        "path": "all_of[0].all_of[1].segment_id",
        "problem": "WITHIN_ITSELF",
    }
    assert unknown.value.reason == "SEGMENT_UNKNOWN"
    assert unknown.value.metadata == {"path": "all_of[0].segment_id"}


async def test_a_segment_cannot_come_to_contain_itself(a_town: Town) -> None:
    staff = await a_town.staff(Role.MESSENGER)
    one = await save(staff, "一", OVER_65)
    two = await save(staff, "二", pb.Condition(segment_id=one.segment_id))

    with pytest.raises(CoreError) as refused:
        await save(
            staff,
            "一",
            pb.Condition(segment_id=two.segment_id),
            segment_id=one.segment_id,
            etag=one.etag,
        )
    with pytest.raises(CoreError) as taken:
        await save(staff, "二", OVER_65)

    assert refused.value.reason == "SEGMENT_INVALID"
    assert taken.value.reason == "SEGMENT_EXISTS"


async def test_a_tree_too_deep_is_refused_before_anything_is_asked(a_town: Town) -> None:
    staff = await a_town.staff(Role.MESSENGER)
    deep = OVER_65
    for _ in range(10):
        deep = both(deep)

    with pytest.raises(CoreError) as refused:
        await save(staff, "深い", deep)

    assert refused.value.reason == "SEGMENT_INVALID"


async def test_whoever_moves_is_found_where_they_live_now(a_town: Town, cards: Cards) -> None:
    staff, line = await a_town.staff(Role.MESSENGER), await a_town.channel()
    await a_topic(staff)
    contact = await a_contact(a_town, line)
    person = {"name": "総社　花子", "birth_date": date(1950, 5, 5)}
    before = cards.issue(a_holder(**person))
    after = cards.issue(a_holder(**person, address="岡山県総社市三須１２番地"))
    await a_resident(a_town, line, before, external_id=contact.external_id)
    await a_resident(a_town, line, after, external_id=contact.external_id)

    assert (await preview(staff, HERE)).recipients == 0
    there = pb.Condition(area=pb.TownArea(town="三須", block="12"))
    assert (await preview(staff, there)).recipients == 1


@on_sqlite
async def test_what_conditions_can_name_of_associations_is_told_page_by_page_without_anybody(
    a_town: Town,
) -> None:
    staff, line = await a_town.staff(Role.ASSOCIATIONS), await a_town.channel()
    made = await an_association(a_town, staff, line)
    await an_association(a_town, staff, line)
    messenger = await a_town.staff(Role.MESSENGER, Role.AUDITOR)
    ask = messenger.campaigns.ListNeighbourhoods

    async def all_of(association_id: str = "") -> list[pb.Neighbourhood]:
        told, token = [], ""
        while not told or token:
            request = pb.ListNeighbourhoodsRequest(
                association_id=association_id, page_size=1, page_token=token
            )
            page = await messenger.ask(ask, request)
            told, token = [*told, *page.neighbourhoods], page.next_page_token
        return told

    associations, parts = await all_of(), await all_of(made.association_id)
    with pytest.raises(CoreError) as unknown:
        await all_of(str(uuid.uuid4()))

    assert made.association_id in [one.neighbourhood_id for one in associations]
    assert len({one.neighbourhood_id for one in associations}) == 2
    assert [one.neighbourhood_id for one in parts] == [
        *(group.group_id for group in made.groups),
        *(household.household_id for household in made.households),
    ]
    assert parts[2].name == f"{made.households[0].name} {made.households[0].address}"
    assert unknown.value.reason == "ASSOCIATION_UNKNOWN"
    looks = await households_viewed(messenger)
    assert looks == [made.association_id] * len(made.households)

    seeing = circulars_pb2.ListHouseholdsRequest(association_id=made.association_id)
    await staff.ask(staff.circulars.ListHouseholds, seeing)
    assert len(await households_viewed(messenger)) == len(looks) + 1


async def households_viewed(auditor: Core) -> list[str]:
    """Return of which associations staff saw names at doors, by the audit log."""
    request = activity_pb2.ListEventsRequest(page_size=200)
    found = await auditor.ask(auditor.activity.ListEvents, request)
    return [one.subject for one in found.events if one.kind == "households.viewed"]


async def test_towns_and_blocks_are_told_with_how_many_may_be_told_there(
    a_town: Town, cards: Cards
) -> None:
    staff, line = await a_town.staff(Role.MESSENGER, Role.PROTECTION), await a_town.channel()
    at = {"三須": ("２番地", "１０番地", "１０番地の３"), "中央一丁目": ("４番地",)}
    for town, places in at.items():
        for place in places:
            person = a_holder(address=f"岡山県総社市{town}{place}")
            lives = await a_resident(a_town, line, cards.issue(person))
    await suppress(staff, lives.resident_id)

    async def told(town: str = "") -> list[tuple[str, str, int]]:
        found: list[tuple[str, str, int]] = []
        request = pb.ListAreasRequest(town=town, page_size=1)
        while not found or request.page_token:
            page = await staff.ask(staff.campaigns.ListAreas, request)
            found += [(one.town, one.block, one.residents) for one in page.areas]
            request.page_token = page.next_page_token
        return found

    assert await told() == [("三須", "", 3), ("中央1丁目", "", 0)]
    assert await told("三須") == [("三須", "2", 1), ("三須", "10", 2)]
    of_three = pb.Condition(area=pb.TownArea(town="三須", block="10"))
    await a_topic(staff)
    assert (await preview(staff, of_three)).recipients == 2
