"""What of the library the city has published, so that residents begin it from the menu."""

from channels.demo.steady import SteadyCore
from todoke.v1.procedures_pb2 import GetProcedureRequest, PublishProcedureRequest, SaveDraftRequest

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
