"""Writing a procedure through the door: drafts and their faults, publication, retirement."""

from datetime import timedelta

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from grpc import StatusCode

from core.callers import Role
from tests.cards import Cards
from tests.core.procedures.authoring import (
    SWIM,
    get,
    publish,
    put_in_force,
    save,
    versions,
)
from tests.core.test_applications import a_case
from tests.makers import a_program, a_request_id
from tests.town import Town, on_sqlite
from todoke.client import Core, CoreError
from todoke.v1 import activity_pb2, applications_pb2
from todoke.v1 import procedures_pb2 as pb


def a_stamp(town: Town, **length: float) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(town.clock() + timedelta(**length))
    return stamp


async def retire(author: Core, key: str) -> pb.ProcedureVersion:
    request = pb.RetireProcedureRequest(key=key, reason="終わった", request_id=a_request_id())
    return (await author.ask(author.procedures.RetireProcedure, request)).version


async def listed(staff: Core) -> dict[str, int]:
    answer = await staff.ask(staff.procedures.ListProcedures, pb.ListProceduresRequest())
    return {one.key: one.version for one in answer.procedures}


async def test_a_draft_is_kept_with_its_faults_and_in_force_once_published(a_town: Town) -> None:
    author = await a_town.staff(Role.PROCEDURE_AUTHOR, name="mori")

    faulty = await save(author, SWIM.replace("most: 9", "mots: 9").replace("child\n", "chlid\n"))
    mended = await save(author, SWIM, etag=faulty.etag)
    version = await put_in_force(author, mended)
    got = await get(author, "swim")

    assert [(one.line, one.column, one.path) for one in faulty.problems] == [
        (14, 20, "steps.1.number.mots")
    ]
    assert faulty.problems[0].severity == pb.PROBLEM_SEVERITY_ERROR
    assert [one.problem for one in mended.problems] == []
    assert (version.version, version.author, version.origin) == (1, "mori", "")
    assert version.publish_time == a_stamp(a_town)
    assert (got.source, got.procedure.version, got.HasField("draft")) == (SWIM, 1, False)
    assert (await listed(author))["swim"] == 1


@on_sqlite
async def test_a_faulty_draft_is_not_published_nor_one_that_does_not_replay(a_town: Town) -> None:
    author = await a_town.staff(Role.PROCEDURE_AUTHOR)

    draft = await save(author, SWIM.replace("fee: 600", "fee: 500"))
    with pytest.raises(CoreError) as refused:
        await put_in_force(author, draft)

    assert refused.value.reason == "PROCEDURE_INVALID"
    assert refused.value.metadata == {
        "path": "conversations.0.values.fee",
        "problem": "“two children”: is 600, where 500 is recorded",
    }
    assert "swim" not in await listed(author)


async def test_whoever_saves_over_anothers_draft_is_told(a_town: Town) -> None:
    author = await a_town.staff(Role.PROCEDURE_AUTHOR)
    first = await save(author)
    second = await save(author, SWIM.replace("水泳", "すいえい"), etag=first.etag)

    for stale in ("", first.etag):
        with pytest.raises(CoreError) as refused:
            await save(author, SWIM, etag=stale)
        assert refused.value.reason == "CHANGED_MEANWHILE"
        assert refused.value.metadata == {"etag": second.etag}
    with pytest.raises(CoreError, match="CHANGED_MEANWHILE"):
        await put_in_force(author, first)


@on_sqlite
async def test_the_key_of_a_source_is_the_one_it_is_saved_under(a_town: Town) -> None:
    author = await a_town.staff(Role.PROCEDURE_AUTHOR)

    draft = await save(author, key="swimming")

    assert [(one.line, one.problem) for one in draft.problems] == [
        (1, "is swim, where swimming is meant")
    ]


async def test_what_is_published_for_later_is_in_force_from_its_time_on(a_town: Town) -> None:
    author = await a_town.staff(Role.PROCEDURE_AUTHOR)
    await publish(author)
    april = await publish(
        author, SWIM.replace("most: 9", "most: 20"), publish_time=a_stamp(a_town, hours=3)
    )
    await publish(author, SWIM.replace("most: 9", "most: 8"))

    assert (april.version, (await listed(author))["swim"]) == (2, 3)
    a_town.clock.pass_by(hours=3)
    assert (await listed(author))["swim"] == 2
    newest_first = await versions(author, "swim")
    assert [one.version for one in newest_first] == [3, 2, 1]
    assert newest_first[0].retire_time == april.publish_time
    assert not newest_first[1].HasField("retire_time")


async def test_what_uses_another_procedure_keeps_the_version_it_names(a_town: Town) -> None:
    author = await a_town.staff(Role.PROCEDURE_AUTHOR)
    camp = """\
key: camp
title: 合宿
steps:
  - key: pool
    procedure: {use: swim, version: 1}
conversations:
  - name: a child
    answers: [{step: pool_who, answer: child}]
    asks: pool_how_many
"""
    missing = await save(author, camp, key="camp")
    await publish(author)
    await publish(author, SWIM.replace("ja: どなたが参加しますか。", "ja: 誰ですか。"))
    await publish(author, camp, key="camp")

    got = await get(author, "camp")
    linted = await author.ask(author.procedures.LintProcedure, pb.LintProcedureRequest(source=camp))
    asked = await author.ask(
        author.procedures.PreviewProcedure, pb.PreviewProcedureRequest(source=camp, language="ja")
    )

    assert [one.problem for one in missing.problems] == ["there is no swim version 1"]
    assert [step.key for step in got.procedure.steps] == ["pool_who", "pool_how_many"]
    assert got.procedure.steps[0].text.by_language["ja"] == "どなたが参加しますか。"
    assert (list(linted.problems), linted.replayed, linted.steps) == ([], 1, 2)
    assert asked.prompt.text == "どなたが参加しますか。"


