"""What can be done with transfer batches once proposed, and with the account the city pays from."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from core import events
from core.applications import paying
from core.applications.rules import LeftRoster
from core.banks import account as accounts
from core.banks import bank_master, payee_name
from core.callers import Caller
from core.etags import check_etag
from core.my_number import refuse_my_number
from core.payments import findings, held_rows, rows, rules, transfers
from core.payments.rules import Verb
from core.payments.transfers import Order
from core.payments.zengin import records


def set_originator(
    session: Session,
    by: Caller,
    *,
    originator: records.Originator,
    format: records.BankFormat,
    now: datetime,
) -> rows.Originator:
    """Set the account that the city pays from; its codes are read, and its names come anew.

    Raises BankUnknown, BranchUnknown, AccountInvalid and IllegalCharacter.
    """
    branch = _branch(originator.bank_code, originator.branch_code)
    number = accounts.account_number(originator.account_number, field="originator.account_number")
    name = payee_name.fold(originator.name, wo=format.wo, field="originator.name")
    before = rows.lock_originator(session, by.municipality)
    kept = rows.Originator(
        municipality=by.municipality,
        code=originator.code,
        name=name,
        bank_code=branch.bank.code,
        branch_code=branch.code,
        account_type=originator.account_type,
        account_number=number,
        line_ends=format.line_end is records.LineEnd.CRLF,
        blank_bank_names=not format.bank_names,
        blank_clearing_house=format.clearing_house == " ",
        wo_in_names=format.wo,
        last_serial=before.last_serial if before else 0,
    )
    kept = session.merge(kept)
    details = {"code": kept.code, "bank": kept.bank_code, "branch": kept.branch_code}
    events.record(session, by, "originator.set", by.municipality, now, details=details)
    return kept


def override(
    session: Session, by: Caller, *, id: str, etag: str, reason: str, now: datetime
) -> rows.TransferBatch:
    """Take one person's reason for going on in spite of the findings."""
    refuse_my_number(reason, field="reason")
    batch = _locked(session, by, id, etag)
    rules.move(batch.state, Verb.OVERRIDE)
    rules.check_has_findings(_kinds(batch))
    overrode = _overrode(session, batch)
    rules.check_override(by.id, proposer_id=batch.proposer_id, overrode=overrode)
    session.add(
        rows.Override(
            municipality=batch.municipality,
            batch_id=batch.id,
            staff_id=by.id,
            number=len(overrode) + 1,
            staff_name=by.name,
            reason=reason,
            time=now,
        )
    )
    batch.revision += 1
    record(session, by, batch, "overridden", now, reason=reason)
    return batch


def approve(
    session: Session, by: Caller, *, id: str, etag: str, now: datetime
) -> rows.TransferBatch:
    """Release a batch for the bank."""
    batch = _locked(session, by, id, etag)
    state = rules.move(batch.state, Verb.APPROVE)
    rules.check_approver(by.id, proposer_id=batch.proposer_id)
    rules.check_overridden(_kinds(batch), _overrode(session, batch))
    rules.check_transfer_date(batch.transfer_date, now)
    check_not_exported(session, batch)
    _check_none_held(session, batch)
    batch.state = state
    batch.approver_id, batch.approver, batch.approve_time = by.id, by.name, now
    batch.revision += 1
    record(session, by, batch, "approved", now)
    return batch


def cancel(
    session: Session, by: Caller, *, id: str, etag: str, reason: str, now: datetime
) -> rows.TransferBatch:
    """Let the applications of a batch wait for another; never once its file was given out."""
    refuse_my_number(reason, field="reason")
    batch = _locked(session, by, id, etag)
    batch.state = rules.move(batch.state, Verb.CANCEL)
    batch.revision += 1
    for application in rows.applications(session, batch):
        paying.take_out_of_batch(session, by, application, now)
    rows.free_lines(session, batch)
    record(session, by, batch, "cancelled", now, reason=reason)
    return batch


def to_export(
    session: Session, by: Caller, *, id: str
) -> tuple[rows.TransferBatch, list[rows.TransferLine]]:
    """Return what the file is made of; raise WrongState where it may not be given out."""
    batch = rows.get(session, by.municipality, id)
    rules.move(batch.state, Verb.EXPORT)
    return batch, rows.lines(session, batch)


