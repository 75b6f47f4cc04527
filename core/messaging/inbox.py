"""The inbox: what a resident was told, in the reader's language, and that it was opened."""

import heapq
import json
import unicodedata
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from core.callers import Caller
from core.campaigns.recipient_rows import Recipient
from core.campaigns.rows import Campaign
from core.campaigns.rules import Kind
from core.dispatches.rows import Delivery
from core.errors import NotFound
from core.languages import MAIN_LANGUAGE, said
from core.messaging import drafts, forming, inbox_rows, rules
from core.messaging.inbox_rows import Key
from core.procedures import texts
from core.procedures.catalogue import Catalogue
from core.procedures.definition import ProcedureUnknown
from core.proxies.rules import Scope
from core.proxies.speaking import speaker
from core.residents import contact_rows
from core.residents import rows as residents

PART = 50
"""Rows of one query."""

MOST = 500
"""Rows that one call looks through for words."""

Row = TypeVar("Row")


class InboxMessageUnknown(NotFound):
    reason = "INBOX_MESSAGE_UNKNOWN"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads whose inbox; `places` fill the texts and are the resident's."""

    municipality: str
    resident_id: str
    language: str
    is_themselves: bool
    places: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Message:
    """A message as its recipient reads it; `notice` in the contract's names, where it is one."""

    id: str
    send_time: datetime
    open_time: datetime | None
    title: str = ""
    body: str = ""
    image_id: str = ""
    buttons: Sequence[tuple[str, str]] = ()
    procedure: str = ""
    procedure_title: str = ""
    official_code: str = ""
    application_id: str = ""
    is_test: bool = False
    notice: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        return self.send_time, self.id

    @property
    def is_message(self) -> bool:
        """Whether it tells something; a question that was put to the resident is no message."""
        return bool(self.title or self.body or self.notice)


def reader(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    for_resident_id: str,
    language: str,
    now: datetime,
) -> Reader:
    """Return who reads; raise ContactUnknown, ContactNotRegistered, ProxyNotGranted."""
    resident_id = speaker(
        session,
        by,
        external_id=external_id,
        for_resident_id=for_resident_id,
        scope=Scope.READ,
        now=now,
    )
    contact = contact_rows.contact_of(session, by, external_id)
    themselves = residents.get(session, by.municipality, contact_rows.resident_of(contact))
    return Reader(
        municipality=by.municipality,
        resident_id=resident_id,
        language=language or themselves.language or contact.language or MAIN_LANGUAGE,
        is_themselves=themselves.id == resident_id,
        places=forming.places_of(session, by.municipality, [resident_id], rules.PLACES).get(
            resident_id, {}
        ),
    )


def page(
    session: Session, who: Reader, *, words: str, before: Key | None, limit: int
) -> tuple[list[Message], Key | None]:
    """Return messages, newest first, and after which to go on; None at the end.

    Fewer than `limit` with more to come where the words are seldom said.
    """
    wanted = _plain(words).split()
    found: list[Message] = []
    last: Key | None = None
    for looked, message in enumerate(_all(session, who, before, with_notices=not wanted)):
        if looked >= MOST:
            return found, last
        if message.is_message and _holds(message, wanted):
            if len(found) == limit:
                return found, found[-1].key
            found.append(message)
        last = message.key
    return found, None


def open_(
    session: Session, who: Reader, id: str, *, catalogue: Catalogue, now: datetime
) -> Message:
    """Return a message whole, and keep when it was opened first; raise InboxMessageUnknown."""
    said = inbox_rows.message(session, who.municipality, who.resident_id, id)
    if said is not None:
        campaign, recipient = said
        recipient.open_time = recipient.open_time or now
        return _with_procedure(session, who, _of_campaign(who, campaign, recipient), catalogue, now)
    told = inbox_rows.single(session, who.municipality, who.resident_id, id)
    message = _of_single(who, *told) if told else None
    if told is None or message is None or not message.is_message:
        raise InboxMessageUnknown(f"there is no message {id} of this resident")
    told[0].open_time = told[0].open_time or now
    return replace(message, open_time=told[0].open_time)


def _all(
    session: Session, who: Reader, before: Key | None, *, with_notices: bool
) -> Iterator[Message]:
    """Yield what there is, newest first, a part at a time."""
    key = who.municipality, who.resident_id
    sources = [
        _each(
            lambda at: inbox_rows.messages(session, *key, before=at, limit=PART),
            lambda row: _of_campaign(who, *row),
            before,
        )
    ]
    if with_notices:
        sources.append(
            _each(
                lambda at: inbox_rows.singles(session, *key, before=at, limit=PART),
                lambda row: _of_single(who, *row),
                before,
            )
        )
    return heapq.merge(*sources, key=lambda message: message.key, reverse=True)


def _each(
    find: Callable[[Key | None], Sequence[Row]],
    read: Callable[[Row], Message],
    before: Key | None,
) -> Iterator[Message]:
    while found := find(before):
        for row in found:
            message = read(row)
            before = message.key
            yield message
        if len(found) < PART:
            return


def _of_campaign(who: Reader, campaign: Campaign, recipient: Recipient) -> Message:
    draft = drafts.of(campaign)
    return Message(
        id=campaign.id,
        send_time=campaign.start_time or campaign.create_time,
        open_time=recipient.open_time,
        title=rules.filled(said(draft.title, who.language), who.places),
        body=rules.filled(said(draft.body, who.language), who.places),
        image_id=draft.image_id,
        buttons=[(said(label, who.language), url) for label, url in draft.buttons],
        procedure=draft.procedure,
        official_code=campaign.official_code or "",
        is_test=campaign.kind is Kind.TEST,
    )


def _of_single(who: Reader, delivery: Delivery, content: str) -> Message:
    notice: dict[str, Any] = json.loads(content).get("notice", {})
    if notice:
        notice["language"] = who.language
        if who.is_themselves:
            # It may have gone to a proxy, who was told whose matter it is.
            notice.pop("on_behalf_of", None)
    return Message(
        id=delivery.id,
        send_time=delivery.create_time,
        open_time=delivery.open_time,
        application_id=_application_in(delivery.occasion),
        notice=notice,
    )


def _application_in(occasion: str) -> str:
    """Return the application that an occasion is of: it begins with its id."""
    first = occasion.partition(":")[0]
    try:
        uuid.UUID(first)
    except ValueError:
        return ""
    return first


def _with_procedure(
    session: Session, who: Reader, message: Message, catalogue: Catalogue, now: datetime
) -> Message:
    """Name the procedure that a message begins; none where it cannot be begun any more."""
    if not message.procedure:
        return message
    try:
        begun = catalogue.in_force(session, who.municipality, message.procedure, now)
    except ProcedureUnknown:
        return replace(message, procedure="")
    return replace(message, procedure_title=texts.said(begun.title, {}, who.language))


def _holds(message: Message, wanted: Sequence[str]) -> bool:
    text = _plain(f"{message.title}\n{message.body}")
    return all(word in text for word in wanted)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
