"""登録の内容: what a resident does with their own registration in the chat.

Nothing personal is said here; what the city holds is read on the web.
"""

from channels.line import belonging, menu_messages, messages
from channels.line.messages import Message
from channels.line.visits import Visit
from todoke.client import CoreError
from todoke.v1.access_pb2 import BeginContactLinkRequest
from todoke.v1.records_pb2 import DeleteResidentRequest, GetRecordRequest, ResidentRecord
from todoke.v1.residents_pb2 import UnlinkContactRequest, WithdrawConsentRequest

NOT_REGISTERED = {"CONTACT_UNKNOWN", "CONTACT_NOT_REGISTERED"}


def not_registered(visit: Visit) -> list[Message]:
    has_app = visit.account.has_app
    return messages.refusal("CONTACT_NOT_REGISTERED", visit.language, has_app=has_app)


async def show(visit: Visit, page: str) -> list[Message]:
    if not visit.contact.registered:
        return not_registered(visit)
    account = visit.account
    own = await belonging.memberships(visit) if int(page) == 1 else []
    return menu_messages.menu(
        visit.language,
        belongs=bool(own),
        leads=any(one.offices for one in own),
        page=int(page),
        renewal_due=visit.contact.renewal_due,
        has_web=bool(account.web_url),
        has_app=account.has_app,
    )


async def by_app(visit: Visit) -> list[Message]:
    """Hand over to the page of the app; it is made for this contact, registered or not."""
    account = visit.account
    if account.pages is None:
        return messages.old_button(visit.language)
    token, ends = account.pages.make(visit.event.contact)
    return menu_messages.app_page(f"{account.public_url}/app/{token}", ends, visit.language)


async def on_the_web(visit: Visit) -> list[Message]:
    web_url = visit.account.web_url
    if not web_url:
        return messages.old_button(visit.language)
    request = BeginContactLinkRequest(resident=visit.resident, request_id=visit.event.id)
    began = await visit.core.ask(visit.core.access.BeginContactLink, request)
    return menu_messages.web_page(f"{web_url}/link?code={began.code}", began, visit.language)


async def record(visit: Visit) -> ResidentRecord:
    """Get what the city holds; the chat says nothing of its facts."""
    request = GetRecordRequest(resident=visit.resident)
    return (await visit.core.ask(visit.core.records.GetRecord, request)).record


async def consents(visit: Visit, page: str) -> list[Message]:
    held = [
        consent
        for consent in (await record(visit)).consents
        if not consent.HasField("withdraw_time")
    ]
    return menu_messages.consents(held, int(page), visit.language)


async def withdraw(visit: Visit, consent_id: str) -> list[Message]:
    held = {consent.consent_id: consent for consent in (await record(visit)).consents}
    consent = held.get(consent_id)
    if consent is None:
        return messages.refusal("CONSENT_UNKNOWN", visit.language)
    if consent.HasField("withdraw_time"):
        return menu_messages.said("withdrawn", visit.language)
    return menu_messages.withdraw(consent, visit.asked, visit.language)


async def withdraw_surely(visit: Visit, consent_id: str, asked: str) -> list[Message]:
    if not visit.is_sure(asked):
        return await withdraw(visit, consent_id)
    request = WithdrawConsentRequest(
        resident=visit.resident, consent_id=consent_id, request_id=visit.event.id
    )
    await visit.core.ask(visit.core.residents.WithdrawConsent, request)
    return menu_messages.said("withdrawn", visit.language)


async def unlink(visit: Visit) -> list[Message]:
    if not visit.contact.registered:
        return not_registered(visit)
    return menu_messages.unlink(visit.contact.contact_id, visit.asked, visit.language)


async def unlink_surely(visit: Visit, contact_id: str, asked: str) -> list[Message]:
    if not visit.is_sure(asked) or contact_id != visit.contact.contact_id:
        return await unlink(visit)
    request = UnlinkContactRequest(
        resident=visit.resident, contact_id=contact_id, request_id=visit.event.id
    )
    try:
        await visit.core.ask(visit.core.residents.UnlinkContact, request)
    except CoreError as error:
        # The other of two taps: it is done.
        if error.reason not in NOT_REGISTERED:
            raise
    return menu_messages.unlinked(visit.language, has_app=visit.account.has_app)


async def delete(visit: Visit) -> list[Message]:
    if not visit.contact.registered:
        return not_registered(visit)
    return menu_messages.delete(visit.asked, visit.language)


async def delete_surely(visit: Visit, asked: str) -> list[Message]:
    if not visit.is_sure(asked):
        return await delete(visit)
    request = DeleteResidentRequest(resident=visit.resident, request_id=visit.event.id)
    try:
        deleted = await visit.core.ask(visit.core.records.DeleteResident, request)
    except CoreError as error:
        # The other of two taps: it is done.
        if error.reason not in NOT_REGISTERED:
            raise
        return menu_messages.said("deleted_before", visit.language)
    return menu_messages.deleted(deleted, visit.language)
