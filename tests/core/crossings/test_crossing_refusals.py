"""What does not cross: alone, changed on the way, twice, or against what stands."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core import events
from core.callers import Role
from core.crossings.rows import Crossing, CrossingLink, CrossingPart
from core.eligibility.rows import Entitlement, Match
from tests.cards import Cards, a_holder
from tests.core.crossings.makers import a_link, crossings_of
from tests.core.eligibility.makers import a_file, a_row, the_program, upload
from tests.makers import a_request_id, a_resident
from tests.town import MUNICIPALITY, Town, on_sqlite
from todoke.client import CoreError
from todoke.v1 import crossings_pb2 as pb


async def test_who_asked_never_lets_the_file_cross(a_town: Town, tmp_path: Path) -> None:
    city = await crossings_of(a_town, tmp_path)
    with pytest.raises(CoreError) as keyless:
        await city.propose()
    await city.set_key(city.inside.new_key())
    proposed = await city.propose()

    with pytest.raises(CoreError) as refused:
        await city.approve(proposed, by=city.first)
    with pytest.raises(CoreError) as early:
        await city.export(proposed)
    export = await city.approve(proposed)
    with pytest.raises(CoreError) as twice:
        await city.approve(export)
    answer = await city.import_links(export, city.inside.answer(await city.export(export)))
    with pytest.raises(CoreError) as own:
        await city.approve(answer.crossing, by=city.first)

    assert keyless.value.reason == "SEALING_KEY_MISSING"
    assert refused.value.reason == "SAME_PERSON"
    assert early.value.reason == "WRONG_STATE"
    assert twice.value.reason == "WRONG_STATE"
    assert own.value.reason == "SAME_PERSON"


async def test_a_changed_file_or_one_of_another_program_is_not_taken(
    a_town: Town, cards: Cards, tmp_path: Path
) -> None:
    line = await a_town.channel()
    resident = await a_resident(a_town, line, cards.issue(a_holder()))
    city = await crossings_of(a_town, tmp_path)
    await city.set_key(city.inside.new_key())
    export, sealed = await city.exported()
    _, others = await city.exported()
    good = city.inside.answer(sealed, a_link(resident))
    files = {
        "TOTAL_WRONG": good.replace(b"70000", b"90000", 1),
        "ROW_BROKEN": city.inside.answer(sealed, a_link(resident, rule="because")),
        "OTHER_PROGRAM": city.inside.answer(sealed, a_link(resident), program_id="another"),
        "AMOUNT_REFUSED": city.inside.answer(sealed, a_link(resident, amount="70001")),
        "SIGNATURE_WRONG": city.inside.answer(others, a_link(resident)),
        "SAME_PERSON": city.inside.answer(sealed, a_link(resident), approver="山田 太郎"),
        "CUT_OFF": good.split(b"\r\ncount,")[0] + b"\r\n",
    }

    problems = []
    for file in files.values():
        with pytest.raises(CoreError) as refused:
            await city.import_links(export, file)
        assert refused.value.reason == "SEAL_BROKEN"
        problems.append(refused.value.metadata["problem"])

    assert problems == list(files)
    assert [one.direction for one in await city.listed()] == [pb.CROSSING_DIRECTION_EXPORT] * 2
    resaved = good.replace(b"\r\n", b"\n")
    assert (await city.import_links(export, b"\xef\xbb\xbf" + resaved)).links == 1


async def test_a_file_is_taken_once_and_after_it_was_refused_again(
    a_town: Town, cards: Cards, tmp_path: Path
) -> None:
    line = await a_town.channel()
    resident = await a_resident(a_town, line, cards.issue(a_holder()))
    city = await crossings_of(a_town, tmp_path)
    await city.set_key(city.inside.new_key())
    export, sealed = await city.exported()
    file = city.inside.answer(sealed, a_link(resident))
    first = await city.import_links(export, file, request_id="import-once")

    repeated = await city.import_links(export, file, request_id="import-once")
    with pytest.raises(CoreError) as twice:
        await city.import_links(export, file, by=city.second)
    await city.cancel(first.crossing)
    anew = await city.import_links(export, file)
    done = await city.approve(anew.crossing)
    with pytest.raises(CoreError) as after:
        await city.import_links(export, file)
    with pytest.raises(CoreError) as late:
        await city.cancel(done)

    assert repeated == first
    assert twice.value.reason == "CROSSING_REPEATED"
    assert twice.value.metadata == {"crossingId": first.crossing.crossing_id}
    assert after.value.metadata == {"crossingId": anew.crossing.crossing_id}
    assert late.value.reason == "WRONG_STATE"
    counted = await a_town.read(
        lambda s: [
            s.scalar(select(func.count()).select_from(kept))
            for kept in (Entitlement, Match, CrossingLink)
        ]
    )
    assert counted == [1, 1, 0]


async def test_a_later_answer_adds_and_never_contradicts(
    a_town: Town, cards: Cards, tmp_path: Path
) -> None:
    line = await a_town.channel()
    first, second = [await a_resident(a_town, line, cards.issue(a_holder())) for _ in range(2)]
    city = await crossings_of(a_town, tmp_path)
    await city.set_key(city.inside.new_key())
    export, sealed = await city.exported()
    await city.approve(
        (await city.import_links(export, city.inside.answer(sealed, a_link(first)))).crossing
    )

    with pytest.raises(CoreError) as conflicts:
        await city.import_links(export, city.inside.answer(sealed, a_link(first, "00099")))
    more = city.inside.answer(sealed, a_link(first), a_link(second, "00012", amount="30000"))
    await city.approve((await city.import_links(export, more)).crossing)

    assert conflicts.value.reason == "MATCH_CONFLICTS"
    program = await the_program(city.first, city.program)
    assert (program.roster.rows, program.roster.total, program.counts.matched) == (2, 100_000, 2)
    assert (await city.invite()).invited == 2


@on_sqlite
async def test_a_program_with_a_roster_of_its_own_takes_no_links(
    a_town: Town, cards: Cards, tmp_path: Path
) -> None:
    holder = a_holder()
    resident = await a_resident(a_town, await a_town.channel(), cards.issue(holder))
    city = await crossings_of(a_town, tmp_path)
    await city.set_key(city.inside.new_key())
    export, sealed = await city.exported()
    await upload(city.first, city.program, a_file(a_row(holder, "1")))

    with pytest.raises(CoreError) as refused:
        await city.import_links(export, city.inside.answer(sealed, a_link(resident)))

    assert refused.value.reason == "ROSTER_EXISTS"


@on_sqlite
async def test_what_is_taken_back_is_kept_nowhere_and_all_of_it_is_in_the_log(
    a_town: Town, tmp_path: Path
) -> None:
    city = await crossings_of(a_town, tmp_path)
    fingerprint = await city.set_key(city.inside.new_key())
    crossing = await city.approve(await city.propose())
    cancelled = await city.cancel(crossing)

    kept = await a_town.read(lambda s: list(s.scalars(select(CrossingPart.number))))
    row = await a_town.read(lambda s: s.get_one(Crossing, (MUNICIPALITY, crossing.crossing_id)))
    logged = await a_town.read(lambda s: events.about(s, MUNICIPALITY, crossing.crossing_id))

    assert cancelled.state == pb.CROSSING_STATE_CANCELLED
    assert (kept, row.answer_secret) == ([], None)
    assert [event.kind for event in logged] == [
        "crossing.proposed", "crossing.approved", "crossing.cancelled",
    ]  # fmt: skip
    assert logged[1].details["key"] == fingerprint
    assert logged[1].details["hash"] == crossing.content_hash
    assert [event.actor for event in logged] == ["staff:mori", "staff:kato", "staff:mori"]


@on_sqlite
async def test_only_a_public_key_is_set_and_by_administrators_alone(
    a_town: Town, tmp_path: Path
) -> None:
    city = await crossings_of(a_town, tmp_path)
    with pytest.raises(CoreError) as none:
        await city.set_key("AGE-SECRET-KEY-1" + "Q" * 58)
    request = pb.SetSealingKeyRequest(
        public_key=city.inside.new_key(), reason="鍵", request_id=a_request_id()
    )
    with pytest.raises(CoreError) as refused:
        await city.first.ask(city.first.crossings.SetSealingKey, request)
    auditor = await a_town.staff(Role.AUDITOR)

    assert none.value.metadata == {"problem": "KEY_INVALID"}
    assert refused.value.reason == "CALLER_NOT_ALLOWED"
    assert await city.listed(by=auditor) == []


async def test_who_still_sends_is_told_that_the_upload_must_begin_with_its_header(
    a_town: Town,
) -> None:
    staff = await a_town.staff()

    async def sent() -> AsyncIterator[pb.ImportLinksRequest]:
        for _ in range(100):
            yield pb.ImportLinksRequest(chunk=b"x" * 64_000)

    with pytest.raises(CoreError) as refused:
        await staff.upload(staff.crossings.ImportLinks, sent())

    assert refused.value.reason == "SEAL_BROKEN"
    assert refused.value.metadata["problem"] == "UPLOAD_BROKEN"
