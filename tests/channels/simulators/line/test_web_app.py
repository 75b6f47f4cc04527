"""The phone's browser and a whole web app: sign-in with LINE, sessions, forms, files."""

import html
import re
from urllib.parse import quote

import aiohttp
import pytest

from channels.simulators.line.cookies import keeps_its_prefix
from tests.channels.simulators.line.simulator import HANAKO, TARO, Line, receiving, simulating
from tests.channels.simulators.line.web_app import (
    LOGIN,
    PDF,
    a_web_app,
    asking,
    opened,
    query_of,
    unfollowed,
)


def browse(url: str, person: str = HANAKO) -> str:
    return f"/phone/{person}/browse?url={quote(url, safe='')}"


def action_of(page: str, number: int = 0) -> str:
    return html.unescape(re.findall(r'action="(/phone/[^"]*)"', page)[number])


async def sign_in(line: Line, app: str, person: str = HANAKO, decision: str = "agree") -> str:
    """Go to the web app's sign-in and answer the consent page; returns the page after that."""
    _, consent = await opened(line, browse(f"{app}/sign-in", person))
    path = consent.removeprefix(line.url)
    return (await opened(line, path, "POST", data={"decision": decision}))[0]


async def test_a_person_signs_in_with_line_on_the_phone(tmp_path) -> None:
    async with a_web_app() as app, simulating(tmp_path, login=LOGIN) as line:
        app.line = line
        consent, _ = await opened(line, browse(f"{app.url}/sign-in"))
        page = await sign_in(line, app.url)

        assert "<strong>市民a</strong>さんとして" in consent
        assert f'<p id="who">{HANAKO}</p>' in page


async def test_who_agreed_before_is_not_asked_again(tmp_path) -> None:
    async with a_web_app() as app, simulating(tmp_path, login=LOGIN) as line:
        app.line = line
        await sign_in(line, app.url)
        again, _ = await opened(line, browse(f"{app.url}/sign-in"))
        forced = asking(line, f"{app.url}/callback", prompt="consent")
        asked, _ = await opened(line, browse(forced))

        assert f'<p id="who">{HANAKO}</p>' in again
        assert "許可する" in asked


async def test_each_phone_has_a_session_of_its_own(tmp_path) -> None:
    async with a_web_app() as app, simulating(tmp_path, login=LOGIN) as line:
        app.line = line
        await sign_in(line, app.url, HANAKO)
        stranger, _ = await opened(line, browse(f"{app.url}/", TARO))
        other = await sign_in(line, app.url, TARO)

        assert '<p id="who"></p>' in stranger
        assert f'<p id="who">{TARO}</p>' in other


async def test_who_cancels_on_the_phone_is_led_back(tmp_path) -> None:
    async with a_web_app() as app, simulating(tmp_path, login=LOGIN) as line:
        app.line = line

        assert "ACCESS_DENIED" in await sign_in(line, app.url, decision="cancel")


async def test_a_phone_that_did_not_agree_cannot_sign_in_unasked(tmp_path) -> None:
    async with simulating(tmp_path, login=LOGIN) as line:
        asked = asking(line, "http://127.0.0.1:9/", prompt="none")
        _, login = await unfollowed(line, browse(asked))
        _, back = await unfollowed(line, login)

        assert query_of(query_of(back)["url"])["error"] == "INTERACTION_REQUIRED"


@pytest.mark.parametrize(("form", "changed"), [({"add_friend": "on"}, "true"), ({}, "false")])
async def test_one_can_become_a_friend_while_signing_in(tmp_path, form, changed) -> None:
    async with (
        receiving() as receiver,
        simulating(tmp_path, login=LOGIN, webhook_url=receiver.url) as line,
    ):
        stranger = "U" + "c" * 32
        await line.add(stranger, is_friend=False)
        asked = asking(line, "http://127.0.0.1:9/", bot_prompt="normal")
        page, consent = await opened(line, browse(asked, stranger))
        path = consent.removeprefix(line.url)
        agree = {"decision": "agree", **form}
        _, back = await unfollowed(line, path, "POST", data=agree)

        assert "友だちに追加する" in page
        assert query_of(query_of(back)["url"])["friendship_status_changed"] == changed
        if form:
            assert (await receiver.next())["source"]["userId"] == stranger


async def test_a_friend_is_not_offered_to_become_one(tmp_path) -> None:
    async with simulating(tmp_path, login=LOGIN) as line:
        asked = asking(line, "http://127.0.0.1:9/", bot_prompt="normal")
        page, _ = await opened(line, browse(asked))

        assert "友だちに追加する" not in page


