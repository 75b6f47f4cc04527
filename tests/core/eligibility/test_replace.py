"""A roster takes another's place once its difference was looked at; what hangs on it follows."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import func, select

from core.applications.rows import Application
from core.callers import Role
from core.eligibility.rows import Entitlement, Match, Roster
from core.jobs import Job
from core.matching import Decision
from core.residents.changed_rows import ChangedResident
from tests.cards import Card, Cards, a_holder
from tests.core.eligibility.makers import a_file, a_program, a_row, upload
from tests.makers import Told, a_request_id, a_resident, match_and_invite, told_of
from tests.town import Town, on_sqlite
from todoke.client import Core, CoreError
from todoke.v1 import eligibility_pb2
from todoke.v1 import rosters_pb2 as pb

TARO, HANA, JIRO = (a_holder(name=f"総社　{name}") for name in ("太郎", "花子", "次郎"))


async def replaced(
    staff: Core,
    program: eligibility_pb2.Program,
    content: bytes,
    *,
    difference_hash: str = "",
    reason: str = "転入者を加える",
    request_id: str = "",
) -> Told:
    header = pb.ReplaceRosterHeader(
        program_id=program.program_id, file_name="second.csv", difference_hash=difference_hash,
        reason=reason, request_id=request_id or a_request_id(),
    )  # fmt: skip

    async def parts() -> AsyncIterator[pb.ReplaceRosterRequest]:
        yield pb.ReplaceRosterRequest(header=header)
        yield pb.ReplaceRosterRequest(chunk=content)

    return await told_of(staff.converse(staff.rosters.ReplaceRoster, parts()))


async def refused(awaitable) -> CoreError:
    with pytest.raises(CoreError) as error:
        await awaitable
    return error.value


async def in_force(town: Town) -> list[str]:
    """Return the names of the files whose rosters are in force."""
    live = select(Roster.file_name).where(
        Roster.freeze_time.is_not(None), Roster.replace_time.is_(None)
    )
    return list(await town.read(lambda s: s.scalars(live).all()))


async def a_linked_resident(town: Town, cards: Cards, holder) -> Card:
    card = cards.issue(holder)
    await a_resident(town, await town.channel(), card)
    return card


async def applications(town: Town) -> dict[str, tuple[str, int]]:
    """Return state and amount of each application by the reference of its row in force."""
    query = (
        select(Entitlement, Application.state, Application.amount, Roster.replace_time)
        .join(Application, Application.entitlement_id == Entitlement.id)
        .join(Roster, Roster.id == Entitlement.roster_id)
    )
    found = await town.read(lambda s: s.execute(query).all())
    return {
        row.reference + ("" if gone is None else " of before"): (str(state), amount)
        for row, state, amount, gone in found
    }


async def test_a_preview_tells_the_difference_and_changes_nothing(a_town: Town) -> None:
    staff = await a_town.staff(Role.ELIGIBILITY)
    program = await a_program(staff)
    await upload(staff, program, a_file(a_row(TARO, "1"), a_row(HANA, "2"), a_row(JIRO, "3")))
    second = a_file(a_row(TARO, "1"), a_row(HANA, "2", amount="30000"), a_row(JIRO, "4"))

    told = await replaced(staff, program, second, reason="")

    found = told.result.difference
    assert (found.came, found.left, found.changed, found.unchanged) == (1, 1, 1, 1)
    assert (found.total_before, found.total_after) == (210_000, 170_000)
    assert len(found.difference_hash) == 64
    assert not told.roster.roster_id
    assert await in_force(a_town) == ["roster.csv"]
    assert await a_town.read(lambda s: s.scalar(select(func.count()).select_from(Roster))) == 1


async def test_matches_and_running_applications_follow_their_rows(
    a_town: Town, cards: Cards
) -> None:
    staff = await a_town.staff()
    program = await a_program(staff)
    for holder in (TARO, HANA, JIRO):
        await a_linked_resident(a_town, cards, holder)
    await upload(staff, program, a_file(a_row(TARO, "1"), a_row(HANA, "2"), a_row(JIRO, "3")))
    matched, invited = await match_and_invite(staff, program.program_id)
    assert (matched.accepted, invited.invited) == (3, 3)
    second = a_file(a_row(TARO, "1"), a_row(HANA, "2", amount="30000"))
    looked = (await replaced(staff, program, second)).result.difference

    told = await replaced(staff, program, second, difference_hash=looked.difference_hash)

    assert dict(looked.applications_touched) == {"invited": 2}
    assert told.roster.version == 2
    assert await in_force(a_town) == ["second.csv"]
    assert await applications(a_town) == {
        "1": ("invited", 70_000),
        "2": ("invited", 30_000),
        "3 of before": ("withdrawn", 70_000),
    }
    decisions = await a_town.read(
        lambda s: sorted(row.decision for row in s.scalars(select(Match)).all())
    )
    assert decisions == [Decision.ACCEPTED, Decision.ACCEPTED, Decision.REFUSED]


async def matched_by_itself(town: Town) -> None:
    """Wait until no roster waits to be matched, as the core does by itself soon after a commit."""
    unmatched = select(func.count(Roster.id)).where(
        Roster.freeze_time.is_not(None), Roster.replace_time.is_(None), Roster.match_time.is_(None)
    )
    under_way = select(func.count(Job.name)).where(Job.name == "rematching", Job.cursor != "")
    committed = town.running.db.committed
    while await town.read(lambda s: s.scalar(unmatched) or s.scalar(under_way)):
        await committed.wait()
        committed = town.running.db.committed


async def test_rows_that_came_are_matched_and_invited_without_anybody_asking(
    a_town: Town, cards: Cards
) -> None:
    staff = await a_town.staff()
    program = await a_program(staff)
    for holder in (TARO, HANA):
        await a_linked_resident(a_town, cards, holder)
    await upload(staff, program, a_file(a_row(TARO, "1")))
    await match_and_invite(staff, program.program_id)
    second = a_file(a_row(TARO, "1"), a_row(HANA, "2"), a_row(JIRO, "3"))
    looked = (await replaced(staff, program, second)).result.difference

    await replaced(staff, program, second, difference_hash=looked.difference_hash)

    await matched_by_itself(a_town)
    assert await applications(a_town) == {"1": ("invited", 70_000), "2": ("invited", 70_000)}
    await a_linked_resident(a_town, cards, JIRO)
    changed = select(func.count(ChangedResident.resident_id))
    committed = a_town.running.db.committed
    while await a_town.read(lambda s: s.scalar(changed)):
        await committed.wait()
        committed = a_town.running.db.committed
    assert (await applications(a_town))["3"] == ("invited", 70_000)


@on_sqlite
async def test_a_roster_that_nobody_matched_waits_in_its_successor_too(
    a_town: Town, cards: Cards
) -> None:
    staff = await a_town.staff()
    program = await a_program(staff)
    await a_linked_resident(a_town, cards, TARO)
    await upload(staff, program, a_file(a_row(HANA, "2")))
    second = a_file(a_row(TARO, "1"))
    looked = (await replaced(staff, program, second)).result.difference
    await replaced(staff, program, second, difference_hash=looked.difference_hash)

    await a_town.running.jobs.run_due()

    count = select(func.count()).select_from(Match)
    assert await a_town.read(lambda s: s.scalar(count)) == 0
    matched, _ = await match_and_invite(staff, program.program_id)
    assert matched.accepted == 1


async def test_a_row_that_says_another_person_goes_before_a_person_again(
    a_town: Town, cards: Cards
) -> None:
    staff = await a_town.staff()
    program = await a_program(staff)
    await a_linked_resident(a_town, cards, TARO)
    await upload(staff, program, a_file(a_row(TARO, "1")))
    await match_and_invite(staff, program.program_id)
    second = a_file(a_row(TARO, "1", name="総社　大郎"))
    looked = (await replaced(staff, program, second)).result.difference

    await replaced(staff, program, second, difference_hash=looked.difference_hash)

    (match,) = await a_town.read(lambda s: s.scalars(select(Match)).all())
    assert (match.decision, match.decided_by) == (Decision.TO_REVIEW, "")
    assert match.rule == "row_changed"
    assert await applications(a_town) == {"1": ("invited", 70_000)}


async def test_only_the_difference_that_was_looked_at_is_taken(a_town: Town) -> None:
    staff = await a_town.staff(Role.ELIGIBILITY)
    program = await a_program(staff)
    second = a_file(a_row(TARO, "1"), a_row(HANA, "2"))
    assert (await refused(replaced(staff, program, second))).reason == "ROSTER_MISSING"
    await upload(staff, program, a_file(a_row(TARO, "1")))
    looked = (await replaced(staff, program, second)).result.difference.difference_hash
    other = a_file(a_row(TARO, "1"), a_row(HANA, "3"))

    changed = await refused(replaced(staff, program, other, difference_hash=looked))
    silent = await refused(replaced(staff, program, second, difference_hash=looked, reason=" "))
    request_id = a_request_id()
    first = await replaced(staff, program, second, difference_hash=looked, request_id=request_id)
    again = await replaced(staff, program, second, difference_hash=looked, request_id=request_id)

    assert changed.reason == "ROSTER_DIFFERENCE_CHANGED"
    assert silent.reason == "FIELD_INVALID"
    assert again.result == first.result
    count = select(func.count()).select_from(Entitlement)
    assert await a_town.read(lambda s: s.scalar(count)) == 3


@on_sqlite
async def test_differences_are_listed_by_page_and_looks_are_written_down(a_town: Town) -> None:
    staff = await a_town.staff()
    program = await a_program(staff)
    await upload(staff, program, a_file(a_row(TARO, "1"), a_row(HANA, "2"), a_row(JIRO, "3")))
    second = a_file(a_row(TARO, "1"), a_row(HANA, "2", amount="30000"), a_row(JIRO, "4"))
    looked = (await replaced(staff, program, second)).result.difference.difference_hash
    await replaced(staff, program, second, difference_hash=looked)
    listed = await staff.ask(
        staff.rosters.ListRosters, pb.ListRostersRequest(program_id=program.program_id)
    )
    after, before = listed.rosters

    request = pb.ListRosterDifferencesRequest(
        before_roster_id=before.roster_id, after_roster_id=after.roster_id, page_size=2
    )
    page = await staff.ask(staff.rosters.ListRosterDifferences, request)
    request.page_token = page.next_page_token
    rest = await staff.ask(staff.rosters.ListRosterDifferences, request)

    rows = [*page.rows, *rest.rows]
    assert not rest.next_page_token
    assert {
        (row.kind, row.before.reference, row.after.reference, row.after.amount) for row in rows
    } == {
        (pb.DIFFERENCE_KIND_LEFT, "3", "", 0),
        (pb.DIFFERENCE_KIND_CAME, "", "4", 70_000),
        (pb.DIFFERENCE_KIND_CHANGED, "2", "2", 30_000),
    }
    assert before.HasField("replace_time")
    request = pb.ListRosterDifferencesRequest(
        before_roster_id=before.roster_id, after_roster_id=program.program_id
    )
    assert (
        await refused(staff.ask(staff.rosters.ListRosterDifferences, request))
    ).reason == "ROSTER_UNKNOWN"
