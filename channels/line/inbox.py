"""お知らせ: every message that a resident got, and whether one is the city's."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC

from channels import wording
from channels.line import limits, menu, messages
from channels.line.menu_messages import turned
from channels.line.messages import Action, Message, card, press
from channels.line.postback import Do
from channels.line.verbs import Verb
from channels.line.visits import Visit
from todoke.v1.campaigns_pb2 import (
    CheckOfficialCodeRequest,
    CheckOfficialCodeResponse,
    InboxMessage,
    ListInboxRequest,
    OpenInboxMessageRequest,
)

SECTION = "line_inbox"
MOST = 100
"""Older ones than these are read on the web."""

FOUND = 5
"""At most this many are shown of what was looked for."""

LOOKS = 10
SAID = 40
"""At most this much of the words is said again."""

TITLE = 80
IN_BUBBLE = 2_000
"""A longer text stands before the bubble, in messages of its own."""


async def show(visit: Visit, what: str) -> list[Message]:
    """Open a message, or list a page of them."""
    if not visit.contact.registered:
        return menu.not_registered(visit)
    return await (_page(visit, int(what)) if what.isdigit() else _open(visit, what))


async def search(visit: Visit, words: str) -> list[Message]:
    """List the newest messages that hold the words; the rest is found by more words, or the web."""
    if not visit.contact.registered:
        return menu.not_registered(visit)
    request = ListInboxRequest(
        speaker=visit.speaker, words=words, page_size=FOUND + 1, language=visit.language
    )
    found: list[InboxMessage] = []
    for _ in range(LOOKS):  # Where words are seldom said a page may hold none, and be gone on from.
        page = await visit.core.ask(visit.core.campaigns.ListInbox, request)
        found += page.messages
        request.page_token = page.next_page_token
        if len(found) > FOUND or not request.page_token:
            break
    return searched(found, words, visit.language)


def searched(found: list[InboxMessage], words: str, language: str) -> list[Message]:
    """List what was found, the newest first."""
    title = _say("found", language, words=limits.clip(words, SAID))
    lines, buttons = _lines(found[:FOUND], language)
    if not found:
        lines = [_say("none_found", language)]
    if len(found) > FOUND:
        lines.append(_say("more_found", language))
    back = press(Do(Verb.INBOX, ("1",)), _say("list", language))
    return [card(title, lines, [*buttons, back, messages.menu_button(language)])]


async def check(visit: Visit, code: str) -> list[Message]:
    """Tell whether a code is on anything of the city's; anybody may ask."""
    request = CheckOfficialCodeRequest(code=code, external_id=visit.event.contact)
    found = await visit.core.ask(visit.core.campaigns.CheckOfficialCode, request)
    return official(found, visit.language)


def official(found: CheckOfficialCodeResponse, language: str) -> list[Message]:
    title = wording.text_in(found.title.by_language, language)
    lines = [
        limits.clip(title.strip(), TITLE),
        _say("sent", language, date=wording.day(found.send_date, language)),
        _say("compare", language),
    ]
    shown = [line for line in lines if line]
    return [card(_say(f"real_{_kind(found.kind)}", language), shown, [])]


def listed(found: list[InboxMessage], page: int, language: str) -> list[Message]:
    """List messages, what is not yet opened marked as new."""
    title = _say("title", language)
    if not found:
        return [card(title, [_say("none", language)], [messages.menu_button(language)])]
    shown, turns = turned(found, page, Verb.INBOX, language)
    lines, buttons = _lines(shown, language)
    lines.append(_say("how_to_find", language))
    return [card(title, lines, [*buttons, *turns, messages.menu_button(language)])]


def _lines(shown: Sequence[InboxMessage], language: str) -> tuple[list[str], list[Action]]:
    """Return a line and a button for each message."""
    lines: list[str] = []
    buttons: list[Action] = []
    times = Counter(_title(one, language) for one in shown)
    for one in shown:
        name = _title(one, language)
        state = "line_opened" if one.HasField("open_time") else "line_new"
        lines.append(_say(state, language, title=name, date=_date(one, language)))
        word = name
        if times[name] > 1:  # What repeats has one title: the day tells which is which.
            word = _say("of_day", language, title=name, date=_date(one, language))
        buttons.append(press(Do(Verb.INBOX, (one.message_id,)), word))
    return lines, buttons


def opened(one: InboxMessage, language: str, web_url: str = "") -> list[Message]:
    """Show a message whole, with all that it leads to."""
    lines = [wording.inbox_body(one, language)]
    before: list[Message] = []
    if limits.units(lines[0]) > IN_BUBBLE:
        before, lines = messages.texts(lines[0]), []
    lines.append(_say("sent", language, date=_date(one, language)))
    if one.official_code:
        code = wording.official_code(one.official_code)
        lines.append(_say("code", language, code=code))
    title = _title(one, language)
    made = [
        *before,
        card(title, [line for line in lines if line.strip()], _actions(one, language, web_url)),
    ]
    return messages.within(made)


def _actions(one: InboxMessage, language: str, web_url: str) -> list[Action]:
    actions: list[Action] = []
    if one.procedure:
        name = limits.clip(one.procedure_title.strip(), TITLE)
        actions.append(press(Do(Verb.START, (one.procedure,)), _say("begin", language, title=name)))
    if one.application_id:
        own = Do(Verb.OWN_ONE, (one.application_id,))
        actions.append(press(own, _say("application", language)))
    actions += [
        _link(button.label, button.url, language)
        for button in one.buttons
        if limits.units(button.url) <= limits.URI
    ]
    if one.image_id and web_url:
        actions.append(
            _link(_say("image", language), f"{web_url}/me/inbox/{one.message_id}", language)
        )
    return [*actions, press(Do(Verb.INBOX, ("1",)), _say("list", language))]


def _link(label: str, url: str, language: str) -> Action:
    word = limits.clip(label.strip(), limits.BUTTON_LABEL) or _say("link", language)
    return {"type": "uri", "label": word, "uri": url}


async def _page(visit: Visit, page: int) -> list[Message]:
    request = ListInboxRequest(speaker=visit.speaker, page_size=MOST, language=visit.language)
    found = await visit.core.ask(visit.core.campaigns.ListInbox, request)
    return listed(list(found.messages), page, visit.language)


async def _open(visit: Visit, id: str) -> list[Message]:
    request = OpenInboxMessageRequest(
        speaker=visit.speaker,
        message_id=id,
        language=visit.language,
        request_id=visit.event.id,
    )
    found = await visit.core.ask(visit.core.campaigns.OpenInboxMessage, request)
    return opened(found.message, visit.language, visit.account.web_url)


def _title(one: InboxMessage, language: str) -> str:
    title = limits.clip(wording.inbox_title(one, language).strip(), TITLE)
    return title or wording.say("prompts", "alternative", language)


def _kind(kind: str) -> str:
    return kind if kind in {"message", "notice"} else "message"


def _date(one: InboxMessage, language: str) -> str:
    return wording.date(one.send_time.ToDatetime(UTC), language)


def _say(name: str, language: str, **places: object) -> str:
    return wording.say(SECTION, name, language, **places)
