"""Choices in the chat: few as buttons, some as quick replies, many as pages of a list."""

from typing import Any
from zlib import crc32

from channels import wording
from channels.line import limits
from channels.line.messages import Action, press
from channels.line.postback import Answer, Do
from channels.line.verbs import Verb
from todoke.v1.procedures_pb2 import Choice, Prompt

SECTION = "line_asking"
BUTTONS = 4
# Quick replies are kept for going back.
OTHER_QUICK_REPLIES = 1
PAGE = 9
QUANTITIES = 12
SHOWN = 100
"""At most so much of a choice's words stands in the chat when it is pressed, or in a list."""
EXPLAINED = 400


def one(prompt: Prompt, language: str, page: int) -> dict[str, Any]:
    """Offer one of the choices; each button answers."""

    def pressed(choice: Choice) -> Answer:
        return Answer(prompt.application_id, prompt.step, choice.value)

    offered = [choice for choice in prompt.choices if not choice.full]
    if len(prompt.choices) <= BUTTONS:
        buttons = [_button(pressed(choice), choice) for choice in offered]
        return {"lines": _explained(prompt.choices, language), "actions": buttons}
    if len(offered) + OTHER_QUICK_REPLIES <= limits.QUICK_REPLIES:
        quick = [_button(pressed(choice), choice, limits.QUICK_REPLY_LABEL) for choice in offered]
        by_number = wording.say(SECTION, "by_number", language)
        return {"lines": [*_numbered(prompt, language), by_number], "quick": quick}
    shown, turns, lines = _page(prompt, language, page)
    buttons = [_button(pressed(choice), choice) for choice in shown if not choice.full]
    return {"lines": [*lines, *_explained(shown, language)], "actions": [*buttons, *turns]}


def slot(prompt: Prompt, language: str, page: int) -> dict[str, Any]:
    """Offer what there is so many of; what is full is marked, and cannot be pressed."""
    most = prompt.input.slot.most

    def pressed(choice: Choice) -> Do:
        place = (prompt.application_id, prompt.step, choice.value)
        return Do(Verb.HOW_MANY, place) if most > 1 else Do(Verb.SLOT, (*place, "1"))

    shown, turns, lines = _page(prompt, language, page)
    buttons = [_button(pressed(choice), choice) for choice in shown if not choice.full]
    return {"lines": [*lines, *_explained(shown, language)], "actions": [*buttons, *turns]}


def quantities(prompt: Prompt, value: str) -> list[Action]:
    """Offer how many of a slot."""
    counted = range(1, min(prompt.input.slot.most, QUANTITIES) + 1)
    return [
        press(
            Do(Verb.SLOT, (prompt.application_id, prompt.step, value, str(count))),
            str(count),
            limit=limits.QUICK_REPLY_LABEL,
        )
        for count in counted
    ]


def several(prompt: Prompt, language: str, page: int, chosen: int | None) -> dict[str, Any]:
    """Offer to choose some: each button carries what will be chosen once it is pressed."""
    held = bits_of(prompt) if chosen is None else chosen
    shown, turns, lines = _page(prompt, language, page, held)
    place = (prompt.application_id, prompt.step, sum_of(prompt))
    page = _last(prompt, page)
    toggles = []
    for choice in shown:
        bit = 1 << list(prompt.choices).index(choice)
        word = _say("leave" if held & bit else "take", language, label=_label(choice))
        toggle = Do(Verb.TOGGLE, (*place, f"{held ^ bit:x}", str(page)))
        if held & bit or not choice.full:
            toggles.append(_press(toggle, word))
    decide = press(Do(Verb.DECIDE, (*place, f"{held:x}")), _say("decide", language))
    names = [_label(choice) for at, choice in enumerate(prompt.choices) if held >> at & 1]
    said = limits.clip("、".join(names), EXPLAINED)
    told = _say("chosen", language, chosen=said) if names else _say("chosen_none", language)
    return {
        "lines": [_say("several", language), *lines, *_explained(shown, language), told],
        "actions": [*toggles, *turns, decide],
        "stands_out": len(toggles) + len(turns),
    }


def bits_of(prompt: Prompt) -> int:
    """Return what is chosen in the answer that stands."""
    chosen = set(prompt.current.choices.values)
    return sum(1 << at for at, choice in enumerate(prompt.choices) if choice.value in chosen)


def values_of(prompt: Prompt, bits: int) -> list[str]:
    return [choice.value for at, choice in enumerate(prompt.choices) if bits >> at & 1]


def sum_of(prompt: Prompt) -> str:
    """Tell choices from others, so that bits of old buttons are never read as other choices."""
    return f"{crc32(' '.join(choice.value for choice in prompt.choices).encode()):08x}"


def _page(
    prompt: Prompt, language: str, page: int, chosen: int | None = None
) -> tuple[list[Choice], list[Action], list[str]]:
    """Return a page of the choices, the buttons to those beside it, and what tells which it is."""
    page, pages = _last(prompt, page), _pages(prompt)
    shown = list(prompt.choices)[(page - 1) * PAGE : page * PAGE]
    if pages == 1:
        return shown, [], []
    place = (prompt.application_id, prompt.step)

    def turn(name: str, to: int) -> Action:
        look = Do(Verb.LOOK, (*place, str(to)))
        if chosen is not None:
            look = Do(Verb.TOGGLE, (*place, sum_of(prompt), f"{chosen:x}", str(to)))
        return press(look, wording.say("line", name, language))

    before = [turn("page_before", page - 1)] if page > 1 else []
    after = [turn("page_after", page + 1)] if page < pages else []
    return shown, [*before, *after], [_say("list_page", language, page=page, pages=pages)]


def _pages(prompt: Prompt) -> int:
    return max(1, -(-len(prompt.choices) // PAGE))


def _last(prompt: Prompt, page: int) -> int:
    return max(1, min(page, _pages(prompt)))


def _explained(choices: Any, language: str) -> list[str]:
    """Tell what a button's label leaves out: help, that it is full, words beyond its length."""
    lines = []
    for choice in choices:
        label = _label(choice)
        said = _say("full", language, label=label) if choice.full else label
        if choice.help.strip():
            lines.append(_say("explained", language, label=said, help=choice.help.strip()))
        elif choice.full or limits.units(label) > limits.BUTTON_LABEL:
            lines.append(said)
    return [limits.clip(line, EXPLAINED) for line in lines]


def _numbered(prompt: Prompt, language: str) -> list[str]:
    """List all choices by the numbers that a chat is answered by."""
    lines = []
    for number, choice in enumerate(prompt.choices, 1):
        [said] = _explained([choice], language) or [_label(choice)]
        lines.append(limits.clip(_say("numbered", language, number=number, label=said), EXPLAINED))
    return lines


def _label(choice: Choice) -> str:
    return choice.label.strip() or choice.value


def _button(pressed: Answer | Do, choice: Choice, limit: int = limits.BUTTON_LABEL) -> Action:
    return _press(pressed, _label(choice), limit)


def _press(pressed: Answer | Do, word: str, limit: int = limits.BUTTON_LABEL) -> Action:
    action = press(pressed, word, limit=limit)
    action["displayText"] = limits.clip(action["displayText"], SHOWN)
    return action


def _say(name: str, language: str, **places: object) -> str:
    return wording.say(SECTION, name, language, **places)
