"""`todoke simulate line` says what is wrong with what it was given before it starts anything."""

import pytest
from click.testing import CliRunner

from channels.simulators.line.cli import line


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--fault", "rain=1", "no fault is called 'rain'"),
        ("--fault", "slow=2", "not within 0 and 1"),
        ("--quota", "-1", "-1"),
        ("--webhook-events", "0", "0"),
        ("--channel-secret-file", "{folder}/missing", "does not exist"),
        ("--login-channel-secret-file", "{folder}/empty", "is empty; write the secret into it"),
        ("--channel-secret-file", "{folder}/empty", "is empty; write the secret into it"),
    ],
)
def test_a_wrong_option_is_refused_with_its_remedy(tmp_path, option, value, words) -> None:
    for name, kept in (("secret", "s3cret"), ("token", "t0ken"), ("empty", "\n")):
        (tmp_path / name).write_text(kept)
    keys = [
        *("--channel-secret-file", f"{tmp_path}/secret"),
        *("--channel-access-token-file", f"{tmp_path}/token"),
    ]
    result = CliRunner().invoke(line, [*keys, option, value.format(folder=tmp_path)])

    assert result.exit_code == 2
    assert words in " ".join(result.output.split())
