"""What is paid for applications: into the account that was answered, and how much."""

from tests.cards import Cards, a_holder
from tests.core.access.links import refused
from tests.core.applications.procedures import BIRTH, SURVEY, publish
from tests.core.applications.talks import Talk, turn_id
from tests.core.applications.test_beginning import a_stranger
from tests.core.applications.test_mending import filed
from tests.core.payments.batches import DAY, set_originator
from tests.core.test_applications import a_case
from tests.makers import a_program, a_request_id, a_resident, a_roster, a_roster_row, import_roster
from tests.notices import notices
from tests.town import Town, on_sqlite
from todoke.client import Core
from todoke.v1 import applications_pb2 as pb
from todoke.v1 import payments_pb2, procedures_pb2

ACCOUNT = procedures_pb2.GivenAccount(
    bank="0001",
    branch="001",
    account_type=1,
    account_number="7654321",
    holder_kana="そうじゃ たろう",
)
MASKED = "みずほ銀行 東京営業部 普通 ****321"


async def decided(clerk: Core, id: str) -> pb.Application:
    found = await clerk.ask(
        clerk.applications.GetApplication, pb.GetApplicationRequest(application_id=id)
    )
    request = pb.ApproveApplicationRequest(
        application_id=id, etag=found.application.etag, request_id=a_request_id()
    )
    return (await clerk.ask(clerk.applications.ApproveApplication, request)).application


async def paid(clerk: Core, program_id: str) -> list[payments_pb2.TransferLine]:
    request = payments_pb2.ProposeTransferBatchRequest(
        program_id=program_id, transfer_date=DAY, request_id=a_request_id()
    )
    batch = (await clerk.ask(clerk.payments.ProposeTransferBatch, request)).batch
    lines = payments_pb2.ListTransferLinesRequest(batch_id=batch.batch_id)
    return list((await clerk.ask(clerk.payments.ListTransferLines, lines)).lines)


async def a_grant(clerk: Core, amount: int = 120_000) -> str:
    program = await a_program(
        clerk, code="birth-2026", amount=amount, procedure="birth_grant", open_to_all=True
    )
    return program.program_id


async def asked_for(talk: Talk, program_id: str, children: int) -> str:
    id = turn_id(await talk.begin(program_id=program_id))
    await talk.answer(id, "children", number=children)
    await talk.answer(id, "account", account=ACCOUNT)
    await talk.submit(id)
    return id


async def test_another_account_is_paid_into_and_shown_masked(a_town: Town, cards: Cards) -> None:
    case = await a_case(a_town, cards)
    await set_originator(case.clerk)
    talk = Talk(case.line, case.resident.external_id)
    await case.tap("other_account")
    review = await talk.answer(case.application_id, "account", account=ACCOUNT)
    end = await talk.submit(case.application_id)
    approved = await decided(case.clerk, case.application_id)
    (line,) = await paid(case.clerk, approved.program_id)
    (own,) = await talk.own()

    assert MASKED in review.review.lines[-1].value
    assert end.closing.state == pb.APPLICATION_STATE_SUBMITTED
    assert "7654321" not in str(approved)
    assert (line.masked_account, line.payee_name) == (MASKED, "ｿｳｼﾞﾔ ﾀﾛｳ")
    assert approved.masked_account == own.masked_account == MASKED
    assert (await notices(a_town))[-1].notice.masked_account == MASKED


async def test_a_program_open_to_all_is_applied_for_and_paid_like_any_other(
    a_town: Town, cards: Cards
) -> None:
    await publish(a_town, BIRTH)
    line, clerk = await a_town.channel("line"), await a_town.staff()
    await set_originator(clerk)
    program_id = await a_grant(clerk)
    mother = await a_resident(a_town, line, cards.issue(a_holder()))
    talk, stranger = Talk(line, mother.external_id), await a_stranger(a_town)
    (offered,), (to_stranger,) = await talk.offered(), await stranger.offered()

    id = await asked_for(talk, program_id, children=2)
    again = await talk.begin(program_id=program_id)
    approved = await decided(clerk, id)
    (paid_line,) = await paid(clerk, program_id)

    assert (offered.program_id, offered.needs_registration) == (program_id, False)
    assert to_stranger.needs_registration
    unregistered = await refused(stranger.begin(program_id=program_id))
    assert unregistered.reason == "CONTACT_NOT_REGISTERED"
    assert turn_id(again) == id
    assert approved.amount == paid_line.amount == 100_000
    assert approved.entitlement_id
    assert approved.reference.startswith("BIRTH-2026-")
    assert paid_line.masked_account == MASKED


@on_sqlite
async def test_nobody_is_paid_more_than_the_program_gives_or_nothing(
    a_town: Town, cards: Cards
) -> None:
    await publish(a_town, BIRTH)
    line, clerk = await a_town.channel("line"), await a_town.staff()
    program_id = await a_grant(clerk)
    three, none = [
        Talk(line, (await a_resident(a_town, line, cards.issue(a_holder()))).external_id)
        for _ in range(2)
    ]
    most = await decided(clerk, await asked_for(three, program_id, children=3))
    nothing = await refused(decided(clerk, await asked_for(none, program_id, children=0)))

    assert most.amount == 120_000
    assert (nothing.reason, nothing.metadata) == ("AMOUNT_DIFFERS", {"amount": "0", "due": "0"})


@on_sqlite
async def test_a_program_open_to_all_takes_no_list(a_town: Town, cards: Cards) -> None:
    await publish(a_town, BIRTH)
    clerk = await a_town.staff()
    program_id = await a_grant(clerk)
    file = a_roster(a_roster_row(a_holder(), 1))
    assert (await refused(import_roster(clerk, program_id, file))).reason == "ROSTER_EXISTS"


@on_sqlite
async def test_what_is_for_no_program_is_decided_and_told_with_its_reason(
    a_town: Town, cards: Cards
) -> None:
    await publish(a_town, SURVEY)
    line, clerk = await a_town.channel("line"), await a_town.staff()
    taken, refused_one = [
        Talk(line, (await a_resident(a_town, line, cards.issue(a_holder()))).external_id)
        for _ in range(2)
    ]
    first, second = await filed(taken), await filed(refused_one)
    approved = await decided(clerk, first)
    held = await clerk.ask(
        clerk.applications.GetApplication, pb.GetApplicationRequest(application_id=second)
    )
    reject = pb.RejectApplicationRequest(
        application_id=second, etag=held.application.etag, reason="定員を超えました",
        request_id=a_request_id(),
    )  # fmt: skip
    await clerk.ask(clerk.applications.RejectApplication, reject)
    told = [one.notice for one in await notices(a_town)]
    (own,) = await refused_one.own()

    assert approved.state == pb.APPLICATION_STATE_APPROVED
    assert [one.program_title for one in told] == ["満足度アンケート", "満足度アンケート"]
    assert told[1].reason == own.reason == "定員を超えました"
    assert told[0].reference == "令和8年度第1号"
