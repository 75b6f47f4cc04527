"""A draft is sent to testers, as a campaign of its own that says it is a test."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from core import events
from core.callers import Caller
from core.campaigns import rows as campaigns
from core.campaigns.recipient_rows import Recipient
from core.campaigns.rows import Campaign
from core.campaigns.rules import CampaignUnknown, Kind, State, Told
from core.ids import new_id
from core.languages import MAIN_LANGUAGE
from core.messaging import drafts, laying_out, running
from core.messaging.batching import Seating
from core.messaging.starting import a_code
from core.residents import contact_rows as contacts
from core.residents import rows as residents
from core.residents.contact_rows import Contact
from core.residents.rules import ContactState, ContactUnknown
from core.staff.rows import shown_name


def send_test(
    session: Session,
    by: Caller,
    *,
    campaign_id: str,
    contact_ids: Sequence[str],
    pushing: Sequence[str],
    now: datetime,
) -> Campaign:
    """Send what a campaign says to some contacts; raise CampaignUnknown, ContactUnknown.

    The test neither counts for the weekly cap nor asks for approval. Who is named by two contacts
    is told on the first.
    """
    tested = campaigns.get(session, by.municipality, campaign_id)
    if tested.kind is not Kind.MESSAGE:
        raise CampaignUnknown(f"campaign {campaign_id} was not laid out by staff")
    testers = _testers(session, by.municipality, contact_ids)
    test = _test_of(session, tested, by, now)
    session.add(test)
    session.flush()
    running.start(session, test, now)
    test.expanding, test.recipient_count = False, len(testers)
    draft = drafts.of(test)
    seating = Seating(test, draft)
    for resident_id, contact in sorted(testers.items()):
        batch = None
        if contact.channel in pushing:
            language = _language(session, resident_id, contact)
            batch = seating.seat(resident_id, contact.channel, language)
        session.add(_recipient(test, resident_id, contact, batch))
    laying_out.add_dispatches(session, test, draft, seating, now)
    events.record(session, by, "campaign.tested", tested.id, now, details={"test": test.id})
    return test


def _test_of(session: Session, tested: Campaign, by: Caller, now: datetime) -> Campaign:
    return Campaign(
        municipality=by.municipality,
        id=new_id(),
        title=tested.title,
        kind=Kind.TEST,
        program_id="",
        state=State.DRAFT,
        create_time=now,
        lane=tested.lane,
        topic=tested.topic,
        draft_json=tested.draft_json,
        procedure_key=tested.procedure_key,
        official_code=a_code(),
        author_id=by.id,
        author_name=shown_name(session, by),
    )


def _recipient(test: Campaign, resident_id: str, contact: Contact, batch: int | None) -> Recipient:
    """Return a tester as a recipient; without a batch, what is sent waits in the inbox."""
    return Recipient(
        municipality=test.municipality,
        campaign_id=test.id,
        resident_id=resident_id,
        contact_id=contact.id,
        batch=batch,
        state=Told.INBOX if batch is None else None,
    )


def _language(session: Session, resident_id: str, contact: Contact) -> str:
    resident = residents.get(session, contact.municipality, resident_id)
    return resident.language or contact.language or MAIN_LANGUAGE


def _testers(session: Session, municipality: str, ids: Sequence[str]) -> dict[str, Contact]:
    """Return the testers' contacts, one for each resident."""
    found = contacts.by_id(session, municipality, ids)
    testers: dict[str, Contact] = {}
    for id in ids:
        contact = found.get(id)
        if contact is None or contact.resident_id is None or contact.state is ContactState.LOST:
            raise ContactUnknown(f"contact {id} is no resident's who can be reached")
        testers.setdefault(contact.resident_id, contact)
    return testers
