"""What tests of residents ask of the core, through the real RPCs."""

from sqlalchemy import select

from core import jobs
from core.events import Event
from tests.makers import a_request_id
from tests.town import MUNICIPALITY, Town
from todoke.client import Core
from todoke.v1 import residents_pb2 as pb


async def get(staff: Core, resident_id: str) -> pb.Resident:
    request = pb.GetResidentRequest(resident_id=resident_id)
    return (await staff.ask(staff.residents.GetResident, request)).resident


async def suppress(staff: Core, resident_id: str, **changes) -> pb.Resident:
    values = {"reason": "支援措置の申出", "etag": (await get(staff, resident_id)).etag}
    request = pb.SuppressResidentRequest(
        resident_id=resident_id, request_id=a_request_id(), **(values | changes)
    )
    return (await staff.ask(staff.residents.SuppressResident, request)).resident


async def clear(staff: Core, resident_id: str, **changes) -> pb.Resident:
    values = {"reason": "支援措置の終了", "etag": (await get(staff, resident_id)).etag}
    request = pb.ClearSuppressionRequest(
        resident_id=resident_id, request_id=a_request_id(), **(values | changes)
    )
    return (await staff.ask(staff.residents.ClearSuppression, request)).resident


async def close(staff: Core, resident_id: str, **changes) -> pb.Resident:
    values = {
        "cause": pb.CLOSING_CAUSE_MOVED_OUT,
        "date": "2026-11-20",
        "reason": "転出届",
        "etag": (await get(staff, resident_id)).etag,
    }
    request = pb.CloseResidentRequest(
        resident_id=resident_id, request_id=a_request_id(), **(values | changes)
    )
    return (await staff.ask(staff.residents.CloseResident, request)).resident


async def search(staff: Core, **known) -> list[str]:
    """Return the ids of who is found."""
    request = pb.SearchResidentsRequest(**known)
    page = await staff.ask(staff.residents.SearchResidents, request)
    return [one.resident_id for one in page.residents]


async def contact_of(channel: Core, external_id: str) -> pb.Contact:
    request = pb.GetContactRequest(external_id=external_id)
    return (await channel.ask(channel.residents.GetContact, request)).contact


async def events_of(town: Town, kind: str) -> list[Event]:
    query = select(Event).where(Event.municipality == MUNICIPALITY, Event.kind == kind)
    return await town.read(lambda s: list(s.scalars(query.order_by(Event.seq))))


async def run_jobs(town: Town) -> dict[str, dict[str, int]]:
    """Run what is due now, and return what each job last counted."""
    await town.running.jobs.run_due()
    held = await town.read(lambda s: list(s.scalars(select(jobs.Job))))
    return {job.name: job.result for job in held}
