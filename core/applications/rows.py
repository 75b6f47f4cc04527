"""Applications, and every query of them."""

import json
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ForeignKeyConstraint,
    Index,
    Table,
    UniqueConstraint,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column

from core.ahead import held, hold
from core.applications.rules import DEAD, WITH_THE_RESIDENT, ApplicationUnknown, Source, State
from core.crypto import Sealed
from core.db import Instant, Json, Row
from core.eligibility.rows import Entitlement


class Application(Row):
    """What somebody files, with the conversation's answers so far.

    Empty are `program_id` and `entitlement_id` where it is for none, `resident_id` where nobody
    registered speaks, and `contact_id` unless somebody speaks who is not registered.
    `left_version` is the version of the roster with which its row was gone, `kept_by` who let it
    stand in spite of that; while nobody did, it is held.
    """

    __tablename__ = "applications"
    __table_args__ = (
        ForeignKeyConstraint(["municipality"], ["municipalities.municipality"]),
        Index(None, "municipality", "program_id", "state"),
        Index(None, "municipality", "procedure_key", "state"),
        Index(None, "municipality", "resident_id"),
        Index(None, "municipality", "contact_id"),
        Index(None, "municipality", "state", "expire_time"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    program_id: Mapped[str]
    entitlement_id: Mapped[str]
    resident_id: Mapped[str]
    state: Mapped[State]
    procedure_key: Mapped[str]
    procedure_version: Mapped[int]
    amount: Mapped[int]
    invite_time: Mapped[datetime] = mapped_column(Instant)
    """When it was invited or begun."""
    contact_id: Mapped[str] = mapped_column(default="")
    once_key: Mapped[str] = mapped_column(default="")
    """Equal for applications of which one may be live at a time, beside their entitlement."""
    answers_json: Mapped[str] = mapped_column(Sealed("applications.answers"), default="{}")
    filed_json: Mapped[str | None] = mapped_column(Sealed("applications.filed"), default=None)
    """The answers as they were filed the last time."""
    values_json: Mapped[str | None] = mapped_column(Sealed("applications.values"), default=None)
    """What the calculations came to when it was filed."""
    before_json: Mapped[str | None] = mapped_column(Sealed("applications.before"), default=None)
    """What was filed before it was sent back, and which steps were to be mended."""
    payee_json: Mapped[str | None] = mapped_column(Sealed("applications.payee"), default=None)
    """The account to pay into where it is not the roster's."""
    reopened_step: Mapped[str] = mapped_column(default="")
    """The step that somebody went back to."""
    returned_with: Mapped[str] = mapped_column(Sealed("applications.returned_with"), default="")
    returned_steps: Mapped[list[str]] = mapped_column(Json, default_factory=list)
    """The steps that staff asked to be mended; empty means all."""
    mended_steps: Mapped[list[str]] = mapped_column(Json, default_factory=list)
    """Those of them that were answered since."""
    checked: Mapped[list[str]] = mapped_column(Json, default_factory=list)
    assignee_id: Mapped[str] = mapped_column(default="")
    source: Mapped[Source | None] = mapped_column(default=None)
    receive_date: Mapped[date | None] = mapped_column(default=None)
    entered_by: Mapped[str] = mapped_column(default="")
    """The staff who entered it, and may not decide it."""
    revision: Mapped[int] = mapped_column(default=1)
    expire_time: Mapped[datetime | None] = mapped_column(Instant, default=None)
    remind_time: Mapped[datetime | None] = mapped_column(Instant, default=None)
    submit_time: Mapped[datetime | None] = mapped_column(Instant, default=None)
    decide_time: Mapped[datetime | None] = mapped_column(Instant, default=None)
    left_version: Mapped[int | None] = mapped_column(default=None)
    kept_by: Mapped[str] = mapped_column(default="")

    @property
    def is_held(self) -> bool:
        """Whether it waits for somebody to decide about its row, which left the roster."""
        return self.left_version is not None and not self.kept_by and self.state not in DEAD

    @property
    def answers(self) -> dict[str, Any]:
        """Return the answers, by step, each as its block keeps it."""
        answers: dict[str, Any] = json.loads(self.answers_json)
        return answers

    @property
    def filed(self) -> dict[str, Any]:
        """Return the answers as they were filed the last time."""
        filed: dict[str, Any] = json.loads(self.filed_json or "{}")
        return filed


class Approval(Row):
    """One person's approval of what was filed, where a program asks for those of several."""

    __tablename__ = "approvals"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "application_id"], ["applications.municipality", "applications.id"]
        ),
        UniqueConstraint("municipality", "application_id", "staff_id"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    application_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[str]
    staff_name: Mapped[str]
    approve_time: Mapped[datetime] = mapped_column(Instant)


APPROVALS: Table = Approval.__table__  # type: ignore[assignment]  # A mapped class's table is one.
LIVE = Application.state.not_in(sorted(DEAD))
HELD = Application.left_version.is_not(None) & (Application.kept_by == "") & LIVE


def _one_live(name: str, column: InstrumentedAttribute[str]) -> None:
    """Let at most one live application have a value that is not empty."""
    where = and_(LIVE, column != "")
    Index(
        name,
        Application.municipality,
        column,
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )


_one_live("uq_applications_live", Application.entitlement_id)
_one_live("uq_applications_once", Application.once_key)


def get(session: Session, municipality: str, id: str, *, lock: bool = False) -> Application:
    """Return the application, locked where it is to be changed; or raise ApplicationUnknown."""
    row = session.get(Application, (municipality, id), with_for_update=lock or None)
    if row is None:
        raise ApplicationUnknown(f"there is no application {id}")
    return row


def some(
    session: Session, municipality: str, ids: Collection[str], *, lock: bool
) -> dict[str, Application]:
    """Return the applications by id, locked in one order and read anew where they will change."""
    query = select(Application).where(
        Application.municipality == municipality, Application.id.in_(ids)
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return {row.id: row for row in session.scalars(query.order_by(Application.id))}


def find(session: Session, municipality: str, id: str, *, lock: bool = False) -> Application | None:
    """Return the application, read anew under its lock where it is to be changed."""
    key = (municipality, id)
    ahead = held(session, Application, key)
    if ahead is not None:
        return ahead
    return session.get(Application, key, with_for_update=lock or None, populate_existing=lock)


_LOCK_EACH = (
    select(Application)
    .where(
        Application.municipality == bindparam("municipality"),
        Application.id.in_(bindparam("ids", expanding=True)),
    )
    .order_by(Application.id)
    .with_for_update()
)


def look_up(session: Session, municipality: str, ids: Collection[str]) -> list[Application]:
    """Read applications ahead, under their locks, taken in one order whoever takes them."""
    found = session.scalars(_LOCK_EACH, {"municipality": municipality, "ids": list(ids)}).all()
    hold(session, Application, {(row.municipality, row.id): row for row in found})
    return list(found)


def of_entitlement(session: Session, municipality: str, entitlement_id: str) -> list[Application]:
    """Return the applications of an entitlement, live or not, oldest first, locked."""
    query = select(Application).where(
        Application.municipality == municipality, Application.entitlement_id == entitlement_id
    )
    locked = query.with_for_update().execution_options(populate_existing=True)
    return sorted(session.scalars(locked), key=lambda row: row.id)


def live_of(session: Session, entitlement: Entitlement) -> str | None:
    """Return the id of an entitlement's live application, whosever it is."""
    query = select(Application.id).where(
        Application.municipality == entitlement.municipality,
        Application.entitlement_id == entitlement.id,
        Application.entitlement_id != "",
        LIVE,
    )
    return session.scalars(query).one_or_none()


def invited(session: Session, municipality: str, entitlement_ids: Collection[str]) -> set[str]:
    """Return those of the entitlements that have an application, live or not."""
    query = select(Application.entitlement_id).where(
        Application.municipality == municipality, Application.entitlement_id.in_(entitlement_ids)
    )
    return set(session.scalars(query))


def count_by_state(session: Session, municipality: str, program_id: str) -> dict[str, int]:
    """Return how many applications of a program are in each state, by the state's name."""
    query = (
        select(Application.state, func.count())
        .where(Application.municipality == municipality, Application.program_id == program_id)
        .group_by(Application.state)
    )
    return {str(state): number for state, number in session.execute(query)}


def approved(session: Session, municipality: str, program_id: str) -> list[Application]:
    """Return what waits to be paid, oldest first, locked against a second batch."""
    query = select(Application).where(
        Application.municipality == municipality,
        Application.program_id == program_id,
        Application.state == State.APPROVED,
    )
    locked = query.order_by(Application.id).with_for_update()
    # Read anew: what this transaction read before the lock may have changed.
    return list(session.scalars(locked.execution_options(populate_existing=True)))


def awaited(
    session: Session, municipality: str, due: ColumnElement[bool], limit: int
) -> list[Application]:
    """Return applications that wait for their resident and of which `due` is true, locked."""
    query = select(Application).where(
        Application.municipality == municipality,
        Application.state.in_(sorted(WITH_THE_RESIDENT)),
        due,
    )
    locked = query.order_by(Application.id).limit(limit).with_for_update()
    return list(session.scalars(locked.execution_options(populate_existing=True)))


def approvals(
    session: Session, municipality: str, application_ids: Collection[str]
) -> dict[str, list[Approval]]:
    """Return who approved what was filed, in order, by application."""
    query = select(Approval).where(
        Approval.municipality == municipality, Approval.application_id.in_(application_ids)
    )
    found: dict[str, list[Approval]] = {}
    for one in session.scalars(query.order_by(Approval.application_id, Approval.number)):
        found.setdefault(one.application_id, []).append(one)
    return found


def add_approvals(session: Session, values: Sequence[dict[str, Any]]) -> None:
    """Keep approvals: not through the ORM, since there may be hundreds."""
    if values:
        session.execute(insert(APPROVALS), values)


def drop_approvals(session: Session, application: Application) -> None:
    """Let nobody have approved what will be filed anew."""
    session.execute(
        delete(Approval).where(
            Approval.municipality == application.municipality,
            Approval.application_id == application.id,
        )
    )
