"""Applications whose rows leave the roster are held until staff decide, and nobody pays them."""

from dataclasses import dataclass, field

from core.callers import Role
from tests.cards import Cards, a_holder
from tests.core.eligibility.makers import a_file, a_program, a_row, upload
from tests.core.eligibility.test_replace import refused, replaced
from tests.core.payments.batches import DAY, set_originator
from tests.makers import Registered, a_request_id, a_resident, match_and_invite
from tests.town import Town, on_sqlite
from todoke.client import Core
from todoke.v1 import applications_pb2 as pb
from todoke.v1 import eligibility_pb2, payments_pb2, rosters_pb2

ANOTHER = a_holder(name="総社　別人")
SUBMITTED, APPROVED = pb.APPLICATION_STATE_SUBMITTED, pb.APPLICATION_STATE_APPROVED


@dataclass
class Case:
    """A program whose residents were invited, by reference, and who has to do with them."""

    line: Core
    clerk: Core
    payer: Core
    approver: Core
    program: eligibility_pb2.Program
    residents: dict[str, Registered]
    rows: dict[str, str]
    ids: dict[str, str] = field(default_factory=dict)

    async def listed(self, **of) -> dict[str, pb.Application]:
        request = pb.ListApplicationsRequest(**of)
        answer = await self.clerk.ask(self.clerk.applications.ListApplications, request)
        assert answer.total_size == len(answer.applications)
        return {one.reference: one for one in answer.applications}

    async def file(self, *references: str) -> None:
        for reference in references:
            request = pb.AnswerPromptRequest(
                external_id=self.residents[reference].external_id,
                application_id=(await self.listed())[reference].application_id,
                step="confirm", choice="confirmed", request_id=a_request_id(),
            )  # fmt: skip
            await self.line.ask(self.line.applications.AnswerPrompt, request)

    async def decide(self, verb: str, reference: str, **words: str) -> pb.Application:
        row = (await self.listed())[reference]
        request = getattr(pb, f"{verb}ApplicationRequest")(
            application_id=row.application_id, etag=row.etag, request_id=a_request_id(), **words
        )
        ask = getattr(self.clerk.applications, f"{verb}Application")
        return (await self.clerk.ask(ask, request)).application

    async def replace(self, *references: str) -> rosters_pb2.RosterDifference:
        file = a_file(*(self.rows[one] for one in references), a_row(ANOTHER, "9"))
        looked = (await replaced(self.clerk, self.program, file)).result.difference
        await replaced(self.clerk, self.program, file, difference_hash=looked.difference_hash)
        return looked

    async def propose(self) -> payments_pb2.TransferBatch:
        request = payments_pb2.ProposeTransferBatchRequest(
            program_id=self.program.program_id, transfer_date=DAY, request_id=a_request_id()
        )
        return (await self.payer.ask(self.payer.payments.ProposeTransferBatch, request)).batch

    async def release(self, batch: payments_pb2.TransferBatch) -> payments_pb2.TransferBatch:
        request = payments_pb2.ApproveTransferBatchRequest(
            batch_id=batch.batch_id, etag=batch.etag, request_id=a_request_id()
        )
        ask = self.approver.payments.ApproveTransferBatch
        return (await self.approver.ask(ask, request)).batch


async def a_case(town: Town, cards: Cards, *references: str) -> Case:
    line, clerk = await town.channel(), await town.staff()
    payer = await town.staff(Role.PAYMENT_PROPOSER, name="sato")
    approver = await town.staff(Role.PAYMENT_APPROVER, name="kato")
    program = await a_program(clerk)
    residents, rows = {}, {}
    for reference in references:
        holder = a_holder()
        residents[reference] = await a_resident(town, line, cards.issue(holder))
        account = f"0168,191,普通,{1000000 + int(reference)},ソウジヤ タロウ"
        rows[reference] = a_row(holder, reference, account=account)
    await upload(clerk, program, a_file(*rows.values()))
    await match_and_invite(clerk, program.program_id)
    await set_originator(payer)
    return Case(line, clerk, payer, approver, program, residents, rows)


