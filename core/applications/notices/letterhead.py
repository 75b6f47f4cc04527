"""What notices say of the city: its words, office and seal. Read once, when the core begins."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_WORDS = Path(__file__).parent / "words" / "ja.toml"


@dataclass(frozen=True, slots=True)
class Seals:
    """Images of seals (PNG): which a municipality uses now, and each there ever was, by digest."""

    now: Mapping[str, str] = field(default_factory=dict)
    images: Mapping[str, bytes] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path | None) -> "Seals":
        """Read `CODE.png`, the seal of a municipality; other names are seals of earlier days."""
        if folder is None:
            return cls()
        files = {file.stem: file.read_bytes() for file in sorted(folder.glob("*.png"))}
        digests = {stem: hashlib.sha256(image).hexdigest() for stem, image in files.items()}
        return cls(digests, {digests[stem]: image for stem, image in files.items()})

    def of(self, municipality: str) -> str:
        """Return the digest of the seal in use; empty where there is none."""
        return self.now.get(municipality, "")


@dataclass(frozen=True, slots=True)
class Letterhead:
    """`page` is where a code is checked; `words` are by the names of `words/ja.toml`."""

    page: str
    office: str = ""
    phone: str = ""
    seals: Seals = field(default_factory=Seals)
    words: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def load(
        cls, *, page: str, office: str, phone: str, seals: Path | None, words: Path | None
    ) -> "Letterhead":
        ours = tomllib.loads(_WORDS.read_text(encoding="utf-8"))
        theirs = tomllib.loads(words.read_text(encoding="utf-8")) if words else {}
        return cls(page, office, phone, Seals.load(seals), _over(ours, theirs))


def _over(ours: dict[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    """Return our words with theirs in their places."""
    return ours | {
        name: _over(ours[name], word) if isinstance(ours.get(name), dict) else word
        for name, word in theirs.items()
    }
