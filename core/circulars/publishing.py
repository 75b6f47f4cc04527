"""Circulars go out: now, at their time, or passed on by the leaders whom the city wrote to."""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core import bulk, events
from core.associations import standings, structure_rows
from core.associations.member_rows import Member
from core.associations.rules import NotInOffice, Standing
from core.callers import Caller, Role, the_core
from core.circulars import (
    announcing,
    correcting,
    drafting,
    knowing,
    queries,
    reading,
    targeting,
    telling,
    voting,
)
from core.circulars.rows import Circular, Receipt
from core.circulars.rules import (
    DRAFTED,
    CircularClosed,
    CircularForLeaders,
    ContentRefused,
    Kind,
    Occasion,
    State,
    TargetsEmpty,
    WrongState,
    is_over,
    lacks,
)
from core.circulars.targeting import Target
from core.circulars.targets import Targets, are_leaders_only
from core.etags import check_etag
from core.ids import new_id
from core.japan import is_past, today
from core.jobs import At, Step
from core.my_number import refuse_my_number
from core.staff.rows import Staff

RETURNED = "CIRCULAR_RETURNED"

RECEIVED = (
    Receipt.municipality,
    Receipt.circular_id,
    Receipt.household_id,
    Receipt.association_id,
    Receipt.version,
    Receipt.read_by,
    Receipt.entered_by,
)
UNREAD = (0, "", "")
"""The version that was read, by whom, and by whom that was entered."""


def publish(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    circular_id: str,
    publish_time: datetime | None,
    etag: str,
    now: datetime,
) -> Circular:
    """Send a draft now, or at a time; who does so is its author.

    One that is scheduled may be sent at another time. One that corrects a circular becomes its next
    version; that circular is returned. Raises CircularUnknown, NotInOffice,
    WrongState, TargetsEmpty, ChangedMeanwhile, and ContentRefused where it lacks something, that
    time is past, or the due date by then.
    """
    led = knowing.for_officer(
        session, by, external_id=external_id, circular_id=circular_id, now=now, lock=True
    )
    circular, standing = led.circular, led.standing
    targets = Targets.of(json.loads(circular.targets_json))
    knowing.check_writes(led, targets)
    check_etag(circular.revision, etag)
    if circular.state not in DRAFTED:
        raise WrongState("it is out already", state=circular.state)
    if circular.corrects:
        return correcting.by_draft(
            session, by, led, external_id=external_id, publish_time=publish_time, now=now
        )
    _check_whole(session, circular)
    if is_past(publish_time, now):
        raise ContentRefused("that time is past", field="publish_time")
    moment = max(publish_time or now, now)
    if is_over(circular.due_date, today(moment)):
        raise ContentRefused("the due date is over before it goes out", field="due_date")
    households = _targets(session, standing, by.municipality, targets, now)
    circular.author_id, circular.author_name = drafting.author_of(session, by, standing)
    circular.revision += 1
    circular.asked = ""
    if moment > now:
        circular.state, circular.publish_time = State.SCHEDULED, moment
        drafting.record(session, by, circular, "scheduled", now, on_behalf_of=standing.member_id)
        return circular
    _go_out(session, circular, standing, households, now)
    drafting.record(session, by, circular, "published", now, on_behalf_of=standing.member_id)
    return circular


def _check_whole(session: Session, circular: Circular) -> None:
    """Raise ContentRefused where a draft lacks what it needs to go out."""
    content = queries.content_of(session, circular)
    for field in lacks(circular.kind, content, circular.due_date):
        raise ContentRefused("it cannot go out without this", field=field)


def _targets(
    session: Session, standing: Standing, municipality: str, targets: Targets, now: datetime
) -> list[Target]:
    households = targeting.resolve(session, standing, municipality, targets, now)
    if not households:
        raise TargetsEmpty("the targets hold no household")
    return households


def _go_out(
    session: Session,
    circular: Circular,
    standing: Standing,
    households: Collection[Target],
    now: datetime,
) -> None:
    """Make a receipt for each household, and begin to tell whoever of it is reached.

    Whom it is for is so decided at one moment. The household of its author has read it.
    """
    circular.state, circular.publish_time = State.PUBLISHED, now
    session.flush()
    key = (circular.municipality, circular.id)
    bulk.insert(
        session,
        RECEIVED,
        ((*key, one.id, one.association_id, *UNREAD) for one in households),
    )
    if circular.kind is Kind.VOTE:
        voting.give_votes(session, circular, queries.content_of(session, circular)["vote"])
    reading.read_by_writer(session, circular, standing, now)
    announcing.begin(session, circular, Occasion.PUBLISHED, mark=str(circular.version), now=now)


