"""The two people of payments: one proposes the batch, the other releases it and takes the file."""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from channels.demo.steady import SteadyCore
from channels.demo.teller import Teller
from channels.demo.wording import Words
from channels.simulators.city.banks import near_banks
from todoke.client import CoreError
from todoke.v1.payments_pb2 import (
    ACCOUNT_TYPE_ORDINARY,
    ApproveTransferBatchRequest,
    ExportTransferBatchRequest,
    Originator,
    ProposeTransferBatchRequest,
    SetOriginatorRequest,
    TransferBatch,
)

# Banks want the file some business days before; then the first day that is none of their holidays.
DAYS_AHEAD = 7
MOST_DAYS_TRIED = 14


class NoTransferDay(Exception):  # noqa: N818 - named for the event, not as an error.
    """No day of two weeks was accepted as a transfer date."""


class ExportBroken(Exception):  # noqa: N818 - named for the event, not as an error.
    """The bytes of the bank file are not those that were announced."""


@dataclass(frozen=True, slots=True)
class Exported:
    """The bank file, and where it was put."""

    batch: TransferBatch
    path: Path
    content: bytes


async def propose(
    desk: SteadyCore, *, program_id: str, today: date, teller: Teller, words: Words
) -> TransferBatch:
    """Set the city's account, and take all that is approved into a batch."""
    with teller.step("propose") as step:
        batch = await proposed(desk, program_id=program_id, today=today, words=words)
        step.reach(batch.lines)
    return batch


async def proposed(
    desk: SteadyCore, *, program_id: str, today: date, words: Words
) -> TransferBatch:
    payments = desk.core.payments
    bank, branches, _ = near_banks()[0]
    originator = Originator(
        code="1234567890",
        name=words("program", "originator"),
        bank=bank,
        branch=branches[0],
        account_type=ACCOUNT_TYPE_ORDINARY,
        account_number="1000001",
    )
    set_it = SetOriginatorRequest(originator=originator, request_id="demo:originator")
    await desk.ask(payments.SetOriginator, set_it)
    for days in range(DAYS_AHEAD, DAYS_AHEAD + MOST_DAYS_TRIED):
        day = today + timedelta(days=days)
        request = ProposeTransferBatchRequest(
            program_id=program_id,
            transfer_date=day.isoformat(),
            request_id=f"demo:propose:{program_id[-12:]}:{day}",
        )
        try:
            return (await desk.ask(payments.ProposeTransferBatch, request)).batch
        except CoreError as error:
            if error.reason != "TRANSFER_DATE_REFUSED":
                raise
    raise NoTransferDay


async def release(desk: SteadyCore, batch: TransferBatch, teller: Teller) -> TransferBatch:
    """Approve what the other proposed."""
    with teller.step("release") as step:
        approved = await released(desk, batch)
        step.reach(approved.lines)
    return approved


async def released(desk: SteadyCore, batch: TransferBatch) -> TransferBatch:
    request = ApproveTransferBatchRequest(
        batch_id=batch.batch_id, etag=batch.etag, request_id=f"demo:release:{batch.batch_id}"
    )
    return (await desk.ask(desk.core.payments.ApproveTransferBatch, request)).batch


async def export(desk: SteadyCore, batch: TransferBatch, folder: Path, teller: Teller) -> Exported:
    """Save the bank file. Raises ExportBroken."""
    with teller.step("export") as step:
        saved = await exported(desk, batch, folder)
        step.reach(saved.batch.lines)
    return saved


async def exported(desk: SteadyCore, batch: TransferBatch, folder: Path) -> Exported:
    request = ExportTransferBatchRequest(
        batch_id=batch.batch_id, request_id=f"demo:export:{batch.batch_id}"
    )

    async def download() -> Exported:
        content, name, sha256 = bytearray(), "", ""
        given = batch
        method = desk.core.payments.ExportTransferBatch
        async for part in desk.core.watch(method, request):
            if part.HasField("file"):
                given = part.file.batch
                name, sha256 = part.file.file_name, part.file.sha256
            else:
                content += part.chunk
        if hashlib.sha256(content).hexdigest() != sha256:
            raise ExportBroken(f"{name}: the SHA-256 is another than {sha256}")
        # Only the last part of the name: it comes from elsewhere.
        return Exported(given, folder / Path(name).name, bytes(content))

    saved = await desk.until_answered(download)
    saved.path.write_bytes(saved.content)
    return saved
