"""Programs are laid down by those who may, once a code."""

import pytest

from core.callers import Role
from tests.core.eligibility.makers import a_program, a_program_request, the_program
from tests.town import Town, on_sqlite
from todoke.client import CoreError
from todoke.v1 import eligibility_pb2 as pb

UNKNOWN = "01980000-0000-7000-8000-000000000000"


async def test_a_program_is_laid_down_and_shown(a_town: Town) -> None:
    staff = await a_town.staff(Role.ELIGIBILITY)

    program = await a_program(staff)

    assert await the_program(staff, program) == program
    assert (program.code, program.amount, program.budget) == ("kyufu-2026", 70_000, 500_000_000_000)
    assert program.unit == pb.ENTITLED_UNIT_HOUSEHOLD
    assert program.state == pb.PROGRAM_STATE_OPEN
    assert program.counts == pb.ProgramCounts()
    assert not program.HasField("roster")


async def test_a_repeat_lays_down_one_program_and_a_code_is_taken_once(a_town: Town) -> None:
    staff = await a_town.staff(Role.ELIGIBILITY)
    request = a_program_request()
    first = await staff.ask(staff.eligibility.CreateProgram, request)

    assert await staff.ask(staff.eligibility.CreateProgram, request) == first
    with pytest.raises(CoreError) as refused:
        await a_program(staff)

    assert refused.value.reason == "PROGRAM_EXISTS"
    assert refused.value.metadata == {"code": "kyufu-2026"}


@on_sqlite
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"procedure": "no_such_procedure"}, "PROCEDURE_UNKNOWN"),
        ({"code": "大"}, "FIELD_INVALID"),
        ({"amount": 0}, "FIELD_INVALID"),
        ({"title": "給付 123456789018"}, "MY_NUMBER_REFUSED"),
    ],
)
async def test_what_cannot_be_a_program_is_refused(a_town: Town, changes, reason) -> None:
    staff = await a_town.staff(Role.ELIGIBILITY)

    with pytest.raises(CoreError) as refused:
        await a_program(staff, **changes)

    assert refused.value.reason == reason
    listed = await staff.ask(staff.eligibility.ListPrograms, pb.ListProgramsRequest())
    assert not listed.programs


async def test_only_staff_of_eligibility_lay_down_programs(a_town: Town) -> None:
    reviewer = await a_town.staff(Role.REVIEWER)

    with pytest.raises(CoreError) as refused:
        await a_program(reviewer)

    assert refused.value.reason == "CALLER_NOT_ALLOWED"


async def test_programs_are_listed_newest_first_page_by_page(a_town: Town) -> None:
    staff = await a_town.staff(Role.ELIGIBILITY)
    programs = [await a_program(staff, code=f"program-{number}") for number in range(3)]

    first = await staff.ask(staff.eligibility.ListPrograms, pb.ListProgramsRequest(page_size=2))
    second = await staff.ask(
        staff.eligibility.ListPrograms,
        pb.ListProgramsRequest(page_size=2, page_token=first.next_page_token),
    )

    assert [*first.programs, *second.programs] == programs[::-1]
    assert not second.next_page_token


async def test_another_municipality_sees_no_program(a_town: Town) -> None:
    program = await a_program(await a_town.staff(Role.ELIGIBILITY))
    await a_town.found("332011", "岡山市")
    stranger = await a_town.staff(Role.ELIGIBILITY, municipality="332011")

    listed = await stranger.ask(stranger.eligibility.ListPrograms, pb.ListProgramsRequest())
    with pytest.raises(CoreError) as refused:
        await the_program(stranger, program)

    assert not listed.programs
    assert refused.value.reason == "PROGRAM_UNKNOWN"
    # The same code is another program there.
    assert (await a_program(stranger)).code == program.code


async def test_an_unknown_program_is_refused(a_town: Town) -> None:
    staff = await a_town.staff(Role.ELIGIBILITY)

    with pytest.raises(CoreError) as refused:
        await the_program(staff, pb.Program(program_id=UNKNOWN))

    assert refused.value.reason == "PROGRAM_UNKNOWN"
