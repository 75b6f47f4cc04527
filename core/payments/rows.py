"""The originator, transfer batches with their lines and overrides, and every query of them."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ColumnElement,
    Date,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    UniqueConstraint,
    column,
    func,
    insert,
    select,
    table,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.applications.rows import Application
from core.banks.account import AccountType
from core.crypto import Sealed, SealedColumn
from core.db import Instant, Row
from core.payments.findings import Earlier, Finding, Kind
from core.payments.rules import BatchUnknown, State

PAYEES = "transfer_lines.payee_text"
ACCOUNTS = "transfer_lines.account_index"


class Originator(Row):
    """The account that a city pays from, and its bank's ways.

    `last_serial` numbers the city's batches: who takes the next one locks this row, so that a city
    proposes one batch at a time.
    """

    __tablename__ = "originators"
    __table_args__ = (ForeignKeyConstraint(["municipality"], ["municipalities.municipality"]),)

    municipality: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str]
    name: Mapped[str]
    bank_code: Mapped[str]
    branch_code: Mapped[str]
    account_type: Mapped[AccountType]
    account_number: Mapped[str] = mapped_column(Sealed("originators.account_number"))
    line_ends: Mapped[bool]
    blank_bank_names: Mapped[bool]
    blank_clearing_house: Mapped[bool]
    wo_in_names: Mapped[bool]
    last_serial: Mapped[int] = mapped_column(BigInteger, default=0)


class TransferBatch(Row):
    """A bank file. `order_text` is who orders it, as it was when proposed; `total` is in yen.

    Once exported, its fingerprint is taken for ever.
    """

    __tablename__ = "transfer_batches"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "program_id"], ["programs.municipality", "programs.id"]
        ),
        CheckConstraint("approver_id <> proposer_id", name="approver_is_another"),
        CheckConstraint("line_count > 0 AND total > 0", name="pays"),
        Index(None, "municipality", "program_id", "id"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    program_id: Mapped[str]
    state: Mapped[State]
    line_count: Mapped[int]
    total: Mapped[int] = mapped_column(BigInteger)
    transfer_date: Mapped[date] = mapped_column(Date)
    fingerprint: Mapped[str]
    findings_json: Mapped[list[dict[str, Any]]] = mapped_column(
        JSON().with_variant(JSONB(), "postgresql")
    )
    order_text: Mapped[str] = mapped_column(Sealed("transfer_batches.order_text"))
    proposer_id: Mapped[str]
    proposer: Mapped[str]
    propose_time: Mapped[datetime] = mapped_column(Instant)
    approver_id: Mapped[str | None] = mapped_column(default=None)
    approver: Mapped[str] = mapped_column(default="")
    approve_time: Mapped[datetime | None] = mapped_column(Instant, default=None)
    export_time: Mapped[datetime | None] = mapped_column(Instant, default=None)
    sha256: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=1)

    @property
    def findings(self) -> list[Finding]:
        return [
            Finding(Kind(one["kind"]), tuple(one["lines"]), one["metadata"])
            for one in self.findings_json
        ]


class TransferLine(Row):
    """One payment. It is live, and holds its entitlement, until its batch is cancelled.

    `account_index` is blind: it finds equal accounts and tells none.
    """

    __tablename__ = "transfer_lines"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "batch_id"], ["transfer_batches.municipality", "transfer_batches.id"]
        ),
        ForeignKeyConstraint(
            ["municipality", "application_id"], ["applications.municipality", "applications.id"]
        ),
        ForeignKeyConstraint(
            ["municipality", "entitlement_id"], ["entitlements.municipality", "entitlements.id"]
        ),
        UniqueConstraint("municipality", "payment_number"),
        CheckConstraint("amount > 0", name="pays"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    batch_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[str]
    entitlement_id: Mapped[str]
    amount: Mapped[int] = mapped_column(BigInteger)
    payee_text: Mapped[str] = mapped_column(Sealed(PAYEES))
    account_index: Mapped[bytes]
    payment_number: Mapped[str]
    live: Mapped[bool] = mapped_column(default=True)


class Override(Row):
    """One person's reason for going on in spite of the findings; `number` is their order."""

    __tablename__ = "transfer_overrides"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "batch_id"], ["transfer_batches.municipality", "transfer_batches.id"]
        ),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    batch_id: Mapped[str] = mapped_column(primary_key=True)
    staff_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]
    staff_name: Mapped[str]
    reason: Mapped[str] = mapped_column(Sealed("transfer_overrides.reason"))
    time: Mapped[datetime] = mapped_column(Instant)


LIVE = TransferLine.live.is_(True)
EXPORTED = TransferBatch.export_time.is_not(None)

