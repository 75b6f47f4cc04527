"""Makers of programs with approved applications, laid down as rows, and of the payments calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from core.applications.rows import Application
from core.applications.rules import State
from core.callers import Role
from core.eligibility import accounts
from core.eligibility.rows import Entitlement, Program, Roster
from core.eligibility.rules import Unit
from core.ids import new_id
from core.rosters.rows import AccountOnFile
from tests.makers import a_request_id
from tests.town import MUNICIPALITY, Town
from todoke.client import Core
from todoke.v1 import payments_pb2 as pb

DAY = "2026-12-10"
LAID = datetime(2026, 11, 1, tzinfo=UTC)


def an_account(number: int = 1, **changes: str) -> AccountOnFile:
    values = {
        "bank_code": "0168",
        "branch_code": "191",
        "account_type": "1",
        "account_number": f"{number:07d}",
        "account_name": "ソウジャ　タロウ",
    }
    return AccountOnFile(**values | changes)


def lay_program(
    session: Session, *, entitled: int, amount: int = 30_000, budget: int = 30_000_000,
    municipality: str = MUNICIPALITY,
) -> str:  # fmt: skip
    """Lay down a program and a roster that says how many are entitled; return the program's id."""
    program_id = new_id()
    session.add(
        Program(
            municipality=municipality, id=program_id, code=program_id[:31],
            title="物価高騰対応給付金", unit=Unit.PERSON, amount=amount, budget=budget,
            procedure_key="confirm_account", create_time=LAID,
        )
    )  # fmt: skip
    session.flush()
    session.add(
        Roster(
            municipality=municipality, id=program_id, program_id=program_id, row_count=entitled,
            total=entitled * amount, content_hash="", file_name="", encoding="", import_time=LAID,
            freeze_time=LAID,
        )
    )  # fmt: skip
    session.flush()
    return program_id


def approve_one(
    session: Session, program_id: str, account: AccountOnFile | None, *, amount: int = 30_000,
    municipality: str = MUNICIPALITY,
) -> str:  # fmt: skip
    """Lay down somebody entitled whose application is approved; return its id."""
    entitlement_id, application_id = new_id(), new_id()
    session.add(
        Entitlement(
            municipality=municipality, id=entitlement_id, program_id=program_id,
            roster_id=program_id, reference="1", reference_index=entitlement_id.encode(),
            household="", name="総社　太郎", kana="", birth_date="1950-04-12", sex="1",
            postal_code="", address="", amount=amount, suppressed=False,
            account_text=accounts.to_text(account) if account else None,
        )
    )  # fmt: skip
    session.add(
        Application(
            municipality=municipality, id=application_id, program_id=program_id,
            entitlement_id=entitlement_id, resident_id=new_id(), state=State.APPROVED,
            procedure_key="confirm_account", procedure_version=1, amount=amount,
            invite_time=LAID, submit_time=LAID, decide_time=LAID,
        )
    )  # fmt: skip
    session.flush()
    return application_id


@dataclass
class Office:
    """The people of a town who pay, and a program with approved applications."""

    town: Town
    program_id: str
    proposer: Core
    approver: Core
    second: Core

    async def propose(self, by: Core | None = None, **changes: str) -> pb.TransferBatch:
        by = by or self.proposer
        values = {
            "program_id": self.program_id,
            "transfer_date": DAY,
            "request_id": a_request_id(),
        }
        request = pb.ProposeTransferBatchRequest(**values | changes)
        return (await by.ask(by.payments.ProposeTransferBatch, request)).batch

    async def override(
        self, batch: pb.TransferBatch, by: Core, reason: str = "世帯の口座である"
    ) -> pb.TransferBatch:
        request = pb.OverrideFindingsRequest(
            batch_id=batch.batch_id, reason=reason, etag=batch.etag, request_id=a_request_id()
        )
        return (await by.ask(by.payments.OverrideFindings, request)).batch

    async def approve(self, batch: pb.TransferBatch, by: Core | None = None) -> pb.TransferBatch:
        by = by or self.approver
        request = pb.ApproveTransferBatchRequest(
            batch_id=batch.batch_id, etag=batch.etag, request_id=a_request_id()
        )
        return (await by.ask(by.payments.ApproveTransferBatch, request)).batch

    async def cancel(self, batch: pb.TransferBatch, by: Core | None = None) -> pb.TransferBatch:
        by = by or self.proposer
        request = pb.CancelTransferBatchRequest(
            batch_id=batch.batch_id, reason="日を改める", etag=batch.etag, request_id=a_request_id()
        )
        return (await by.ask(by.payments.CancelTransferBatch, request)).batch

    async def export(
        self, batch: pb.TransferBatch, by: Core | None = None, request_id: str = ""
    ) -> tuple[pb.ExportedFile, list[bytes]]:
        """Return what the file is said to be, and its chunks."""
        by = by or self.proposer
        request = pb.ExportTransferBatchRequest(
            batch_id=batch.batch_id, request_id=request_id or a_request_id()
        )
        parts = [part async for part in by.watch(by.payments.ExportTransferBatch, request)]
        assert [part.WhichOneof("part") for part in parts[:1]] == ["file"]
        return parts[0].file, [part.chunk for part in parts[1:]]

    async def get(self, batch: pb.TransferBatch) -> pb.TransferBatch:
        request = pb.GetTransferBatchRequest(batch_id=batch.batch_id)
        by = self.proposer
        return (await by.ask(by.payments.GetTransferBatch, request)).batch

    async def lines(self, batch: pb.TransferBatch) -> list[pb.TransferLine]:
        request = pb.ListTransferLinesRequest(batch_id=batch.batch_id, page_size=200)
        by = self.proposer
        return list((await by.ask(by.payments.ListTransferLines, request)).lines)

    async def approve_more(self, *held: AccountOnFile | None, amount: int = 30_000) -> list[str]:
        def work(session: Session) -> list[str]:
            return [approve_one(session, self.program_id, one, amount=amount) for one in held]

        return await self.town.running.db.write(work)

    async def states(self) -> list[State]:
        """Return the applications' states, oldest first."""

        def work(session: Session) -> list[State]:
            query = session.query(Application).order_by(Application.id)
            return [row.state for row in query]

        return await self.town.read(work)


def an_originator(**changes) -> pb.Originator:
    values = {
        "code": "0123456789", "name": "ソウジャシ カイケイカンリシャ", "bank": "0168",
        "branch": "191", "account_type": pb.ACCOUNT_TYPE_ORDINARY, "account_number": "1234",
    }  # fmt: skip
    return pb.Originator(**values | changes)


async def set_originator(by: Core, request_id: str = "", **changes) -> pb.Originator:
    request = pb.SetOriginatorRequest(
        originator=an_originator(**changes), request_id=request_id or a_request_id()
    )
    return (await by.ask(by.payments.SetOriginator, request)).originator


async def an_office(
    town: Town, held: Sequence[AccountOnFile | None] = (), *, entitled: int = 10, **program: int
) -> Office:
    """Return an office with an originator and an approved application for each account."""

    def work(session: Session) -> str:
        return lay_program(session, entitled=entitled, **program)

    office = Office(
        town,
        await town.running.db.write(work),
        await town.staff(Role.PAYMENT_PROPOSER, name="sato"),
        await town.staff(Role.PAYMENT_APPROVER, name="kato"),
        await town.staff(Role.PAYMENT_PROPOSER, Role.PAYMENT_APPROVER, name="mori"),
    )
    await set_originator(office.proposer)
    await office.approve_more(*held)
    return office
