"""Signing in, being refused, being signed out."""

from grpc import StatusCode

from tests.tui.fake_core import FakeCore
from tests.tui.fake_core.city import PASSWORD
from tests.tui.sitting import begun, signed_in
from tui.screens.dashboard import DashboardScreen
from tui.screens.sign_in import SignInScreen


async def test_a_person_signs_in_with_code_name_and_password() -> None:
    async with FakeCore() as fake, begun(fake) as sitting:
        await sitting.until(lambda: isinstance(sitting.screen, SignInScreen))
        await sitting.type("022021")
        await sitting.press("enter")
        await sitting.type("hanako")
        await sitting.press("enter")
        await sitting.type(PASSWORD)
        assert PASSWORD not in sitting.text
        await sitting.press("enter")
        await sitting.until(lambda: isinstance(sitting.screen, DashboardScreen))
        await sitting.sees("とどけ市")
        await sitting.sees("山田 花子")


async def test_a_wrong_password_is_refused_and_asked_again() -> None:
    async with FakeCore() as fake:
        given = {"municipality": "022021", "name": "hanako", "password": "chigau"}
        async with begun(fake, **given) as sitting:
            await sitting.sees("サインインできませんでした")
            assert sitting.screen.query_one("#password").value == ""
            await sitting.type(PASSWORD)
            await sitting.press("enter")
            await sitting.until(lambda: isinstance(sitting.screen, DashboardScreen))


async def test_a_malformed_municipality_is_told_by_its_field() -> None:
    async with FakeCore() as fake:
        given = {"municipality": "22", "name": "hanako", "password": PASSWORD}
        async with begun(fake, **given) as sitting:
            await sitting.sees("団体コード: 数字6桁で入力してください")


async def test_signing_in_while_the_core_is_away_says_so() -> None:
    async with FakeCore() as fake:
        await fake.go_away()
        given = {"municipality": "022021", "name": "hanako", "password": PASSWORD}
        async with begun(fake, **given) as sitting:
            await sitting.sees("サーバーに接続できません")


async def test_an_ended_token_leads_back_to_signing_in() -> None:
    async with signed_in() as sitting:
        sitting.city.refuse("ListPrograms", "CALLER_UNKNOWN", code=StatusCode.UNAUTHENTICATED)
        await sitting.press("2")
        await sitting.until(lambda: isinstance(sitting.screen, SignInScreen))
        await sitting.sees("サインインの期限が切れました")
        assert sitting.app.desk.core.token == ""


async def test_a_person_makes_room_for_another() -> None:
    async with signed_in() as sitting:
        await sitting.press("u")
        await sitting.until(lambda: isinstance(sitting.screen, SignInScreen))
        await sitting.until(lambda: sitting.city.calls("SignOut"))
        assert sitting.screen.query_one("#name").value == ""
        assert sitting.screen.query_one("#municipality").value == "022021"
