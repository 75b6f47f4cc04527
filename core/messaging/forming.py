"""A campaign's dispatches, formed when they are first leased: to whom, and in which words.

Whoever may not be told any more is left out here, up to the moment before the first attempt; after
it both stay as they are, since the retry key vouches for them.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import LargeBinary, case, not_, select, type_coerce, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.campaigns import rows as campaigns
from core.campaigns.recipient_rows import Recipient
from core.campaigns.rows import Campaign
from core.campaigns.rules import Kind, Reason, Told
from core.crypto import vault_of
from core.dispatches.rows import Dispatch
from core.dispatches.rules import Way
from core.languages import said
from core.messaging import batching, drafts, rules, settling
from core.messaging.drafts import Draft
from core.normalise.addresses import read_area
from core.procedures import texts
from core.procedures.catalogue import Catalogue
from core.procedures.definition import ProcedureUnknown
from core.residents.contact_rows import EXTERNAL_ID, Contact
from core.residents.rows import IN_FORCE, SERVED, Facts, Resident
from core.residents.rules import ContactState

AGAINST = case(
    (Resident.id.is_(None) | Resident.suppressed.is_(True), Reason.PROTECTED.value),
    (not_(SERVED), Reason.NOT_SERVED.value),
    (
        Contact.id.is_(None)
        | Contact.resident_id.is_distinct_from(Recipient.resident_id)
        | (Contact.state != ContactState.REACHABLE),
        Reason.CONTACT_LOST.value,
    ),
)
"""Why somebody may not be told any more; null where they may."""

_SEATED = (
    select(
        Recipient.resident_id,
        type_coerce(Contact.external_id, LargeBinary).label("sealed_id"),
        AGAINST,
    )
    .outerjoin(
        Resident,
        (Resident.municipality == Recipient.municipality) & (Resident.id == Recipient.resident_id),
    )
    .outerjoin(
        Contact,
        (Contact.municipality == Recipient.municipality) & (Contact.id == Recipient.contact_id),
    )
    .where(batching.IN_IT, Recipient.state.is_(None))
)
"""Who is told in a dispatch. Values and no objects, and the channel's ids sealed as they are kept:
a multicast to all of a city is formed a hundred thousand a second."""

MOST = 400
"""Recipients named in one statement."""

FILLING: Mapping[str, tuple[InstrumentedAttribute[str], Callable[[str], str]]] = {
    "name": (Facts.name, str),
    "town": (Facts.address, lambda address: read_area(address)[0]),
}
"""What fills a text's places: a column, and how it is read."""

Places = Mapping[str, Mapping[str, str]]
"""What fills the places of texts, by resident."""


Seat = tuple[str, str]
"""Somebody who is told in a dispatch, by their id, and the channel's own id of them."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a campaign says to all of its recipients; `begins` is what its procedure is called."""

    campaign: Campaign
    draft: Draft
    begins: Mapping[str, str]

    def begins_in(self, language: str) -> str:
        return texts.said(self.begins, {}, language) if self.begins else ""


def form(
    session: Session,
    dispatches: Sequence[Dispatch],
    catalogue: Catalogue,
    *,
    pushing: Sequence[str],
    now: datetime,
) -> None:
    """Put recipients and words into dispatches; one that nobody is left of has no recipients.

    In one statement for each.
    """
    by_campaign: dict[tuple[str, str], list[Dispatch]] = defaultdict(list)
    for dispatch in dispatches:
        by_campaign[dispatch.municipality, dispatch.campaign_id].append(dispatch)
    for (municipality, campaign_id), some in by_campaign.items():
        campaign = campaigns.get(session, municipality, campaign_id)
        draft = drafts.of(campaign)
        seats = {one.batch: _seats(session, campaign, one, pushing, now) for one in some}
        to_each = [id for one in some if one.way is Way.EACH for id, _ in seats[one.batch]]
        places = places_of(session, municipality, to_each, draft.places)
        begins = _title(session, municipality, draft.procedure, catalogue, now)
        for dispatch in some:
            _form(Words(campaign, draft, begins), dispatch, seats[dispatch.batch], places)


