"""What delivery asks of campaigns, and of what is told to several in none.

See `core.dispatches.campaigns.Campaigns`.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.campaigns import rows as campaigns
from core.campaigns.rules import State as CampaignState
from core.dispatches.rows import Dispatch
from core.dispatches.rules import State
from core.messaging import forming, gathered, settling
from core.messaging.rows import quiet_until
from core.procedures.catalogue import Catalogue
from core.residents.contact_rows import Contact
from core.residents.rows import Resident
from core.residents.rules import ContactState

AFTER_TROUBLE = {
    CampaignState.PAUSED: State.HELD,
    CampaignState.CANCELLED: State.DROPPED,
}


@dataclass(frozen=True, slots=True)
class Carrying:
    """Campaigns as delivery knows them; `pushing` are the channels that push."""

    pushing: Sequence[str]
    procedures: Catalogue

    def quiet_until(self, session: Session, municipality: str, now: datetime) -> datetime | None:
        """Return the end of the quiet hours, which campaigns wait for that are no emergency."""
        return quiet_until(session, municipality, now)

    def form(self, session: Session, dispatches: Sequence[Dispatch], now: datetime) -> None:
        """Put recipients and words into dispatches before their first attempt."""
        of_campaigns = [one for one in dispatches if one.campaign_id]
        forming.form(session, of_campaigns, self.procedures, pushing=self.pushing, now=now)
        gathered.form(session, [one for one in dispatches if not one.campaign_id], now)

    def refused(
        self, session: Session, dispatch: Dispatch, *, by_content: bool, now: datetime
    ) -> State:
        """Take in that what goes to many was refused for good; return what it is now."""
        if not dispatch.campaign_id:
            return gathered.refused(session, dispatch, by_content=by_content, now=now)
        return settling.refused(
            session, dispatch, by_content=by_content, pushing=self.pushing, now=now
        )

    def refuse_some(
        self, session: Session, dispatch: Dispatch, places: Collection[int], now: datetime
    ) -> None:
        """Take in that some of its recipients were refused, by their place in it."""
        to: list[str] = json.loads(dispatch.recipients)
        some = [to[place] for place in places if place < len(to)]
        if not dispatch.campaign_id:
            gathered.refuse_some(session, dispatch, some, now)
            return
        settling.refuse_some(session, dispatch, some, pushing=self.pushing, now=now)

    def carry_untaken(
        self, session: Session, dispatch: Dispatch, places: Collection[int], now: datetime
    ) -> Dispatch | None:
        """Queue some of its recipients, by their place in it, anew under a new key."""
        to: list[str] = json.loads(dispatch.recipients)
        some = [to[place] for place in places if place < len(to)]
        return settling.carry_untaken(session, dispatch, some, now)

    def send_again(self, session: Session, dispatch: Dispatch, now: datetime) -> str:
        """Queue it anew under a new key; return the id. Raises WrongState where nobody is left."""
        return settling.send_again(session, dispatch, now)

    def may_tell(
        self, session: Session, municipality: str, resident_id: str, contact_id: str
    ) -> bool:
        """Whether somebody may still be told something on a contact, in no campaign.

        The id of who is not registered is empty.
        """
        contact = session.get(Contact, (municipality, contact_id))
        if contact is None or contact.state is not ContactState.REACHABLE:
            return False
        if not resident_id:
            return True
        resident = session.get(Resident, (municipality, resident_id))
        return not (resident is None or resident.suppressed or resident.delete_time is not None)

    def after_trouble(self, session: Session, dispatch: Dispatch) -> State:
        """Return where what goes to many goes that is to be tried again."""
        if not dispatch.campaign_id:
            return State.QUEUED
        campaign = campaigns.get(session, dispatch.municipality, dispatch.campaign_id)
        if campaign.state is CampaignState.CANCELLED and dispatch.first_attempt_time is not None:
            return State.UNKNOWN
        return AFTER_TROUBLE.get(campaign.state, State.QUEUED)

    def after_not_sent(self, session: Session, dispatch: Dispatch) -> State:
        """Return where a dispatch goes of which a person found that it was not sent.

        What was cancelled has not failed: it was not to go out any more, nor is it in the inbox.
        """
        if not dispatch.campaign_id:
            return State.FAILED
        campaign = campaigns.get(session, dispatch.municipality, dispatch.campaign_id)
        return State.DROPPED if campaign.state is CampaignState.CANCELLED else State.FAILED
