"""The parts of a message that is being written: what each holds, and which of them is refused."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from todoke.client import CoreError
from todoke.v1 import campaigns_pb2 as pb
from todoke.v1.dispatches_pb2 import Lane
from tui.conditions.known import Known
from tui.phone import said
from tui.screens.composing_dialogs import rest_line
from tui.wording import Words

LANGUAGES = ("ja", "en", "ja-x-easy")
"""The languages that are always offered; more are there where somebody added them."""

MOST_BUTTONS = 4
BUTTON = re.compile(r"message\.buttons\[(\d+)\]")
TAGGED = re.compile(r"by_language\[\"?([A-Za-z0-9-]+)")
OF_REASON = {
    "SEGMENT_INVALID": "whom",
    "SEGMENT_UNKNOWN": "whom",
    "TOPIC_UNKNOWN": "topic",
    "PROCEDURE_UNKNOWN": "procedure",
    "ATTACHMENT_UNKNOWN": "image",
}
"""Reasons that are about one part, whichever field they name."""


@dataclass(frozen=True, slots=True)
class Part:
    """A line of the list: `name` is "title", "text:en", "button:0" and so on."""

    name: str
    label: str
    value: str


def languages_of(message: pb.CampaignMessage) -> list[str]:
    """Return the languages that are offered, and those that it is written in."""
    written = (*message.title.by_language, *message.body.by_language)
    return list(dict.fromkeys((*LANGUAGES, *sorted(written))))


def written_in(message: pb.CampaignMessage) -> list[str]:
    """Return the languages that it is written in, in the order in which they are offered."""
    held = {*message.title.by_language, *message.body.by_language}
    return [language for language in languages_of(message) if language in held]


def message_parts(
    words: Words, known: Known, message: pb.CampaignMessage, image: str
) -> Iterator[Part]:
    """Yield what a message is made of."""
    for language in languages_of(message):
        named = words.find(f"language.{language}") or language
        title = message.title.by_language.get(language, "")
        body = " ".join(message.body.by_language.get(language, "").split())
        value = " / ".join(filter(None, (title, body))) or words("none_yet")
        yield Part(f"text:{language}", words("writing.text", language=named), value)
    for number, one in enumerate(message.buttons):
        label = words("writing.button", number=number + 1)
        yield Part(f"button:{number}", label, f"{said(one.label, 'ja')} {one.url}")
    if len(message.buttons) < MOST_BUTTONS:
        number = len(message.buttons)
        label = words("writing.button", number=number + 1)
        yield Part(f"button:{number}", label, words("none_yet"))
    held = (image or message.image_id[:8]) if message.image_id else words("none_yet")
    yield Part("image", words("writing.image"), held)
    yield Part("procedure", words("writing.procedure"), procedure_of(words, known, message))


def sending_parts(words: Words, draft: pb.CampaignDraft) -> Iterator[Part]:
    """Yield how a message is sent: what overtakes what, where, how often, and whom on paper."""
    yield Part("lane", words("field.lane"), words(f"lane.{Lane.Name(draft.lane)}"))
    channels = words("comma").join(words.channel(one) for one in draft.channels)
    yield Part("channels", words("writing.channels"), channels or words("writing.every_channel"))
    yield Part("repeat", words("section.repeat"), _often(words, draft))
    days = draft.letter_after_days
    letters = words("writing.letters_after" if days else "writing.letters_unreached", days=days)
    yield Part("letter_after_days", words("writing.letters"), letters)


def _often(words: Words, draft: pb.CampaignDraft) -> str:
    if not draft.repeat:
        return words("repeat.once")
    rests = words("comma").join(rest_line(one) for one in draft.repeat_except)
    return words(
        "writing.repeat_resting" if rests else "writing.repeat",
        often=words(f"repeat.{draft.repeat}"),
        last=draft.repeat_until,
        rests=rests,
    )


def procedure_of(words: Words, known: Known, message: pb.CampaignMessage) -> str:
    if not message.procedure:
        return words("none_yet")
    found = known.procedures.get(message.procedure)
    return known.said(found.title) if found is not None else message.procedure


def parts_of(error: CoreError, message: pb.CampaignMessage) -> list[str]:
    """Return the names of the parts that a refusal is about; the first is where to begin."""
    if error.reason in OF_REASON:
        return [OF_REASON[error.reason]]
    paths = [one.field for one in error.violations] or [error.metadata.get("field", "")]
    language = error.metadata.get("language", "")
    return [_part_of(path, message, language) for path in paths]


def _part_of(path: str, message: pb.CampaignMessage, language: str) -> str:
    path = path.removeprefix("draft.").removeprefix("template.")
    if (button := BUTTON.match(path)) is not None:
        return f"button:{button[1]}"
    if path == "message" or path.startswith(("message.title", "message.body")):
        tagged = TAGGED.search(path)
        first = language or next(iter(written_in(message)), LANGUAGES[0])
        return f"text:{tagged[1] if tagged else first}"
    if path.startswith("message."):
        return path.removeprefix("message.").removesuffix("_id")
    if path.startswith("repeat"):
        return "repeat"
    return "whom" if path.startswith("recipients") else path.partition(".")[0].partition("[")[0]
