"""Drafts of circulars: kept and changed, of new ones and of the next version of one that is out."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core import events
from core.associations import standings
from core.associations.member_rows import Member
from core.associations.rules import AssociationUnknown, Standing
from core.attachments.rules import AttachmentUnknown
from core.callers import Caller, Role
from core.circulars import knowing, next_version, targeting
from core.circulars.rows import Circular, CircularFile, CircularVersion, NamedFile
from core.circulars.rules import ContentRefused, Kind, State, WrongState, check_kind
from core.circulars.targets import Targets
from core.etags import check_etag
from core.ids import new_id
from core.my_number import refuse_my_number
from core.staff.rows import Staff


@dataclass(frozen=True, slots=True)
class Draft:
    """What a circular is to say and ask, of whom and until when; `content` as in the contract.

    `asked` is what its author is asked for it in a chat. `corrects` is the circular of which a new
    draft is to be the next version, and `correction` says what was changed.
    """

    kind: Kind
    content: Mapping[str, Any]
    targets: Targets
    due_date: date | None
    asked: str = ""
    corrects: str = ""
    correction: str = ""


def save(
    session: Session,
    by: Caller,
    draft: Draft,
    *,
    external_id: str,
    circular_id: str,
    association_id: str,
    etag: str,
    now: datetime,
) -> Circular:
    """Keep a draft, new or changed; who kept it last is its author.

    Raises AssociationUnknown, CircularUnknown, NotInOffice, WrongState, AttachmentUnknown,
    MyNumberRefused, ChangedMeanwhile, GroupUnknown, HouseholdUnknown.
    """
    circular, standing = _opened(
        session, by, draft, external_id=external_id, circular_id=circular_id,
        association_id=association_id, etag=etag, now=now,
    )  # fmt: skip
    if circular.corrects:
        draft = _as_it_went_out(circular, draft)
    check_draft(session, standing, by.municipality, draft)
    circular.kind, circular.due_date, circular.asked = draft.kind, draft.due_date, draft.asked
    circular.targets_json = json.dumps(draft.targets.names, ensure_ascii=False)
    circular.author_id, circular.author_name = author_of(session, by, standing)
    keep_content(session, circular, draft.content, now, correction=draft.correction)
    return circular


def _opened(
    session: Session,
    by: Caller,
    draft: Draft,
    *,
    external_id: str,
    circular_id: str,
    association_id: str,
    etag: str,
    now: datetime,
) -> tuple[Circular, Standing]:
    """Return what is written, begun where it is new, and as what its writer writes it."""
    if not circular_id and draft.corrects:
        led = next_version.corrected(
            session, by, external_id=external_id, association_id=association_id,
            circular_id=draft.corrects, now=now,
        )  # fmt: skip
        return next_version.begin(session, by, led, now), led.standing
    if not circular_id:
        standing = _standing(session, by, external_id, association_id, now)
        standing.check_leads_some()
        return _new(session, by, standing, draft, now), standing
    led = knowing.for_officer(
        session, by, external_id=external_id, circular_id=circular_id, now=now, lock=True
    )
    knowing.check_writes(led, draft.targets)
    check_etag(led.circular.revision, etag)
    if led.circular.state is not State.DRAFT:
        raise WrongState("only a draft is changed", state=led.circular.state)
    led.circular.revision += 1
    return led.circular, led.standing


def _as_it_went_out(circular: Circular, draft: Draft) -> Draft:
    """Return a draft that corrects with what stays as it was."""
    return replace(
        draft,
        kind=circular.kind,
        targets=Targets.of(json.loads(circular.targets_json)),
        due_date=circular.due_date,
    )


def _standing(
    session: Session, by: Caller, external_id: str, association_id: str, now: datetime
) -> Standing:
    """Return who writes: for the city staff of its section, for an association its member."""
    if by.is_channel:
        _, standing = standings.of_association(
            session, by, external_id=external_id, association_id=association_id, now=now
        )
        return standing
    if association_id or Role.ASSOCIATIONS not in by.roles:
        raise AssociationUnknown("no such association")
    return Standing("", is_staff=True)


def _new(session: Session, by: Caller, standing: Standing, draft: Draft, now: datetime) -> Circular:
    circular = Circular(
        municipality=by.municipality,
        id=new_id(),
        association_id=standing.association_id,
        kind=draft.kind,
        state=State.DRAFT,
        author_id="",
        author_name="",
        targets_json="{}",
        create_time=now,
    )
    session.add(circular)
    session.flush()
    return circular


def author_of(session: Session, by: Caller, standing: Standing) -> tuple[str, str]:
    """Return the id and the name of who writes."""
    if standing.is_staff:
        return by.id, session.get_one(Staff, (by.municipality, by.id)).display_name
    member = session.get_one(Member, (by.municipality, standing.member_id))
    return member.id, member.display_name


def check_draft(session: Session, standing: Standing, municipality: str, draft: Draft) -> None:
    """Raise what is wrong with what a circular says, and with whom it is for."""
    if draft.targets.is_of_association if standing.is_staff else draft.targets.is_of_city:
        raise ContentRefused("the city writes to associations, they to households", field="targets")
    check_screen(draft.targets, draft.content)
    check_comments(draft.content, is_of_city=standing.is_staff)
    check_kind(draft.kind, draft.content)
    refuse_numbers(draft.content)
    refuse_my_number(draft.correction, field="correction")
    targeting.check(session, standing, municipality, draft.targets)


def check_screen(targets: Targets, content: Mapping[str, Any]) -> None:
    """Raise ContentRefused where the public screen would show what is for leaders only."""
    if targets.leaders_only and content.get("on_board"):
        raise ContentRefused("what is for leaders is on no screen", field="content.on_board")


def check_comments(content: Mapping[str, Any], *, is_of_city: bool) -> None:
    """Raise ContentRefused where leaders of one association would read those of another."""
    if is_of_city and content.get("comments_allowed"):
        raise ContentRefused(
            "what the city writes goes to several associations: it takes no comments",
            field="content.comments_allowed",
        )


def refuse_numbers(content: Mapping[str, Any]) -> None:
    """Raise MyNumberRefused where a My Number stands in what a circular says or asks."""
    for name in ("title", "body"):
        refuse_my_number(content.get(name, ""), field=f"content.{name}")
    for question in content.get("questions", []):
        refuse_my_number(question["text"], field="content.questions")
    for asked in (*content.get("questions", []), content.get("vote", {})):
        for option in asked.get("options", []):
            refuse_my_number(option["label"], field="content.options")


def keep_content(
    session: Session,
    circular: Circular,
    content: Mapping[str, Any],
    now: datetime,
    *,
    correction: str = "",
) -> None:
    """Keep what a circular says in its version, and which files it names.

    Raises AttachmentUnknown for a file that is none of the association's.
    """
    key = (circular.municipality, circular.id, circular.version)
    kept = session.get(CircularVersion, key)
    said = json.dumps(content, ensure_ascii=False)
    if kept is None:
        session.add(
            CircularVersion(
                municipality=circular.municipality,
                circular_id=circular.id,
                version=circular.version,
                content_json=said,
                create_time=now,
                correction=correction,
            )
        )
    else:
        kept.content_json, kept.create_time, kept.correction = said, now, correction
    circular.on_board = bool(content.get("on_board"))
    _name_files(session, circular, content.get("file_ids", []))


def _name_files(session: Session, circular: Circular, file_ids: Collection[str]) -> None:
    of = (
        NamedFile.municipality == circular.municipality,
        NamedFile.circular_id == circular.id,
    )
    before = set(session.scalars(select(NamedFile.file_id).where(*of)))
    # What is passed on may name what the city's circular named, and no other file of the city's.
    passed_on = select(NamedFile.file_id).where(
        NamedFile.municipality == circular.municipality,
        NamedFile.circular_id == (circular.forwarded_from or circular.id),
    )
    query = select(CircularFile.id).where(
        CircularFile.municipality == circular.municipality,
        CircularFile.id.in_(file_ids),
        (CircularFile.association_id == circular.association_id) | CircularFile.id.in_(passed_on),
    )
    files = set(session.scalars(query))
    if len(files) != len(set(file_ids)):
        raise AttachmentUnknown("no such file")
    session.execute(delete(NamedFile).where(*of, NamedFile.file_id.not_in(file_ids)))
    for id in files - before:
        session.add(
            NamedFile(municipality=circular.municipality, circular_id=circular.id, file_id=id)
        )


def record(
    session: Session,
    by: Caller,
    circular: Circular,
    kind: str,
    now: datetime,
    *,
    on_behalf_of: str,
    reason: str = "",
    **more: str,
) -> None:
    """Put into the log what became of a circular by which member, and nothing of what stands in it.

    Where staff did it, there is no member, and they may have given a reason.
    """
    details = {"association": circular.association_id, "version": str(circular.version), **more}
    events.record(
        session, by, f"circular.{kind}", circular.id, now, details=details,
        on_behalf_of=on_behalf_of, reason=reason or None,
    )  # fmt: skip
