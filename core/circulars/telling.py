"""What members are told of circulars, each once an occasion."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.associations import structure_rows
from core.associations.rows import Association
from core.associations.telling import tell_members
from core.callers import the_core
from core.circulars import acting, queries, reaching, targeting
from core.circulars.acting import Acting
from core.circulars.reaching import Reached, Spoken
from core.circulars.rows import Circular, CircularFile, NamedFile
from core.circulars.rules import Occasion
from core.circulars.targets import are_leaders_only
from core.dispatches import deliveries
from core.dispatches.actions import Message
from core.dispatches.rules import Recipient
from core.dispatches.together import tell_together
from core.events import Municipality
from core.languages import MAIN_LANGUAGE

EXCERPT = 120
"""Characters of the text that are told with a circular."""


def tell(
    session: Session,
    circular: Circular,
    occasion: Occasion,
    household_ids: Collection[str],
    *,
    mark: str,
    remark: str = "",
    but: str = "",
    now: datetime,
) -> set[str]:
    """Tell the members of households; return the households in which somebody is reached.

    Whoever acts for a member by a proxy for circulars is told, too, apart, and for whom.
    Whom the same is told in the same language is told together. `mark` tells occasions of one kind
    apart, such as the day of a reminder. `but` is a member who knows: it was they who did it.
    """
    reached = reaching.reach_households(session, circular.municipality, household_ids)
    everybody = [one for all_of in reached.values() for one in all_of if one.member_id != but]
    others = acting.for_households(session, circular.municipality, household_ids, everybody, now)
    if not everybody and not others:
        return set(reached)
    key = f"circular:{circular.id}:{occasion}:{mark}"
    told = _told(session, circular, occasion, remark)
    messages = [
        _to_member(key, one, told | {"can_forward": can_forward})
        for one, can_forward in _each_contact(session, circular, everybody, key, now)
    ]
    messages += [_to_acting(key, other, told) for other in others]
    _queue(session, circular.municipality, messages, now)
    return set(reached) | {other.household_id for other in others}


def _queue(session: Session, municipality: str, messages: list[Message], now: datetime) -> None:
    """Queue what is said in one language together."""
    by_language: dict[str, list[Message]] = defaultdict(list)
    for one in messages:
        by_language[one.content["circular"]["language"]].append(one)
    by = the_core(municipality)
    for language, alike in by_language.items():
        tell_together(session, by, alike, language=language, now=now)


def _to_member(key: str, one: Reached, told: dict[str, Any]) -> Message:
    # Whom the channel knows it as is put in when it goes out.
    contact = Recipient(one.contact_id, one.channel, "")
    content = told | {"language": one.language or MAIN_LANGUAGE}
    return Message(f"{key}:{one.member_id}", one.resident_id or "", contact, {"circular": content})


def _to_acting(key: str, other: Acting, told: dict[str, Any]) -> Message:
    contact = Recipient(other.contact.id, other.contact.channel, "")
    content = told | {
        "language": other.contact.language or MAIN_LANGUAGE,
        "for_resident_id": other.resident_id,
        "on_behalf_of": other.name,
    }
    occasion = f"{key}:for:{other.contact.resident_id}"
    return Message(occasion, other.resident_id, contact, {"circular": content})


def _each_contact(
    session: Session, circular: Circular, reached: Sequence[Reached], key: str, now: datetime
) -> Iterator[tuple[Reached, bool]]:
    """Return each contact once, and whether it may pass the circular on.

    In an association a contact speaks for one member. The city's circular it may get in several,
    of which others may have been told before: then it has heard.
    """
    by_contact = {one.contact_id: one for one in reached}
    if circular.association_id:
        yield from ((one, False) for one in by_contact.values())
        return
    spoken_for = reaching.spoken_for(session, circular, by_contact)
    leading = _may_forward(session, circular, spoken_for, now)
    keys = {
        (f"{key}:{one.member_id}", by_contact[one.contact_id].resident_id or "")
        for one in spoken_for
    }
    heard = deliveries.heard(session, circular.municipality, keys)
    for id, one in by_contact.items():
        if id not in heard:
            yield one, id in leading


def _may_forward(
    session: Session, circular: Circular, spoken_for: Sequence[Spoken], now: datetime
) -> set[str]:
    """Return the contacts that may pass the city's circular on: of who leads an association."""
    if are_leaders_only(circular.targets_json):
        return set()
    associations = {one.association_id for one in spoken_for}
    leaders = targeting.leaders_of(session, circular.municipality, associations, now)
    ids = {one.id for one in leaders}
    return {one.contact_id for one in spoken_for if one.member_id in ids}


def tell_chair(
    session: Session, circular: Circular, event: str, *, reason: str = "", mark: str, now: datetime
) -> None:
    """Tell who leads the circular's association what became of it; nobody for the city's.

    `event` is an AssociationEvent without prefix.
    """
    if not circular.association_id:
        return
    municipality = circular.municipality
    association = structure_rows.get(session, municipality, circular.association_id)
    leaders = targeting.leaders_of(session, municipality, [association.id], now)
    tell_members(
        session,
        the_core(municipality),
        [one.id for one in leaders],
        occasion=f"circular:{circular.id}:{event}:{mark}",
        event=event,
        now=now,
        association=association.name,
        circular_title=queries.content_of(session, circular)["title"],
        reason=reason,
    )


def _told(session: Session, circular: Circular, occasion: Occasion, remark: str) -> dict[str, Any]:
    content = queries.content_of(session, circular)
    body = " ".join(content.get("body", "").split())
    return {
        "circular_id": circular.id,
        "occasion": f"CIRCULAR_OCCASION_{occasion.name}",
        "association": _name(session, circular),
        "title": content["title"],
        "excerpt": "" if occasion is Occasion.WITHDRAWN else body[:EXCERPT],
        "kind": f"CIRCULAR_KIND_{circular.kind.name}",
        "due_date": circular.due_date.isoformat() if circular.due_date else "",
        "remark": remark,
        "pages": _pages(session, circular),
        "leaders_only": are_leaders_only(circular.targets_json),
    }


def _name(session: Session, circular: Circular) -> str:
    if circular.association_id:
        key = (circular.municipality, circular.association_id)
        return session.get_one(Association, key).name
    return session.get_one(Municipality, circular.municipality).name


def _pages(session: Session, circular: Circular) -> int:
    query = (
        select(func.coalesce(func.sum(CircularFile.pages), 0))
        .join(
            NamedFile,
            (NamedFile.municipality == CircularFile.municipality)
            & (NamedFile.file_id == CircularFile.id),
        )
        .where(
            NamedFile.municipality == circular.municipality, NamedFile.circular_id == circular.id
        )
    )
    return session.scalars(query).one()
