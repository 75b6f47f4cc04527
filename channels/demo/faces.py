"""A procedure gone through on a phone with LINE, and in a browser: as words and forms lead."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from channels.demo.browser import Browser, Page
from channels.demo.chat import Chat, Message


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: the words of its question, what is written in a chat, what a form is filled with.

    A `photo` is sent; without words it is given on a page also from a chat.
    """

    asked: str
    said: str = ""
    form: Mapping[str, str] = field(default_factory=dict)
    photo: bytes = b""


async def in_chat(chat: Chat, browser: Browser, title: str, answers: list[Answer]) -> None:
    """Begin from the list of procedures, and answer all."""
    await begin_in_chat(chat, title)
    for answer in answers:
        asked = await chat.hear(answer.asked)
        if answer.photo:
            await chat.send_photo(answer.photo)
        elif answer.said:
            await chat.say(answer.said)
        else:
            await _on_page(chat, browser, asked, answer.form)


async def begin_in_chat(chat: Chat, title: str) -> None:
    await chat.say("手続き")
    await chat.press(await chat.hear("市役所に送りますか"), "手続き")
    await chat.press(await chat.hear("始める手続きを選んでください"), title)


async def file_in_chat(chat: Chat) -> None:
    """Look all answers through, and file them."""
    await chat.press(await chat.hear("答えを確かめ"), "提出する")


async def _on_page(chat: Chat, browser: Browser, asked: Message, form: Mapping[str, str]) -> None:
    """Take the link that works once, answer there, and go back to the chat."""
    await chat.press(asked, "ページで答える")
    page = await browser.open(await chat.press(await chat.hear("1回だけ使えます"), "ページを開く"))
    page = await browser.press(page.form_to("/go/"))
    await browser.press(page.form(*form), form)


async def in_browser(browser: Browser, url: str, what: str, answers: list[Answer]) -> Page:
    """Begin, answer all, file, and return the page of the end."""
    page = await browser.open(f"{url}/apply/{what}")
    page = await browser.press(page.form_to(f"/apply/{what}"))
    for answer in answers:
        if answer.photo:
            page = await browser.send_photo(page.form("new"), answer.photo)
        else:
            page = await browser.press(page.form(*answer.form), answer.form)
    if page.leads_to("/-/review"):
        page = await browser.press(page.form_to("/-/review"))
    return page
