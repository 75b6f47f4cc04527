"""One's place in an association, in the chat: looked after and left by two taps."""

from pathlib import Path

from grpc import StatusCode

from tests.channels.line.adapter import Running, running
from tests.channels.line.chat import register, tap, write
from todoke.v1 import circulars_pb2 as pb

TOWN = "0198c0de-0000-7000-8000-0000000000f1"
MEMBER = "0198c0de-0000-7000-8000-0000000000f4"
HOUSE = "0198c0de-0000-7000-8000-0000000000f5"


def belong(adapter: Running, *offices: pb.Office, **more: bool) -> None:
    """Let Hanako be a member of one association, whose names are as long as they may be."""
    membership = pb.Membership(
        association=pb.Association(association_id=TOWN, name="会" * 100),
        household=pb.Household(household_id=HOUSE, name="家" * 64),
        member_id=MEMBER,
        offices=offices,
        **more,
    )
    adapter.core.script["ListMemberships"] = lambda _: pb.ListMembershipsResponse(
        memberships=[membership]
    )


async def test_consent_is_given_and_ended_for_the_own_household(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        belong(adapter)
        adapter.core.script["SetCare"] = lambda _: pb.SetCareResponse()

        place = await write(adapter, "自治会")
        asked = await tap(adapter, place.starting("1:look_after:"))
        assert adapter.core.calls["SetCare"] == []
        await tap(adapter, asked.starting("1:look_after_sure:"))
        belong(adapter, care_consent=True)
        place = await tap(adapter, "1:belong")
        asked = await tap(adapter, place.starting("1:look_after:"))
        await tap(adapter, asked.starting("1:look_after_sure:"))

        given, ended = adapter.core.calls["SetCare"]
        assert (given.household_id, given.consented) == (HOUSE, True)
        assert (ended.household_id, ended.consented) == (HOUSE, False)


async def test_an_old_yes_asks_again_and_ends_nothing(tmp_path: Path) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        belong(adapter, pb.Office(kind=pb.OFFICE_KIND_CHAIR))

        again = await tap(adapter, f"1:leave_sure:{MEMBER}:0000000001")

        assert "やめますか" in again.words
        assert "いまの役職も終わります" in again.words
        assert adapter.core.calls["EndMembership"] == []


async def test_who_left_already_is_told_so_and_a_button_of_old_shows_what_there_is(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        belong(adapter)
        adapter.core.refuse("EndMembership", StatusCode.NOT_FOUND, "MEMBER_UNKNOWN")
        asked = await tap(adapter, f"1:leave:{MEMBER}")
        assert "会員をやめました" in (await tap(adapter, asked.starting("1:leave_sure:"))).words
        other = f"1:look_after:{HOUSE}:on"
        assert f"1:leave:{MEMBER}" in (await tap(adapter, other)).data


async def test_who_belongs_finds_it_in_the_menu_and_who_does_not_is_told_how_to_join(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as adapter:
        register(adapter)
        assert "1:belong" not in (await tap(adapter, "1:menu:1")).data
        assert "参加 コード お名前" in (await write(adapter, "じちかい")).words
        belong(adapter)
        assert "1:belong" in (await tap(adapter, "1:menu:1")).data
