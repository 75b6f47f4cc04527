"""One's own applications: where each is, what is to be done, its notice, and taking it back."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from channels.downloads import handed_on
from channels.pages import Problems, leads_to
from channels.web import forms, record, sessions, speaking
from channels.web.conversation import application
from channels.web.pages import page, problems, web
from todoke.client import CoreError
from todoke.v1 import applications_pb2 as pb
from todoke.v1.records_pb2 import ResidentRecord
from todoke.v1.residents_pb2 import Speaker

OPEN = {
    pb.APPLICATION_STATE_INVITED,
    pb.APPLICATION_STATE_STARTED,
    pb.APPLICATION_STATE_RETURNED,
}
"""The resident's turn."""

WITHDRAWABLE = OPEN | {
    pb.APPLICATION_STATE_SUBMITTED,
    pb.APPLICATION_STATE_IN_REVIEW,
    pb.APPLICATION_STATE_APPROVED,
}
MOST_PAGES = 20


def speaker(request: Request) -> Speaker:
    session = sessions.of(request)
    return Speaker(external_id=session.external_id, for_resident_id=session.acting_id)


async def show(request: Request) -> Response:
    """List what was begun here or is one's own; whoever is known sees what was sent, too."""
    if not sessions.of(request).known:
        return leads_to("/sign-in")
    try:
        found = await _page(request, "")
    except CoreError as error:
        if error.reason != "CONTACT_NOT_REGISTERED":
            raise
        return leads_to("/sign-in")
    held = ResidentRecord()
    if sessions.of(request).signed_in:
        held = await record.of(request, speaking.shown(request))
    return page(
        request,
        "applications.html",
        applications=found.applications,
        messages=held.messages,
        letters=held.letters,
        open_states=OPEN,
        state=_state,
    )


def _state(one: pb.OwnApplication) -> str:
    name = pb.ApplicationState.Name(one.state)
    return name.removeprefix("APPLICATION_STATE_").lower()


async def _page(request: Request, token: str) -> pb.ListOwnApplicationsResponse:
    asked = pb.ListOwnApplicationsRequest(speaker=speaker(request), page_size=200, page_token=token)
    core = web(request).core
    found: pb.ListOwnApplicationsResponse = await speaking.ask(
        request, core.applications.ListOwnApplications, asked
    )
    return found


async def _one(request: Request) -> pb.OwnApplication:
    if not sessions.of(request).known:
        raise HTTPException(404)
    token = ""
    for _ in range(MOST_PAGES):
        found = await _page(request, token)
        for one in found.applications:
            if one.application_id == application(request):
                return one
        token = found.next_page_token
        if not token:
            break
    raise HTTPException(404)


async def status(request: Request, wrong: Problems | None = None) -> Response:
    one = await _one(request)
    return page(
        request,
        "application.html",
        problems=wrong or {},
        one=one,
        state=_state(one),
        is_open=one.state in OPEN,
        withdrawable=one.state in WITHDRAWABLE,
    )


async def confirm(request: Request) -> Response:
    """Ask before an application is taken back."""
    one = await _one(request)
    if one.state not in WITHDRAWABLE:
        return leads_to(f"/me/applications/{one.application_id}")
    return page(request, "application_withdraw.html", one=one)


async def withdraw(request: Request) -> Response:
    form = await forms.read(request)
    asked = pb.WithdrawApplicationRequest(
        application_id=application(request), speaker=speaker(request), request_id=form.request_id
    )
    try:
        core = web(request).core
        await speaking.ask(request, core.applications.WithdrawApplication, asked)
    except CoreError as error:
        return await status(request, problems(request, error))
    sessions.of(request).said = "applications.withdrawn"
    return leads_to(f"/me/applications/{application(request)}")


async def notice(request: Request) -> Response:
    """Hand on the decision notice as it comes."""
    core = web(request).core
    asked = pb.DownloadNoticeRequest(application_id=application(request), speaker=speaker(request))
    parts = core.watch(core.applications.DownloadNotice, asked)
    return await handed_on(parts)


async def attachment(request: Request) -> Response:
    """Hand on a file that was attached, to look at it again."""
    core = web(request).core
    session = sessions.of(request)
    external_id = session.pages.get(application(request), session.external_id)
    asked = pb.DownloadAttachmentRequest(
        attachment_id=str(request.path_params["attachment"]),
        speaker=Speaker(external_id=external_id),
    )
    parts = core.watch(core.applications.DownloadAttachment, asked)
    return await handed_on(parts)
