"""A campaign's dispatches, formed when they are first leased: to whom, and in which words.

Whoever may not be told any more is left out here, up to the moment before the first attempt; after
it both stay as they are, since the retry key vouches for them.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.campaigns import rows as campaigns
from core.campaigns.recipient_rows import Recipient
from core.campaigns.rows import Campaign
from core.campaigns.rules import Kind, Reason, Told
from core.dispatches.rows import Dispatch
from core.dispatches.rules import Way
from core.languages import said
from core.messaging import drafts, rules
from core.messaging.drafts import Draft
from core.normalise.addresses import read_area
from core.residents import rows as residents
from core.residents.contact_rows import Contact
from core.residents.rows import IN_FORCE, Facts, Resident
from core.residents.rules import ContactState

Row = tuple[Recipient, Resident | None, Contact | None]


def form(session: Session, dispatches: Sequence[Dispatch]) -> None:
    """Put recipients and words into dispatches; one that nobody is left of has no recipients.

    In one statement for all dispatches of a campaign.
    """
    by_campaign: dict[tuple[str, str], list[Dispatch]] = defaultdict(list)
    for dispatch in dispatches:
        by_campaign[dispatch.municipality, dispatch.campaign_id].append(dispatch)
    for (municipality, campaign_id), some in by_campaign.items():
        campaign = campaigns.get(session, municipality, campaign_id)
        draft = drafts.of(campaign)
        by_batch = _recipients(session, campaign, [one.batch for one in some])
        for dispatch in some:
            _form(session, campaign, draft, dispatch, by_batch[dispatch.batch])


def _recipients(
    session: Session, campaign: Campaign, batches: Collection[int]
) -> dict[int, list[Row]]:
    query = (
        select(Recipient, Resident, Contact)
        .outerjoin(
            Resident,
            (Resident.municipality == Recipient.municipality)
            & (Resident.id == Recipient.resident_id),
        )
        .outerjoin(
            Contact,
            (Contact.municipality == Recipient.municipality) & (Contact.id == Recipient.contact_id),
        )
        .where(
            Recipient.municipality == campaign.municipality,
            Recipient.campaign_id == campaign.id,
            Recipient.batch.in_(batches),
            Recipient.state.is_(None),
        )
        .order_by(Recipient.batch, Recipient.resident_id)
        # What another transaction changed meanwhile counts.
        .execution_options(populate_existing=True)
    )
    found: dict[int, list[Row]] = defaultdict(list)
    for recipient, resident, contact in session.execute(query):
        found[recipient.batch or 0].append((recipient, resident, contact))
    return found


def _form(
    session: Session,
    campaign: Campaign,
    draft: Draft,
    dispatch: Dispatch,
    recipients: Sequence[Row],
) -> None:
    to: list[str] = []
    told: list[str] = []
    for recipient, resident, contact in recipients:
        reason = reason_against(recipient.resident_id, resident, contact)
        if reason is not None:
            recipient.state, recipient.reason = Told.DROPPED, reason
        elif contact is not None:
            to.append(contact.external_id)
            told.append(recipient.resident_id)
    dispatch.recipients = json.dumps(to)
    dispatch.recipient_count = len(to)
    dispatch.content = json.dumps(
        {"campaign": _content(session, campaign, draft, dispatch, told)}, ensure_ascii=False
    )


def reason_against(
    resident_id: str, resident: Resident | None, contact: Contact | None
) -> Reason | None:
    """Return why a resident may not be told on a contact any more; None where they may."""
    if resident is None or resident.suppressed:
        return Reason.PROTECTED
    if residents.is_silent(resident):
        return Reason.NOT_SERVED
    if (
        contact is None
        or contact.resident_id != resident_id
        or contact.state is not ContactState.REACHABLE
    ):
        return Reason.CONTACT_LOST
    return None


def _content(
    session: Session,
    campaign: Campaign,
    draft: Draft,
    dispatch: Dispatch,
    resident_ids: Sequence[str],
) -> dict[str, Any]:
    """Return the contract's CampaignTold, in the dispatch's language."""
    language = dispatch.language
    title, body = said(draft.title, language), said(draft.body, language)
    content: dict[str, Any] = {
        "campaign_id": campaign.id,
        "language": language,
        "image_id": draft.image_id,
        "buttons": [{"label": said(label, language), "url": url} for label, url in draft.buttons],
        "procedure": draft.procedure,
        "official_code": campaign.official_code or "",
        "test": campaign.kind is Kind.TEST,
    }
    if dispatch.way is Way.TOGETHER:
        return content | {
            "told": {"title": rules.filled(title, {}), "body": rules.filled(body, {})}
        }
    places = places_of(session, campaign.municipality, resident_ids)
    each = [
        {"title": rules.filled(title, of), "body": rules.filled(body, of)}
        for of in (places.get(id, {}) for id in resident_ids)
    ]
    return content | {"each": each}


def places_of(
    session: Session, municipality: str, resident_ids: Sequence[str]
) -> dict[str, dict[str, str]]:
    """Return what fills the places of texts, by resident."""
    query = select(Facts).where(
        Facts.municipality == municipality, Facts.resident_id.in_(resident_ids), IN_FORCE
    )
    return {
        facts.resident_id: {"name": facts.name, "town": read_area(facts.address)[0]}
        for facts in session.scalars(query)
    }
