"""Where a resident is reached: unlinking, and a code for another device."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from channels import codes
from channels.pages import leads_to
from channels.web import forms, record, sessions, speaking
from channels.web.pages import page, web
from todoke.v1.access_pb2 import BeginContactLinkRequest
from todoke.v1.residents_pb2 import UnlinkContactRequest


@speaking.for_oneself
async def show(request: Request) -> Response:
    found = await record.of(request, speaking.myself(request))
    return page(request, "contacts.html", contacts=found.resident.contacts)


@speaking.for_oneself
async def confirm(request: Request) -> Response:
    """Ask before a contact is unlinked."""
    found = await record.of(request, speaking.myself(request))
    id = request.path_params["contact_id"]
    contact = next((one for one in found.resident.contacts if one.contact_id == id), None)
    if contact is None:
        raise HTTPException(404)
    return page(request, "contact_unlink.html", contact=contact)


@speaking.for_oneself
async def unlink(request: Request) -> Response:
    form = await forms.read(request)
    id = request.path_params["contact_id"]
    found = await record.of(request, speaking.myself(request))
    here = sessions.of(request).external_id
    is_here = any(
        one.contact_id == id and one.external_id == here for one in found.resident.contacts
    )
    asked = UnlinkContactRequest(
        resident=speaking.myself(request), contact_id=id, request_id=form.request_id
    )
    await speaking.ask(request, web(request).core.residents.UnlinkContact, asked)
    if is_here:
        sessions.of(request).signed_in = False
        speaking.left(request, "sign_in.out")
        return leads_to("/")
    sessions.of(request).said = "contacts.unlinked"
    return leads_to("/me/contacts")


@speaking.for_oneself
async def device(request: Request) -> Response:
    """Show the code for another device while it is good."""
    code = codes.good(sessions.of(request).codes, "link", web(request).sessions.now)
    address = f"{web(request).settings.public_url}/link?code={code.code}" if code else ""
    picture = codes.picture(address) if code else ""
    return page(request, "device.html", code=code, picture=picture)


@speaking.for_oneself
async def make_code(request: Request) -> Response:
    form = await forms.read(request)
    asked = BeginContactLinkRequest(resident=speaking.myself(request), request_id=form.request_id)
    made = await speaking.ask(request, web(request).core.access.BeginContactLink, asked)
    codes.keep(sessions.of(request).codes, "link", made.code, made.expire_time)
    return leads_to("/me/device")
