"""A passkey for the whole city hall, in a real browser: made, used to come back, and deleted."""

from pathlib import Path

from playwright.async_api import Browser, expect

from tests.browser import MARKS, a_page
from tests.story.whole import a_city_hall

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}

pytestmark = MARKS


async def test_a_passkey_opens_the_registration_until_it_is_deleted(
    chromium: Browser, sqlite_template: Path, tmp_path: Path
) -> None:
    async with a_city_hall(sqlite_template, tmp_path) as hall, a_page(chromium) as page:
        phone = await hall.phone("hanako")
        await phone.register()
        [address] = (await phone.tap_in_menu("1:web")).links
        devtools = await page.context.new_cdp_session(page)
        await devtools.send("WebAuthn.enable")
        await devtools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
        await page.goto(address)
        await page.get_by_role("button", name="このブラウザーで入る").click()
        await page.get_by_role("link", name="パスキー").click()
        await page.get_by_label("名前(たとえば").fill("家の電話")
        await page.get_by_role("button", name="パスキーを作る").click()
        await expect(page.get_by_role("heading", name="家の電話")).to_be_visible()
        await phone.hear("新しいパスキー")

        for _ in range(2):
            await page.get_by_role("button", name="利用を終える").click()
            await page.goto(f"{hall.web_url}/sign-in")
            await page.get_by_role("button", name="パスキーで入る").click()
            await expect(page.get_by_role("heading", level=1)).to_have_text("登録の内容")
        await expect(page.get_by_text(phone.holder.name)).to_be_visible()

        await page.get_by_role("link", name="パスキー").click()
        await page.get_by_role("button", name="消す").click()
        await expect(page.get_by_role("heading", name="家の電話")).to_be_hidden()
        await page.get_by_role("button", name="利用を終える").click()
        await page.goto(f"{hall.web_url}/sign-in")
        await page.get_by_role("button", name="パスキーで入る").click()
        await expect(page.get_by_role("alert").first).to_be_visible()
        await page.goto(f"{hall.web_url}/me")
        await expect(page.get_by_role("heading", level=1)).not_to_have_text("登録の内容")
