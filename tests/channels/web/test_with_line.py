"""The web and LINE's platform, as simulated: from the button to a token that LINE vouches for."""

from pathlib import Path

from channels import wording
from tests.channels.simulators.line.simulator import HANAKO, simulating
from tests.channels.simulators.line.web_app import LOGIN, verify
from tests.channels.web.adapter import browsing

ORIGIN = "http://127.0.0.1:8710"


async def test_a_person_signs_in_with_line(tmp_path: Path) -> None:
    (tmp_path / "line-secret").write_text(LOGIN.secret, encoding="utf-8")
    (tmp_path / "line").mkdir()
    async with (
        simulating(tmp_path / "line", login=LOGIN) as line,
        browsing(
            tmp_path,
            public_url=ORIGIN,
            line_login_channel_id=LOGIN.id,
            line_login_channel_secret_file=tmp_path / "line-secret",
            line_login_authorize_url=f"{line.url}/oauth2/v2.1/authorize",
            line_login_token_url=f"{line.url}/oauth2/v2.1/token",
        ) as browser,
    ):
        await browser.get("/line/go", follow_redirects=False)
        assert browser.answer is not None
        agreed = await line.http.post(
            browser.answer.headers["location"],
            data={"person": HANAKO, "decision": "agree"},
            allow_redirects=False,
        )
        callback = agreed.headers["location"]
        assert callback.startswith(f"{ORIGIN}/line/callback?")
        await browser.get(callback)
        assert browser.where == "/me"
        (asked,) = browser.core.calls["LinkByIdToken"]
        claims = await verify(line, asked.id_token, nonce=asked.nonce)
        assert claims.body["sub"] == HANAKO
        await browser.send("/sign-out")
        await browser.get(callback)
        assert browser.status == 422


async def test_a_secret_that_line_does_not_know_signs_nobody_in(tmp_path: Path) -> None:
    (tmp_path / "line-secret").write_text("another", encoding="utf-8")
    (tmp_path / "line").mkdir()
    async with (
        simulating(tmp_path / "line", login=LOGIN) as line,
        browsing(
            tmp_path,
            public_url=ORIGIN,
            line_login_channel_id=LOGIN.id,
            line_login_channel_secret_file=tmp_path / "line-secret",
            line_login_authorize_url=f"{line.url}/oauth2/v2.1/authorize",
            line_login_token_url=f"{line.url}/oauth2/v2.1/token",
        ) as browser,
    ):
        await browser.get("/line/go", follow_redirects=False)
        assert browser.answer is not None
        agreed = await line.http.post(
            browser.answer.headers["location"],
            data={"person": HANAKO, "decision": "agree"},
            allow_redirects=False,
        )
        await browser.get(agreed.headers["location"])
        assert wording.refusal("ID_TOKEN_REFUSED") in browser.page
        assert "LinkByIdToken" not in browser.core.calls
