"""From the core's messages to LINE's: pure functions, within LINE's limits for whatever comes."""

from datetime import UTC
from typing import Any

from channels import wording
from channels.line import flex, limits, postback
from channels.line.postback import Answer, Register
from todoke.v1.applications_pb2 import Closing, Turn
from todoke.v1.dispatches_pb2 import Dispatch, Notice
from todoke.v1.procedures_pb2 import Choice, Prompt
from todoke.v1.registration_pb2 import Verification

Message = dict[str, Any]


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
    alternative = limits.clip(f"{title}\n{prompt.text}".strip(), limits.ALTERNATIVE)
    whole = flex.bubble(title, _parts(prompt, language), actions)
    if flex.size(whole) <= limits.BUBBLE_BYTES:
        return [_flex(alternative, whole)]
    brief = flex.bubble(limits.clip(title, 200), [], actions)
    return [
        *texts(_plain(prompt, title, language))[: limits.MESSAGES - 1],
        _flex(alternative, brief),
    ]


def closing(closing: Closing) -> list[Message]:
    """Say the last word; what may still be changed stands as quick replies under it."""
    said = closing.text.strip() or wording.say("prompts", "alternative", closing.language)
    messages = texts(said)
    if closing.choices:
        choices = [
            _choice(choice, closing.application_id, closing.step, limits.QUICK_REPLY_LABEL)
            for choice in closing.choices
        ]
        messages[-1]["quickReply"] = {
            "items": [{"type": "action", "action": action} for action in choices]
        }
    return messages


def notice(notice: Notice) -> list[Message]:
    """Tell something. Raises wording.NothingToSay for a kind younger than the catalogue."""
    return texts(wording.notice(notice))


def greeting(*, is_registered: bool, language: str) -> list[Message]:
    if is_registered:
        return texts(wording.say("line", "greeting_again", language))
    title = wording.say("line", "greeting_title", language)
    lines = [wording.say("line", name, language) for name in ("greeting", "greeting_why")]
    return [_card(title, lines, [_register("register", language)])]


def help(*, is_registered: bool, language: str) -> list[Message]:
    """Answer what cannot be read, such as a text or a sticker."""
    title = wording.say("line", "help_title", language)
    kind, label = (
        ("help_registered", "renew") if is_registered else ("help_unregistered", "register")
    )
    return [_card(title, [wording.say("line", kind, language)], [_register(label, language)])]


def old_button(language: str = wording.FIRST) -> list[Message]:
    return texts(wording.say("line", "old_button", language))


def refusal(reason: str, language: str = wording.FIRST) -> list[Message]:
    """Word a refusal; to one who is not registered, with the button that mends it."""
    said = wording.refusal(reason, language)
    if reason == "CONTACT_NOT_REGISTERED":
        title = wording.say("line", "register", language)
        return [_card(title, [said], [_register("register", language)])]
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
    return [_card(title, lines, [open_card])]


def texts(text: str) -> list[Message]:
    """Say it in text messages, one unless it is long; beyond five it ends in …."""
    pieces = limits.split(text, limits.TEXT)
    if len(pieces) > limits.MESSAGES:
        text = limits.clip("".join(pieces[limits.MESSAGES - 1 :]), limits.TEXT)
        pieces = [*pieces[: limits.MESSAGES - 1], text]
    return [{"type": "text", "text": piece} for piece in pieces]


def _card(title: str, lines: list[str], actions: list[dict[str, str]]) -> Message:
    bubble = flex.bubble(title, [flex.paragraph(line) for line in lines], actions)
    return _flex(limits.clip("\n".join((title, *lines)), limits.ALTERNATIVE), bubble)


def _flex(alternative: str, bubble: dict[str, Any]) -> Message:
    return {"type": "flex", "altText": alternative, "contents": bubble}


def _register(label: str, language: str) -> dict[str, str]:
    word = wording.say("line", label, language)
    data = postback.encode(Register())
    return {"type": "postback", "label": word, "data": data, "displayText": word}


def _choice(choice: Choice, application_id: str, step: str, limit: int) -> dict[str, str]:
    word = choice.label.strip() or choice.value
    return {
        "type": "postback",
        "label": limits.clip(word, limit),
        "data": postback.encode(Answer(application_id, step, choice.value)),
        "displayText": limits.clip(word, limits.DISPLAY_TEXT),
    }


def _parts(prompt: Prompt, language: str) -> list[flex.Component]:
    parts = []
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
    lines = [title]
    if returned := prompt.returned_with.strip():
        lines += [wording.say("prompts", "returned_with", language), returned]
    facts = [f"{label}:{value}" for label, value in _facts(prompt, language)]
    return "\n".join((*lines, prompt.text, *facts))


def _facts(prompt: Prompt, language: str) -> list[tuple[str, str]]:
    nothing = wording.say("prompts", "nothing_held", language)
    return [(shown.label.strip() or "―", shown.value.strip() or nothing) for shown in prompt.facts]
