"""Files of circulars: who may load one is who may read a circular that names it."""

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from core import attempts
from core.associations import standings
from core.associations.rules import AssociationUnknown, NotInOffice
from core.attachments.making import Made, Paged
from core.attachments.rules import AttachmentUnknown
from core.attempts import Bound
from core.callers import Caller, Role
from core.circulars import knowing
from core.circulars.knowing import Reader
from core.circulars.rows import Circular, CircularFile, CircularPage, NamedFile
from core.circulars.rules import CircularUnknown, State, is_over
from core.ids import new_id
from core.japan import today
from core.jobs import At, Step
from core.my_number import redact, refuse_my_number

BOUND = Bound("circular_files", 100, timedelta(days=1))
"""Uploads of one member, or one of the staff."""

UNNAMED = timedelta(days=1)
PART = 100


def check_may_upload(
    session: Session, by: Caller, *, external_id: str, association_id: str, now: datetime
) -> str:
    """Return who uploads; raise AssociationUnknown, NotInOffice."""
    if by.is_channel:
        _, standing = standings.of_association(
            session, by, external_id=external_id, association_id=association_id, now=now
        )
        standing.check_leads_some()
        return standing.member_id
    if association_id or Role.ASSOCIATIONS not in by.roles:
        raise AssociationUnknown("no such association")
    return by.id


def count(session: Session, by: Caller, uploader_id: str, now: datetime) -> None:
    """Count an upload; raise TooManyAttempts where somebody has sent enough for a day."""
    attempts.check(session, BOUND, by.municipality, uploader_id, now)
    attempts.count(session, BOUND, by.municipality, uploader_id, now)


def keep(
    session: Session,
    by: Caller,
    *,
    association_id: str,
    uploader_id: str,
    file_name: str,
    sha256: str,
    made: Made,
    paged: Paged,
    now: datetime,
) -> CircularFile:
    """Keep a file with its pages until a circular names it, or a day is over."""
    refuse_my_number(file_name, field="file_name")
    row = CircularFile(
        municipality=by.municipality,
        id=new_id(),
        association_id=association_id,
        uploader_id=uploader_id,
        file_name=file_name,
        media_type=made.media_type,
        size=len(made.content),
        sha256=sha256,
        pages=paged.count,
        text=redact(paged.text),
        content=made.content,
        create_time=now,
    )
    session.add(row)
    session.flush()
    session.add_all(
        CircularPage(
            municipality=by.municipality,
            file_id=row.id,
            page=page,
            media_type=media_type,
            content=picture,
        )
        for page, (media_type, picture) in enumerate(paged.pictures, 1)
    )
    return row


def shown(
    session: Session,
    by: Caller,
    *,
    who: Reader | None,
    external_id: str,
    file_id: str,
    now: datetime,
) -> CircularFile:
    """Return a file that the caller may load; raise AttachmentUnknown for every other id.

    Who speaks for nobody (`who` None) loads what the screen shows.
    """
    query = (
        select(Circular)
        .join(
            NamedFile,
            (NamedFile.municipality == Circular.municipality)
            & (NamedFile.circular_id == Circular.id),
        )
        .where(NamedFile.municipality == by.municipality, NamedFile.file_id == file_id)
    )
    naming = list(session.scalars(query.order_by(Circular.id)))
    file = session.get(CircularFile, (by.municipality, file_id))
    if file is None:
        raise AttachmentUnknown("no such file")
    if not by.is_channel:
        may = not file.association_id and Role.ASSOCIATIONS in by.roles
    else:
        own = who is not None and any(one.id == file.uploader_id for one in who.members)
        may = own or any(
            is_on_board(one, now)
            or _reads(session, by, one, who=who, external_id=external_id, now=now)
            for one in naming
        )
    if not may:
        raise AttachmentUnknown("no such file")
    return file


def is_on_board(circular: Circular, now: datetime) -> bool:
    """Whether the screen of the community centre shows it."""
    is_out = circular.on_board and circular.state is State.PUBLISHED
    return is_out and not is_over(circular.due_date, today(now))


def _reads(
    session: Session,
    by: Caller,
    circular: Circular,
    *,
    who: Reader | None,
    external_id: str,
    now: datetime,
) -> bool:
    if who is None:
        return False
    try:
        found, _ = knowing.for_reader(session, by, who, circular.id)
    except CircularUnknown:
        pass
    else:
        if found.state is not State.WITHDRAWN:
            return True
    try:
        knowing.for_officer(session, by, external_id=external_id, circular_id=circular.id, now=now)
    except (CircularUnknown, NotInOffice):
        return False
    return True


def page_of(session: Session, file: CircularFile, page: int) -> CircularPage:
    """Return the picture of a page; raise AttachmentUnknown where there is none."""
    row = session.get(CircularPage, (file.municipality, file.id, page))
    if row is None:
        raise AttachmentUnknown("the file has no picture of that page")
    return row


def sweep(session: Session, at: At) -> Step:
    """Delete a part of what no circular names and was uploaded a day ago."""
    named = exists().where(
        NamedFile.municipality == CircularFile.municipality, NamedFile.file_id == CircularFile.id
    )
    query = select(CircularFile.id).where(
        CircularFile.municipality == at.municipality,
        CircularFile.create_time < at.now - UNNAMED,
        ~named,
    )
    found = session.scalars(query.order_by(CircularFile.create_time).limit(PART)).all()
    for row, of in ((CircularPage, CircularPage.file_id), (CircularFile, CircularFile.id)):
        session.execute(
            delete(row)
            .where(row.municipality == at.municipality, of.in_(found))
            .execution_options(synchronize_session="fetch")
        )
    return Step("again" if len(found) == PART else "", {"deleted": len(found)})