def bank_file(batch: rows.TransferBatch, lines: Sequence[rows.TransferLine]) -> bytes:
    """Return the bytes of the file: the same ones every time, for nothing of them changes."""
    orders = [
        transfers.transfer(
            transfers.payee_of(line.payee_text),
            amount=line.amount,
            payment_number=line.payment_number,
        )
        for line in lines
    ]
    return transfers.bank_file(Order.of(batch.order_text), orders, batch.transfer_date)


class FileDiffers(Exception):  # noqa: N818 - named for the event, as refusals are
    """The file of an exported batch would not be the one that was given out before."""


def export(
    session: Session, by: Caller, *, id: str, sha256: str, now: datetime
) -> rows.TransferBatch:
    """Say that the file of this digest may go out; the first time, mark the batch.

    Raises FileDiffers where an earlier file was another: something changed what nothing may.
    """
    batch = rows.get(session, by.municipality, id, lock=True)
    state = rules.move(batch.state, Verb.EXPORT)
    if batch.export_time is None:
        rules.check_transfer_date(batch.transfer_date, now)
        check_not_exported(session, batch)
        _check_none_held(session, batch)
        batch.state = state
        batch.export_time, batch.sha256 = now, sha256
        batch.revision += 1
        record(session, by, batch, "exported", now)
    elif batch.sha256 != sha256:
        raise FileDiffers(f"the file of batch {id} differs from the one exported before")
    return batch


def downloaded(session: Session, by: Caller, *, id: str, sha256: str, now: datetime) -> None:
    """Write down that somebody took the file."""
    events.record(session, by, "batch.downloaded", id, now, details={"sha256": sha256})


def viewed_lines(
    session: Session, by: Caller, *, id: str, after: int, limit: int, now: datetime
) -> list[rows.TransferLine]:
    """Return lines of a batch to a person, and write down that they looked."""
    batch = rows.get(session, by.municipality, id)
    found = rows.lines(session, batch, after=after, limit=limit)
    details = {"after": str(after), "lines": str(len(found))}
    events.record(session, by, "batch.lines_viewed", batch.id, now, details=details)
    return found


def file_name(batch: rows.TransferBatch) -> str:
    """Return a name that no other batch's file has."""
    return f"furikomi-{batch.transfer_date:%Y%m%d}-{batch.id.rpartition('-')[2]}.txt"


def _branch(bank_code: str, branch_code: str) -> bank_master.Branch:
    """Return the originator's branch; its refusals name the originator's fields."""
    try:
        return bank_master.branch(bank_code, branch_code)
    except (bank_master.BankUnknown, bank_master.BranchUnknown) as unknown:
        of_branch = isinstance(unknown, bank_master.BranchUnknown)
        field = "originator.branch" if of_branch else "originator.bank"
        unknown.violations = [(field, str(unknown))]
        raise


def check_not_exported(session: Session, batch: rows.TransferBatch) -> None:
    """Raise BatchAlreadyExported where content like the batch's was given out before."""
    exported = rows.find_exported(session, batch.municipality, batch.fingerprint)
    if exported is not None:
        raise rules.BatchAlreadyExported(
            "a batch of equal content was exported: paying it again would pay twice",
            batchId=exported.id,
        )


def _check_none_held(session: Session, batch: rows.TransferBatch) -> None:
    """Raise LeftRoster where the batch pays for a row that left the roster, and nobody decided."""
    held = held_rows.count(session, batch)
    if held:
        raise LeftRoster(
            f"the rows of {held} of the batch left the roster: keep their applications, or cancel "
            "the batch",
            count=str(held),
        )


def _locked(session: Session, by: Caller, id: str, etag: str) -> rows.TransferBatch:
    batch = rows.get(session, by.municipality, id, lock=True)
    check_etag(batch.revision, etag)
    return batch


def _kinds(batch: rows.TransferBatch) -> list[findings.Kind]:
    return [finding.kind for finding in batch.findings]


def _overrode(session: Session, batch: rows.TransferBatch) -> list[str]:
    kept = rows.overrides(session, batch.municipality, [batch.id]).get(batch.id, [])
    return [override.staff_id for override in kept]


def record(
    session: Session,
    by: Caller,
    batch: rows.TransferBatch,
    what: str,
    now: datetime,
    *,
    reason: str | None = None,
) -> None:
    """Put what happened to a batch into the log."""
    details = {
        "program": batch.program_id,
        "state": str(batch.state),
        "lines": str(batch.line_count),
        "total": str(batch.total),
        "fingerprint": batch.fingerprint,
        "findings": " ".join(_kinds(batch)),
        "sha256": batch.sha256,
    }
    events.record(session, by, f"batch.{what}", batch.id, now, details=details, reason=reason)
