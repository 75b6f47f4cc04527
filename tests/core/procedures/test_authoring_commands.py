"""`todoke procedure` by hand: what it ends with, what it refuses, where it asks."""

import contextlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from core.procedures.cli import procedure
from core.procedures.cli_publishing import _moment
from tests.core.procedures.authoring import SWIM

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """A desk: a folder, with a command to give in it."""
    with contextlib.chdir(tmp_path):
        Path("swim.yaml").write_text(SWIM, encoding="utf-8")
        yield lambda *words, typed="": CliRunner().invoke(procedure, words, input=typed)


def test_it_ends_with_0_where_all_is_well_and_1_where_something_is_wrong(run: Run) -> None:
    Path("warned.yaml").write_text("languages: [ja, en]\n" + SWIM, encoding="utf-8")
    Path("faulty.yaml").write_text(SWIM.replace("most: 9", "most: x"), encoding="utf-8")

    assert run("lint", "swim.yaml").exit_code == 0
    assert run("lint", "warned.yaml").exit_code == 0
    assert run("lint", "--strict", "warned.yaml").exit_code == 1
    assert run("lint", "swim.yaml", "faulty.yaml").exit_code == 1
    assert run("test", "swim.yaml").exit_code == 0
    assert run("test", "faulty.yaml").exit_code == 1
    assert run("lint", "nowhere.yaml").exit_code == 2


def test_a_difference_ends_with_1_and_what_is_no_yaml_with_2(run: Run) -> None:
    Path("other.yaml").write_text(
        SWIM.replace("label: おとな", "label: 大人").replace("most: 9", "least: 2"),
        encoding="utf-8",
    )
    Path("broken.yaml").write_text("key: [", encoding="utf-8")

    differs = run("diff", "swim.yaml", "other.yaml")

    assert differs.output.splitlines() == [
        "~ steps.who.choice.options.adult.label: おとな -> 大人",
        "- steps.how_many.number.most: 9",
        "+ steps.how_many.number.least: 2",
    ]
    assert differs.exit_code == 1
    assert run("diff", "swim.yaml", "swim.yaml").exit_code == 0
    assert run("diff", "swim.yaml", "broken.yaml").exit_code == 2


def test_nothing_is_written_over(run: Run) -> None:
    assert run("new", "swim").exit_code == 1
    assert run("new", "Swim").exit_code == 2
    assert run("key", "town.jwk").exit_code == 0
    assert run("key", "town.jwk").exit_code == 1
    taken = run("preview", "swim.yaml", "--answers", "who=adult", "--record", "two children")
    assert taken.exit_code == 1
    assert Path("swim.yaml").read_text(encoding="utf-8") == SWIM


def test_a_new_procedure_is_sound_whatever_it_is_called(run: Run) -> None:
    made = run("new", "report", "--title", "「道路」: #1 報告")

    assert made.exit_code == 0
    assert run("lint", "--strict", "report.yaml").output == (
        "report.yaml: 2 steps, 2 conversations replayed\n"
    )


def test_in_a_conversation_one_goes_back_asks_for_help_and_ends(run: Run) -> None:
    told = run("preview", "swim.yaml", "--ask", typed="1\n?\n<\nchild\n0\nwhat\n5\n")

    assert "no help is written for this step" in told.output
    assert told.output.count("どなたが参加しますか。") == 3
    assert "1人からです。" in told.output
    assert "not understood" in told.output
    assert told.output.count("こどもは何人ですか。") == 4
    assert run("preview", "swim.yaml", "--ask", typed="q\n").exit_code == 0
    assert run("preview", "swim.yaml", "--ask", typed="").exit_code == 0


def test_a_conversation_is_recorded_with_what_was_refused(run: Run) -> None:
    asked = run("preview", "swim.yaml", "--ask", "--record", "三人", typed="2\n0\n3\n")

    assert asked.output.endswith("recorded as 三人 in swim.yaml\n")
    assert Path("swim.yaml").read_text(encoding="utf-8").startswith(SWIM)
    assert "refused: check" in Path("swim.yaml").read_text(encoding="utf-8")[len(SWIM) :]
    assert run("test", "swim.yaml").output == "swim.yaml: 2 of 2 conversations replayed\n"


def test_what_a_preview_cannot_take_is_told(run: Run) -> None:
    for words, told in (
        (("--answers", "who=boy"), "who=boy: not understood"),
        (("--answers", "how_many=1"), "do not lead to step how_many"),
        (("--answers", "who"), "write STEP=ANSWER"),
        (("--context", "age"), "write NAME=VALUE"),
        (("--context", "age=old"), "is no whole number"),
        (("--context", "birth_date=1.4."), "is no day"),
    ):
        refused = run("preview", "swim.yaml", *words)
        assert refused.exit_code in {1, 2}
        assert told in refused.output


def test_a_procedure_is_used_from_the_file_beside_it(run: Run) -> None:
    Path("camp.yaml").write_text(
        "key: camp\ntitle: 合宿\nsteps:\n  - key: pool\n    procedure: {use: swim, version: 1}\n",
        encoding="utf-8",
    )

    assert run("lint", "camp.yaml").exit_code == 0
    asked = run("preview", "camp.yaml", "--answers", "pool_who=adult")
    assert "おとなは何人ですか。" in asked.output
    Path("swim.yaml").unlink()
    assert "there is no swim version 1" in run("lint", "camp.yaml").output


def test_a_time_without_a_zone_is_japans() -> None:
    japan = datetime(2027, 3, 31, 15, tzinfo=UTC)

    assert _moment(None) is None
    for text in ("2027-04-01", "2027-04-01T00:00", "2027-03-31T15:00+00:00"):
        assert _moment(text).ToDatetime(UTC) == japan
    with pytest.raises(click.BadParameter):
        _moment("April")
