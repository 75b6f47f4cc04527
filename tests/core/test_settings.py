"""Settings that cannot be used say which, where, and what they should be."""

from pathlib import Path

import click
import pytest

from core.settings import load


def test_settings_come_from_the_file_and_the_environment_overrules_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "todoke.toml"
    file.write_text('listen = "127.0.0.1:1"\nlease_seconds = 5\n')
    monkeypatch.setenv("TODOKE_LISTEN", "127.0.0.1:2")

    settings = load(file)

    assert settings.lease_seconds == 5
    assert settings.listen == "127.0.0.1:2"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("lease_seconds = 0", "TODOKE_LEASE_SECONDS"),
        ("nonsense = 1", "TODOKE_NONSENSE"),
        ('tls_certificate = "a.pem"', "belong together"),
        ('tls_key = "a.key"', "belong together"),
        ('tls_client_authority = "ca.pem"', "asks for TLS"),
        ('log_level = "loud"', "TODOKE_LOG_LEVEL"),
        ('auth_app_issuer = "https://app.example"', "auth_app_client_id, auth_app_key"),
        ('auth_app_issuer = "http://app.example"', "TODOKE_AUTH_APP_ISSUER"),
        ('auth_app_scope = "name"', "TODOKE_AUTH_APP_SCOPE"),
        ('[auth_app_genders]\nmale = "3"', "TODOKE_AUTH_APP_GENDERS"),
    ],
)
def test_a_wrong_setting_is_named_with_its_remedy(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "todoke.toml"
    file.write_text(text)
    with pytest.raises(click.ClickException) as refused:
        load(file)
    assert said in refused.value.message
    assert "設定に誤りがあります" in refused.value.message


def test_the_app_is_settled_by_the_environment_too(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {
        "ISSUER": "https://app.example/realms/main",
        "CLIENT_ID": "RP00000001",
        "KEY": "/etc/todoke/client.jwk",
        "REDIRECT_URIS": '["https://city.example/app/callback"]',
        "GENDERS": '{"1": "1", "2": "2"}',
    }
    for name, value in told.items():
        monkeypatch.setenv(f"TODOKE_AUTH_APP_{name}", value)

    settings = load()

    assert settings.auth_app_redirect_uris == ("https://city.example/app/callback",)
    assert settings.auth_app_genders == {"1": "1", "2": "2"}
