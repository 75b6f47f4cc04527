"""A person with a browser: without JavaScript, on a small screen, with large letters."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from grpc import StatusCode
from playwright.async_api import Browser, Page, expect
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from channels.web.app import create_app
from tests.browser import MARKS, a_page
from tests.channels.fake_core import FakeCore, fake_core
from tests.channels.serving import serving_there
from tests.channels.web.adapter import PASSKEY, scripted, some_settings
from todoke.v1 import access_pb2

PAGES = [
    "/me",
    "/me/history",
    "/me/applications",
    "/me/looks",
    "/me/contacts",
    "/me/device",
    "/me/passkeys",
    "/me/choices",
    "/me/consents",
    "/me/proxies",
    "/me/proxies/accept",
    "/me/delete",
]

pytestmark = MARKS


@asynccontextmanager
async def a_town(folder: Path) -> AsyncIterator[tuple[str, FakeCore]]:
    """Serve the adapter; gives its origin, by the name that browsers trust without TLS."""
    async with fake_core() as core:
        scripted(core)
        origins: list[str] = []

        def make(url: str) -> Any:
            origins.append(url.replace("127.0.0.1", "localhost"))
            return create_app(some_settings(folder, core.address, public_url=origins[0]))

        async with serving_there(make):
            yield origins[0], core


async def signed_in(page: Page, origin: str) -> None:
    await page.goto(f"{origin}/sign-in")
    await page.get_by_label("コード").fill("abcde fghjk")
    await page.get_by_role("button", name="コードで入る").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("登録の内容")


async def test_all_but_passkeys_works_without_javascript(chromium: Browser, tmp_path: Path) -> None:
    async with (
        a_town(tmp_path) as (origin, core),
        a_page(chromium, java_script_enabled=False) as page,
    ):
        await page.goto(origin)
        await page.get_by_role("button", name="カードで登録する").click()
        await expect(page.get_by_role("region", name="同意する内容")).to_be_visible()
        await page.get_by_role("link", name="登録できたか確かめる").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("確かめています")
        for contact in core.contacts.values():
            contact.registered = True
        await page.get_by_role("link", name="もう一度確かめる").click()
        await expect(page.get_by_role("status")).to_have_text("登録が終わりました。")
        await page.get_by_role("link", name="パスキー").click()
        await expect(page.get_by_text("JavaScriptが使えるブラウザーが必要です")).to_be_visible()
        await expect(page.get_by_role("button", name="パスキーを作る")).to_be_hidden()
        await page.get_by_role("link", name="登録の内容に戻る").click()
        await page.get_by_role("link", name="登録を消す手続きへ").click()
        await page.get_by_role("button", name="登録を消す").click()
        await page.get_by_role("link", name="「削除」と入れてください。").click()
        await expect(page.get_by_label("消すときは「削除」と入れてください")).to_be_focused()
        await page.get_by_label("消すときは「削除」と入れてください").fill("削除")
        await page.get_by_label("元に戻せないことが分かりました").check()
        await page.get_by_role("button", name="登録を消す").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("登録を消しました")
        assert len(core.calls["DeleteResident"]) == 1


class Keys:
    """The core's part of passkeys, with the library that it uses itself."""

    def __init__(self, core: FakeCore, origin: str) -> None:
        self._core, self._origin = core, origin
        self._challenge = self._key = self._id = b""
        core.script.update(BeginPasskey=self.begin, CompletePasskey=self.complete)

    def begin(self, request: Any) -> Any:
        assert request.origin == self._origin
        options: Any
        if request.purpose == access_pb2.PASSKEY_PURPOSE_CREATE:
            options = generate_registration_options(
                rp_id="localhost",
                rp_name="届け",
                user_name="届出 花子",
                authenticator_selection=AuthenticatorSelectionCriteria(
                    resident_key=ResidentKeyRequirement.REQUIRED,
                    user_verification=UserVerificationRequirement.REQUIRED,
                ),
            )
        else:
            options = generate_authentication_options(
                rp_id="localhost", user_verification=UserVerificationRequirement.REQUIRED
            )
        self._challenge = options.challenge
        return access_pb2.BeginPasskeyResponse(
            challenge_id="p" * 43, options_json=options_to_json(options)
        )

    def complete(self, request: Any) -> Any:
        common: Any = {
            "expected_challenge": self._challenge,
            "expected_rp_id": "localhost",
            "expected_origin": self._origin,
            "require_user_verification": True,
        }
        if request.label:
            made = verify_registration_response(credential=request.credential_json, **common)
            self._key, self._id = made.credential_public_key, made.credential_id
            passkey = access_pb2.Passkey(passkey_id=PASSKEY, label=request.label)
            listed = access_pb2.ListPasskeysResponse(passkeys=[passkey])
            self._core.script["ListPasskeys"] = lambda _: listed
        else:
            verify_authentication_response(
                credential=json.loads(request.credential_json),
                credential_public_key=self._key,
                credential_current_sign_count=0,
                **common,
            )
        (contact,) = self._core.contacts.values()
        return access_pb2.CompletePasskeyResponse(contact=contact)


