"""What rests on something that a condition can name, so that it is not changed unseen."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.campaigns.rows import Campaign
from core.campaigns.rules import State
from core.segments import rows
from core.segments.rows import Segment

SAID = 5
"""At most so many names are told."""


def users_of(session: Session, municipality: str, id: str, *, but: str = "") -> str:
    """Return the names of what names a segment or a campaign in its conditions, or "".

    Of campaigns, those that will yet ask whom their conditions find. `but` is the id of one that
    does not count.
    """
    users = _users_of(session, municipality, id, but)
    return ", ".join(name for _, name in zip(range(SAID), users, strict=False))


def _users_of(session: Session, municipality: str, id: str, but: str) -> Iterator[str]:
    """Look first for the id in the text, which the database does, then where it stands in it."""
    segments = select(Segment).where(
        Segment.municipality == municipality,
        Segment.id != but,
        Segment.condition_json.contains(id, autoescape=True),
    )
    for segment in session.scalars(segments.order_by(Segment.name)):
        if _names(json.loads(segment.condition_json), id):
            yield segment.name
    campaigns = select(Campaign).where(
        Campaign.municipality == municipality,
        Campaign.id != but,
        or_(Campaign.state.in_((State.DRAFT, State.SCHEDULED)), Campaign.expanding),
        Campaign.draft_json.contains(id, autoescape=True),
    )
    for campaign in session.scalars(campaigns.order_by(Campaign.id)):
        if _names(json.loads(campaign.draft_json)["recipients"], id):
            yield campaign.title


def digest_of(session: Session, municipality: str, condition: Any) -> str:
    """Return a digest of a condition in JSON, with those of all segments that it names in it."""
    whole = json.dumps(_whole(session, municipality, condition), sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()


def _whole(session: Session, municipality: str, part: Any) -> Any:
    """Put the conditions of kept segments in their places; none of those holds itself."""
    if isinstance(part, list):
        return [_whole(session, municipality, one) for one in part]
    if not isinstance(part, dict):
        return part
    if id := part.get("segment_id"):
        kept = rows.get(session, municipality, id)
        return _whole(session, municipality, json.loads(kept.condition_json))
    return {name: _whole(session, municipality, one) for name, one in part.items()}


def _names(json: Any, id: str) -> bool:
    if isinstance(json, dict):
        return any(_names(part, id) for part in json.values())
    if isinstance(json, list):
        return any(_names(part, id) for part in json)
    return bool(json == id)
