"""What every channel adapter must be told: where the core is, and with which token to speak."""

import base64
import binascii
from pathlib import Path
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, FilePath, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from todoke.client import Core, Tls


class SettingsWrong(Exception):  # noqa: N818 - named for the event, not as an error.
    """Settings are missing or wrong; the message has a line for each, with its remedy."""


def _not_empty(path: Path) -> Path:
    if not path.read_text(encoding="utf-8").strip():
        raise ValueError(f"{path} is empty: write the secret into it, alone on one line")
    return path


SecretFile = Annotated[FilePath, AfterValidator(_not_empty)]
"""A file that holds one secret and nothing else, so that no secret stands in an environment."""


LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def _address(url: str) -> str:
    parts = urlsplit(url)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not is_safe or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("give an https:// address without query (http:// only on this machine)")
    return url.rstrip("/")


WebAddress = Annotated[str, Field(max_length=500), AfterValidator(_address)]
"""Where something is on the web, without a slash at its end."""


def secret_in(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip()


def keys_in(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").split()


def _keys(path: Path) -> Path:
    keys = keys_in(path)
    try:
        lengths = {len(base64.b64decode(key, altchars=b"-_", validate=True)) for key in keys}
    except (ValueError, binascii.Error):
        lengths = set()
    if lengths != {32}:
        remedy = "openssl rand -base64 32 | tr '+/' '-_'"
        raise ValueError(f"{path} must hold a key a line, each of 32 bytes, as from: {remedy}")
    return path


KeyFile = Annotated[FilePath, AfterValidator(_keys)]
"""Keys of cookies, one a line: the first seals, all open."""


class AdapterSettings(BaseSettings):
    """The part that all channels share; each adds its own under its own prefix."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True)

    core_address: str = "127.0.0.1:7700"
    core_token_file: SecretFile
    core_authority_file: FilePath | None = None
    core_certificate_file: FilePath | None = None
    core_key_file: SecretFile | None = None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read what is given in code, then the environment, then the file."""
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    def core(self) -> Core:
        """Connect to the core; call it within a running loop."""
        tls = None
        if self.core_authority_file is not None:
            tls = Tls(self.core_authority_file, self.core_certificate_file, self.core_key_file)
        return Core(self.core_address, secret_in(self.core_token_file), tls)


Kind = TypeVar("Kind", bound=AdapterSettings)


def load(kind: type[Kind], file: Path | None = None) -> Kind:
    """Read settings from the environment, and beneath it from a TOML file.

    Raises SettingsWrong.
    """
    given: dict[str, Any] = {"toml_file": file} if file else {}
    of_file = type(kind.__name__, (kind,), {"model_config": {**kind.model_config, **given}})
    try:
        settings: Kind = of_file()
    except ValidationError as wrong:
        prefix = str(kind.model_config.get("env_prefix", ""))
        raise SettingsWrong("\n".join(_lines(wrong, prefix))) from wrong
    except ValueError as wrong:
        raise SettingsWrong(f"{file} is no TOML file: {wrong}") from wrong
    return settings


def _lines(wrong: ValidationError, prefix: str) -> list[str]:
    lines = []
    for error in wrong.errors(include_url=False, include_context=False):
        name = "_".join(str(part) for part in error["loc"])
        place = f"{prefix}{name.upper()} (or `{name}` in the file)"
        if error["type"] == "missing":
            lines.append(f"{place} is not set")
        elif error["type"] == "extra_forbidden":
            lines.append(f"`{name}` in the file is no setting: take it out, or mend its name")
        else:
            lines.append(f"{place}: {error['msg']}; it is {error['input']!r}")
    return lines
