"""What members write under a circular whose leader allows it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core import events
from core.associations import standings
from core.associations.member_rows import Member
from core.associations.rows import Household
from core.associations.rules import NotInOffice, Standing
from core.callers import Caller
from core.circulars import answering, knowing, queries
from core.circulars.knowing import Reader
from core.circulars.rows import Circular, Comment
from core.circulars.rules import OUT, CircularUnknown, CommentsOff, CommentUnknown
from core.ids import new_id
from core.my_number import refuse_my_number
from core.residents import contact_rows


@dataclass(frozen=True, slots=True)
class Shown:
    """A comment, what its writer is called, and whether who looks may take it away."""

    comment: Comment
    display_name: str
    can_hide: bool


def add(
    session: Session, by: Caller, who: Reader, *, circular_id: str, text: str, now: datetime
) -> Shown:
    """Write a comment; raise CircularUnknown, CircularClosed, CommentsOff, MyNumberRefused."""
    circular, receipts = knowing.for_reader(session, by, who, circular_id)
    _check_allowed(session, circular)
    answering.check_open(circular, now)
    refuse_my_number(text, field="text")
    member = who.member_of(receipts[0].household_id)
    comment = Comment(
        municipality=by.municipality,
        id=new_id(),
        circular_id=circular.id,
        member_id=member.id,
        text=text,
        create_time=now,
    )
    session.add(comment)
    return Shown(comment, member.display_name, can_hide=True)


def _check_allowed(session: Session, circular: Circular) -> None:
    if not queries.content_of(session, circular).get("comments_allowed"):
        raise CommentsOff("the circular takes no comments")


def list_(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    who: Reader,
    circular_id: str,
    before: str,
    limit: int,
    now: datetime,
) -> list[Shown]:
    """Return comments, newest first, to who got the circular and to its officers.

    Raises CircularUnknown, CommentsOff.
    """
    circular = _seen(session, by, who, circular_id, external_id=external_id, now=now)
    _check_allowed(session, circular)
    query = _shown_under(circular)
    if before:
        query = query.where(Comment.id < before)
    found = session.execute(query.order_by(Comment.id.desc()).limit(limit))
    # A proxy takes nothing away: neither a word of the member's own, nor by their office.
    themselves = () if who.for_another else who.members
    standing = _in_office(session, themselves, circular, now)
    return [
        Shown(
            comment,
            member.display_name,
            can_hide=any(one.id == member.id for one in themselves)
            or (standing is not None and standing.leads(group_id)),
        )
        for comment, member, group_id in found
    ]


def _shown_under(circular: Circular) -> Select[Comment, Member, str]:
    """Return the comments that nobody took away, with their writers and these's groups."""
    return (
        select(Comment, Member, Household.group_id)
        .join(
            Member,
            (Member.municipality == Comment.municipality) & (Member.id == Comment.member_id),
        )
        .join(
            Household,
            (Household.municipality == Member.municipality) & (Household.id == Member.household_id),
        )
        .where(
            Comment.municipality == circular.municipality,
            Comment.circular_id == circular.id,
            Comment.hidden_by == "",
        )
    )


def _in_office(
    session: Session, members: Sequence[Member], circular: Circular, now: datetime
) -> Standing | None:
    """Return who the speaker is in the circular's association; None for no member of it."""
    own = next((one for one in members if one.association_id == circular.association_id), None)
    return None if own is None else standings.standing_of(session, own, now)


def _seen(
    session: Session,
    by: Caller,
    who: Reader,
    circular_id: str,
    *,
    external_id: str,
    now: datetime,
) -> Circular:
    """Return a circular that the speaker got, or sees in office; raise CircularUnknown."""
    with suppress(CircularUnknown):
        return knowing.for_reader(session, by, who, circular_id)[0]
    try:
        led = knowing.for_officer(
            session, by, external_id=external_id, circular_id=circular_id, now=now
        )
    except NotInOffice:
        raise queries.unknown() from None
    if led.circular.state not in OUT:
        raise queries.unknown()
    return led.circular


def hide(session: Session, by: Caller, *, external_id: str, comment_id: str, now: datetime) -> None:
    """Take a comment away, words and all: who wrote it, or who leads the writer's household.

    Raises CommentUnknown, NotInOffice.
    """
    contact = contact_rows.contact_of(session, by, external_id)
    members = standings.members_of(session, contact)
    comment = session.get(Comment, (by.municipality, comment_id), with_for_update=True)
    who = Reader(contact.id, tuple(members))
    if comment is None or comment.hidden_by:
        raise CommentUnknown("no such comment")
    try:
        circular = _seen(session, by, who, comment.circular_id, external_id=external_id, now=now)
    except CircularUnknown:
        raise CommentUnknown("no such comment") from None
    writer = session.get_one(Member, (by.municipality, comment.member_id))
    hiding = writer.id if any(one.id == writer.id for one in members) else ""
    if not hiding:
        household = session.get_one(Household, (by.municipality, writer.household_id))
        standing = _in_office(session, members, circular, now)
        if standing is None or not standing.leads(household.group_id):
            raise NotInOffice("who wrote it or an officer takes it away", needed="officer")
        hiding = standing.member_id
    comment.hidden_by, comment.text = hiding, ""
    events.record(session, by, "circular.comment_hidden", circular.id, now)