@on_sqlite
async def test_nothing_is_published_for_a_time_that_is_past(a_town: Town) -> None:
    author = await a_town.staff(Role.PROCEDURE_AUTHOR)

    with pytest.raises(CoreError) as refused:
        await publish(author, publish_time=a_stamp(a_town, days=-1))

    assert refused.value.reason == "FIELD_INVALID"
    assert [one.field for one in refused.value.violations] == ["publish_time"]


async def test_what_is_under_way_keeps_the_version_it_was_begun_with(
    a_town: Town, cards: Cards
) -> None:
    case = await a_case(a_town, cards)
    author = await a_town.staff(Role.PROCEDURE_AUTHOR)
    ships = await get(author, "confirm_account")
    source = ships.source.replace("お振り込みしてよろしいですか", "入金してよろしいですか")

    version = await publish(author, source, key="confirm_account")
    prompt = await case.line.ask(
        case.line.applications.GetPrompt,
        applications_pb2.GetPromptRequest(
            external_id=case.resident.external_id, application_id=case.application_id
        ),
    )
    got = await get(author, "confirm_account")

    before = ships.version.version
    assert ships.version.origin == version.origin == f"todoke:{before}"
    assert version.version == before + 1
    assert "お振り込みしてよろしいですか" in prompt.turn.prompt.text
    assert got.source == source.replace(f"version: {before}", f"version: {before + 1}")
    kept = await versions(author, "confirm_account")
    assert [one.version for one in kept] == [before + 1, before]


async def test_what_a_program_names_is_not_retired_before_the_program_is_closed(
    a_town: Town,
) -> None:
    author, staff = await a_town.staff(Role.PROCEDURE_AUTHOR), await a_town.staff()
    program = await a_program(staff)

    with pytest.raises(CoreError) as refused:
        await retire(author, "confirm_account")

    assert refused.value.code is StatusCode.FAILED_PRECONDITION
    assert refused.value.reason == "PROCEDURE_IN_USE"
    assert refused.value.metadata == {"programId": program.program_id}


async def test_a_retired_procedure_is_begun_no_more_until_it_is_published_again(
    a_town: Town,
) -> None:
    author = await a_town.staff(Role.PROCEDURE_AUTHOR)
    source = (await get(author, "confirm_account")).source
    await publish(author, publish_time=a_stamp(a_town, days=1))

    retired = await retire(author, "confirm_account")

    assert retired.retire_time == a_stamp(a_town)
    assert "confirm_account" not in await listed(author)
    with pytest.raises(CoreError, match="PROCEDURE_UNKNOWN"):
        await retire(author, "confirm_account")
    again = await publish(author, source, key="confirm_account")
    assert (await listed(author))["confirm_account"] == again.version == retired.version + 1


@on_sqlite
async def test_retiring_takes_back_what_is_published_for_later(a_town: Town) -> None:
    author = await a_town.staff(Role.PROCEDURE_AUTHOR)
    await publish(author)
    await publish(author, publish_time=a_stamp(a_town, hours=1))

    await retire(author, "swim")
    a_town.clock.pass_by(hours=2)

    assert "swim" not in await listed(author)


@on_sqlite
async def test_the_log_tells_who_published_and_why(a_town: Town) -> None:
    author = await a_town.staff(Role.PROCEDURE_AUTHOR, name="mori")
    auditor = await a_town.staff(Role.AUDITOR)
    await publish(author)
    await retire(author, "swim")

    request = activity_pb2.ListEventsRequest(subject="swim")
    logged = (await auditor.ask(auditor.activity.ListEvents, request)).events

    assert [(one.kind, one.actor, one.reason) for one in reversed(logged)] == [
        ("procedure.draft_saved", "staff:mori", ""),
        ("procedure.published", "staff:mori", "夏の教室"),
        ("procedure.retired", "staff:mori", "終わった"),
    ]


@on_sqlite
async def test_others_than_authors_see_what_is_published_and_no_draft(a_town: Town) -> None:
    author, clerk = await a_town.staff(Role.PROCEDURE_AUTHOR), await a_town.staff(Role.REVIEWER)
    await publish(author)
    await save(author, SWIM.replace("水泳", "すいえい"))
    await save(author, SWIM.replace("key: swim", "key: sing"), key="sing")

    assert (await get(author, "swim")).HasField("draft")
    assert not (await get(clerk, "swim")).HasField("draft")
    assert (await get(author, "sing")).HasField("draft")
    with pytest.raises(CoreError, match="PROCEDURE_UNKNOWN"):
        await get(clerk, "sing")
    with pytest.raises(CoreError, match="CALLER_NOT_ALLOWED"):
        await save(clerk)
    with pytest.raises(CoreError, match="PROCEDURE_UNKNOWN"):
        await get(author, "swim", 7)
