"""The account's own words, and what messages are made of: pure functions, within LINE's limits."""

from datetime import UTC
from typing import Any

from channels import wording
from channels.line import flex, limits, postback
from channels.line.postback import Do, Pressed, Register
from channels.line.verbs import Verb
from todoke.v1.dispatches_pb2 import (
    NOTICE_KIND_CONTACT_LINKED,
    NOTICE_KIND_PASSKEY_MADE,
    NOTICE_KIND_PLEASE_RENEW,
    NOTICE_KIND_PROXY_GIVEN,
    NOTICE_KIND_PROXY_TAKEN,
    NOTICE_KIND_REGISTERED,
    NOTICE_KIND_RENEWED,
    Notice,
)
from todoke.v1.registration_pb2 import Verification

Message = dict[str, Any]
Action = dict[str, str]

# What these tell of can be seen, and undone, under 登録の内容.
OF_THE_REGISTRATION = {
    NOTICE_KIND_CONTACT_LINKED,
    NOTICE_KIND_PASSKEY_MADE,
    NOTICE_KIND_PROXY_GIVEN,
    NOTICE_KIND_PROXY_TAKEN,
}


def notice(notice: Notice) -> list[Message]:
    """Tell something. Raises wording.NothingToSay for a kind younger than the catalogue."""
    said = wording.notice(notice)
    language = notice.language or wording.FIRST
    if notice.on_behalf_of:
        # A proxy's buttons would lead into the proxy's own registration.
        return texts(said)
    if notice.kind == NOTICE_KIND_PLEASE_RENEW:
        title = wording.say("line", "renewal_title", language)
        return [card(title, [said], [renew_button(language), menu_button(language)])]
    if notice.kind in OF_THE_REGISTRATION:
        title = wording.say("prompts", "alternative", language)
        return [card(title, [said], [menu_button(language)])]
    if notice.kind in {NOTICE_KIND_REGISTERED, NOTICE_KIND_RENEWED}:
        return with_quick_replies(texts(said), [menu_button(language)])
    return texts(said)


def greeting(
    *, is_registered: bool, language: str, renewal_due: bool = False, has_app: bool = False
) -> list[Message]:
    title = wording.say("line", "greeting_title", language)
    if is_registered:
        again = wording.say("line", "greeting_again", language)
        return [card(title, *_of_registered(again, language, renewal_due=renewal_due))]
    lines = [wording.say("line", name, language) for name in ("greeting", "greeting_why")]
    return [card(title, lines, ways_in(language, has_app=has_app))]


def help(
    *, is_registered: bool, language: str, renewal_due: bool = False, has_app: bool = False
) -> list[Message]:
    """Answer what cannot be read, such as a text or a sticker."""
    lines, ways = ways_on(
        is_registered=is_registered, language=language, renewal_due=renewal_due, has_app=has_app
    )
    return [card(wording.say("line", "help_title", language), lines, ways)]


def ways_on(
    *, is_registered: bool, language: str, renewal_due: bool = False, has_app: bool = False
) -> tuple[list[str], list[Action]]:
    """Return what help says, and its buttons."""
    procedures = procedures_button(language)
    if is_registered:
        said = wording.say("line", "help_registered", language)
        return _of_registered(said, language, procedures, renewal_due=renewal_due)
    said = wording.say("line", "help_unregistered", language)
    return [said], [*ways_in(language, has_app=has_app), procedures]


def old_button(language: str = wording.FIRST) -> list[Message]:
    return texts(wording.say("line", "old_button", language))


def refusal(reason: str, language: str = wording.FIRST, *, has_app: bool = False) -> list[Message]:
    """Word a refusal; to one who is not registered, with the buttons that mend it."""
    said = wording.refusal(reason, language)
    if reason == "CONTACT_NOT_REGISTERED":
        title = wording.say("line", "register", language)
        return [card(title, [said], ways_in(language, has_app=has_app))]
    return texts(said)


