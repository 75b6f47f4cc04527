"""What the LINE adapter must be told; names in the environment begin with TODOKE_LINE_."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from channels.settings import AdapterSettings, SecretFile, WebAddress


class LineSettings(AdapterSettings):
    """Settings of the LINE adapter; times in seconds."""

    model_config = SettingsConfigDict(env_prefix="TODOKE_LINE_", extra="forbid", frozen=True)

    channel_secret_file: SecretFile
    access_token_file: SecretFile
    public_url: WebAddress
    """Where residents' phones and LINE reach this adapter."""
    api_url: WebAddress = "https://api.line.me"
    host: str = "127.0.0.1"
    port: int = Field(default=8700, ge=0, le=65535)
    deadline: float = Field(default=1.8, gt=0, lt=2)
    """LINE hangs up after 2 s; at this many the webhook answers 503 and goes on working."""
    send_timeout: float = Field(default=10, gt=0, le=60)
    capacity: int = Field(default=32, ge=1, le=1000)
    """Dispatches sent at once."""
