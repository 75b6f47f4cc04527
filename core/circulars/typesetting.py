"""A circular and its round sheet as one PDF, with the font in it."""

import json
import os
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import pylopdf_fonts_jp
import typst

from core.circulars import asking
from core.circulars.printing import Line, Sheet

_HERE = Path(__file__).parent


def as_pdf(sheet: Sheet) -> bytes:
    """Return A4 pages. It takes a second or more: not where one waits."""
    words = _words()
    told: dict[str, Any] = {
        "words": words,
        "association": sheet.association,
        "title": sheet.content["title"],
        "body": [line for line in sheet.content.get("body", "").splitlines() if line.strip()],
        "author": sheet.author,
        "correction": sheet.correction,
        "date": f"{sheet.day.year}年{sheet.day.month}月{sheet.day.day}日",
        "due": _due(words, sheet.due_date),
        "households": words["households"].format(count=len(sheet.lines)),
        "groups": _groups(words, sheet.lines),
        "asks": asking.on_paper(words, sheet.kind, sheet.content),
        "missing": words["missing"].format(count=sheet.missing) if sheet.missing > 0 else "",
    }
    with _held(sheet.pictures) as pictures:
        told["pictures"] = [
            {"path": path, "format": kind, "alt": words["picture"].format(number=number)}
            for number, (path, kind) in enumerate(pictures, 1)
        ]
        # What is set is bytes, and where it looks for pictures a path: its types allow only one.
        made: bytes = typst.compile(  # type: ignore[call-overload]
            (_HERE / "round.typ").read_bytes(),
            root="/proc/self/fd",
            font_paths=[str(pylopdf_fonts_jp.sans_path().parent)],
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"round": json.dumps(told, ensure_ascii=False)},
            pdf_standards=["ua-1"],
            timestamp=int(sheet.time.timestamp()),
        )
    return made


@contextmanager
def _held(pictures: Sequence[tuple[str, bytes]]) -> Iterator[list[tuple[str, str]]]:
    """Hold pictures where they can be read as files, in memory only."""
    held = []
    try:
        for _, content in pictures:
            held.append(os.memfd_create("picture"))
            with open(held[-1], "wb", closefd=False) as file:
                file.write(content)
        kinds = [media_type.removeprefix("image/") for media_type, _ in pictures]
        kinds = ["jpg" if kind == "jpeg" else kind for kind in kinds]
        yield [(f"/{one}", kind) for one, kind in zip(held, kinds, strict=True)]
    finally:
        for one in held:
            os.close(one)


def _due(words: dict[str, str], day: date | None) -> str:
    return words["due"].format(year=day.year, month=day.month, day=day.day) if day else ""


def _groups(words: dict[str, str], lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Return the households by group, in walking order."""
    return [
        {
            "name": group or words["no_group"],
            "lines": [
                {
                    "order": str(place),
                    "name": line.name,
                    "address": line.address,
                    "paper": words["paper"] if line.paper else "",
                }
                for place, line in enumerate(of_group, 1)
            ],
        }
        for group, of_group in groupby(lines, key=lambda line: line.group)
    ]


@cache
def _words() -> dict[str, str]:
    return tomllib.loads((_HERE / "words" / "ja.toml").read_text(encoding="utf-8"))
