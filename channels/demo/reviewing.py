"""The reviewer: approves what was filed, sends two back, rejects two."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from channels.demo.plan import Decision, Plan
from channels.demo.steady import SteadyCore
from channels.demo.wording import Words
from todoke.v1.applications_pb2 import (
    APPLICATION_STATE_SUBMITTED,
    Application,
    ApproveApplicationRequest,
    GetApplicationRequest,
    ListApplicationsRequest,
    RejectApplicationRequest,
    ReturnApplicationRequest,
)

PAGE = 200
AT_ONCE = 8


class Reviewer:
    """Plays the reviewer, by the plan."""

    def __init__(self, desk: SteadyCore, plan: Plan, words: Words) -> None:
        self._desk = desk
        self._service = desk.core.applications
        self._plan = plan
        self._words = words
        self._returned: set[str] = set()

    async def submitted(self, program_id: str) -> list[Application]:
        """List all that waits for a decision."""
        found: list[Application] = []
        token = ""
        while True:
            request = ListApplicationsRequest(
                program_id=program_id,
                states=[APPLICATION_STATE_SUBMITTED],
                page_size=PAGE,
                page_token=token,
            )
            page = await self._desk.ask(self._service.ListApplications, request)
            found += page.applications
            token = page.next_page_token
            if not token:
                return found

    async def decide(self, waiting: list[Application], decided: Callable[[], None]) -> None:
        """Decide each, several at a time; tell of each."""
        seats = asyncio.Semaphore(AT_ONCE)

        async def sit(decide: Callable[[], Awaitable[None]]) -> None:
            async with seats:
                await decide()
                decided()

        async with asyncio.TaskGroup() as group:
            for application in waiting:
                group.create_task(sit(partial(self._decide, application)))

    async def _decide(self, listed: Application) -> None:
        look = GetApplicationRequest(application_id=listed.application_id)
        one = (await self._desk.ask(self._service.GetApplication, look)).application
        decision = self._plan.by_addressee[one.reference].decision
        id, etag = one.application_id, one.etag
        if decision is Decision.REJECT:
            reason = self._words("reasons", "rejected")
            await self._desk.ask(
                self._service.RejectApplication,
                RejectApplicationRequest(
                    application_id=id, etag=etag, reason=reason, request_id=f"demo:reject:{id}"
                ),
            )
        elif decision is Decision.RETURN and id not in self._returned:
            self._returned.add(id)
            reason = self._words("reasons", "returned")
            await self._desk.ask(
                self._service.ReturnApplication,
                ReturnApplicationRequest(
                    application_id=id, etag=etag, reason=reason, request_id=f"demo:return:{id}"
                ),
            )
        else:
            await self._desk.ask(
                self._service.ApproveApplication,
                ApproveApplicationRequest(
                    application_id=id, etag=etag, request_id=f"demo:approve:{id}"
                ),
            )
