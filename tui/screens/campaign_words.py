"""What a campaign says and how it goes out, as whoever approves it reads it: in every language."""

from collections.abc import Iterator

from todoke.v1 import campaigns_pb2 as pb
from tui import formats
from tui.conditions.known import Known
from tui.screens.writing_parts import message_parts, sending_parts, written_in
from tui.wording import Words

TOLD_APART = ("text", "button")
"""Parts that are told whole, in each of their languages."""


def said_lines(words: Words, known: Known, draft: pb.CampaignDraft) -> list[str]:
    """Write a heading, and under it all that recipients are to read, and how they get it."""
    said = [*_texts(words, draft.message), *_buttons(words, draft.message)]
    none = words("none_yet")
    parts = [
        *(
            part
            for part in message_parts(words, known, draft.message, "")
            if part.value != none and not part.name.startswith(TOLD_APART)
        ),
        *sending_parts(words, draft),
    ]
    said.append(_line(words("field.topic"), known.topics.get(draft.topic, draft.topic)))
    said += [_line(part.label, part.value) for part in parts]
    return [words("note.campaign_says"), *said]


def _texts(words: Words, message: pb.CampaignMessage) -> Iterator[str]:
    for language in written_in(message):
        named = words.find(f"language.{language}") or language
        yield _line(
            words("writing.text", language=named), message.title.by_language.get(language, "")
        )
        for line in message.body.by_language.get(language, "").splitlines():
            yield f"    {formats.plain(line)}"


def _buttons(words: Words, message: pb.CampaignMessage) -> Iterator[str]:
    for number, one in enumerate(message.buttons, start=1):
        labels = " / ".join(text for _, text in sorted(one.label.by_language.items()))
        yield _line(words("writing.button", number=number), f"{labels} {one.url}")


def _line(label: str, value: str) -> str:
    return f"  {label} {formats.plain(value)}"
