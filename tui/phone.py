"""A message as it stands on a phone, in one of its languages, with an example in its places."""

import re
from collections.abc import Mapping

from rich.cells import cell_len
from textual.content import Content

from todoke.v1 import campaigns_pb2 as pb
from todoke.v1.procedures_pb2 import Text
from tui import formats
from tui.wording import Words

WORD = re.compile(r"[!-~]+ *|.")
"""What is not broken: a word with the blanks after it, or a letter of those written without."""

PLACE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")


def on_phone(
    words: Words,
    message: pb.CampaignMessage,
    language: str,
    *,
    image: str = "",
    procedure: str = "",
    width: int = 26,
) -> Content:
    """Draw one bubble: the image, the title, the text, the code, and the buttons."""

    def word(key: str, **values: str) -> str:
        """Return what the channels write around it, in the reader's language."""
        return words.find(f"phone.{key}.{language}", **values) or words(f"phone.{key}.ja", **values)

    places = {name: words(f"phone.place.{name}") for name in ("name", "town")}
    lines: list[Content] = []
    if message.image_id:
        lines.append(
            Content.styled(words("phone.image", name=image or message.image_id[:8]), "dim")
        )
    title = filled(said(message.title, language), places)
    lines += [Content.styled(line, "bold") for line in folded(title, width)]
    body = filled(said(message.body, language), places)
    lines += [Content(part) for line in body.split("\n") for part in folded(line, width)]
    lines += [Content.styled(line, "dim") for line in folded(word("code"), width)]
    named = word("begin", procedure=procedure or message.procedure)
    buttons = [said(one.label, language) for one in message.buttons]
    buttons += [named] if message.procedure else []
    lines += [Content(button(one, width)) for one in (*buttons, word("inbox"))]
    return Content("\n").join(lines)


def said(text: Text, language: str) -> str:
    """Return a text in a language, else in Japanese, else in what there is, as the core does."""
    by = text.by_language
    for tag in (language, language.partition("-")[0], "ja"):
        if tag in by:
            return by[tag]
    return next(iter(by.values()), "")


def filled(text: str, places: Mapping[str, str]) -> str:
    """Fill the places of a text; one that nothing fills stays, and is seen."""

    def put(found: re.Match[str]) -> str:
        if found[0] in {"{{", "}}"}:
            return found[0][0]
        return places.get(found[1], found[0])

    return PLACE.sub(put, text)


def folded(text: str, width: int) -> list[str]:
    """Break a line where it is full, wide characters counted as two, and words kept whole."""
    lines = [""]
    for word in WORD.findall(formats.plain(text)):
        if cell_len(lines[-1] + word.rstrip()) > width >= cell_len(word.rstrip()):
            lines.append("")
        for letter in word:
            if cell_len(lines[-1] + letter) > width and letter != " ":
                lines.append("")
            lines[-1] += letter
    return [line.rstrip() for line in lines]


def button(label: str, width: int) -> str:
    room = width - 4
    text = formats.fit(label, min(room, cell_len(formats.plain(label))))
    spare = room - cell_len(text)
    return f"[ {' ' * (spare // 2)}{text}{' ' * (spare - spare // 2)} ]"
