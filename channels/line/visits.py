"""Who is in the chat, as the core knows them: met at the follow, or introduced when they speak."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from channels import wording
from channels.line.content import Contents
from channels.line.event import Event
from channels.line.page_tokens import PageTokens
from channels.line.rich_menus import RichMenus
from todoke.client import Core, CoreError
from todoke.v1.residents_pb2 import (
    CONTACT_STATE_REACHABLE,
    Contact,
    ContactState,
    GetContactRequest,
    NamedResident,
    SeeContactRequest,
    Speaker,
)

Found = TypeVar("Found")

SURE = timedelta(minutes=15)
"""How long the second of two taps counts after the first."""


@dataclass(frozen=True, slots=True)
class Account:
    """The city's account: the core behind it, and where its pages are.

    `web_url` is empty where the city has no web, `board_url` where it has no boards; `pages` is
    None where nobody registers by the app. Where the city takes no inquiries, words that fit
    nothing are answered with help.
    """

    core: Core
    contents: Contents
    menus: RichMenus
    public_url: str
    web_url: str = ""
    board_url: str = ""
    pages: PageTokens | None = None
    takes_inquiries: bool = True

    @property
    def has_app(self) -> bool:
        return self.pages is not None


@dataclass(frozen=True, slots=True)
class Visit:
    """Something a person did in the chat, with what the core knows of their contact."""

    account: Account
    event: Event
    contact: Contact

    @property
    def core(self) -> Core:
        return self.account.core

    @property
    def language(self) -> str:
        return self.contact.language or wording.FIRST

    @property
    def speaker(self) -> Speaker:
        return Speaker(external_id=self.event.contact)

    @property
    def resident(self) -> NamedResident:
        return NamedResident(speaker=self.speaker)

    @property
    def asked(self) -> str:
        """What a button carries so that its tap is known as the second of two."""
        return f"{int(self.event.time.timestamp()):010}"

    def is_sure(self, asked: str) -> bool:
        """Whether this tap follows the question soon: both times are LINE's."""
        since = self.event.time - datetime.fromtimestamp(int(asked), UTC)
        return timedelta(0) <= since <= SURE


async def begin(account: Account, event: Event) -> Visit:
    """Look up who it is; one whom the core never met is introduced."""
    core = account.core

    async def look() -> Contact:
        asked = GetContactRequest(external_id=event.contact)
        return (await core.ask(core.residents.GetContact, asked)).contact

    contact = await known(core, event, look)
    account.menus.meet(event.contact, is_registered=contact.registered, language=contact.language)
    return Visit(account, event, contact)


async def language_of(core: Core, event: Event) -> str:
    """Tell the language to say a refusal in, at any rate."""
    try:
        asked = GetContactRequest(external_id=event.contact)
        return (await core.ask(core.residents.GetContact, asked)).contact.language or wording.FIRST
    except CoreError:
        return wording.FIRST


async def known(core: Core, event: Event, ask: Callable[[], Awaitable[Found]]) -> Found:
    """Ask; where the core never met the contact, as after a lost follow, introduce it first."""
    try:
        return await ask()
    except CoreError as error:
        if error.reason != "CONTACT_UNKNOWN":
            raise
    await see(core, event, CONTACT_STATE_REACHABLE, f"{event.id}:see")
    return await ask()


async def see(core: Core, event: Event, state: ContactState.ValueType, request_id: str) -> Contact:
    request = SeeContactRequest(external_id=event.contact, state=state, request_id=request_id)
    request.seen_time.FromDatetime(event.time)
    seen = await core.ask(core.residents.SeeContact, request)
    return seen.contact
