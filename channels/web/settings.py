"""What the web adapter must be told; names in the environment begin with TODOKE_WEB_."""

from typing import Self

from pydantic import Field, model_validator
from pydantic_settings import SettingsConfigDict

from channels.settings import AdapterSettings, KeyFile, SecretFile, WebAddress, secret_in


class WebSettings(AdapterSettings):
    """Settings of the web adapter."""

    model_config = SettingsConfigDict(env_prefix="TODOKE_WEB_", extra="forbid", frozen=True)

    public_url: WebAddress
    """Where residents' browsers reach this adapter: an origin, without a path."""
    session_key_file: KeyFile
    city: str = Field(default="", max_length=50)
    """Whose office this is, such as 総社市; residents read it on every page."""
    authentication_app: bool = False
    """Whether the core has the Digital Agency's authentication app set up."""
    inquiries: bool = True
    """Whether residents can write to the city here."""
    line_login_channel_id: str = Field(default="", max_length=100)
    line_login_channel_secret_file: SecretFile | None = None
    line_login_authorize_url: WebAddress = "https://access.line.me/oauth2/v2.1/authorize"
    line_login_token_url: WebAddress = "https://api.line.me/oauth2/v2.1/token"  # noqa: S105
    line_account_url: WebAddress | None = None
    """Where LINE shows the town's account, such as https://line.me/R/ti/p/@todoke."""
    host: str = "127.0.0.1"
    port: int = Field(default=8710, ge=0, le=65535)

    @model_validator(mode="after")
    def _fit(self) -> Self:
        if self.public_url.count("/") != 2:
            raise ValueError("public_url is an origin: take its path out")
        if bool(self.line_login_channel_id) != bool(self.line_login_channel_secret_file):
            raise ValueError("give LINE Login's channel id and its secret's file, or neither")
        return self

    @property
    def line_login_secret(self) -> str:
        file = self.line_login_channel_secret_file
        return secret_in(file) if file else ""
