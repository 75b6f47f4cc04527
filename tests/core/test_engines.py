"""What is compiled for one engine serves others of its kind that have the same keys, no more."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from core.crypto import create_keys, load_keys, rotate_keys
from core.engines import engines


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    create_keys(tmp_path / "keys.json")
    return tmp_path / "keys.json"


def engine(url: str, keys: Path) -> Engine:
    return engines(url, load_keys(keys))[0]


def test_engines_with_the_same_keys_are_of_one_dialect(keys: Path) -> None:
    one, another = engine("sqlite:///one.db", keys), engine("sqlite:///another.db", keys)

    assert one.dialect == another.dialect
    assert hash(one.dialect) == hash(another.dialect)


def test_other_keys_make_another_dialect(keys: Path, tmp_path: Path) -> None:
    create_keys(tmp_path / "theirs.json")

    assert (
        engine("sqlite://", keys).dialect != engine("sqlite://", tmp_path / "theirs.json").dialect
    )


def test_one_key_more_makes_another_dialect(keys: Path) -> None:
    before = engine("sqlite://", keys)
    rotate_keys(keys)

    assert engine("sqlite://", keys).dialect != before.dialect


def test_each_kind_of_database_has_its_dialect(keys: Path) -> None:
    ours = engine("postgresql+psycopg://todoke@127.0.0.1:1/todoke", keys)

    assert ours.dialect.name == "postgresql"
    assert ours.dialect != engine("sqlite://", keys).dialect
