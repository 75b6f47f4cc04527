"""How many of a campaign's recipients are in which state."""

from collections import Counter

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.campaigns.recipient_rows import Recipient
from core.campaigns.rows import Campaign
from core.campaigns.rules import Kind
from core.dispatches import deliveries
from core.dispatches.rows import Dispatch
from core.dispatches.rules import State

SHOWN = {State.LEASED: "queued", State.RECALLED: "queued", State.HELD: "queued"}
"""What an adapter has in hand, or a paused campaign holds, waits to whoever looks."""


def count_by_state(session: Session, campaign: Campaign) -> dict[str, int]:
    """Return how many are in each state, by name.

    What is a dispatch's is counted by dispatch: a million recipients are some thousand rows.
    """
    key = campaign.municipality, campaign.id
    if campaign.kind is Kind.INVITATION:
        return {str(key): n for key, n in deliveries.count(session, *key).items()}
    counts: Counter[str] = Counter()
    of_dispatches = (
        select(Dispatch.state, func.sum(Dispatch.recipient_count))
        .where(
            Dispatch.municipality == campaign.municipality,
            Dispatch.campaign_id == campaign.id,
            Dispatch.state != State.SPLIT,
        )
        .group_by(Dispatch.state)
    )
    for state, number in session.execute(of_dispatches):
        counts[SHOWN.get(state, str(state))] += int(number)
    own = (
        select(Recipient.state, func.count())
        .where(
            Recipient.municipality == campaign.municipality,
            Recipient.campaign_id == campaign.id,
            Recipient.state.is_not(None),
        )
        .group_by(Recipient.state)
    )
    for own_state, number in session.execute(own):
        counts[str(own_state)] += number
    return {state: number for state, number in counts.items() if number}