def challenge(verification: Verification, public_url: str, language: str) -> list[Message]:
    """Hand over to the page where the consent is read and signed with the card."""
    time = wording.clock(verification.expire_time.ToDatetime(UTC), language)
    open_card = {
        "type": "uri",
        "label": wording.say("line", "open_card", language),
        "uri": f"{public_url}/card/{verification.challenge_id}",
    }
    title = wording.say("line", "consent_title", language)
    lines = [
        wording.say("line", "consent", language),
        wording.say("line", "consent_next", language, time=time),
    ]
    return [card(title, lines, [open_card])]


def texts(text: str) -> list[Message]:
    """Say it in text messages, one unless it is long; beyond five it ends in …."""
    pieces = limits.split(text, limits.TEXT)
    if len(pieces) > limits.MESSAGES:
        text = limits.clip("".join(pieces[limits.MESSAGES - 1 :]), limits.TEXT)
        pieces = [*pieces[: limits.MESSAGES - 1], text]
    return [{"type": "text", "text": piece} for piece in pieces]


def within(said: list[Message]) -> list[Message]:
    """Keep the first of too many messages, and the last, which have the buttons."""
    return said if len(said) <= limits.MESSAGES else [said[0], *said[1 - limits.MESSAGES :]]


def with_quick_replies(said: list[Message], actions: list[Action]) -> list[Message]:
    """Offer actions under the last message; LINE takes at most 13, with labels of 20."""
    if actions:
        taken = actions[: limits.QUICK_REPLIES]
        entries = [{"type": "action", "action": action} for action in taken]
        said[-1]["quickReply"] = {"items": entries}
    return said


def card(title: str, lines: list[str], actions: list[Action], *, stands_out: int = 0) -> Message:
    parts = [flex.paragraph(line) for line in lines]
    bubble = flex.bubble(title, parts, actions, stands_out=stands_out)
    return flex_message(limits.clip("\n".join((title, *lines)), limits.ALTERNATIVE), bubble)


def press(pressed: Pressed, word: str, *, limit: int = limits.BUTTON_LABEL) -> Action:
    return {
        "type": "postback",
        "label": limits.clip(word, limit),
        "data": postback.encode(pressed),
        "displayText": limits.clip(word, limits.DISPLAY_TEXT),
    }


def button(name: str, language: str, verb: Verb, *arguments: str) -> Action:
    """Make a button of a verb; `name` is that of its word in the catalogue."""
    return press(Do(verb, arguments), wording.say("line", name, language))


def menu_button(language: str) -> Action:
    return button("menu", language, Verb.MENU, "1")


def procedures_button(language: str) -> Action:
    word = wording.say("line_procedures", "title", language)
    return press(Do(Verb.PROCEDURES, ("1",)), word)


def leading_button(language: str) -> Action:
    return press(Do(Verb.LEAD), wording.say("line_leading", "title", language))


def belonging_button(language: str) -> Action:
    return press(Do(Verb.BELONG), wording.say("line_belonging", "title", language))


def own_button(language: str) -> Action:
    return press(Do(Verb.OWN, ("1",)), wording.say("line_procedures", "own", language))


def ways_in(language: str, *, has_app: bool) -> list[Action]:
    """Offer the card, and the app where the city takes it."""
    app = [button("register_app", language, Verb.APP)] if has_app else []
    return [_register("register", language), *app]


def renew_button(language: str) -> Action:
    return _register("renew", language)


def _of_registered(
    said: str, language: str, *more: Action, renewal_due: bool
) -> tuple[list[str], list[Action]]:
    if renewal_due:
        due = wording.say("line", "renewal_due", language)
        return [due, said], [renew_button(language), menu_button(language), *more]
    return [said], [menu_button(language), *more, renew_button(language)]


def flex_message(alternative: str, bubble: dict[str, Any]) -> Message:
    clipped = limits.clip(alternative, limits.ALTERNATIVE)
    return {"type": "flex", "altText": clipped, "contents": bubble}


def _register(label: str, language: str) -> Action:
    return press(Register(), wording.say("line", label, language))
