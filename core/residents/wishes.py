"""What residents want to hear of, and in which language; and the topics they choose from."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core import events
from core.callers import Caller
from core.etags import ChangedMeanwhile, check_etag
from core.my_number import refuse_my_number
from core.residents import contact_rows, rows
from core.residents.rules import TopicUnknown
from core.residents.wish_rows import Choice, Topic


@dataclass(frozen=True, slots=True)
class Choices:
    """What a resident wants; `etag` is empty where they have not chosen yet."""

    language: str
    topics: list[str]
    etag: str


def save_topic(
    session: Session,
    by: Caller,
    *,
    key: str,
    title: dict[str, str],
    chosen_at_first: bool,
    etag: str,
    now: datetime,
) -> Topic:
    """Keep a topic; a new one where `etag` is empty. Raises ChangedMeanwhile."""
    for language, text in sorted(title.items()):
        refuse_my_number(text, field=f"topic.title.by_language[{language}]")
    topic = session.get(Topic, (by.municipality, key), with_for_update=True)
    if topic is None:
        if etag:
            raise ChangedMeanwhile("there is no such topic any more: list them again", etag="")
        topic = Topic(
            municipality=by.municipality, key=key, title=title, chosen_at_first=chosen_at_first
        )
        session.add(topic)
    else:
        check_etag(topic.revision, etag)
        topic.title, topic.chosen_at_first = title, chosen_at_first
        topic.revision += 1
    session.flush()
    events.record(session, by, "topic.saved", key, now)
    return topic


def topics(session: Session, municipality: str, *, after: str, limit: int) -> list[Topic]:
    """Return the topics by key, after the key `after`."""
    query = select(Topic).where(Topic.municipality == municipality, Topic.key > after)
    return list(session.scalars(query.order_by(Topic.key).limit(limit)))


def choices_of(session: Session, resident: rows.Resident) -> Choices:
    """Return what a resident hears of: what they chose, else what is chosen at first."""
    made = _made(session, resident)
    query = select(Topic).where(Topic.municipality == resident.municipality)
    wanted = [
        topic.key
        for topic in session.scalars(query.order_by(Topic.key))
        if made.get(topic.key, topic.chosen_at_first)
    ]
    return Choices(resident.language, wanted, _etag(resident, made))


def choose(
    session: Session,
    by: Caller,
    resident: rows.Resident,
    *,
    language: str,
    wanted: Collection[str],
    etag: str,
    now: datetime,
) -> Choices:
    """Take a locked resident's choices; raise TopicUnknown, ChangedMeanwhile."""
    held = choices_of(session, resident)
    if etag != held.etag:
        raise ChangedMeanwhile("the choices changed: read them again", etag=held.etag)
    _take_topics(session, resident, wanted)
    resident.language = language
    resident.revision += 1
    for contact in contact_rows.contacts_of(session, by.municipality, resident.id):
        carry_language(resident, contact)
    session.flush()
    details = {"language": language, "topics": str(len(wanted))}
    events.record(
        session, by, "choices.made", resident.id, now, details=details, on_behalf_of=resident.id
    )
    return choices_of(session, resident)


def _take_topics(session: Session, resident: rows.Resident, wanted: Collection[str]) -> None:
    query = select(Topic).where(Topic.municipality == resident.municipality)
    known = {topic.key: topic for topic in session.scalars(query)}
    unknown = sorted(set(wanted) - known.keys())
    if unknown:
        raise TopicUnknown(f"there is no topic {unknown[0]}", topic=unknown[0])
    forget(session, resident.municipality, resident.id)
    session.add_all(
        Choice(
            municipality=resident.municipality,
            resident_id=resident.id,
            topic=key,
            wanted=key in wanted,
        )
        for key, topic in known.items()
        if key in wanted or topic.chosen_at_first
    )


def carry_language(resident: rows.Resident, contact: contact_rows.Contact) -> None:
    """Let a contact of a resident speak the language that they chose, whatever its channel says."""
    if resident.language:
        contact.language, contact.language_chosen = resident.language, True


def forget(session: Session, municipality: str, resident_id: str) -> None:
    """Delete what a resident chose."""
    session.execute(
        delete(Choice)
        .where(Choice.municipality == municipality, Choice.resident_id == resident_id)
        .execution_options(synchronize_session="fetch")
    )


def _made(session: Session, resident: rows.Resident) -> dict[str, bool]:
    query = select(Choice).where(
        Choice.municipality == resident.municipality, Choice.resident_id == resident.id
    )
    return {choice.topic: choice.wanted for choice in session.scalars(query)}


def _etag(resident: rows.Resident, made: dict[str, bool]) -> str:
    if not resident.language and not made:
        return ""
    content = json.dumps([resident.language, sorted(made.items())])
    return hashlib.sha256(content.encode()).hexdigest()[:16]
