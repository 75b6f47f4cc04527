"""From what a person did in the chat to what the city says next: one question to the core each."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from channels import wording
from channels.line import messages, postback
from channels.line.event import Event
from channels.line.messages import Message
from channels.line.postback import Answer, Register
from todoke.client import Core, CoreError
from todoke.v1.applications_pb2 import AnswerPromptRequest
from todoke.v1.registration_pb2 import BeginVerificationRequest
from todoke.v1.residents_pb2 import (
    CONTACT_STATE_LOST,
    CONTACT_STATE_REACHABLE,
    Contact,
    ContactState,
    GetContactRequest,
    SeeContactRequest,
)

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Account:
    """The city's account: the core behind it, and where its pages are."""

    core: Core
    public_url: str


async def answer(account: Account, event: Event) -> list[Message]:
    """Deal with an event and word the answer, which may be nothing.

    Raises CoreError where the event is not dealt with and must come again.
    """
    handler = HANDLERS.get(event.kind)
    if handler is None:
        return []
    try:
        return await handler(account, event)
    except CoreError as error:
        if not wording.is_for_the_resident(error):
            raise
        return messages.refusal(error.reason)


async def _follow(account: Account, event: Event) -> list[Message]:
    contact = await _see(account.core, event, CONTACT_STATE_REACHABLE, event.id)
    return messages.greeting(is_registered=contact.registered, language=contact.language)


async def _unfollow(account: Account, event: Event) -> list[Message]:
    await _see(account.core, event, CONTACT_STATE_LOST, event.id)
    return []


async def _postback(account: Account, event: Event) -> list[Message]:
    match postback.decode(event.data):
        case Register():
            return await _known(account.core, event, lambda: _begin(account, event))
        case Answer() as pressed:
            return await _known(account.core, event, lambda: _press(account.core, event, pressed))
        case None:
            return messages.old_button()


async def _begin(account: Account, event: Event) -> list[Message]:
    core = account.core
    request = BeginVerificationRequest(external_id=event.contact, request_id=event.id)
    began = await core.ask(core.registration.BeginVerification, request)
    return messages.challenge(began.verification, account.public_url, wording.FIRST)


async def _press(core: Core, event: Event, pressed: Answer) -> list[Message]:
    request = AnswerPromptRequest(
        external_id=event.contact,
        application_id=pressed.application_id,
        step=pressed.step,
        choice=pressed.choice,
        request_id=event.id,
    )
    answered = await core.ask(core.applications.AnswerPrompt, request)
    return messages.of_turn(answered.turn)


async def _message(account: Account, event: Event) -> list[Message]:
    core = account.core

    async def look() -> Contact:
        found = await core.ask(
            core.residents.GetContact, GetContactRequest(external_id=event.contact)
        )
        return found.contact

    contact = await _known(core, event, look)
    return messages.help(is_registered=contact.registered, language=contact.language)


async def _known(core: Core, event: Event, ask: Callable[[], Awaitable[Found]]) -> Found:
    """Ask; where the core never met the contact, as after a lost follow, introduce it first."""
    try:
        return await ask()
    except CoreError as error:
        if error.reason != "CONTACT_UNKNOWN":
            raise
    await _see(core, event, CONTACT_STATE_REACHABLE, f"{event.id}:see")
    return await ask()


async def _see(core: Core, event: Event, state: ContactState.ValueType, request_id: str) -> Contact:
    request = SeeContactRequest(external_id=event.contact, state=state, request_id=request_id)
    request.seen_time.FromDatetime(event.time)
    seen = await core.ask(core.residents.SeeContact, request)
    return seen.contact


HANDLERS: dict[str, Callable[[Account, Event], Awaitable[list[Message]]]] = {
    "follow": _follow,
    "unfollow": _unfollow,
    "postback": _postback,
    "message": _message,
}
