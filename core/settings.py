"""What a core process is told from outside: the environment (TODOKE_…) or a TOML file."""

from pathlib import Path
from typing import Annotated, Any, Literal, Self

import click
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

ORIGIN = r"^(https://[a-z0-9.-]+|http://localhost)(:[0-9]{1,5})?$"

MUNICIPALITY = r"^[0-9]{6}$"
CHANNEL = r"^[a-z][a-z0-9_]{1,63}$"
PUBLIC_KEY = r"^[A-Za-z0-9_-]{43}$"
"""Ed25519, in base64url."""


class IdTokenIssuer(BaseModel):
    """An issuer of identity tokens, such as LINE Login: its subjects are contacts of a channel."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    issuer: str = Field(min_length=1, description="the `iss` of its tokens")
    audiences: list[str] = Field(min_length=1, description="the `aud` that are ours")
    channel: str = Field(min_length=1, description="the channel whose contacts its subjects are")
    municipality: str = Field("", description="only for this municipality; empty is for every one")
    keys: str = Field(
        "",
        pattern=r"^(https://.+|http://(localhost|127\.0\.0\.1)[:/].*|[^:]*)$",
        description="its public keys as a JWK set, address or file: takes ES256",
    )
    secret_file: Path | None = Field(None, description="the secret shared with it: takes HS256")

    @model_validator(mode="after")
    def _can_be_checked(self) -> Self:
        if not self.keys and self.secret_file is None:
            raise ValueError("set keys or secret_file, or no token of this issuer can be checked")
        return self


class Settings(BaseSettings):
    """The settings of the core; the environment overrules the file."""

    model_config = SettingsConfigDict(env_prefix="TODOKE_", extra="forbid", frozen=True)

    database: str = Field(
        "sqlite:///var/todoke.db",
        description="sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME",
    )
    keys: Path = Field(Path("var/keys.json"), description="the key file, for its owner only")
    listen: str = Field("127.0.0.1:7700", description="host:port to serve on; port 0 picks one")
    tls_certificate: Path | None = Field(None, description="PEM; with tls_key, serve TLS only")
    tls_key: Path | None = None
    tls_client_authority: Path | None = Field(
        None, description="PEM; callers must prove themselves by a certificate it signed"
    )
    jpki_authorities: Path | None = Field(
        None, description="folder of the card authorities' certificates, *.pem"
    )
    jpki_revocations: Path | None = Field(
        None, description="folder of revocation lists, *.crl; without it nothing is checked"
    )
    jpki_test_cards: bool = Field(default=False, description="take test cards, and only those")
    auth_app_issuer: str = Field(
        "",
        pattern=r"^(https://[!-~]+|http://(127\.0\.0\.1|localhost)(:[0-9]+)?(/[!-~]*)?)?$",
        description="the authentication app's issuer; https, or http on this machine",
    )
    auth_app_client_id: str = Field("", pattern="^[!-~]{0,255}$", description="as registered there")
    auth_app_key: Path | None = Field(
        None, description="the client's private key, JWK or PEM, for its owner only"
    )
    auth_app_redirect_uris: tuple[str, ...] = Field(
        (), description="the channels' pages that browsers may come back to, as registered there"
    )
    auth_app_scope: str = Field("openid name address birthdate gender", pattern=r"\bopenid\b")
    auth_app_acr_values: str = Field("aal3 crl", description="the authentication that is asked for")
    auth_app_acr_needed: str = Field(
        "aal3", description="a word the ID token's acr must have; empty takes any"
    )
    auth_app_acr_checked: str = Field(
        "crl", description="the word of acr that says the provider looked up revocation"
    )
    auth_app_genders: dict[str, Literal["1", "2", "9"]] = Field(
        {"1": "1", "2": "2", "9": "9", "male": "1", "female": "2"},
        description="what the claim gender means: 1 male, 2 female, 9 other",
    )
    auth_app_timeout_seconds: float = Field(
        8.0,
        gt=0,
        le=60,
        description="how long a look-up at the app may take, with all its requests",
    )
    auth_app_authority: Path | None = Field(
        None, description="PEM; who signs the app's TLS certificate, instead of the system's"
    )
    id_token_issuers: list[IdTokenIssuer] = Field(
        [], description="issuers of identity tokens by which contacts are linked"
    )
    web_origins: list[Annotated[str, Field(pattern=ORIGIN)]] = Field(
        [], description="origins of pages that make passkeys, such as https://web.example.jp"
    )
    letter_page: str = Field(
        "http://localhost:8710",
        pattern=r"^https?://[!-~]+$",
        max_length=200,
        description="the page that letters lead to by their code, such as the web adapter's",
    )
    letter_office: str = Field(
        "", max_length=80, description="the office that letters name, as residents know it"
    )
    letter_phone: str = Field("", max_length=40, description="the phone number that letters name")
    board_page: str = Field(
        "",
        pattern=r"^(https?://[!-~]+)?$",
        max_length=200,
        description="the boards' address, which the codes of invitations lead to; empty without",
    )
    notice_page: str = Field(
        "http://localhost:8710/verify",
        pattern=r"^https?://[!-~]+$",
        max_length=200,
        description="the page on which the code of a decision notice is checked",
    )
    notice_seals: Path | None = Field(
        None, description="folder of seals, CODE.png by municipality; without it none is printed"
    )
    notice_words: Path | None = Field(
        None, description="TOML with what notices say otherwise than by core/applications/notices"
    )
    attachment_bytes: int = Field(
        10 * 1024 * 1024, ge=1, le=1 << 27, description="the most bytes of a file residents send"
    )
    attachment_workers: int = Field(
        2, ge=1, le=64, description="how many files are made anew at the same time"
    )
    virus_scanner: str = Field(
        "",
        pattern=r"^([^:\s/]+:[0-9]{1,5})?$",
        description="host:port of clamd or what speaks as it does; empty scans nothing",
    )
    pushing_channels: list[Annotated[str, Field(pattern=CHANNEL)]] = Field(
        ["line"], description="the channels that push what is told to many; others show it"
    )
    message_prices: dict[Annotated[str, Field(pattern=CHANNEL)], Annotated[float, Field(ge=0)]] = (
        Field({}, description="by channel: what one message costs in yen; else nothing")
    )
    message_rates: dict[Annotated[str, Field(pattern=CHANNEL)], Annotated[int, Field(ge=1)]] = (
        Field({}, description="by channel: how many messages a second go out; else 50")
    )
    procedure_keys: dict[Annotated[str, Field(pattern=MUNICIPALITY)], Path] = Field(
        {}, description="by municipality: the private key that its procedures are published with"
    )
    procedure_publishers: dict[
        Annotated[str, Field(pattern=MUNICIPALITY)], Annotated[str, Field(pattern=PUBLIC_KEY)]
    ] = Field({}, description="by municipality: the public key by which its packages are believed")
    lease_seconds: int = Field(
        60, ge=1, le=3600, description="how long an adapter may hold a dispatch"
    )
    poll_seconds: float = Field(
        1.0, gt=0, le=60, description="how often to look for what another core process queued"
    )
    drain_seconds: float = Field(
        10.0, ge=0, le=300, description="how long to finish calls at the end"
    )
    retention_closed_days: int = Field(
        5 * 365 + 2, ge=1, description="how long the record of a closed registration is kept"
    )
    retention_contact_days: int = Field(
        365, ge=1, description="how long a contact is kept that never registered and is not seen"
    )
    retention_refused_days: int = Field(
        30,
        ge=1,
        description="how long papers read at the counter are kept, refused or never decided",
    )
    retention_application_days: int = Field(
        5 * 365 + 2,
        ge=1,
        description="how long applications are kept after their decision, whoever is deleted",
    )
    retention_inquiry_days: int = Field(
        365, ge=1, description="how long inquiries are kept after they were closed"
    )
    retention_household_days: int = Field(
        365, ge=1, description="how long names are kept of who left a neighbourhood association"
    )
    trace_endpoint: str = Field("", description="where spans go, by OTLP; empty sends none")
    metric_endpoint: str = Field(
        "", description="where figures of delivery go, by OTLP; empty sends none"
    )
    metric_seconds: float = Field(60.0, ge=5, le=3600, description="how often they are sent")
    log_level: str = Field("info", pattern="^(debug|info|warning|error)$")

    @model_validator(mode="after")
    def _tls_is_whole(self) -> Self:
        """Refuse half of TLS, which would serve in plain text unnoticed."""
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError("tls_certificate and tls_key belong together: set both, or neither")
        if self.tls_client_authority is not None and self.tls_certificate is None:
            raise ValueError("tls_client_authority asks for TLS: set tls_certificate and tls_key")
        return self

    @model_validator(mode="after")
    def _app_is_whole(self) -> Self:
        """Refuse half of the app, which would fail only when the first resident uses it."""
        whole = {
            "auth_app_issuer": bool(self.auth_app_issuer),
            "auth_app_client_id": bool(self.auth_app_client_id),
            "auth_app_key": self.auth_app_key is not None,
            "auth_app_redirect_uris": bool(self.auth_app_redirect_uris),
        }
        if len(set(whole.values())) > 1:
            missing = ", ".join(name for name, given in whole.items() if not given)
            raise ValueError(f"{', '.join(whole)} belong together: {missing} is missing")
        return self

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


def load(file: Path | None = None) -> Settings:
    """Return the settings; end with what is wrong, where, and what it should be."""
    given: dict[str, Any] = {"toml_file": file} if file else {}
    kind = type("Settings", (Settings,), {"model_config": {**Settings.model_config, **given}})
    try:
        settings: Settings = kind()
    except ValidationError as error:
        lines = [f"  {_place(one['loc'])}: {one['msg']}" for one in error.errors()]
        raise click.ClickException(
            "\n".join(["the settings cannot be used / 設定に誤りがあります:", *lines])
        ) from None
    return settings


def _place(location: tuple[int | str, ...]) -> str:
    if not location:
        return "TODOKE_…"
    name = ".".join(map(str, location))
    return f"TODOKE_{name.upper()} (or `{name}` in the file)"
