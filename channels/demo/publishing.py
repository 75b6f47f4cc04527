"""What the city has published of the library, so that residents begin it, and what it tells of."""

from channels.demo.steady import SteadyCore
from channels.demo.wording import LANGUAGES, Words
from todoke.v1.procedures_pb2 import (
    GetProcedureRequest,
    PublishProcedureRequest,
    SaveDraftRequest,
    Text,
)
from todoke.v1.residents_pb2 import SaveTopicRequest, Topic

TOPICS = {"disaster": True, "children": True, "events": False}
"""What messages are about, and whether residents hear of it before they choose."""

PUBLISHED = (
    "after_school_club",
    "bulky_waste",
    "road_damage_report",
    "satisfaction_survey",
    "voting_support_card",
)


async def publish(desk: SteadyCore, reason: str) -> None:
    """Take these as they ship."""
    procedures = desk.core.procedures
    for key in PUBLISHED:
        ships = await desk.ask(procedures.GetProcedure, GetProcedureRequest(key=key))
        save = SaveDraftRequest(key=key, source=ships.source, request_id=f"demo:draft:{key}")
        draft = (await desk.ask(procedures.SaveDraft, save)).draft
        request = PublishProcedureRequest(
            key=key, reason=reason, etag=draft.etag, request_id=f"demo:publish:{key}"
        )
        await desk.ask(procedures.PublishProcedure, request)


async def offer_topics(desk: SteadyCore) -> None:
    """Make the topics, without which no campaign can be written."""
    for key, at_first in TOPICS.items():
        title = Text(by_language={tag: Words(tag)("topic", key) for tag in LANGUAGES})
        topic = Topic(key=key, title=title, chosen_at_first=at_first)
        request = SaveTopicRequest(topic=topic, request_id=f"demo:topic:{key}")
        await desk.ask(desk.core.residents.SaveTopic, request)
