"""Signing in, and who the core takes a caller for."""

import pytest
from grpc import StatusCode

from core.callers import Role
from tests.town import MUNICIPALITY, Town
from todoke.client import CoreError
from todoke.v1 import staff_pb2 as pb

PASSWORD = "correct horse battery"


async def a_clerk(town: Town, name: str = "sato") -> None:
    administrator = await town.staff(Role.ADMINISTRATOR)
    await administrator.ask(
        administrator.staff.CreateStaff,
        pb.CreateStaffRequest(
            name=name, display_name="佐藤", password=PASSWORD, roles=[pb.ROLE_REVIEWER],
            request_id=f"create-{name}",
        ),
    )  # fmt: skip


def credentials(password: str = PASSWORD, name: str = "sato") -> pb.SignInRequest:
    return pb.SignInRequest(municipality=MUNICIPALITY, name=name, password=password)


async def test_staff_sign_in_and_are_known_by_their_token(a_town: Town) -> None:
    await a_clerk(a_town)
    nobody = a_town.caller()

    signed_in = await nobody.ask(nobody.staff.SignIn, credentials())
    clerk = a_town.caller(signed_in.token)
    caller = await clerk.ask(clerk.staff.GetCaller, pb.GetCallerRequest())

    assert caller.municipality == MUNICIPALITY
    assert caller.municipality_name == "総社市"
    assert caller.staff.name == "sato"
    assert list(caller.staff.roles) == [pb.ROLE_REVIEWER]


@pytest.mark.parametrize(
    "request_",
    [credentials("wrong password"), credentials(name="nobody")],
    ids=["password", "name"],
)
async def test_a_wrong_sign_in_does_not_tell_what_was_wrong(a_town: Town, request_) -> None:
    await a_clerk(a_town)
    nobody = a_town.caller()

    with pytest.raises(CoreError) as refused:
        await nobody.ask(nobody.staff.SignIn, request_)

    assert refused.value.code is StatusCode.UNAUTHENTICATED
    assert refused.value.reason == "SIGN_IN_REFUSED"
    assert refused.value.message == "the name or the password is wrong, or the name rests"


async def test_a_name_rests_after_five_failures_and_wakes_again(a_town: Town) -> None:
    await a_clerk(a_town)
    nobody = a_town.caller()
    for _ in range(5):
        with pytest.raises(CoreError):
            await nobody.ask(nobody.staff.SignIn, credentials("wrong password"))

    with pytest.raises(CoreError):
        await nobody.ask(nobody.staff.SignIn, credentials())
    a_town.clock.pass_by(minutes=16)

    assert (await nobody.ask(nobody.staff.SignIn, credentials())).token


async def test_a_token_ends_with_signing_out_and_with_the_day(a_town: Town) -> None:
    clerk = await a_town.staff(Role.REVIEWER)
    another = await a_town.staff(Role.REVIEWER)
    await clerk.ask(clerk.staff.SignOut, pb.SignOutRequest())
    a_town.clock.pass_by(hours=10)

    for gone in (clerk, another):
        with pytest.raises(CoreError) as refused:
            await gone.ask(gone.staff.GetCaller, pb.GetCallerRequest())
        assert refused.value.reason == "CALLER_UNKNOWN"


async def test_a_channel_is_known_by_its_name(a_town: Town) -> None:
    line = await a_town.channel("line")

    caller = await line.ask(line.staff.GetCaller, pb.GetCallerRequest())

    assert caller.channel == "line"


async def test_only_an_administrator_adds_staff_and_once(a_town: Town) -> None:
    await a_clerk(a_town)
    reviewer = await a_town.staff(Role.REVIEWER)
    administrator = await a_town.staff(Role.ADMINISTRATOR)
    request = pb.CreateStaffRequest(
        name="sato", display_name="佐藤", password=PASSWORD, roles=[pb.ROLE_REVIEWER],
        request_id="another-id",
    )  # fmt: skip

    with pytest.raises(CoreError) as not_allowed:
        await reviewer.ask(reviewer.staff.CreateStaff, request)
    with pytest.raises(CoreError) as exists:
        await administrator.ask(administrator.staff.CreateStaff, request)

    assert not_allowed.value.reason == "CALLER_NOT_ALLOWED"
    assert exists.value.reason == "STAFF_EXISTS"


async def test_a_repeat_gets_its_answer_and_another_request_under_its_id_does_not(
    a_town: Town,
) -> None:
    administrator = await a_town.staff(Role.ADMINISTRATOR)
    request = pb.CreateStaffRequest(
        name="kato", display_name="加藤", password=PASSWORD, roles=[pb.ROLE_AUDITOR],
        request_id="create-kato",
    )  # fmt: skip
    first = await administrator.ask(administrator.staff.CreateStaff, request)
    second = await administrator.ask(administrator.staff.CreateStaff, request)
    request.display_name = "加藤一"

    with pytest.raises(CoreError) as reused:
        await administrator.ask(administrator.staff.CreateStaff, request)

    assert second == first
    assert reused.value.reason == "REQUEST_ID_REUSED"


async def test_invalid_fields_are_named(a_town: Town) -> None:
    administrator = await a_town.staff(Role.ADMINISTRATOR)
    request = pb.CreateStaffRequest(name="Sato", display_name="", password="short", request_id="x")

    with pytest.raises(CoreError) as refused:
        await administrator.ask(administrator.staff.CreateStaff, request)

    assert refused.value.code is StatusCode.INVALID_ARGUMENT
    assert refused.value.reason == "FIELD_INVALID"
    fields = {violation.field for violation in refused.value.violations}
    assert fields == {"name", "display_name", "password", "roles", "request_id"}
