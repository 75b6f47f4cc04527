"""What is private to others and used here all the same: a release may take it away without a word.

Where one of these fails, read what changed in the library, run the tests of the place that is
named, look at the screen it draws, and write the new version down here.
"""

import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = ("core", "channels", "tui", "proto", "tests")
FROM = re.compile(r"^ *from ([a-z]\w*[\w.]*) import (\([^)]*\)|.*)", re.MULTILINE)
PRIVATE = re.compile(r"(?:^|[\s.(])_[a-z]\w*", re.IGNORECASE)
LOOKED_AT = {"textual": "8.2", "pytest": "9.2", "pytest-xdist": "3.8", "protovalidate": "2.1"}
"""The versions whose private names were last looked at."""
IMPORTED = {
    ("tui/compositing.py", "textual"): "toasts over Japanese text",
    ("tests/tui/hand.py", "textual"): "names of keys, and waiting for a screen",
    ("tests/tui/sitting.py", "textual"): "the screens under the one on top, which it is drawn over",
    ("proto/generate.py", "protovalidate"): "where its descriptor lies",
    ("proto/buf/validate/validate_pb2.py", "protovalidate"): "the same, for what is generated",
}
"""The files that import such names, and what for."""
TOUCHED = {
    ("tui/screens/subject.py", "textual"): "the compositor of a screen",
    ("tests/tui/sitting.py", "textual"): "a screen as it is drawn, and its toasts",
    ("tests/tui/unseen.py", "textual"): "the compositor of a screen, which is not to draw",
    ("tests/conftest.py", "pytest"): "the id of a test",
    ("tests/conftest.py", "pytest-xdist"): "the group of a test, which stands in its id",
}
"""The files that use such attributes of what they are given, and what for."""


def private_imports() -> Iterator[tuple[str, str]]:
    """Yield the files that import private names of other packages, with the package."""
    for folder in OURS:
        for file in sorted((ROOT / folder).rglob("*.py")):
            if file.parent.name == "v1":
                continue  # Generated, by the versions that it asks for itself.
            for module, names in FROM.findall(file.read_text(encoding="utf-8")):
                package = module.partition(".")[0]
                if package not in {*OURS, "todoke"} and PRIVATE.search(f"{module} {names}"):
                    yield file.relative_to(ROOT).as_posix(), package


def test_private_names_of_others_are_imported_in_known_places_only() -> None:
    assert set(private_imports()) == set(IMPORTED)


@pytest.mark.parametrize("package", LOOKED_AT)
def test_private_names_of_others_were_looked_at_in_the_version_that_runs(package: str) -> None:
    version = metadata.version(package)
    uses = {**IMPORTED, **TOUCHED}
    places = [f"{file} ({use})" for (file, of), use in uses.items() if of == package]
    assert version.startswith(f"{LOOKED_AT[package]}."), (
        f"{package} is {version}, its private names were looked at in {LOOKED_AT[package]}: "
        f"look at {', '.join(places)} again, then write {version} here"
    )
