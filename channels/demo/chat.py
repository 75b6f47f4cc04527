"""The chat of one who goes further than the plan: messages and buttons, found by their words."""

from typing import Any

from channels.demo.hearing import parts
from channels.demo.phone import LONG_POLL_SECONDS, Phone


class ButtonMissing(Exception):  # noqa: N818 - named for the event, not as an error.
    """A message lacks the button that the script wants; the words and the script disagree."""


class Message:
    """A message of the account with its buttons."""

    def __init__(self, id: str, content: dict[str, Any]) -> None:
        self.id = id
        self._parts = parts(content)
        self.text = "\n".join(str(part["text"]) for part in self._parts if "text" in part)

    def button(self, label: str) -> dict[str, Any]:
        """Return the first button whose word holds this. Raises ButtonMissing."""
        for part in self._parts:
            if label in str(part.get("label", "")):
                return part
        raise ButtonMissing(f"no button {label} under: {self.text[:200]}")


class Chat:
    """What the account says to one person, read in order."""

    def __init__(self, phone: Phone) -> None:
        self.phone = phone
        self._after = 0
        self._heard: list[Message] = []
        self._deeds = 0

    async def hear(self, words: str) -> Message:
        """Return the next message that holds these words, and forget those before it."""
        while True:
            while self._heard:
                message = self._heard.pop(0)
                if words in message.text:
                    return message
            shown, self._after = await self.phone.messages(self._after, LONG_POLL_SECONDS)
            self._heard += [
                Message(one["id"], one["message"]) for one in shown if one["from"] == "account"
            ]

    async def say(self, text: str) -> None:
        await self.phone.say(self._deed(), text)

    async def send_photo(self, photo: bytes) -> None:
        await self.phone.send_photo(self._deed(), photo)

    async def press(self, message: Message, label: str) -> str:
        """Tap a button; return the address that it opens, or nothing."""
        button = message.button(label)
        if button["type"] == "uri":
            return str(button["uri"])
        await self.phone.press(self._deed(), message.id, button["data"])
        return ""

    def _deed(self) -> str:
        self._deeds += 1
        return f"chat {self._deeds}"
