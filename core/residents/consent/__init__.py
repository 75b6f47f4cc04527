"""The consent texts; a version that somebody agreed to is never changed again.

A new wording is a new folder beside the old ones, and a new number here. One text a way to prove
who one is: what is agreed to is the same, how the facts come and how it is agreed differs.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from string import Template

from core.japan import JST
from core.residents.rules import Assurance, ConsentPurpose, ConsentUnknown

VERSION = 2
"""The version in force of the text for registering."""

VERSIONS = {ConsentPurpose.REGISTRATION: VERSION, ConsentPurpose.CARE: 1}


HERE = Path(__file__).parent

_V1 = Template((HERE / "v1.txt").read_text(encoding="utf-8"))
_V1_WORDS = tomllib.loads((HERE / "v1.toml").read_text(encoding="utf-8"))
_REGISTRATION = Template((HERE / "v2" / "registration.txt").read_text(encoding="utf-8"))
_PROXY = Template((HERE / "v2" / "proxy.txt").read_text(encoding="utf-8"))
_WAYS = tomllib.loads((HERE / "v2" / "ways.toml").read_text(encoding="utf-8"))
_CARE = Template((HERE / "care" / "v1.txt").read_text(encoding="utf-8"))

# Without an assurance: of one who is registered and agrees again.
_UNSIGNED = {None: "again", Assurance.DIGITAL_AUTH_APP: "app", Assurance.COUNTER: "counter"}


@dataclass(frozen=True, slots=True)
class ProxyClause:
    """What a signature makes besides registering: `who` is named to the signer as the proxy.

    `scopes` are names of the contract's ProxyScope in small letters, such as "read".
    """

    who: str
    scopes: Iterable[str]
    last_day: date


def label(version: int) -> str:
    """Return a version as texts and facts write it."""
    return f"v{version}"


def number(label: str) -> int:
    return int(label.removeprefix("v"))


def text(
    *,
    municipality: str,
    nonce: str,
    now: datetime,
    expire_time: datetime,
    checks_revocation: bool,
    version: int = VERSION,
    proxy: ProxyClause | None = None,
) -> str:
    """Return the whole text to be signed by the card; `municipality` is the city's name."""
    places = {
        "municipality": municipality,
        "version": label(version),
        "nonce": nonce,
        "written": _on_paper(now),
        "expires": _on_paper(expire_time),
    }
    checked = "checked" if checks_revocation else "unchecked"
    if version == 1:
        return _V1.substitute(places, revocation=_V1_WORDS[checked])
    way = dict(_WAYS["card"], checked=_WAYS["card"][checked])
    if proxy is None:
        way["besides"] += "\n" + way["contact"]
    return _registration(way, places, proxy)


def unsigned(
    purpose: ConsentPurpose, assurance: Assurance | None = None, *, municipality: str
) -> str:
    """Return the text in force for one who agrees without signing it by the card.

    Raises ConsentUnknown where nobody agrees so.
    """
    places = {"municipality": municipality, "version": label(VERSIONS[purpose])}
    if purpose is ConsentPurpose.CARE:
        return _CARE.substitute(places)
    if assurance not in _UNSIGNED:
        raise ConsentUnknown("the card signs a text of its own: begin a verification")
    return _registration(_WAYS[_UNSIGNED[assurance]], places, None)


def _registration(way: dict[str, str], places: dict[str, str], proxy: ProxyClause | None) -> str:
    filled = {name: Template(words).substitute(places) for name, words in way.items()}
    return _REGISTRATION.substitute(
        places,
        **filled,
        proxy="" if proxy is None else _clause(proxy, places),
        number="6" if proxy is None else "7",
    )


def _clause(proxy: ProxyClause, places: dict[str, str]) -> str:
    return _PROXY.substitute(
        places,
        who=proxy.who,
        scopes="\n".join(f"・{_WAYS['scopes'][scope]}" for scope in proxy.scopes),
        last_day=f"{proxy.last_day:%Y年%m月%d日}",
    )


def _on_paper(moment: datetime) -> str:
    return f"{moment.astimezone(JST):%Y年%m月%d日 %H時%M分%S秒}"
