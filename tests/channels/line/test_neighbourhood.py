"""回覧 in the chat: told, read whole, answered by a tap, passed on, gone on with on a page."""

from pathlib import Path
from typing import Any

import pytest

from channels import wording
from channels.line import neighbourhood, turns
from channels.line.joining import Typed, code_typed
from tests.channels.line.adapter import running
from tests.channels.line.chat import Said, register, tap, write, wrong
from todoke.v1 import circulars_pb2 as pb
from todoke.v1.dispatches_pb2 import (
    CIRCULAR_OCCASION_PUBLISHED,
    CIRCULAR_OCCASION_WITHDRAWN,
    AssociationEvent,
    AssociationTold,
    CircularOccasion,
    CircularTold,
    Dispatch,
)

CIRCULAR = "0198c0de-0000-7000-8000-0000000000e1"
HOUSE = "0198c0de-0000-7000-8000-0000000000e2"
MEMBER = "0198c0de-0000-7000-8000-0000000000e3"
TOWN = "0198c0de-0000-7000-8000-0000000000e4"
LANGUAGES = ("ja", "ja-x-easy", "en")
OCCASIONS = [one for one in CircularOccasion.values() if one]
EVENTS = [one for one in AssociationEvent.values() if one]
NOTICE = pb.CIRCULAR_KIND_NOTICE


def told(**more: Any) -> Said:
    given = {
        "circular_id": CIRCULAR,
        "occasion": CIRCULAR_OCCASION_PUBLISHED,
        "association": "本町一丁目自治会",
        "title": "秋の清掃",
        "kind": NOTICE,
        "due_date": "2026-12-06",
    }
    return Said(turns.of_dispatch(Dispatch(circular=CircularTold(**(given | more)))))


def own(kind: pb.CircularKind.ValueType = NOTICE, **more: Any) -> pb.OwnCircular:
    content = {"title": "秋の清掃", "body": "8時に公園へ。"} | more.pop("content", {})
    shown = pb.Circular(
        circular_id=CIRCULAR,
        kind=kind,
        content=pb.CircularContent(**content),
        **{"state": pb.CIRCULAR_STATE_PUBLISHED, **more},
    )
    return pb.OwnCircular(circular=shown, household_id=HOUSE)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("occasion", OCCASIONS)