for _name, _column in (
    ("uq_transfer_lines_live_entitlement", TransferLine.entitlement_id),
    ("uq_transfer_lines_live_application", TransferLine.application_id),
):
    Index(
        _name,
        TransferLine.municipality,
        _column,
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )
Index(
    "uq_transfer_batches_exported",
    TransferBatch.municipality,
    TransferBatch.fingerprint,
    unique=True,
    sqlite_where=EXPORTED,
    postgresql_where=EXPORTED,
)


# Takes values that are sealed already, so that no writer waits while a whole batch is sealed.
_SEALED_LINES = table(
    TransferLine.__tablename__,
    *(
        column(one.name, LargeBinary() if isinstance(one.type, SealedColumn) else one.type)
        for one in TransferLine.__table__.columns
    ),
)


def lock_originator(session: Session, municipality: str) -> Originator | None:
    """Return the originator, so that nobody else proposes or changes it meanwhile."""
    return session.get(Originator, municipality, with_for_update=True)


def get(session: Session, municipality: str, id: str, *, lock: bool = False) -> TransferBatch:
    """Return the batch, locked where it is to be changed; or raise BatchUnknown."""
    batch = session.get(TransferBatch, (municipality, id), with_for_update=lock or None)
    if batch is None:
        raise BatchUnknown(f"there is no transfer batch {id}")
    return batch


def page(
    session: Session, municipality: str, *, program_id: str, before: str, limit: int
) -> list[TransferBatch]:
    """Newest first, older than the id `before`; of one program, or of all."""
    query = select(TransferBatch).where(TransferBatch.municipality == municipality)
    if program_id:
        query = query.where(TransferBatch.program_id == program_id)
    if before:
        query = query.where(TransferBatch.id < before)
    return list(session.scalars(query.order_by(TransferBatch.id.desc()).limit(limit)))


def find_exported(session: Session, municipality: str, fingerprint: str) -> TransferBatch | None:
    """Return the batch of this content that was exported."""
    query = select(TransferBatch).where(
        TransferBatch.municipality == municipality,
        TransferBatch.fingerprint == fingerprint,
        EXPORTED,
    )
    return session.scalars(query).one_or_none()


def lines(
    session: Session, batch: TransferBatch, *, after: int = 0, limit: int | None = None
) -> list[TransferLine]:
    """In the order of the file, after the line of this number."""
    query = select(TransferLine).where(*_of(batch), TransferLine.number > after)
    return list(session.scalars(query.order_by(TransferLine.number).limit(limit)))


def add_lines(session: Session, values: Sequence[dict[str, Any]]) -> None:
    """Insert rows whose payees are sealed already."""
    session.execute(insert(_SEALED_LINES), values)


def free_lines(session: Session, batch: TransferBatch) -> None:
    """Let the entitlements of a batch be paid by another."""
    session.execute(
        update(TransferLine)
        .where(*_of(batch))
        .values(live=False)
        .execution_options(synchronize_session=False)
    )


def applications(session: Session, batch: TransferBatch) -> list[Application]:
    """Return what the batch pays, oldest first, locked."""
    query = (
        select(Application)
        .join(
            TransferLine,
            (TransferLine.municipality == Application.municipality)
            & (TransferLine.application_id == Application.id),
        )
        .where(*_of(batch))
    )
    locked = query.order_by(Application.id).with_for_update(of=Application)
    return list(session.scalars(locked.execution_options(populate_existing=True)))


def earlier(session: Session, municipality: str, program_id: str) -> Earlier:
    """Return what the program's live lines add up to."""
    batches = select(TransferBatch.id).where(
        TransferBatch.municipality == municipality, TransferBatch.program_id == program_id
    )
    live = (TransferLine.municipality == municipality, LIVE, TransferLine.batch_id.in_(batches))
    figures = select(func.count(), func.coalesce(func.sum(TransferLine.amount), 0))
    count, total = session.execute(figures.where(*live)).one()
    accounts = session.scalars(select(TransferLine.account_index).where(*live))
    return Earlier(lines=count, total=int(total), accounts=frozenset(accounts))


def overrides(
    session: Session, municipality: str, batch_ids: Collection[str]
) -> dict[str, list[Override]]:
    """Return who overrode which batch's findings, in their order."""
    query = select(Override).where(
        Override.municipality == municipality, Override.batch_id.in_(batch_ids)
    )
    found: dict[str, list[Override]] = {}
    for override in session.scalars(query.order_by(Override.number)):
        found.setdefault(override.batch_id, []).append(override)
    return found


def _of(batch: TransferBatch) -> tuple[ColumnElement[bool], ...]:
    return TransferLine.municipality == batch.municipality, TransferLine.batch_id == batch.id
