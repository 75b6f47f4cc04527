"""A neighbourhood association: led from a phone, read in LINE, in a browser, on paper and screen.

The city's circular reaches the chair in LINE, who lets members in at the desk of the boards and
passes it on by a tap; each household reads in its own way, and the desk shows that all have.
"""

import re
from dataclasses import dataclass

from channels.demo.browser import Browser, Page
from channels.demo.chat import Chat, Message
from channels.demo.founding import Founding
from channels.demo.neighbours import Neighbours
from channels.demo.phone import Phone
from channels.demo.stage import Stage
from channels.simulators.city.city import Registrant
from todoke.v1 import circulars_pb2 as pb

COUNTED = re.compile(r"既読(\d+)・未読(\d+)")
CODE = re.compile(r"/join/([A-Z0-9]+)")


@dataclass(frozen=True, slots=True)
class Went:
    """What was seen of it."""

    neighbours: Neighbours
    joined: int
    read: tuple[int, int]
    """The households that have read, and those that have not, as the desk shows them."""
    on_screen: bool


class Association:
    """Plays it once."""

    def __init__(self, stage: Stage, neighbours: Neighbours) -> None:
        self._stage = stage
        self._neighbours = neighbours
        self._board = stage.places.board_url
        self._section = Founding(stage)
        self._chair = Chat(Phone(stage.phones, neighbours.chair.line_user_id))
        self._member = Chat(Phone(stage.phones, neighbours.in_line.line_user_id))
        self._desk = Browser(stage.phones, neighbours.chair.line_user_id, stage.board_up)
        self._browser = Browser(stage.phones, neighbours.in_browser.line_user_id, stage.board_up)

    async def play(self) -> Went:
        teller, homes = self._stage.teller, self._section.homes
        with teller.step("association"):
            await self._section.found()
            await self._chair_joins()
            city = await self._hear_of_circular(self._chair)
            await self._go_on_at_the_desk(city)
            await self._join_in_line(self._member, self._neighbours.in_line, await self._code(1))
            await self._confirm_at_desk()
            await self._member.hear("への参加が認められました")
            await self._join_in_browser(await self._code(2))
            await self._confirm_at_desk()
        with teller.step("circular", len(homes)) as step:
            # What comes of it may be there before the answer to the tap is.
            await self._chair.press(city, "会員みんなに回す")
            for chat in (self._chair, self._member):
                await self._see(chat)
                step.advance()
            await self._see_in_browser()
            step.advance()
            read = await self._write_down_paper(homes[-1])
            step.advance()
            screen = await self._browser.open(self.screen)
        return Went(
            self._neighbours,
            await self._section.joined(),
            read,
            self._stage.words("association", "title") in screen.text,
        )

    async def prepare(self) -> str:
        """Bring it so far that a hand can go on; return a code to join the third household."""
        homes = self._section.homes
        with self._stage.teller.step("association"):
            await self._section.found()
            await self._chair_joins()
            code = await self._section.invite(homes[1])
            await self._join_in_line(self._member, self._neighbours.in_line, code)
            await self._section.confirm(homes[1])
        return await self._section.invite(homes[2])

    @property
    def screen(self) -> str:
        """Where the city's notices turn: what is passed on, each chair decides to show or not."""
        return f"{self._board}/screen/"

    def join_page(self, code: str) -> str:
        return f"{self._board}/join/{code}"

    async def _chair_joins(self) -> None:
        """Let the chair join in LINE by the section's code, and have the city's circular."""
        home = self._section.homes[0]
        code = await self._section.invite(home)
        await self._join_in_line(self._chair, self._neighbours.chair, code)
        member_id = await self._section.confirm(home)
        await self._chair.hear("への参加が認められました")
        await self._section.appoint_chair(member_id)
        await self._chair.hear("会長になりました")
        await self._section.send_to_leaders()

    async def _join_in_line(self, chat: Chat, who: Registrant, code: str) -> None:
        await chat.phone.follow()
        await chat.hear("ようこそ")
        await chat.say(f"参加 {code} {who.person.name}")
        await chat.hear("参加を申し込みました")

    async def _hear_of_circular(self, chat: Chat) -> Message:
        """Open the circular that came, and return it with its buttons."""
        await chat.press(await chat.hear("回覧が届きました"), "回覧を読む")
        return await chat.hear(self._stage.words("association", "body"))

    async def _go_on_at_the_desk(self, circular: Message) -> None:
        """Take the link from the chat to the boards, where the chair has a desk."""
        await self._chair.press(circular, "ページで答える")
        page = await self._chair.hear("次のページで続けられます")
        link = await self._desk.open(await self._chair.press(page, "ページを開く"))
        form = link.form("code", "own")
        await self._desk.press(form, {"own": "yes"})

    async def _at_desk(self, more: str = "") -> Page:
        return await self._desk.open(f"{self._board}/desk/{self._section.association_id}{more}")

    async def _code(self, place: int) -> str:
        """Make an invitation for a household at the desk."""
        page = await self._at_desk("/invite")
        household = f"household:{self._section.homes[place].household_id}"
        made = await self._desk.press(page.form("whom", "days"), {"whom": household})
        found = CODE.search(made.text)
        if found is None:
            raise RuntimeError(f"no code on:\n{made.text[:500]}")
        return found[1]

    async def _confirm_at_desk(self) -> None:
        """Confirm the one who waits, for the household that the invitation named."""
        await self._chair.hear("参加を希望しています")
        page = await self._at_desk("/joining")
        await self._desk.press(page.form("join_request", "household"), {"do": "confirm"})

    async def _join_in_browser(self, code: str) -> None:
        page = await self._browser.open(self.join_page(code))
        name = self._neighbours.in_browser.person.name
        await self._browser.press(page.form("code", "name"), {"name": name})

    async def _see(self, chat: Chat) -> None:
        await chat.press(await self._hear_of_circular(chat), "見ました")
        await chat.hear("見たことを伝えました")

    async def _see_in_browser(self) -> None:
        page = await self._browser.open(f"{self._board}/")
        circular = await self._browser.open(page.link_to("/c/"))
        await self._browser.press(circular.form("do"), {"do": "answer"})

    async def _write_down_paper(self, home: pb.Household) -> tuple[int, int]:
        """Write down that a household read on paper; return what the desk then counts."""
        circular = await self._desk.open((await self._at_desk()).link_to("/c/"))
        receipts = await self._desk.open(circular.link_to("/receipts"))
        sheet = await self._desk.open(receipts.link_to("/paper"))
        read = f"{home.household_id}.read"
        await self._desk.press(sheet.form(read), {read: "yes", "do": "save"})
        page = await self._desk.open(circular.link_to("/receipts"))
        found = COUNTED.search(page.text)
        if found is None:
            raise RuntimeError(f"no counts on:\n{page.text[:500]}")
        return int(found[1]), int(found[2])