async def test_what_is_filed_or_approved_comes_before_staff_and_is_not_paid(
    a_town: Town, cards: Cards
) -> None:
    case = await a_case(a_town, cards, "1", "2", "3", "4")
    await case.file("1", "2", "4")
    await case.decide("Approve", "1")
    await case.decide("Approve", "4")

    looked = await case.replace("4")

    assert dict(looked.applications_left) == {"approved": 1, "submitted": 1, "invited": 1}
    held = await case.listed(held=True)
    assert {reference: (one.state, one.left_version) for reference, one in held.items()} == {
        "1": (APPROVED, 2),
        "2": (SUBMITTED, 2),
    }
    assert (await case.listed())["3"].state == pb.APPLICATION_STATE_WITHDRAWN
    refusal = await refused(case.decide("Approve", "2"))
    assert (refusal.reason, refusal.metadata["version"]) == ("LEFT_ROSTER", "2")
    assert (await case.propose()).lines == 1
    nothing = await refused(case.propose())
    assert (nothing.reason, nothing.metadata["held"]) == ("NOTHING_TO_PAY", "1")


async def test_staff_let_an_application_stand_or_reject_it_though_it_was_approved(
    a_town: Town, cards: Cards
) -> None:
    case = await a_case(a_town, cards, "1", "2", "3")
    await case.file("1", "2", "3")
    await case.decide("Approve", "1")
    await case.decide("Approve", "3")
    await case.replace()

    kept = await case.decide("Keep", "2", reason="基準日には名簿にあった")
    approved = await case.decide("Approve", "2")
    await case.decide("Keep", "3", reason="基準日には名簿にあった")
    rejected = await case.decide("Reject", "1", reason="基準日に転出していた")

    assert (kept.left_version, kept.kept_by, kept.state) == (2, "staff1", SUBMITTED)
    assert approved.state == APPROVED
    assert rejected.state == pb.APPLICATION_STATE_REJECTED
    assert await case.listed(held=True) == {}
    assert (await case.propose()).lines == 2
    again = await refused(case.decide("Keep", "2", reason="もう一度"))
    assert again.reason == "WRONG_STATE"


async def test_a_batch_with_one_that_left_is_neither_released_nor_given_out(
    a_town: Town, cards: Cards
) -> None:
    case = await a_case(a_town, cards, "1", "2")
    await case.file("1", "2")
    await case.decide("Approve", "1")
    batch = await case.propose()
    await case.decide("Approve", "2")

    await case.replace("2")

    held = await refused(case.release(batch))
    assert (held.reason, held.metadata["count"]) == ("LEFT_ROSTER", "1")
    await case.decide("Keep", "1", reason="基準日には名簿にあった")
    assert (await case.release(batch)).state == payments_pb2.TRANSFER_BATCH_STATE_APPROVED


@on_sqlite
async def test_a_released_batch_is_not_given_out_while_one_is_held(
    a_town: Town, cards: Cards
) -> None:
    case = await a_case(a_town, cards, "1")
    await case.file("1")
    await case.decide("Approve", "1")
    batch = await case.release(await case.propose())
    await case.replace()

    async def exported() -> list[payments_pb2.ExportTransferBatchResponse]:
        request = payments_pb2.ExportTransferBatchRequest(
            batch_id=batch.batch_id, request_id=a_request_id()
        )
        parts = case.payer.watch(case.payer.payments.ExportTransferBatch, request)
        return [part async for part in parts]

    assert (await refused(exported())).reason == "LEFT_ROSTER"
    await case.decide("Keep", "1", reason="基準日には名簿にあった")
    assert await exported()


@on_sqlite
async def test_who_is_back_on_the_list_is_held_no_longer_but_matched_by_a_person(
    a_town: Town, cards: Cards
) -> None:
    case = await a_case(a_town, cards, "1", "2")
    await case.file("1", "2")
    await case.replace("2")
    assert set(await case.listed(held=True)) == {"1"}
    await case.replace()
    assert {one: row.left_version for one, row in (await case.listed()).items()} == {"1": 2, "2": 3}

    await case.replace("1", "2")

    assert await case.listed(held=True) == {}
    assert (await refused(case.decide("Approve", "1"))).reason == "WRONG_STATE"
