"""The menus as they look: one for each state that a resident is in, in each language."""

import hashlib
import json
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from channels import wording
from channels.line import limits, postback
from channels.line.postback import Do, Pressed, Register
from channels.line.verbs import Verb

PICTURES = Path(__file__).parent / "pictures"
SIZE = (1200, 400)
LANGUAGES = ("ja", "en", "ja-x-easy")
LABEL = 20
BAR = 14
OURS = re.compile(r"todoke-(?P<state>[a-z]+)(?:-(?P<language>[a-z-]+))?-[0-9a-f]{12}")


class State(StrEnum):
    """What a resident's menu is for."""

    NEW = "new"
    REGISTERED = "registered"
    WAITING = "waiting"
    """A question waits for an answer."""


REGISTER = (Register(), ("line", "register"))
WAITING = (Do(Verb.WAITING), ("line_procedures", "answer"))
PROCEDURES = (Do(Verb.PROCEDURES, ("1",)), ("line_procedures", "title"))
OWN = (Do(Verb.OWN, ("1",)), ("line_procedures", "own"))
MENU = (Do(Verb.MENU, ("1",)), ("line", "menu"))
BUTTONS: dict[State, tuple[tuple[Pressed, tuple[str, str]], ...]] = {
    State.NEW: (REGISTER, PROCEDURES, OWN),
    State.REGISTERED: (PROCEDURES, OWN, MENU),
    State.WAITING: (WAITING, PROCEDURES, OWN, MENU),
}
"""From left to right, of one width, as in the pictures."""


@dataclass(frozen=True, slots=True)
class Face:
    """A menu: of a state, in one of LANGUAGES."""

    state: State
    language: str = wording.FIRST

    def words(self) -> list[str]:
        """Return what stands on the buttons."""
        return [wording.say(*name, self.language) for _, name in BUTTONS[self.state]]

    def picture(self) -> bytes:
        return self.path().read_bytes()

    def path(self) -> Path:
        return PICTURES / f"{self.state}-{self.language}.png"

    def definition(self) -> dict[str, Any]:
        """Return the menu as LINE wants it; its name changes with whatever changes in it."""
        width, height = SIZE
        buttons = BUTTONS[self.state]
        part = width // len(buttons)
        areas = [
            {
                "bounds": {"x": place * part, "y": 0, "width": part, "height": height},
                "action": {
                    "type": "postback",
                    "label": limits.clip(word, LABEL),
                    "data": postback.encode(pressed),
                    "displayText": word,
                },
            }
            for place, ((pressed, _), word) in enumerate(zip(buttons, self.words(), strict=True))
        ]
        made = {
            "size": {"width": width, "height": height},
            "selected": True,
            "chatBarText": limits.clip(wording.say("line", "menu_bar", self.language), BAR),
            "areas": areas,
        }
        digest = hashlib.sha256(json.dumps(made).encode() + self.picture()).hexdigest()
        return {**made, "name": f"todoke-{self.state}-{self.language}-{digest[:12]}"}


FACES = tuple(Face(state, language) for state in State for language in LANGUAGES)
DEFAULT = Face(State.NEW)
"""The one that everybody sees who has no other."""


def face(state: State, language: str) -> Face:
    """Return the menu of a state for whoever speaks a language."""
    spoken = wording.spoken(language or wording.FIRST)
    return Face(state, spoken if spoken in LANGUAGES else wording.FIRST)


def named(name: str) -> Face | None:
    """Return the face that a menu of an earlier time had, by its name; None of one unknown."""
    found = OURS.fullmatch(name)
    if found is None or found["state"] not in list(State):
        return None
    return face(State(found["state"]), found["language"] or wording.FIRST)
