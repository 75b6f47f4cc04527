"""Programs, their rosters, who is entitled and who was matched, and how programs are found."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.ahead import held, hold
from core.crypto import Sealed
from core.db import Instant, Row
from core.eligibility import accounts
from core.eligibility.rules import ProgramState, ProgramUnknown, Unit
from core.matching import Class, Decision
from core.residents.rules import Assurance
from core.rosters.rows import AccountOnFile

PAGE = 500
"""Ids, and rows to insert, in one statement."""


class Program(Row):
    """A benefit. `amount` and `budget` are yen: the most of one entitlement, and of all."""

    __tablename__ = "programs"
    __table_args__ = (
        ForeignKeyConstraint(["municipality"], ["municipalities.municipality"]),
        UniqueConstraint("municipality", "code"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str]
    title: Mapped[str]
    unit: Mapped[Unit]
    amount: Mapped[int]
    budget: Mapped[int] = mapped_column(BigInteger)
    procedure_key: Mapped[str]
    create_time: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[ProgramState] = mapped_column(default=ProgramState.OPEN)
    required_assurance: Mapped[Assurance] = mapped_column(default=Assurance.COUNTER)
    open_to_all: Mapped[bool] = mapped_column(default=False)
    """Whether any registered resident may apply; its roster grows with what is approved."""
    revision: Mapped[int] = mapped_column(default=1)


class Roster(Row):
    """A list of who is entitled; `total` is in yen. In force once frozen, until it is replaced.

    Before `freeze_time` it is being taken in, part by part, and nobody sees it. `version` counts a
    program's rosters from 1. Since `match_time` who registers is matched with it, too.
    """

    __tablename__ = "rosters"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "program_id"], ["programs.municipality", "programs.id"]
        ),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    program_id: Mapped[str]
    row_count: Mapped[int]
    total: Mapped[int] = mapped_column(BigInteger)
    content_hash: Mapped[str]
    file_name: Mapped[str]
    encoding: Mapped[str]
    import_time: Mapped[datetime] = mapped_column(Instant)
    freeze_time: Mapped[datetime | None] = mapped_column(Instant, default=None)
    replace_time: Mapped[datetime | None] = mapped_column(Instant, default=None)
    version: Mapped[int] = mapped_column(default=1)
    match_time: Mapped[datetime | None] = mapped_column(Instant, default=None)


class Entitlement(Row):
    """A row of a roster. `sex` is "1", "2", "9" or empty, `birth_date` ISO 8601, `amount` yen.

    `birth_index` is the blind index of the whole birth date, by which residents are put beside it;
    `content_digest` that of all the row says, by which two rosters are compared. A row that came
    out of the closed network has no facts: only reference, amount and `masked_text`, its account.
    """

    __tablename__ = "entitlements"
    __table_args__ = (
        ForeignKeyConstraint(["municipality", "roster_id"], ["rosters.municipality", "rosters.id"]),
        UniqueConstraint("municipality", "roster_id", "reference_index"),
        Index(None, "municipality", "roster_id", "birth_index", "id"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    program_id: Mapped[str]
    roster_id: Mapped[str]
    reference: Mapped[str] = mapped_column(Sealed("entitlements.reference"))
    reference_index: Mapped[bytes]
    household: Mapped[str] = mapped_column(Sealed("entitlements.household"))
    name: Mapped[str] = mapped_column(Sealed("entitlements.name"))
    kana: Mapped[str] = mapped_column(Sealed("entitlements.kana"))
    birth_date: Mapped[str] = mapped_column(Sealed("entitlements.birth_date"))
    sex: Mapped[str] = mapped_column(Sealed("entitlements.sex"))
    postal_code: Mapped[str] = mapped_column(Sealed("entitlements.postal_code"))
    address: Mapped[str] = mapped_column(Sealed("entitlements.address"))
    amount: Mapped[int]
    account_text: Mapped[str | None] = mapped_column(Sealed("entitlements.account_text"))
    suppressed: Mapped[bool]
    birth_index: Mapped[bytes | None] = mapped_column(default=None)
    content_digest: Mapped[bytes | None] = mapped_column(default=None)
    household_size: Mapped[int | None] = mapped_column(default=None)
    masked_text: Mapped[str | None] = mapped_column(
        Sealed("entitlements.masked_text"), default=None
    )

    @property
    def account(self) -> AccountOnFile | None:
        """The account that the city holds, with its holder's name as the roster writes it."""
        return None if self.account_text is None else accounts.from_text(self.account_text)

    @property
    def is_paid_inside(self) -> bool:
        """Whether its account stayed in the closed network, where it is paid."""
        return self.masked_text is not None


