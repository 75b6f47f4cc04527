"""What is told to several in the same words goes in one dispatch: one request, one key."""

import json
import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from core.callers import Caller
from core.dispatches import deliveries, rows
from core.dispatches.actions import Message
from core.dispatches.rules import MOST_TOGETHER, Lane, State
from core.ids import new_id


def tell_together(
    session: Session, by: Caller, messages: Sequence[Message], *, language: str, now: datetime
) -> int:
    """Queue each for its resident, who has not been told it already; return how many were.

    Those on one channel whose content is the same share dispatches of at most 500. Whom one goes to
    is looked at again and put in when it is first leased. `language` is that of all of them.
    """
    told = deliveries.told(session, by.municipality, [one.key for one in messages])
    alike: dict[tuple[str, str], list[Message]] = defaultdict(list)
    for one in messages:
        if one.key not in told:
            said = json.dumps(one.content, ensure_ascii=False)
            alike[one.contact.channel, said].append(one)
    for (channel, said), all_of_it in alike.items():
        for start in range(0, len(all_of_it), MOST_TOGETHER):
            some = all_of_it[start : start + MOST_TOGETHER]
            _queue(session, by, some, channel=channel, said=said, language=language, now=now)
    return sum(map(len, alike.values()))


def _queue(
    session: Session,
    by: Caller,
    messages: Sequence[Message],
    *,
    channel: str,
    said: str,
    language: str,
    now: datetime,
) -> None:
    dispatch = {
        "municipality": by.municipality,
        "id": new_id(),
        "channel": channel,
        "lane": Lane.PERSONAL,
        "state": State.QUEUED,
        "retry_key": str(uuid.uuid4()),
        "recipients": "[]",
        "recipient_count": len(messages),
        "content": said,
        "create_time": now,
        "free_time": now,
        "language": language,
    }
    each = [
        {
            "municipality": by.municipality,
            "id": new_id(),
            "occasion": one.occasion,
            "campaign_id": "",
            "resident_id": one.resident_id,
            "contact_id": one.contact.contact_id,
            "dispatch_id": dispatch["id"],
            "state": State.QUEUED,
            "create_time": now,
        }
        for one in messages
    ]
    rows.add(session, [dispatch], each)
