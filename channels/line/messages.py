"""From the core's messages to LINE's: pure functions, within LINE's limits for whatever comes."""

from datetime import UTC
from typing import Any

from channels import wording
from channels.line import flex, limits, postback
from channels.line.postback import Answer, Do, Pressed, Register, Verb
from todoke.v1.applications_pb2 import Closing, Turn
from todoke.v1.dispatches_pb2 import (
    NOTICE_KIND_CONTACT_LINKED,
    NOTICE_KIND_PASSKEY_MADE,
    NOTICE_KIND_PLEASE_RENEW,
    NOTICE_KIND_PROXY_GIVEN,
    NOTICE_KIND_PROXY_TAKEN,
    NOTICE_KIND_REGISTERED,
    NOTICE_KIND_RENEWED,
    Dispatch,
    Notice,
)
from todoke.v1.procedures_pb2 import Choice, Prompt
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


def of_dispatch(dispatch: Dispatch) -> list[Message]:
    """Word a dispatch. Raises wording.NothingToSay where the core is newer than this channel."""
    match dispatch.WhichOneof("content"):
        case "prompt":
            return prompt(dispatch.prompt)
        case "notice":
            return notice(dispatch.notice)
        case "closing":
            return closing(dispatch.closing)
        case _:
            raise wording.NothingToSay("the dispatch has no content known to this channel")


def of_turn(turn: Turn) -> list[Message]:
    return prompt(turn.prompt) if turn.HasField("prompt") else closing(turn.closing)


def prompt(prompt: Prompt) -> list[Message]:
    """Ask with buttons; what is too long for a bubble goes before it as plain text."""
    language = prompt.language or wording.FIRST
    title = prompt.title.strip() or wording.say("prompts", "alternative", language)
    actions = [
        _choice(choice, prompt.application_id, prompt.step, limits.BUTTON_LABEL)
        for choice in prompt.choices
    ]
    whose = _whose(prompt.on_behalf_of, language)
    alternative = limits.clip("\n".join([*whose, title, prompt.text]).strip(), limits.ALTERNATIVE)
    whole = flex.bubble(title, _parts(prompt, language), actions)
    if flex.size(whole) <= limits.BUBBLE_BYTES:
        return [flex_message(alternative, whole)]
    brief = flex.bubble(limits.clip(title, 200), [], actions)
    return [
        *texts(_plain(prompt, title, language))[: limits.MESSAGES - 1],
        flex_message(alternative, brief),
    ]


def closing(closing: Closing) -> list[Message]:
    """Say the last word; what may still be changed stands as quick replies under it."""
    said = closing.text.strip() or wording.say("prompts", "alternative", closing.language)
    choices = [
        _choice(choice, closing.application_id, closing.step, limits.QUICK_REPLY_LABEL)
        for choice in closing.choices
    ]
    whose = _whose(closing.on_behalf_of, closing.language)
    return with_quick_replies(texts("\n".join([*whose, said])), choices)


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
        return [_of_registered(title, again, language, renewal_due=renewal_due)]
    lines = [wording.say("line", name, language) for name in ("greeting", "greeting_why")]
    return [card(title, lines, ways_in(language, has_app=has_app))]


def help(
    *, is_registered: bool, language: str, renewal_due: bool = False, has_app: bool = False
) -> list[Message]:
    """Answer what cannot be read, such as a text or a sticker."""
    title = wording.say("line", "help_title", language)
    if is_registered:
        said = wording.say("line", "help_registered", language)
        return [_of_registered(title, said, language, renewal_due=renewal_due)]
    said = wording.say("line", "help_unregistered", language)
    return [card(title, [said], ways_in(language, has_app=has_app))]


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


def with_quick_replies(said: list[Message], actions: list[Action]) -> list[Message]:
    """Offer actions under the last message; LINE shows at most 13, with labels of 20."""
    if actions:
        entries = [{"type": "action", "action": action} for action in actions]
        said[-1]["quickReply"] = {"items": entries}
    return said


def card(title: str, lines: list[str], actions: list[Action]) -> Message:
    bubble = flex.bubble(title, [flex.paragraph(line) for line in lines], actions)
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


def ways_in(language: str, *, has_app: bool) -> list[Action]:
    """Offer the card, and the app where the city takes it."""
    app = [button("register_app", language, Verb.APP)] if has_app else []
    return [_register("register", language), *app]


def renew_button(language: str) -> Action:
    return _register("renew", language)


def _of_registered(title: str, said: str, language: str, *, renewal_due: bool) -> Message:
    if renewal_due:
        due = wording.say("line", "renewal_due", language)
        return card(title, [due, said], [renew_button(language), menu_button(language)])
    return card(title, [said], [menu_button(language), renew_button(language)])


def flex_message(alternative: str, bubble: dict[str, Any]) -> Message:
    clipped = limits.clip(alternative, limits.ALTERNATIVE)
    return {"type": "flex", "altText": clipped, "contents": bubble}


def _register(label: str, language: str) -> Action:
    return press(Register(), wording.say("line", label, language))


def _choice(choice: Choice, application_id: str, step: str, limit: int) -> Action:
    word = choice.label.strip() or choice.value
    return press(Answer(application_id, step, choice.value), word, limit=limit)


def _whose(person: str, language: str) -> list[str]:
    """Say whose matter it is; nothing where it is the reader's own."""
    if not person:
        return []
    return [wording.say("notices", "on_behalf_of", language or wording.FIRST, person=person)]


def _parts(prompt: Prompt, language: str) -> list[flex.Component]:
    parts = [flex.paragraph(line, weight="bold") for line in _whose(prompt.on_behalf_of, language)]
    if returned := prompt.returned_with.strip():
        label = wording.say("prompts", "returned_with", language)
        parts += [
            flex.paragraph(label, size="sm", color=flex.WARNING, weight="bold"),
            flex.paragraph(returned),
        ]
    if prompt.text.strip():
        parts.append(flex.paragraph(prompt.text))
    return parts + [flex.fact(*shown) for shown in _facts(prompt, language)]


def _plain(prompt: Prompt, title: str, language: str) -> str:
    lines = [*_whose(prompt.on_behalf_of, language), title]
    if returned := prompt.returned_with.strip():
        lines += [wording.say("prompts", "returned_with", language), returned]
    facts = [f"{label}:{value}" for label, value in _facts(prompt, language)]
    return "\n".join((*lines, prompt.text, *facts))


def _facts(prompt: Prompt, language: str) -> list[tuple[str, str]]:
    nothing = wording.say("prompts", "nothing_held", language)
    return [(shown.label.strip() or "―", shown.value.strip() or nothing) for shown in prompt.facts]
