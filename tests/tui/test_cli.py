"""`todoke tui`: its options, and that a password never stands on the command line."""

from pathlib import Path

from click.testing import CliRunner

from tui.cli import tui


def test_help_names_every_option_and_none_takes_a_password() -> None:
    shown = CliRunner().invoke(tui, ["--help"]).output
    for option in ("--core", "--municipality", "--user", "--password-file", "--tour", "--ca"):
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