async def test_a_passkey_is_made_on_this_device_and_signs_in_next_time(
    chromium: Browser, tmp_path: Path
) -> None:
    async with a_town(tmp_path) as (origin, core), a_page(chromium) as page:
        Keys(core, origin)
        devtools = await page.context.new_cdp_session(page)
        await devtools.send("WebAuthn.enable")
        device = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        await devtools.send("WebAuthn.addVirtualAuthenticator", {"options": device})
        await signed_in(page, origin)
        await page.get_by_role("link", name="パスキー").click()
        await page.get_by_label("名前(たとえば").fill("家の電話")
        await page.get_by_role("button", name="パスキーを作る").click()
        await expect(page.get_by_role("status")).to_contain_text("パスキーができました")
        await expect(page.get_by_role("heading", name="家の電話")).to_be_visible()
        await page.get_by_role("button", name="利用を終える").click()
        await page.goto(f"{origin}/sign-in")
        await page.get_by_role("button", name="パスキーで入る").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("登録の内容")
        assert "UnlinkContact" not in core.calls


async def test_a_passkey_that_cannot_be_used_is_said_on_the_page(
    chromium: Browser, tmp_path: Path
) -> None:
    async with a_town(tmp_path) as (origin, core), a_page(chromium) as page:
        await page.goto(f"{origin}/sign-in")
        core.refuse("BeginPasskey", StatusCode.FAILED_PRECONDITION, "TOO_MANY_ATTEMPTS")
        await page.get_by_role("button", name="パスキーで入る").click()
        await expect(page.get_by_role("alert")).to_contain_text("回数が多すぎる")


MEASURE = """() => {
  const shown = (one) => one.getClientRects().length > 0 && !one.closest('.skip');
  const small = [];
  for (const one of document.querySelectorAll('a, button, input:not([type=hidden])')) {
    if (!shown(one)) continue;
    const box = one.getBoundingClientRect();
    if (box.height < 44 || box.width < 44) small.push(one.outerHTML.slice(0, 80));
  }
  return {
    over: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    small,
    h1: document.querySelectorAll('h1').length,
    lang: document.documentElement.lang,
    unnamed: [...document.querySelectorAll('input:not([type=hidden])')]
      .filter((one) => shown(one) && one.labels.length === 0).length,
  };
}"""

CONTRAST = """() => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[0-9.]+/g).map(Number).slice(0, 3).map((v) => {
      const part = v / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (!/^rgba\\(.*, 0\\)$/.test(colour)) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const weak = [];
  for (const one of document.querySelectorAll('body *')) {
    const says = [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!says || !one.getClientRects().length) continue;
    const [a, b] = [light(getComputedStyle(one).color), light(behind(one))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) weak.push(`${ratio.toFixed(1)} ${one.outerHTML.slice(0, 80)}`);
  }
  return weak;
}"""


async def test_no_page_scrolls_sideways_and_every_target_is_large(
    chromium: Browser, tmp_path: Path
) -> None:
    async with a_town(tmp_path) as (origin, _), a_page(chromium) as page:
        for path in ["/", "/app", "/sign-in", "/link?code=ABCDEFGHJK", "/none"]:
            await page.goto(origin + path)
            await fits(page)
        await page.goto(origin)
        await page.get_by_role("button", name="カードで登録する").click()
        await expect(page.get_by_role("heading", name="同意する内容")).to_be_visible()
        await fits(page)
        await signed_in(page, origin)
        for path in PAGES:
            await page.goto(origin + path)
            await fits(page)
        await page.goto(f"{origin}/me/device")
        await page.get_by_role("button", name="コードを出す").click()
        await expect(page.get_by_text("ABCDE", exact=True)).to_be_visible()
        await fits(page)
        await page.goto(f"{origin}/me/delete")
        await page.get_by_role("button", name="登録を消す").click()
        await expect(page.get_by_role("alert")).to_be_visible()
        await fits(page)


async def fits(page: Page) -> None:
    """Measure the page on small and large windows, and with letters of twice the size.

    320 px is also what a window of 640 px has at twice the zoom.
    """
    await page.wait_for_load_state()
    right = {"over": 0, "small": [], "h1": 1, "lang": "ja", "unnamed": 0}
    for width, letters in ((1280, "100%"), (320, "100%"), (360, "200%")):
        await page.set_viewport_size({"width": width, "height": 740})
        await page.evaluate("(size) => { document.documentElement.style.fontSize = size }", letters)
        assert await page.evaluate(MEASURE) == right, (page.url, width, letters)
    assert await page.evaluate(CONTRAST) == [], page.url


async def test_the_keyboard_reaches_the_content_first(chromium: Browser, tmp_path: Path) -> None:
    async with a_town(tmp_path) as (origin, _), a_page(chromium) as page:
        await page.goto(origin)
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("link", name="本文へ進む")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.locator("#main")).to_be_focused()
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("button", name="カードで登録する")).to_be_focused()