async def test_cookies_are_kept_and_sent_as_a_browser_does(tmp_path) -> None:
    async with a_web_app() as app, simulating(tmp_path) as line:
        await opened(line, browse(f"{app.url}/cookies"))
        sent, _ = await opened(line, browse(f"{app.url}/cookies"))

        assert set(sent.split("; ")) == {"__Host-a=1", "__Secure-d=4", "plain=eyJ4Ijoi/w=="}


@pytest.mark.parametrize(
    ("header", "kept"),
    [
        ("__Host-a=1; secure; path=/", True),
        ("__host-a=1; Path=/", False),
        ("__Host-a=1; Secure; Path=/; Domain=127.0.0.1", False),
        ("__Host-a=1; Secure", False),
        ("__Secure-a=1", False),
        ("a=__Host-; Path=/x", True),
    ],
)
def test_a_cookie_must_have_what_its_name_promises(header, kept) -> None:
    assert keeps_its_prefix(header) is kept


async def test_a_file_is_sent_by_a_form_and_the_answer_followed(tmp_path) -> None:
    async with a_web_app() as app, simulating(tmp_path) as line:
        home, _ = await opened(line, browse(f"{app.url}/"))
        form = aiohttp.FormData({"memo": "四文字だ"}, quote_fields=False)
        form.add_field("letter", b"\x00\xff", filename="手紙.bin")
        shown, where = await opened(line, action_of(home), "POST", data=form)

        assert app.uploads == [("手紙.bin", b"\x00\xff", "四文字だ")]
        assert query_of(where)["url"] == f"{app.url}/"
        assert "市のウェブ" in shown
        assert app.seen["/upload"]["origin"] == app.url
        assert "referer" not in app.seen["/upload"]
        assert "origin" not in app.seen["/"]


async def test_a_button_can_send_its_form_elsewhere_and_one_comes_back(tmp_path) -> None:
    async with a_web_app() as app, simulating(tmp_path) as line:
        home, _ = await opened(line, browse(f"{app.url}/"))
        # The button's own action stands behind that of its form.
        asked, there = await opened(line, action_of(home, 1), "POST", data={"memo": ""})
        back, where = await opened(line, action_of(asked), "POST", data={})

        assert query_of(there)["url"] == f"{app.elsewhere}/ask?back={app.url}/"
        assert query_of(where)["url"] == f"{app.url}/"
        assert "市のウェブ" in back


async def test_links_pictures_and_searches_lead_where_the_page_means(tmp_path) -> None:
    async with a_web_app() as app, simulating(tmp_path) as line:
        home, _ = await opened(line, browse(f"{app.url}/"))

        assert f'href="{browse(f"{app.url}/town/hall")}"' in home
        assert f'href="{browse(f"{app.url}/letter.pdf")}#page=2"' in home
        assert f'src="{browse(f"{app.url}/photo")}"' in home
        assert "srcset" not in home
        assert f'name="url" value="{app.url}/search"' in home


async def test_a_picture_is_asked_for_with_the_phones_cookies(tmp_path) -> None:
    async with a_web_app() as app, simulating(tmp_path, login=LOGIN) as line:
        app.line = line
        await sign_in(line, app.url)

        assert (await unfollowed(line, browse(f"{app.url}/photo")))[0] == 200
        assert (await unfollowed(line, browse(f"{app.url}/photo", TARO)))[0] == 403


@pytest.mark.parametrize(
    ("path", "name", "size", "content"),
    [
        ("/letter.pdf", "letter.pdf", "2.0 KB", PDF),
        ("/table", "名簿.csv", "15 バイト", "番号,氏名\r\n".encode()),
    ],
)
async def test_a_file_is_saved_and_can_be_had(tmp_path, path, name, size, content) -> None:
    async with a_web_app() as app, simulating(tmp_path) as line:
        page, _ = await opened(line, browse(app.url + path))
        link = re.search(r'href="(/phone/\w+/files/\w+)" download', page)[1]
        async with line.http.get(line.url + link) as answer:
            assert await answer.read() == content
            assert answer.content_disposition.type == "attachment"
            assert answer.content_disposition.filename == name

        assert f">{name}</a>({size})" in page
        other = link.replace(HANAKO, TARO)
        assert (await unfollowed(line, other))[0] == 404


async def test_a_phone_keeps_its_last_files_only(tmp_path) -> None:
    async with a_web_app() as app, simulating(tmp_path) as line:
        pages = [(await opened(line, browse(f"{app.url}/table")))[0] for _ in range(21)]
        links = [re.search(r'href="([^"]*)" download', page)[1] for page in pages]

        assert (await unfollowed(line, links[0]))[0] == 404
        assert (await unfollowed(line, links[1]))[0] == 200
