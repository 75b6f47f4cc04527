"""A scripted resident: follows, holds the card, taps, and reads what comes."""

import asyncio
from itertools import count

from channels.demo.hearing import Heard, Kind, heard
from channels.demo.phone import LONG_POLL_SECONDS, Phone, PhoneRefused, Phones
from channels.demo.plan import Role, Ways
from channels.demo.steady import Breath, Up

YES, OTHER = 0, 1
# On the last word about another account, はい is all that is left to tap.
REGISTER = OPEN = 0
PASSING = {"NO_ANSWER", "TRY_AGAIN", ""}


class Resident:
    """One person with a phone and a card; `line_up` returns once the city's adapter answers."""

    def __init__(self, phones: Phones, role: Role, line_up: Up) -> None:
        self.role = role
        self.phone = Phone(phones, role.user_id)
        self.heard: list[Heard] = []
        self._after = 0
        self._line_up = line_up

    async def register(self) -> None:
        """Go from following the account to the notice that says one is registered."""
        await self.phone.follow()
        greeting = await self.hear(Kind.GREETING)
        await self.phone.tap("register", greeting.id, REGISTER)
        challenge = await self.hear(Kind.CHALLENGE)
        page = await self.phone.tap("open", challenge.id, OPEN)
        await self._hold_card(page)
        await self.hear(Kind.REGISTERED)

    async def answer(self) -> None:
        """Do with the invitation what this resident's part says."""
        prompt = await self.hear(Kind.PROMPT)
        match self.role.way:
            case Ways.YES:
                await self.phone.tap("yes", prompt.id, YES)
            case Ways.YES_TWICE:
                await asyncio.gather(
                    self.phone.tap("yes", prompt.id, YES),
                    self.phone.tap("yes again", prompt.id, YES),
                )
                await self.hear(Kind.SUBMITTED, number=2)
            case Ways.OTHER_THEN_YES | Ways.OTHER_ONLY:
                await self.phone.tap("other", prompt.id, OTHER)
                await self.hear(Kind.HANDED_OVER)
                if self.role.way is Ways.OTHER_THEN_YES:
                    await self.phone.tap("yes", prompt.id, YES)
        if Kind.SUBMITTED in self.role.messages:
            await self.hear(Kind.SUBMITTED)

    async def answer_again(self) -> None:
        """Mend what was sent back."""
        prompt = await self.hear(Kind.PROMPT, number=2)
        await self.phone.tap("yes, mended", prompt.id, YES)
        await self.hear(Kind.SUBMITTED, number=2)

    async def hear(self, kind: Kind, number: int = 1) -> Heard:
        """Return the message of this kind, the `number`th; wait until it is there."""
        while True:
            found = [one for one in self.heard if one.kind is kind]
            if len(found) >= number:
                return found[number - 1]
            await self._read(LONG_POLL_SECONDS)

    async def _hold_card(self, page: str) -> None:
        """Hold the card until it is taken, or until the notice says that it was."""
        breath = Breath(self._line_up)
        for deed in count(1):
            link = await self.phone.card_link(page)
            if link:
                taken, reason = await self.phone.hold_card(
                    f"card {deed}", link, self.role.registrant.pin
                )
                if taken:
                    return
                if reason not in PASSING:
                    raise PhoneRefused(f"the card of {self.role.user_id}: {reason}")
            # A card that was taken, with the answer lost, leaves no link and brings the notice.
            await self._read(0)
            if any(one.kind is Kind.REGISTERED for one in self.heard):
                return
            await breath.take()

    async def _read(self, wait: float) -> None:
        shown, self._after = await self.phone.messages(self._after, wait)
        self.heard += [
            heard(one["message"], one["id"]) for one in shown if one["from"] == "account"
        ]
