"""Residents and their facts with history, and every query of them."""

from collections.abc import Collection, Iterator
from datetime import date, datetime

from sqlalchemy import ForeignKeyConstraint, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.ahead import held
from core.crypto import Sealed
from core.db import Instant, Row
from core.residents.rules import Assurance, ClosingCause, ResidentUnknown, Revocation

PAGE = 500


class Resident(Row):
    """A person who registered.

    Nothing is pushed to one who is `suppressed`, whose registration has ended (`closing_cause`), or
    who took back the consent to registering. `language` is the one they chose. Of one who was
    deleted (`delete_time`) only the id is left, for what the law makes the city keep.
    """

    __tablename__ = "residents"
    __table_args__ = (ForeignKeyConstraint(["municipality"], ["municipalities.municipality"]),)

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    create_time: Mapped[datetime] = mapped_column(Instant)
    suppressed: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(default="")
    closing_cause: Mapped[ClosingCause | None] = mapped_column(default=None)
    closing_date: Mapped[date | None] = mapped_column(default=None)
    consent_withdrawn: Mapped[bool] = mapped_column(default=False)
    delete_time: Mapped[datetime | None] = mapped_column(Instant, default=None)
    revision: Mapped[int] = mapped_column(default=1)


class Facts(Row):
    """What one proof said, letter by letter; in force until another closes it, and then history.

    `person` and `holder` are blind indexes of registration's `person_key` and `holder_key`. What
    the kind of proof does not have is empty: only a card has a certificate, only the app a
    `subject`, only the counter a `document`. `closed_by` says what closed it, such as "renewed".
    """

    __tablename__ = "facts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "resident_id"], ["residents.municipality", "residents.id"]
        ),
        Index(None, "municipality", "resident_id"),
        Index(None, "municipality", "person"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    resident_id: Mapped[str]
    person: Mapped[bytes]
    holder: Mapped[bytes]
    name: Mapped[str] = mapped_column(Sealed("facts.name"))
    name_flags: Mapped[str] = mapped_column(Sealed("facts.name_flags"))
    birth_date: Mapped[str] = mapped_column(Sealed("facts.birth_date"))
    sex: Mapped[str] = mapped_column(Sealed("facts.sex"))
    address: Mapped[str] = mapped_column(Sealed("facts.address"))
    address_flags: Mapped[str] = mapped_column(Sealed("facts.address_flags"))
    assurance: Mapped[Assurance]
    revocation: Mapped[Revocation]
    consent_version: Mapped[str]
    verify_time: Mapped[datetime] = mapped_column(Instant)
    certificate_serial: Mapped[str | None] = mapped_column(
        Sealed("facts.certificate_serial"), default=None
    )
    certificate_fingerprint: Mapped[str | None] = mapped_column(
        Sealed("facts.certificate_fingerprint"), default=None
    )
    issuer_fingerprint: Mapped[str] = mapped_column(default="")
    policy: Mapped[str] = mapped_column(default="")
    not_after: Mapped[datetime | None] = mapped_column(Instant, default=None)
    subject: Mapped[str | None] = mapped_column(Sealed("facts.subject"), default=None)
    document: Mapped[str] = mapped_column(default="")
    closed_time: Mapped[datetime | None] = mapped_column(Instant, default=None)
    closed_by: Mapped[str] = mapped_column(default="")


IN_FORCE = Facts.closed_time.is_(None)
OWN_FACTS = (Facts.municipality == Resident.municipality) & (Facts.resident_id == Resident.id)
SERVED = (
    Resident.closing_cause.is_(None)
    & Resident.delete_time.is_(None)
    & Resident.consent_withdrawn.is_(False)
)

for _name, _of in (("uq_facts_in_force", Facts.resident_id), ("uq_facts_person", Facts.person)):
    Index(
        _name,
        Facts.municipality,
        _of,
        unique=True,
        sqlite_where=IN_FORCE,
        postgresql_where=IN_FORCE,
    )


def get(session: Session, municipality: str, resident_id: str, *, lock: bool = False) -> Resident:
    """Return the resident, locked to the transaction's end where it will change.

    Raises ResidentUnknown.
    """
    key = (municipality, resident_id)
    resident = session.get(Resident, key, with_for_update=lock or None, populate_existing=lock)
    if resident is None:
        raise ResidentUnknown("no such resident")
    return resident


def steady(session: Session, municipality: str, resident_id: str) -> Resident:
    """Return the resident as they stay to the transaction's end: whoever tells them something asks.

    Without it, protection that comes at the same moment would not find what is queued here. Raises
    ResidentUnknown.
    """
    resident = all_steady(session, municipality, [resident_id]).get(resident_id)
    if resident is None:
        raise ResidentUnknown("no such resident")
    return resident


def all_steady(
    session: Session, municipality: str, resident_ids: Collection[str]
) -> dict[str, Resident]:
    """Return residents by id, each as they stay to the transaction's end; locked in one order."""
    session.flush()
    found: dict[str, Resident] = {}
    for some in _in_parts(resident_ids):
        query = select(Resident).where(Resident.municipality == municipality, Resident.id.in_(some))
        shared = query.order_by(Resident.id).with_for_update(read=True)
        rows = session.scalars(shared.execution_options(populate_existing=True))
        found.update((resident.id, resident) for resident in rows)
    return found


def is_silent(resident: Resident) -> bool:
    """Whether nothing may be pushed to the resident: protected, closed, or no longer agreed."""
    return (
        resident.suppressed
        or resident.closing_cause is not None
        or resident.consent_withdrawn
        or resident.delete_time is not None
    )


def find_person(session: Session, municipality: str, person: bytes) -> str | None:
    """Return the id of the resident who proved the same four facts, now or before.

    The few there are come unsorted: asked for the first by id, SQLite walks through everybody.
    """
    query = select(Facts.id, Facts.resident_id).where(
        Facts.municipality == municipality, Facts.person == person
    )
    found = session.execute(query).all()
    return min(found)[1] if found else None


def find_facts(session: Session, municipality: str, resident_id: str) -> Facts | None:
    """Return the facts in force; None where the resident has none."""
    ahead = held(session, Facts, (municipality, resident_id))
    if ahead is not None and ahead.closed_time is None:
        return ahead
    query = select(Facts).where(
        Facts.municipality == municipality, Facts.resident_id == resident_id, IN_FORCE
    )
    return session.scalars(query).one_or_none()


def all_facts(
    session: Session, municipality: str, resident_ids: Collection[str]
) -> dict[str, Facts]:
    """Return the facts in force by resident id, also of those who are not served any more."""
    found: dict[str, Facts] = {}
    for some in _in_parts(resident_ids):
        query = select(Facts).where(
            Facts.municipality == municipality, Facts.resident_id.in_(some), IN_FORCE
        )
        found.update((facts.resident_id, facts) for facts in session.scalars(query))
    return found


def facts_of(session: Session, municipality: str, resident_id: str) -> Facts:
    """Return the facts in force; raise ResidentUnknown where the resident has none."""
    facts = find_facts(session, municipality, resident_id)
    if facts is None:
        raise ResidentUnknown("no such resident")
    return facts


def last_facts(session: Session, municipality: str, resident_id: str) -> Facts | None:
    """Return the newest facts, also of one whose registration has ended."""
    found = history_of(session, municipality, resident_id)
    return found[-1] if found else None


def history_page(
    session: Session, municipality: str, resident_id: str, *, before: str, limit: int
) -> list[Facts]:
    """Return the facts that were ever proved, newest first, older than the id `before`."""
    held = reversed(history_of(session, municipality, resident_id))
    return [facts for facts in held if not before or facts.id < before][:limit]


def in_force(
    session: Session, municipality: str, *, after: str, limit: int, lock: bool = False
) -> list[tuple[Resident, Facts]]:
    """Return residents with their facts in force, by id after `after`; locked if they change."""
    query = (
        select(Resident, Facts)
        .join(Facts, OWN_FACTS)
        .where(Resident.municipality == municipality, Resident.id > after, IN_FORCE)
    )
    if lock:
        query = query.with_for_update(of=Resident).execution_options(populate_existing=True)
    found = session.execute(query.order_by(Resident.id).limit(limit))
    return [(row[0], row[1]) for row in found]


def history_of(session: Session, municipality: str, resident_id: str) -> list[Facts]:
    """Return all the facts that were ever proved, oldest first; sorted here as in find_person."""
    query = select(Facts).where(
        Facts.municipality == municipality, Facts.resident_id == resident_id
    )
    return sorted(session.scalars(query), key=lambda facts: facts.id)


def current_facts(session: Session, municipality: str) -> Iterator[tuple[str, Facts]]:
    """Yield (resident id, facts in force) of every resident to be served, by resident id.

    Whose registration has ended, and who took back the consent to it, is left out.
    """
    query = (
        select(Facts)
        .join(Resident, OWN_FACTS)
        .where(Facts.municipality == municipality, IN_FORCE, SERVED)
    )
    after = ""
    while page := session.scalars(
        query.where(Facts.resident_id > after).order_by(Facts.resident_id).limit(PAGE)
    ).all():
        yield from ((facts.resident_id, facts) for facts in page)
        after = page[-1].resident_id


def facts_in_force(session: Session, municipality: str) -> Iterator[tuple[str, str]]:
    """Yield (id of the facts in force, resident id) of every resident to be served; unsealed."""
    query = (
        select(Facts.id, Facts.resident_id)
        .join(Resident, OWN_FACTS)
        .where(Facts.municipality == municipality, IN_FORCE, SERVED)
    )
    yield from ((id, resident_id) for id, resident_id in session.execute(query))


def served_facts(
    session: Session, municipality: str, resident_ids: Collection[str]
) -> list[tuple[str, Facts]]:
    """Return (resident id, facts in force) of those of the ids who are to be served, by id."""
    found: list[tuple[str, Facts]] = []
    for some in _in_parts(resident_ids):
        query = (
            select(Facts)
            .join(Resident, OWN_FACTS)
            .where(Facts.municipality == municipality, Resident.id.in_(some), IN_FORCE, SERVED)
        )
        found += [(facts.resident_id, facts) for facts in session.scalars(query)]
    return sorted(found, key=lambda one: one[0])


def names_of(session: Session, municipality: str, resident_ids: Collection[str]) -> dict[str, str]:
    """Return the names in force, by resident id; ids of nobody are left out."""
    found: dict[str, str] = {}
    for some in _in_parts(resident_ids):
        query = select(Facts.resident_id, Facts.name).where(
            Facts.municipality == municipality, Facts.resident_id.in_(some), IN_FORCE
        )
        found.update(session.execute(query).all())
    return found


def suppressed(session: Session, municipality: str, resident_ids: Collection[str]) -> set[str]:
    """Return those of the ids to whom nothing may be pushed."""
    found: set[str] = set()
    for some in _in_parts(resident_ids):
        query = select(Resident.id).where(
            Resident.municipality == municipality, Resident.id.in_(some), Resident.suppressed
        )
        found.update(session.scalars(query))
    return found


def served(
    session: Session, municipality: str, resident_ids: Collection[str]
) -> dict[str, Assurance]:
    """Return how those of the ids were verified whose registration and consent go on."""
    found: dict[str, Assurance] = {}
    for some in _in_parts(resident_ids):
        query = (
            select(Facts.resident_id, Facts.assurance)
            .join(Resident, OWN_FACTS)
            .where(Facts.municipality == municipality, Resident.id.in_(some), IN_FORCE, SERVED)
        )
        found.update(session.execute(query).all())
    return found


def _in_parts(ids: Collection[str]) -> Iterator[list[str]]:
    """Part ids, since a statement takes only so many parameters."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), PAGE):
        yield ordered[start : start + PAGE]
