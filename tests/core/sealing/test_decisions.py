"""Decisions on their way in: sealed to one key, whole or not at all."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.sealing import age, sheets
from core.sealing.decisions import Decided, Parcel, open_decisions, total_of, write_decisions
from core.sealing.keys import CityKey, fingerprint, new_key
from core.sealing.refusals import SealBroken

ROWS = [
    Decided("r-1", "00011", "10000", "approved", "2026-11-24"),
    Decided("r-2", "00012", "20000", "rejected", "2026-11-25"),
]
Lines = list[list[str]]


@pytest.fixture
def key(tmp_path: Path) -> CityKey:
    return new_key(tmp_path / "city.key", now=datetime(2026, 11, 27, tzinfo=UTC))


def a_parcel(key: CityKey) -> Parcel:
    return Parcel(
        municipality="332089", program_id="p", program_code="winter-2026", crossing_id="c",
        count=len(ROWS), total=total_of(ROWS), create_time="2026-11-27T10:00:00+09:00",
        key=fingerprint(key.public_key), proposer="mori", approver="kato",
    )  # fmt: skip


def sealed(key: CityKey, parcel: Parcel | None = None) -> bytes:
    out = io.BytesIO()
    write_decisions(out, parcel or a_parcel(key), ROWS, key.public_key)
    return out.getvalue()


def changed(key: CityKey, change: Callable[[Lines], Lines]) -> bytes:
    """Seal a parcel anew whose lines somebody changed who holds the key."""
    plain = io.BytesIO()
    age.unseal(io.BytesIO(sealed(key)), plain, [key])
    out = io.BytesIO()
    age.seal(out, sheets.written(change(list(sheets.lines_of(plain)))), key.public_key)
    return out.getvalue()


def test_what_was_sealed_comes_out_as_it_was(key: CityKey) -> None:
    parcel, rows, content_hash = open_decisions(io.BytesIO(sealed(key)), [key])

    assert (parcel, rows) == (a_parcel(key), ROWS)
    assert parcel.total == 10_000
    assert len(content_hash) == 64


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda lines: [[c.replace("10000", "99999") for c in one] for one in lines], "HASH_WRONG"),
        (lambda lines: [*lines[:-2], lines[-1]], "HASH_WRONG"),
        (lambda lines: lines[:-1], "CUT_OFF"),
        (lambda lines: [*lines, ["row", "r-3"]], "HASH_WRONG"),
        (lambda lines: [one for one in lines if one[0] != "total"], "HEADER_BROKEN"),
        (lambda lines: [one[:-1] if one[0] == "row" else one for one in lines], "ROW_BROKEN"),
        (lambda lines: [["todoke-links", "1"], *lines[1:]], "OTHER_KIND"),
    ],
)
def test_what_was_changed_counts_for_nothing(
    key: CityKey, change: Callable[[Lines], Lines], problem: str
) -> None:
    with pytest.raises(SealBroken) as broken:
        open_decisions(io.BytesIO(changed(key, change)), [key])

    assert broken.value.metadata["problem"] == problem


@pytest.mark.parametrize("wrong", [{"count": 3}, {"total": 30_000}])
def test_a_parcel_must_hold_what_it_says(key: CityKey, wrong: dict[str, int]) -> None:
    with pytest.raises(SealBroken) as broken:
        open_decisions(io.BytesIO(sealed(key, replace(a_parcel(key), **wrong))), [key])

    assert broken.value.metadata["problem"] == "COUNT_WRONG"
