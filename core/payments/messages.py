"""Payments in the messages of the contract."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from core.banks.account import AccountType
from core.eligibility import rows as eligibility
from core.etags import etag_of
from core.payments import rows, transfers
from core.payments.rules import State
from core.wire.convert import to_date, to_timestamp
from todoke.v1 import payments_pb2 as pb

TO_STATE = {
    state: pb.TransferBatchState.Value(f"TRANSFER_BATCH_STATE_{state.name}") for state in State
}
TO_ACCOUNT_TYPE = {kind: pb.AccountType.Value(f"ACCOUNT_TYPE_{kind.name}") for kind in AccountType}
FROM_ACCOUNT_TYPE = {value: kind for kind, value in TO_ACCOUNT_TYPE.items()}


def to_pb(session: Session, batch: rows.TransferBatch) -> pb.TransferBatch:
    return to_pbs(session, batch.municipality, [batch])[0]


def to_pbs(
    session: Session, municipality: str, batches: Sequence[rows.TransferBatch]
) -> list[pb.TransferBatch]:
    """Return the messages of one page."""
    overrides = rows.overrides(session, municipality, {batch.id for batch in batches})
    titles = {
        id: eligibility.get_program(session, municipality, id).title
        for id in {batch.program_id for batch in batches}
    }
    return [
        _to_pb(batch, titles[batch.program_id], overrides.get(batch.id, [])) for batch in batches
    ]


def _to_pb(
    batch: rows.TransferBatch, title: str, overrides: Sequence[rows.Override]
) -> pb.TransferBatch:
    return pb.TransferBatch(
        batch_id=batch.id,
        program_id=batch.program_id,
        program_title=title,
        state=TO_STATE[batch.state],
        lines=batch.line_count,
        total=batch.total,
        transfer_date=to_date(batch.transfer_date),
        fingerprint=batch.fingerprint,
        findings=[
            pb.Finding(kind=one.kind, lines=one.lines, metadata=one.metadata)
            for one in batch.findings
        ],
        overrides=[
            pb.Override(staff_name=one.staff_name, reason=one.reason, time=to_timestamp(one.time))
            for one in overrides
        ],
        proposer=batch.proposer,
        approver=batch.approver,
        propose_time=to_timestamp(batch.propose_time),
        approve_time=to_timestamp(batch.approve_time),
        export_time=to_timestamp(batch.export_time),
        etag=etag_of(batch.revision),
    )


def line_to_pb(line: rows.TransferLine) -> pb.TransferLine:
    payee = transfers.payee_of(line.payee_text)
    return pb.TransferLine(
        number=line.number,
        application_id=line.application_id,
        masked_account=transfers.masked(payee),
        payee_name=payee.payee_name,
        amount=line.amount,
        payment_number=line.payment_number,
    )


def originator_to_pb(row: rows.Originator) -> pb.Originator:
    return pb.Originator(
        code=row.code,
        name=row.name,
        bank=row.bank_code,
        branch=row.branch_code,
        account_type=TO_ACCOUNT_TYPE[row.account_type],
        account_number=row.account_number,
        format=pb.BankFormat(
            line_ends=row.line_ends,
            blank_bank_names=row.blank_bank_names,
            blank_clearing_house=row.blank_clearing_house,
            wo_in_names=row.wo_in_names,
        ),
    )