def test_what_came_of_a_circular_is_told_within_lines_limits(
    occasion: CircularOccasion.ValueType, language: str
) -> None:
    said = told(
        occasion=occasion, language=language, excerpt="文" * 120, remark="直" * 500,
        title="題" * 100, can_forward=True,
    )  # fmt: skip

    assert wrong(said.messages) == []
    taken_back = occasion == CIRCULAR_OCCASION_WITHDRAWN
    verbs = [] if taken_back else ["circular", "seen", "forward"]
    assert said.data == [f"1:{verb}:{CIRCULAR}" for verb in verbs]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_for_leaders_only_says_so(language: str) -> None:
    said = told(language=language, leaders_only=True)

    assert wrong(said.messages) == []
    assert wording.say(neighbourhood.SECTION, "leaders_only", language) in said.words
    assert said.data == [f"1:{verb}:{CIRCULAR}" for verb in ("circular", "seen")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("event", EVENTS)
def test_each_event_of_an_association_has_words(
    event: AssociationEvent.ValueType, language: str
) -> None:
    heard = AssociationTold(
        event=event, language=language, association="本町自治会", person="花子",
        office=pb.OFFICE_KIND_CHAIR, begin_date="2026-04-01", end_date="2027-03-31",
        circular_title="清掃", reason="転居",
    )  # fmt: skip

    said = Said(turns.of_dispatch(Dispatch(association=heard)))

    assert wrong(said.messages) == []
    assert "本町自治会" in said.words or event == EVENTS[-1]


def test_what_a_newer_core_tells_is_left_to_a_newer_channel() -> None:
    with pytest.raises(wording.NothingToSay):
        told(occasion=99)
    with pytest.raises(wording.NothingToSay):
        neighbourhood.association(AssociationTold(event=99))


def test_a_text_with_an_address_is_a_message_of_its_own_where_it_can_be_followed() -> None:
    body = "申込は https://city.example/ へ。"

    [text, shown] = neighbourhood.opened(own(content={"body": body}), "ja", has_board=True)

    assert text["text"] == body
    assert "https://" not in str(shown)


async def test_a_proxy_is_told_for_whom_and_reads_and_answers_for_them(tmp_path: Path) -> None:
    said = told(for_resident_id=MEMBER, on_behalf_of="池田久子")
    async with running(tmp_path) as adapter:
        register(adapter)
        opened = pb.OpenCircularResponse(circular=own())
        adapter.core.script["OpenCircular"] = lambda _: opened
        adapter.core.script["AnswerCircular"] = lambda _: pb.AnswerCircularResponse(circular=own())

        read = await tap(adapter, said.starting("1:circular_for:"))
        await tap(adapter, read.starting("1:seen_for:"))

        assert "池田久子さんに届いた回覧です" in said.words
        [opening] = adapter.core.calls["OpenCircular"]
        [answer] = adapter.core.calls["AnswerCircular"]
        assert opening.speaker.for_resident_id == answer.speaker.for_resident_id == MEMBER
        assert answer.answer.seen


async def test_a_proxy_goes_on_at_the_pages_of_whom_they_act_for(tmp_path: Path) -> None:
    async with running(tmp_path, board_url="https://board.example") as adapter:
        register(adapter)
        opened = pb.OpenCircularResponse(circular=own(pb.CIRCULAR_KIND_SURVEY))
        theirs = pb.Membership(household=pb.Household(household_id=HOUSE), member_id=MEMBER)
        adapter.core.script["OpenCircular"] = lambda _: opened
        adapter.core.script["ListMemberships"] = lambda _: pb.ListMembershipsResponse(
            memberships=[theirs]
        )
        adapter.core.script["BeginMemberLink"] = lambda _: pb.BeginMemberLinkResponse(code="ACDE")

        read = await tap(adapter, f"1:circular_for:{MEMBER}:{CIRCULAR}")
        page = await tap(adapter, read.starting("1:on_board_for:"))

        there = f"https://board.example/link/ACDE?to=/for/{MEMBER}/c/{CIRCULAR}"
        assert page.links == [there]
        [began] = adapter.core.calls["BeginMemberLink"]
        assert began.speaker.for_resident_id == MEMBER


async def test_a_circular_is_read_whole_and_seen_by_a_tap(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        opened = pb.OpenCircularResponse(circular=own(due_date="2026-12-06"))
        adapter.core.script["OpenCircular"] = lambda _: opened
        adapter.core.script["AnswerCircular"] = lambda _: pb.AnswerCircularResponse(circular=own())

        read = await tap(adapter, f"1:circular:{CIRCULAR}")
        taken = await tap(adapter, read.starting("1:seen:"))

        assert "8時に公園へ。" in read.words
        assert "2026年12月6日" in read.words
        assert "秋の清掃" in taken.words
        [answer] = adapter.core.calls["AnswerCircular"]
        assert answer.answer.seen
        assert answer.circular_id == CIRCULAR


async def test_how_many_come_and_what_is_voted_are_a_tap(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        options = [
            pb.CircularOption(value="yes", label="賛成"),
            pb.CircularOption(value="no", label="反対"),
        ]
        vote = own(pb.CIRCULAR_KIND_VOTE, content={"vote": pb.VoteRules(options=options)})
        shown = [own(pb.CIRCULAR_KIND_ATTENDANCE), vote]
        adapter.core.script["OpenCircular"] = lambda _: pb.OpenCircularResponse(
            circular=shown.pop(0)
        )
        adapter.core.script["AnswerCircular"] = lambda _: pb.AnswerCircularResponse(circular=vote)

        attendance = await tap(adapter, f"1:circular:{CIRCULAR}")
        await tap(adapter, attendance.data[2])
        ballot = await tap(adapter, f"1:circular:{CIRCULAR}")
        await tap(adapter, ballot.data[1])

        came, voted = adapter.core.calls["AnswerCircular"]
        assert came.answer.attendance.coming == 2
        assert voted.answer.vote == "no"


async def test_a_survey_is_answered_on_the_page_by_a_code_for_that_household(
    tmp_path: Path,
) -> None:
    async with running(tmp_path, board_url="https://board.example") as adapter:
        register(adapter)
        opened = pb.OpenCircularResponse(circular=own(pb.CIRCULAR_KIND_SURVEY))
        adapter.core.script["OpenCircular"] = lambda _: opened
        adapter.core.script["ListMemberships"] = lambda _: pb.ListMembershipsResponse(
            memberships=[
                pb.Membership(household=pb.Household(household_id=HOUSE), member_id=MEMBER)
            ]
        )
        adapter.core.script["BeginMemberLink"] = lambda _: pb.BeginMemberLinkResponse(code="ACDE")

        read = await tap(adapter, f"1:circular:{CIRCULAR}")
        page = await tap(adapter, read.starting("1:on_board:"))

        assert page.links == [f"https://board.example/link/ACDE?to=/c/{CIRCULAR}"]
        [began] = adapter.core.calls["BeginMemberLink"]
        assert began.member_id == MEMBER


async def test_a_leader_passes_it_on_by_one_tap_and_who_leads_nothing_cannot(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        led = pb.Membership(
            association=pb.Association(association_id=TOWN),
            offices=[pb.Office(kind=pb.OFFICE_KIND_CHAIR)],
        )
        held = [[led], [pb.Membership()]]
        adapter.core.script["ListMemberships"] = lambda _: pb.ListMembershipsResponse(
            memberships=held.pop(0)
        )
        adapter.core.script["ForwardCircular"] = lambda _: pb.ForwardCircularResponse(
            circular=pb.Circular(households=12)
        )

        passed = await tap(adapter, f"1:forward:{CIRCULAR}")
        not_passed = await tap(adapter, f"1:forward:{CIRCULAR}")

        assert "12世帯" in passed.words
        [forwarded] = adapter.core.calls["ForwardCircular"]
        assert forwarded.association_id == TOWN
        assert forwarded.targets.everybody
        assert "会長" in not_passed.words


def test_a_circular_taken_back_shows_only_why() -> None:
    gone = own(state=pb.CIRCULAR_STATE_WITHDRAWN, withdrawn="日付の誤り")

    said = Said(neighbourhood.opened(gone, "ja", has_board=True))

    assert "日付の誤り" in said.words
    assert "公園" not in said.words
    assert said.data == []


def test_a_long_circular_goes_before_its_buttons_within_lines_limits() -> None:
    long = own(content={"body": "長い文。" * 2_500, "file_ids": [CIRCULAR]})

    said = Said(neighbourhood.opened(long, "ja", has_board=True))

    assert wrong(said.messages) == []
    assert said.data == [f"1:seen:{CIRCULAR}", f"1:on_board:{CIRCULAR}"]


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("参加 ACDEFGHJ34 山田 花子", Typed("ACDEFGHJ34", joins=True, name="山田 花子")),
        ("　さんか　ａｃｄｅ－ｆｇｈｊ３４　花子", Typed("ACDEFGHJ34", joins=True, name="花子")),
        ("JOIN acdefghj34", Typed("ACDEFGHJ34", joins=True)),
        ("回覧 ACDEFGHJ34", Typed("ACDEFGHJ34", joins=False)),
        ("回覧 ACDEFGHJ34 です", None),
        ("参加します", None),
        ("ACDEFGHJ34", None),
    ],
)
def test_a_code_is_an_associations_only_behind_its_word(text: str, typed: Typed | None) -> None:
    assert code_typed(text) == typed


async def test_a_neighbour_joins_by_a_code_and_a_name_and_goes_on_from_the_page(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        adapter.core.script["RequestToJoin"] = lambda _: pb.RequestToJoinResponse()
        joined = pb.Membership(association=pb.Association(name="本町自治会"))
        adapter.core.script["CompleteMemberLink"] = lambda _: pb.CompleteMemberLinkResponse(
            membership=joined
        )

        nameless = await write(adapter, "参加 ACDEFGHJ34")
        asked = await write(adapter, "参加 ACDEFGHJ34 花子")
        linked = await write(adapter, "回覧 ACDEFGHJ34")

        assert "お名前" in nameless.words
        assert "花子さんの参加" in asked.words
        [request] = adapter.core.calls["RequestToJoin"]
        assert (request.code, request.display_name) == ("ACDEFGHJ34", "花子")
        assert "本町自治会" in linked.words