def _title(
    session: Session, municipality: str, procedure: str, catalogue: Catalogue, now: datetime
) -> Mapping[str, str]:
    """Return what a procedure is called, by language; nothing where it cannot be begun any more."""
    if not procedure:
        return {}
    try:
        return catalogue.in_force(session, municipality, procedure, now).title
    except ProcedureUnknown:
        return {}


def _seats(
    session: Session, campaign: Campaign, dispatch: Dispatch, pushing: Sequence[str], now: datetime
) -> list[Seat]:
    """Return who is told in a dispatch; who may not be any more is dropped, with the reason.

    Whose contact was lost meanwhile is told on their next one, where they have any.
    """
    rows = session.connection().execute(_SEATED, batching.bounds(dispatch)).all()
    dropped: dict[str, list[str]] = defaultdict(list)
    told: list[tuple[str, bytes]] = []
    for resident_id, external_id, reason in sorted(rows, key=itemgetter(0)):
        if reason is None:
            told.append((resident_id, external_id))
        else:
            dropped[reason].append(resident_id)
    if lost := dropped.pop(Reason.CONTACT_LOST.value, []):
        dropped[Reason.CONTACT_LOST.value] = settling.tell_otherwise(
            session, campaign, dispatch, lost, pushing=pushing, now=now
        )
    for reason, resident_ids in dropped.items():
        _drop(session, campaign, resident_ids, Reason(reason))
    opened = vault_of(session).open_each([sealed for _, sealed in told], EXTERNAL_ID)
    return [(resident_id, id) for (resident_id, _), id in zip(told, opened, strict=True)]


def _drop(
    session: Session, campaign: Campaign, resident_ids: Sequence[str], reason: Reason
) -> None:
    for begin in range(0, len(resident_ids), MOST):
        session.execute(
            update(Recipient)
            .where(
                Recipient.municipality == campaign.municipality,
                Recipient.campaign_id == campaign.id,
                Recipient.resident_id.in_(resident_ids[begin : begin + MOST]),
            )
            .values(state=Told.DROPPED, reason=reason)
        )


def _form(words: Words, dispatch: Dispatch, seats: Sequence[Seat], places: Places) -> None:
    dispatch.recipients = json.dumps([external_id for _, external_id in seats])
    dispatch.recipient_count = len(seats)
    told = [resident_id for resident_id, _ in seats]
    dispatch.content = json.dumps(
        {"campaign": _content(words, dispatch, told, places)}, ensure_ascii=False
    )


def _content(
    words: Words, dispatch: Dispatch, resident_ids: Sequence[str], places: Places
) -> dict[str, Any]:
    """Return the contract's CampaignTold, in the dispatch's language."""
    campaign, draft, language = words.campaign, words.draft, dispatch.language
    title, body = said(draft.title, language), said(draft.body, language)
    content: dict[str, Any] = {
        "campaign_id": campaign.id,
        "language": language,
        "image_id": draft.image_id,
        "buttons": [{"label": said(label, language), "url": url} for label, url in draft.buttons],
        "procedure": draft.procedure,
        "procedure_title": words.begins_in(language),
        "official_code": campaign.official_code or "",
        "test": campaign.kind is Kind.TEST,
    }
    if dispatch.way is Way.TOGETHER:
        return content | {
            "told": {"title": rules.filled(title, {}), "body": rules.filled(body, {})}
        }
    each = [
        {"title": rules.filled(title, of), "body": rules.filled(body, of)}
        for of in (places.get(id, {}) for id in resident_ids)
    ]
    return content | {"each": each}


def places_of(
    session: Session, municipality: str, resident_ids: Sequence[str], named: Collection[str]
) -> Places:
    """Return what fills the named places of texts, by resident; nothing else of them is opened."""
    filling = {name: of for name, of in FILLING.items() if name in named}
    places: dict[str, dict[str, str]] = {}
    for begin in range(0, len(resident_ids) if filling else 0, MOST):
        query = select(Facts.resident_id, *(column for column, _ in filling.values())).where(
            Facts.municipality == municipality,
            Facts.resident_id.in_(resident_ids[begin : begin + MOST]),
            IN_FORCE,
        )
        for resident_id, *values in session.execute(query):
            places[resident_id] = {
                name: read(value)
                for (name, (_, read)), value in zip(filling.items(), values, strict=True)
            }
    return places
