"""The words and buttons of 登録の内容: pure functions, within LINE's limits."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypeVar

from channels import wording
from channels.line import limits, messages
from channels.line.messages import Action, Message, button, card, menu_button, press
from channels.line.postback import Do
from channels.line.verbs import Verb
from todoke.v1.access_pb2 import BeginContactLinkResponse
from todoke.v1.records_pb2 import DeleteResidentResponse
from todoke.v1.residents_pb2 import Consent, ConsentPurpose

PAGE = 5
"""This many of a list in a bubble: its buttons still fit a phone."""

Listed = TypeVar("Listed")


def say(name: str, language: str, **places: object) -> str:
    return wording.say("line", name, language, **places)


def said(name: str, language: str, **places: object) -> list[Message]:
    """Say that something is done, and lead back to 登録の内容."""
    told = messages.texts(say(name, language, **places))
    return messages.with_quick_replies(told, [menu_button(language)])


def uri(name: str, address: str, language: str, *, section: str = "line") -> Action:
    return {"type": "uri", "label": wording.say(section, name, language), "uri": address}


def turned(
    listed: Sequence[Listed],
    page: int,
    verb: Verb,
    language: str,
    *,
    size: int = PAGE,
    of: Sequence[str] = (),
) -> tuple[Sequence[Listed], list[Action]]:
    """Return a page of a list, with the buttons to the page before and after.

    `of` is what the verb's page is of.
    """
    last = max(1, -(-len(listed) // size))
    page = min(page, last)
    before = [button("page_before", language, verb, *of, str(page - 1))] if page > 1 else []
    after = [button("page_after", language, verb, *of, str(page + 1))] if page < last else []
    return listed[(page - 1) * size : page * size], [*before, *after]


def menu(
    language: str,
    *,
    page: int,
    renewal_due: bool,
    has_web: bool,
    has_app: bool,
    belongs: bool = False,
    leads: bool = False,
) -> list[Message]:
    """Offer what is wanted often on the first page, and the ways out on the second.

    Whoever `belongs` to an association finds there their place in it, and whoever `leads` one what
    its officers do.
    """
    title = say("menu", language)
    if page > 1:
        actions = [
            button("menu_consents", language, Verb.CONSENTS, "1"),
            button("menu_unlink", language, Verb.UNLINK),
            button("menu_delete", language, Verb.DELETE),
            button("menu_back", language, Verb.MENU, "1"),
        ]
        return [card(title, [say("menu_ways_out", language)], actions)]
    renew = [messages.renew_button(language)]
    if has_app:
        renew.append(button("renew_app", language, Verb.APP))
    web = [button("menu_web", language, Verb.WEB)] if has_web else []
    actions = [
        *([*renew, *web] if renewal_due else [*web, *renew]),
        press(Do(Verb.INBOX, ("1",)), wording.say("line_inbox", "title", language)),
        *([messages.leading_button(language)] if leads else []),
        *([messages.belonging_button(language)] if belongs else []),
        messages.procedures_button(language),
        messages.own_button(language),
        button("menu_eligible", language, Verb.ELIGIBLE, "1"),
        button("menu_languages", language, Verb.LANGUAGES),
        button("menu_topics", language, Verb.TOPICS, "1"),
        button("menu_family", language, Verb.FAMILY),
        button("menu_more", language, Verb.MENU, "2"),
    ]
    due = [say("renewal_due", language)] if renewal_due else []
    return [card(title, [*due, say("menu_lead", language)], actions)]


def app_page(address: str, ends: datetime, language: str) -> list[Message]:
    # LINE opens it in the phone's own browser, which is where the app comes back to.
    action = uri("app_open", f"{address}?openExternalBrowser=1", language)
    lines = [
        say("app_lead", language),
        say("app_next", language, time=wording.clock(ends, language)),
    ]
    return [card(say("app_title", language), lines, [action])]


def web_page(address: str, began: BeginContactLinkResponse, language: str) -> list[Message]:
    time = wording.clock(began.expire_time.ToDatetime(UTC), language)
    lines = [say("web_lead", language), say("web_next", language, time=time)]
    return [card(say("menu_web", language), lines, [uri("web_open", address, language)])]


def consents(held: Sequence[Consent], page: int, language: str) -> list[Message]:
    title = say("menu_consents", language)
    if not held:
        return [card(title, [say("consents_none", language)], [menu_button(language)])]
    shown, turns = turned(held, page, Verb.CONSENTS, language)
    lines, actions = [], []
    for consent in shown:
        what = _purpose(consent.purpose, language)
        given = wording.date(consent.give_time.ToDatetime(UTC), language)
        lines.append(say("consent_given", language, what=what, date=given))
        word = say("consent_withdraw", language, what=what)
        actions.append(messages.press(Do(Verb.WITHDRAW, (consent.consent_id,)), word))
    # None of these is to be pressed by mistake: the way back stands out.
    return [card(title, lines, [menu_button(language), *actions, *turns])]


def withdraw(consent: Consent, asked: str, language: str) -> list[Message]:
    what = _purpose(consent.purpose, language)
    lines = [_named("withdraw", _name(consent.purpose), language)]
    sure = button("withdraw_sure", language, Verb.WITHDRAW_SURE, consent.consent_id, asked)
    return ask(say("consent_withdraw", language, what=what), lines, sure, language)


def unlink(contact_id: str, asked: str, language: str) -> list[Message]:
    sure = button("unlink_sure", language, Verb.UNLINK_SURE, contact_id, asked)
    return ask(say("menu_unlink", language), [say("unlink_means", language)], sure, language)


def unlinked(language: str, *, has_app: bool) -> list[Message]:
    lines = [say("unlinked", language)]
    actions = messages.ways_in(language, has_app=has_app)
    return [card(say("menu_unlink", language), lines, actions)]


def delete(asked: str, language: str) -> list[Message]:
    lines = [say(name, language) for name in ("delete_means", "delete_keeps")]
    sure = button("delete_sure", language, Verb.DELETE_SURE, asked)
    return ask(say("menu_delete", language), lines, sure, language)


def deleted(response: DeleteResidentResponse, language: str) -> list[Message]:
    """Say that it is done, what is kept, and until when."""
    lines = [say("deleted", language)]
    for name in response.kept:
        what = _named("lawful", name, language)
        until = wording.day(response.kept_until, language)
        lines.append(
            say("kept_until", language, what=what, until=until)
            if until
            else say("kept", language, what=what)
        )
    return messages.texts("\n".join(lines))


def ask(title: str, lines: list[str], sure: Action, language: str) -> list[Message]:
    """Ask before what cannot be undone; the safe answer stands out."""
    return [card(title, lines, [button("keep_it", language, Verb.MENU, "1"), sure])]


def quick(pressed: Do, word: str) -> Action:
    return messages.press(pressed, word, limit=limits.QUICK_REPLY_LABEL)


def _purpose(purpose: ConsentPurpose.ValueType, language: str) -> str:
    return _named("purpose", _name(purpose), language)


def _name(purpose: ConsentPurpose.ValueType) -> str:
    """Name a purpose; one younger than this channel is another."""
    known = purpose in ConsentPurpose.values()
    return ConsentPurpose.Name(purpose).removeprefix("CONSENT_PURPOSE_") if known else "other"


def _named(kind: str, name: str, language: str) -> str:
    try:
        return say(f"{kind}_{name}", language)
    except wording.NothingToSay:
        return say(f"{kind}_other", language)