def forward(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    circular_id: str,
    association_id: str,
    targets: Targets,
    remark: str,
    now: datetime,
) -> Circular:
    """Pass the city's circular on to the association; what was passed on already is found.

    Raises AssociationUnknown, CircularUnknown, CircularClosed, CircularForLeaders, NotInOffice,
    TargetsEmpty, MyNumberRefused, GroupUnknown, HouseholdUnknown.
    """
    association, standing = standings.of_association(
        session, by, external_id=external_id, association_id=association_id, now=now
    )
    # Of two leaders who tap at once, the second waits here, and then finds the first one's.
    structure_rows.get(session, by.municipality, association.id, lock=True)
    source = _of_city(session, by.municipality, circular_id, association.id)
    standing.check_leads_all()
    key = (source.id, association.id)
    found = queries.forwarded(session, by.municipality, [source.id], [association.id]).get(key)
    if found is not None:
        return found
    _check_goes_on(source, now)
    refuse_my_number(remark, field="remark")
    if targets.is_of_city:
        raise ContentRefused("an association writes to its households", field="targets")
    targeting.check(session, standing, by.municipality, targets)
    households = _targets(session, standing, by.municipality, targets, now)
    author = drafting.author_of(session, by, standing)
    circular = _drawn_from(source, association.id, author, targets, now)
    _keep_drawn(session, circular, queries.content_of(session, source), remark, now)
    _go_out(session, circular, standing, households, now)
    reading.read_by_writer(session, source, standing, now)
    drafting.record(session, by, circular, "forwarded", now, on_behalf_of=standing.member_id)
    return circular


def _of_city(
    session: Session, municipality: str, circular_id: str, association_id: str
) -> Circular:
    source = queries.find(session, municipality, circular_id)
    if source is None or not queries.is_for(session, source, association_id):
        raise queries.unknown()
    return source


def _check_goes_on(source: Circular, now: datetime) -> None:
    """Refuse what the city wrote to leaders only, took back, or what is over."""
    if are_leaders_only(source.targets_json):
        raise CircularForLeaders("the city wrote to leaders only")
    if source.state is State.WITHDRAWN or is_over(source.due_date, today(now)):
        raise CircularClosed("the city's circular is no longer to be passed on", state=source.state)


def _drawn_from(
    source: Circular, association_id: str, author: tuple[str, str], targets: Targets, now: datetime
) -> Circular:
    author_id, author_name = author
    return Circular(
        municipality=source.municipality,
        id=new_id(),
        association_id=association_id,
        kind=source.kind,
        state=State.DRAFT,
        author_id=author_id,
        author_name=author_name,
        targets_json=json.dumps(targets.names, ensure_ascii=False),
        create_time=now,
        due_date=source.due_date,
        forwarded_from=source.id,
    )


def _keep_drawn(
    session: Session, circular: Circular, content: dict[str, Any], remark: str, now: datetime
) -> None:
    """Keep it with what the city's says, below the leader's remark."""
    session.add(circular)
    session.flush()
    # Whether the screen shows it, the association says itself.
    content.pop("on_board", None)
    content["body"] = "\n\n".join(part for part in (remark, content.get("body", "")) if part)
    drafting.keep_content(session, circular, content, now)


def step(session: Session, at: At) -> Step:
    """Send the scheduled circular whose time came first, or go on with what others are told.

    Office and targets are those of now; what is due before now goes back to its author.
    """
    circular = queries.due(session, at.municipality, at.now)
    if circular is None:
        return announcing.step(session, at)
    circular.revision += 1
    try:
        standing = _standing_of_author(session, circular, at.now)
        targets = Targets.of(json.loads(circular.targets_json))
        households = _targets(session, standing, at.municipality, targets, at.now)
        _check_in_time(circular, at.now)
    except (NotInOffice, TargetsEmpty, CircularClosed) as refusal:
        _give_back(session, circular, refusal.reason, at.now)
        return Step("again", {"returned": 1})
    _go_out(session, circular, standing, households, at.now)
    drafting.record(
        session, the_core(at.municipality), circular, "published", at.now,
        on_behalf_of=standing.member_id,
    )  # fmt: skip
    return Step("again", {"published": 1})


def _check_in_time(circular: Circular, now: datetime) -> None:
    """Raise CircularClosed where it comes so late that nobody could answer it any more."""
    if is_over(circular.due_date, today(now)):
        raise CircularClosed("the due date is over before it goes out", state="closed")


def _standing_of_author(session: Session, circular: Circular, now: datetime) -> Standing:
    """Return who the author is now; raise NotInOffice where they are nobody any more."""
    if not circular.association_id:
        staff = session.get(Staff, (circular.municipality, circular.author_id))
        if staff is None or Role.ASSOCIATIONS not in staff.roles:
            raise NotInOffice("its author is no longer of the section", needed="staff")
        return Standing("", is_staff=True)
    member = session.get(Member, (circular.municipality, circular.author_id))
    if member is None or member.end_time is not None:
        raise NotInOffice("its author is no longer a member", needed="officer")
    return standings.standing_of(session, member, now)


def _give_back(session: Session, circular: Circular, reason: str, now: datetime) -> None:
    """Make it a draft again, and tell the chair."""
    by = the_core(circular.municipality)
    circular.state, circular.publish_time = State.DRAFT, None
    events.record(session, by, "circular.returned", circular.id, now, details={"because": reason})
    telling.tell_chair(session, circular, RETURNED, mark=str(circular.revision), now=now)