class Match(Row):
    """A resident and an entitlement that are, or may be, one person's.

    `rule` is a code of `matching.Rule`, `reason` what the person wrote who decided, or who kept the
    rule `rule_id` that decided for them. `proposed` is what was decided, while another person is
    still to confirm it.
    """

    __tablename__ = "matches"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "program_id"], ["programs.municipality", "programs.id"]
        ),
        ForeignKeyConstraint(
            ["municipality", "entitlement_id"], ["entitlements.municipality", "entitlements.id"]
        ),
        ForeignKeyConstraint(
            ["municipality", "resident_id"], ["residents.municipality", "residents.id"]
        ),
        UniqueConstraint("municipality", "entitlement_id", "resident_id"),
        Index(None, "municipality", "program_id", "decision", "id"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    program_id: Mapped[str]
    entitlement_id: Mapped[str]
    resident_id: Mapped[str]
    match_class: Mapped[Class]
    decision: Mapped[Decision]
    rule: Mapped[str]
    find_time: Mapped[datetime] = mapped_column(Instant)
    decided_by: Mapped[str] = mapped_column(default="")
    reason: Mapped[str | None] = mapped_column(Sealed("matches.reason"), default=None)
    decide_time: Mapped[datetime | None] = mapped_column(Instant, default=None)
    proposed: Mapped[Decision | None] = mapped_column(default=None)
    confirmed_by: Mapped[str] = mapped_column(default="")
    rule_id: Mapped[str | None] = mapped_column(default=None)
    revision: Mapped[int] = mapped_column(default=1)


LIVE = Roster.freeze_time.is_not(None) & Roster.replace_time.is_(None)
ACCEPTED = Match.decision == Decision.ACCEPTED
SAME_ENTITLEMENT = (Match.municipality == Entitlement.municipality) & (
    Match.entitlement_id == Entitlement.id
)

Index(
    "uq_rosters_live",
    Roster.municipality,
    Roster.program_id,
    unique=True,
    sqlite_where=LIVE,
    postgresql_where=LIVE,
)
for _name, _of in (
    ("uq_matches_entitlement", (Match.entitlement_id,)),
    ("uq_matches_resident", (Match.program_id, Match.resident_id)),
):
    Index(
        _name,
        Match.municipality,
        *_of,
        unique=True,
        sqlite_where=ACCEPTED,
        postgresql_where=ACCEPTED,
    )


def masked_account(entitlement: Entitlement) -> str:
    """Return 中国銀行 総社支店 普通 ****567; empty where the city holds no account."""
    account = entitlement.account
    return entitlement.masked_text or "" if account is None else accounts.masked(account)


def get_program(session: Session, municipality: str, id: str, *, lock: bool = False) -> Program:
    """Return the program, locked to the transaction's end or not; raise ProgramUnknown."""
    ahead = None if lock else held(session, Program, (municipality, id))
    if ahead is not None:
        return ahead
    query = select(Program).where(Program.municipality == municipality, Program.id == id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    program = session.scalars(query).one_or_none()
    if program is None:
        raise ProgramUnknown(f"there is no program {id}")
    hold(session, Program, {(municipality, id): program})
    return program


def by_id(session: Session, municipality: str, ids: Collection[str]) -> dict[str, Program]:
    """Return the programs by id; ids of none are left out."""
    query = select(Program).where(Program.municipality == municipality, Program.id.in_(ids))
    return {program.id: program for program in session.scalars(query)}


def find_by_code(session: Session, municipality: str, code: str) -> Program | None:
    query = select(Program).where(Program.municipality == municipality, Program.code == code)
    return session.scalars(query).one_or_none()


def page(
    session: Session,
    municipality: str,
    *,
    before: str,
    limit: int,
    state: ProgramState | None = None,
) -> list[Program]:
    """Newest first, older than the id `before`; an empty `before` starts at the newest."""
    query = select(Program).where(Program.municipality == municipality)
    if before:
        query = query.where(Program.id < before)
    if state is not None:
        query = query.where(Program.state == state)
    return list(session.scalars(query.order_by(Program.id.desc()).limit(limit)))


def find_roster(session: Session, municipality: str, program_id: str) -> Roster | None:
    """Return the program's roster in force."""
    query = select(Roster).where(
        Roster.municipality == municipality, Roster.program_id == program_id, LIVE
    )
    return session.scalars(query).one_or_none()


def mark_matched(session: Session, municipality: str, program_id: str, now: datetime) -> None:
    """Note that the program's roster was put beside all residents."""
    get_program(session, municipality, program_id, lock=True)
    roster = find_roster(session, municipality, program_id)
    if roster is not None and roster.match_time is None:
        roster.match_time = now


def matched_rosters(session: Session, municipality: str) -> list[tuple[Program, Roster]]:
    """Return the open programs whose roster was matched, with it; locked, by the program's id."""
    open_now = select(Program).where(
        Program.municipality == municipality, Program.state == ProgramState.OPEN
    )
    locked = open_now.order_by(Program.id).with_for_update()
    programs = list(session.scalars(locked.execution_options(populate_existing=True)))
    # Read after the lock: whoever marks a roster as matched holds it.
    query = select(Roster).where(
        Roster.municipality == municipality, Roster.match_time.is_not(None), LIVE
    )
    rosters = {one.program_id: one for one in session.scalars(query)}
    return [(one, rosters[one.id]) for one in programs if one.id in rosters]
