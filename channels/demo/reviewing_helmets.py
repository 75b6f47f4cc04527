"""The reviewer of helmets: compares the receipt, ticks the checklist, and decides."""

from channels.demo.open_plan import Applicants
from channels.demo.plan import Decision
from channels.demo.steady import SteadyCore
from channels.demo.wording import Words
from todoke.v1.applications_pb2 import (
    APPLICATION_STATE_RECEIVED,
    APPLICATION_STATE_SUBMITTED,
    Application,
    ApproveApplicationRequest,
    DownloadAttachmentRequest,
    GetApplicationRequest,
    ListApplicationsRequest,
    RejectApplicationRequest,
    ReturnApplicationRequest,
    TickChecklistRequest,
)

CHECKLIST = ("receipt", "mark", "new")
RECEIPT = "receipt"


class HelmetReviewer:
    """Plays the reviewer, by the plan; `receipts` are how many photographs were looked at."""

    def __init__(self, desk: SteadyCore, applicants: Applicants, words: Words) -> None:
        self.receipts = 0
        self._desk = desk
        self._service = desk.core.applications
        self._applicants = applicants
        self._words = words
        self._returned: set[str] = set()

    async def decide(self, program_id: str) -> None:
        """Decide all that waits."""
        request = ListApplicationsRequest(
            program_id=program_id, states=[APPLICATION_STATE_SUBMITTED]
        )
        page = await self._desk.ask(self._service.ListApplications, request)
        for listed in page.applications:
            await self._decide(listed.application_id)

    async def surveys(self, procedure: str) -> list[str]:
        """Return how satisfied those are who answered the survey."""
        request = ListApplicationsRequest(procedure=procedure, states=[APPLICATION_STATE_RECEIVED])
        page = await self._desk.ask(self._service.ListApplications, request)
        return sorted([one.answers["overall"] for one in page.applications])

    async def _decide(self, id: str) -> None:
        one = await self._get(id)
        planned = self._applicants.by_name[one.resident_name].decision
        await self._look(one)
        if planned is Decision.RETURN and id not in self._returned:
            self._returned.add(id)
            send_back = ReturnApplicationRequest(
                application_id=id,
                etag=one.etag,
                reason=self._words("reasons", "receipt"),
                steps=[RECEIPT],
                request_id=f"demo:return:{id}",
            )
            await self._desk.ask(self._service.ReturnApplication, send_back)
        elif planned is Decision.REJECT:
            reject = RejectApplicationRequest(
                application_id=id,
                etag=one.etag,
                reason=self._words("reasons", "second_hand"),
                request_id=f"demo:reject:{id}",
            )
            await self._desk.ask(self._service.RejectApplication, reject)
        else:
            tick = TickChecklistRequest(
                application_id=id, etag=one.etag, checked=CHECKLIST, request_id=f"demo:tick:{id}"
            )
            await self._desk.ask(self._service.TickChecklist, tick)
            approve = ApproveApplicationRequest(
                application_id=id, etag=(await self._get(id)).etag, request_id=f"demo:approve:{id}"
            )
            await self._desk.ask(self._service.ApproveApplication, approve)

    async def _get(self, id: str) -> Application:
        look = GetApplicationRequest(application_id=id)
        return (await self._desk.ask(self._service.GetApplication, look)).application

    async def _look(self, one: Application) -> None:
        """Open the photograph of the receipt."""
        (receipt,) = [answer for answer in one.filed_answers if answer.step == RECEIPT]
        request = DownloadAttachmentRequest(attachment_id=receipt.attachment_ids[0])

        async def download() -> int:
            size = 0
            async for part in self._desk.core.watch(self._service.DownloadAttachment, request):
                size += len(part.chunk)
            return size

        if await self._desk.until_answered(download):
            self.receipts += 1
