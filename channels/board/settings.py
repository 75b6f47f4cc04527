"""What the boards adapter must be told; names in the environment begin with TODOKE_BOARD_."""

from typing import Self

from pydantic import Field, model_validator
from pydantic_settings import SettingsConfigDict

from channels.settings import AdapterSettings, KeyFile, WebAddress


class BoardSettings(AdapterSettings):
    """Settings of the boards adapter."""

    model_config = SettingsConfigDict(env_prefix="TODOKE_BOARD_", extra="forbid", frozen=True)

    public_url: WebAddress
    """Where browsers reach this adapter: an origin, without a path."""
    session_key_file: KeyFile
    city: str = Field(default="", max_length=50)
    """Whose boards these are, such as 総社市; it is read on every page."""
    host: str = "127.0.0.1"
    port: int = Field(default=8720, ge=0, le=65535)

    @model_validator(mode="after")
    def _fit(self) -> Self:
        if self.public_url.count("/") != 2:
            raise ValueError("public_url is an origin: take its path out")
        return self
