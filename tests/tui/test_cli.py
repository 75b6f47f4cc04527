"""`todoke tui`: its options, and that a password never stands on the command line."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from todoke.client import Tls
from tui.cli import tls_of, tui


def test_help_names_every_option_and_none_takes_a_password() -> None:
    shown = CliRunner().invoke(tui, ["--help"]).output
    for option in (
        "--core",
        "--municipality",
        "--user",
        "--password-file",
        "--tour",
        "--ca",
        "--certificate",
        "--key",
    ):
        assert option in shown
    assert "--password " not in shown


def test_an_empty_password_file_is_refused_with_the_remedy(tmp_path: Path) -> None:
    empty = tmp_path / "password"
    empty.touch()
    ran = CliRunner().invoke(tui, ["--password-file", str(empty)])
    assert ran.exit_code == 2
    assert "write the password into it" in ran.output


def test_an_unknown_language_is_refused_with_those_there_are() -> None:
    ran = CliRunner(env={"TODOKE_LANGUAGE": "fr"}).invoke(tui, [])
    assert ran.exit_code == 2
    assert "'ja', 'en'" in ran.output


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        (("--ca", "--certificate"), "go together"),
        (("--ca", "--key"), "go together"),
        (("--certificate", "--key"), "needs --ca"),
    ],
)
def test_a_certificate_of_our_own_takes_its_key_and_the_authority(
    given: tuple[str, ...], missing: str, tmp_path: Path
) -> None:
    pem = tmp_path / "some.pem"
    pem.write_text("-----BEGIN CERTIFICATE-----")
    ran = CliRunner().invoke(tui, [part for name in given for part in (name, str(pem))])
    assert ran.exit_code == 2
    assert missing in ran.output


def test_the_connection_shows_our_certificate_where_one_is_given(tmp_path: Path) -> None:
    ca, certificate, key = (tmp_path / name for name in ("ca.pem", "tui.pem", "tui.key"))
    assert tls_of(ca, certificate, key) == Tls(ca, certificate, key)
    assert tls_of(ca, None, None) == Tls(ca)
    assert tls_of(None, None, None) is None
