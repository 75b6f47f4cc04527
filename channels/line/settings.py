"""What the LINE adapter must be told; names in the environment begin with TODOKE_LINE_."""

from pathlib import Path

from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import SettingsConfigDict

from channels.settings import AdapterSettings, SecretFile, WebAddress, secret_in

LEAST_SECRET = 32
LINE = "https://api.line.me"
LINE_DATA = "https://api-data.line.me"


class LineSettings(AdapterSettings):
    """Settings of the LINE adapter; times in seconds."""

    model_config = SettingsConfigDict(env_prefix="TODOKE_LINE_", extra="forbid", frozen=True)

    channel_secret_file: SecretFile
    access_token_file: SecretFile
    public_url: WebAddress
    """Where residents' phones and LINE reach this adapter."""
    api_url: WebAddress = LINE
    data_url: WebAddress | None = None
    """Where photographs are fetched and menus' pictures put; None: LINE's where LINE is, else as
    `api_url`."""
    host: str = "127.0.0.1"
    port: int = Field(default=8700, ge=0, le=65535)
    deadline: float = Field(default=1.8, gt=0, lt=2)
    """LINE hangs up after 2 s; at this many the webhook answers 503 and goes on working."""
    send_timeout: float = Field(default=10, gt=0, le=60)
    capacity: int = Field(default=32, ge=1, le=1000)
    """Dispatches sent at once."""
    pushes_at_once: int = Field(default=256, ge=1, le=2_000)
    """Pushes under way at once of what goes to each apart: all that LINE takes, where it answers
    within an eighth of a second."""
    push_rate: int = Field(default=1_920, ge=1, le=1_000_000)
    """Pushes a second, of all adapters together; LINE takes 2,000, by seconds of its own.

    With what may be late beside it (`channels.shares`), no second has more."""
    multicast_rate: int = Field(default=191, ge=1, le=1_000_000)
    """Multicasts a second, of all adapters together; LINE takes 200."""
    quota_seconds: float = Field(default=300, gt=0, le=86_400)
    """How often LINE is asked for the allowance."""
    web_url: WebAddress | None = None
    """Where residents see their registration on the web; None where there is no web."""
    board_url: WebAddress | None = None
    """Where members read circulars with their files on the web; None where there are no boards."""
    page_secret_file: SecretFile | None = None
    """The secret that signs the addresses of our pages; the same for every adapter of a channel."""
    app_pages: bool = False
    """Whether residents can register by the Digital Agency's app."""

    rich_menus: bool = True
    """Whether the chat has a menu at its bottom, one for each state of a resident."""

    inquiries: bool = True
    """Whether words for which no question waits may be sent to the city."""

    @property
    def contents_url(self) -> str:
        return self.data_url or {LINE: LINE_DATA}.get(self.api_url, self.api_url)

    @field_validator("page_secret_file")
    @classmethod
    def _long_enough(cls, file: Path | None) -> Path | None:
        if file is not None and len(secret_in(file)) < LEAST_SECRET:
            raise ValueError(f"{file} must hold at least {LEAST_SECRET} characters, by chance")
        return file

    @field_validator("app_pages")
    @classmethod
    def _signed(cls, wanted: bool, info: ValidationInfo) -> bool:  # noqa: FBT001 - as pydantic calls.
        # Where the file itself is wrong, that is said already.
        if wanted and info.data.get("page_secret_file", ...) is None:
            raise ValueError("the pages of the app need page_secret_file")
        return wanted
