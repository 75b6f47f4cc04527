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
    ],
)
def test_a_wrong_setting_is_named_with_its_remedy(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "todoke.toml"
    file.write_text(text)
    with pytest.raises(click.ClickException) as refused:
        load(file)
    assert said in refused.value.message
    assert "設定に誤りがあります" in refused.value.message
