"""Signed words of the adapter to itself: nothing that it did not make is read."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.line.page_tokens import PageTokens, TokenForged
from tests.channels.line.adapter import HANAKO, PAGE_SECRET, running, with_app
from tests.channels.line.app_pages import an_identity_provider, get, post


async def test_a_token_that_is_expired_or_forged_opens_nothing(tmp_path: Path) -> None:
    async with running(tmp_path, **with_app(tmp_path)) as adapter:
        an_identity_provider(adapter)
        long_ago = datetime.now(UTC) - timedelta(minutes=16)
        expired, _ = PageTokens(PAGE_SECRET, lambda: long_ago).make(HANAKO)
        other, _ = PageTokens(PAGE_SECRET + "x").make(HANAKO)
        good, _ = PageTokens(PAGE_SECRET).make(HANAKO)
        body, _, mac = good.partition(".")
        form = {"attempt": "a" * 22, "version": "2"}
        forged = [other, f"{body}x.{mac}", f"{body}.{mac[:-1]}", body, "x", f"{mac}.{mac}"]
        for token, status, words in [
            (expired, 410, "期限が過ぎました"),
            *((token, 404, "見つかりません") for token in forged),
        ]:
            for shown in (
                await get(adapter, f"/app/{token}"),
                await post(adapter, f"/app/{token}", form),
            ):
                assert shown.status == status
                assert words in shown.page
        assert adapter.core.calls == {}


async def test_a_seal_is_no_token_and_the_other_way_round(tmp_path: Path) -> None:
    async with running(tmp_path, **with_app(tmp_path)) as adapter:
        tokens = PageTokens(PAGE_SECRET)
        token, _ = tokens.make(HANAKO)
        body, _, mac = token.partition(".")
        assert tokens.sealed(body, f"ja:{mac}") is None
        seal = tokens.seal("state", "ja").partition(":")[2]
        assert (await get(adapter, f"/app/{body}.{seal}")).status == 404


@given(st.text(max_size=60), st.text(max_size=60))
def test_only_what_we_made_is_read(external_id: str, noise: str) -> None:
    tokens = PageTokens(PAGE_SECRET)
    if external_id:
        assert tokens.read(tokens.make(external_id)[0]) == external_id
    with pytest.raises(TokenForged):
        tokens.read(noise)
    assert tokens.sealed(noise, noise) is None
