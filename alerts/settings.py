"""`ALERTS_*`, read once: environment, then `alerts.toml`, then defaults; secrets may come as `*_FILE`."""

import hashlib
import os
import re
import secrets
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, TomlConfigSettingsSource
from pydantic_settings import PydanticBaseSettingsSource as Source

from alerts import languages, private
from alerts.admission import CLOSED, Join
from alerts.errors import BadInput, Faults
from alerts.server_url import ServerUrl

DEFAULT_PUBLIC_URL, DEFAULT_MAIL_FROM = "http://localhost:8000", "Alerts <alerts@localhost>"
SOCKET_PATH_MAX = 103
ENGLISH = "en"  #: what every command would load a registry for, to find that it is in it
#: The address of a page as it may stand in a link.
_PAGE = re.compile(r"https?://[\w.-]+(?::[0-9]+)?(?:[/?#][!-~]*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding of `alerts check`."""

    id: str
    level: Literal["error", "warning"]
    message: str
    hint: str


class Settings(BaseSettings):
    """What can be set. The meaning of each stands in `docs/settings.md`, which a test keeps true."""

    model_config = SettingsConfigDict(
        env_prefix="ALERTS_",
        env_ignore_empty=True,  # compose files pass empty variables for what nobody set
        toml_file="alerts.toml",
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    home: Path = Path(".alerts")
    redis_url: SecretStr | None = None
    broker_url: SecretStr | None = None
    smtp_url: SecretStr | None = None
    mail_from: str = DEFAULT_MAIL_FROM
    return_path: str | None = None
    bounces_url: SecretStr | None = None
    authserv_id: str | None = Field(default=None, pattern=r"^[A-Za-z0-9._-]{1,200}$")
    mail_rate: float | None = Field(default=None, gt=0)
    operators: str | None = None
    pause_at_bounces: float = Field(default=5, ge=0, le=100)
    pause_at_complaints: float = Field(default=0.1, ge=0, le=100)
    ses_topics: str | None = None
    sendgrid_verification_key: str | None = None
    mailgun_signing_key: SecretStr | None = Field(default=None, min_length=16)
    postmark_secret: SecretStr | None = Field(default=None, min_length=16)
    slack_bot_token: SecretStr | None = None
    slack_api_url: str = "https://slack.com/api/"
    webhooks: bool = False
    outbound_allow: str | None = None
    public_url: str = DEFAULT_PUBLIC_URL
    secret_key: SecretStr | None = Field(default=None, min_length=16)
    templates_dir: Path | None = None
    undo_window: float = Field(default=0, ge=0)
    undo_window_urgent: float = Field(default=0, ge=0)
    hold_unknown: bool = False
    key_prefix: str = Field(default="alerts:", pattern=r"^[a-z0-9:_-]{1,40}$")
    keep_days: int = Field(default=30, ge=1)
    keep_replies: bool = False
    audit_days: int = Field(default=400, ge=1)
    draft_days: int = Field(default=7, ge=1)
    sign_of_life: Path | None = None
    timezone: str = "UTC"
    language: str = ENGLISH
    api_rate: float = Field(default=50, gt=0)
    public: Literal["off", "unlisted", "open"] = "off"
    join: Join = CLOSED
    organisation: str | None = Field(default=None, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")
    logo: Path | None = None
    imprint_url: str | None = None
    privacy_url: str | None = None

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):  # an unknown name, an unfit one, a folder of zones
            raise ValueError("it is not the name of a time zone, such as Europe/Kyiv") from None
        return name

    @field_validator("language")
    @classmethod
    def _known_language(cls, tag: str) -> str:
        with suppress(BadInput):
            if known := tag if tag == ENGLISH else languages.canonical(tag):
                return known
        raise ValueError("it is not the tag of a language, such as en or uk")

    @field_validator("imprint_url", "privacy_url")
    @classmethod
    def _page(cls, url: str | None) -> str | None:
        if url is not None and not _PAGE.fullmatch(url):
            raise ValueError("it is not the address of a page, such as https://example.org/imprint")
        return url

    @field_validator("outbound_allow")
    @classmethod
    def _known_networks(cls, text: str | None) -> str | None:
        try:
            _networks(text)
        except ValueError:
            raise ValueError("it is not a list of networks, such as 10.20.0.0/16, fd12::/48") from None
        return text

    @property
    def outbound_networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The networks that may be called although they are not public."""
        return _networks(self.outbound_allow)

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the desk: of times that are written without one."""
        return ZoneInfo(self.timezone)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: Source,
        env_settings: Source,
        dotenv_settings: Source,  # noqa: ARG003 - the signature is pydantic's
        file_secret_settings: Source,  # noqa: ARG003 - likewise
    ) -> tuple[Source, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def bundled(self) -> bool:
        """Whether the state lives in the bundled server rather than one somebody runs."""
        return self.redis_url is None

    @property
    def socket_path(self) -> Path:
        """Where the bundled server listens: in the home, or beside it under /tmp if that path is too long.

        A Unix socket's path holds 103 bytes on macOS, 107 on Linux. /tmp and not $XDG_RUNTIME_DIR, because a
        cron job and a login shell must find the same one; `runtime` makes its folder and keeps it private.
        """
        beside = self.home.absolute() / "redis.sock"
        if len(os.fsencode(beside)) <= SOCKET_PATH_MAX:
            return beside
        name = hashlib.blake2b(os.fsencode(self.home.absolute()), digest_size=8).hexdigest()
        return Path("/tmp") / f"alerts-{os.geteuid()}-{name}" / "redis.sock"  # noqa: S108 - see above

    @property
    def state_url(self) -> str:
        """Where the state lives: db 1 of the bundled server unless configured. Raises BadInput."""
        if self.redis_url is None:
            return f"unix://{quote(str(self.socket_path))}?db=1"
        return _server(self.redis_url, "ALERTS_REDIS_URL").for_state()

    @property
    def doorbell_url(self) -> str:
        """Where Celery's messages pass: db 0 of the same server unless configured. Raises BadInput."""
        if self.broker_url is not None:
            return _server(self.broker_url, "ALERTS_BROKER_URL").for_doorbells()
        if self.redis_url is None:
            return f"redis+socket://{quote(str(self.socket_path))}?virtual_host=0"
        return _server(self.redis_url, "ALERTS_REDIS_URL").at(0).for_doorbells()

    def shared_database(self) -> bool:
        """Whether the state and Celery's messages are in the same database, as far as can be read."""
        with suppress(BadInput):
            if self.redis_url is not None:
                state = _server(self.redis_url, "ALERTS_REDIS_URL")
                broker = _server(self.broker_url, "ALERTS_BROKER_URL") if self.broker_url else state.at(0)
                return state.place == broker.place
        return False

    @property
    def outbox(self) -> Path:
        return self.home.absolute() / "outbox"


#: What may come from a file: `ALERTS_X_FILE`.
SECRETS = [name for name, kind in Settings.__annotations__.items() if "SecretStr" in str(kind)]


def _server(url: SecretStr, variable: str) -> ServerUrl:
    """Where a server is, as a setting has it. Raises BadInput."""
    return ServerUrl.parse(url.get_secret_value(), variable)


def _networks(text: str | None) -> tuple[IPv4Network | IPv6Network, ...]:
    """Networks with commas between them. Raises ValueError."""
    return tuple(ip_network(part.strip()) for part in (text or "").split(",") if part.strip())


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings. Raises BadInput naming each one that cannot be used, never its value."""
    try:
        settings = Settings(**_from_files(os.environ if environ is None else environ))
    except ValidationError as invalid:
        faults = [(".".join(map(str, e["loc"])), e["msg"]) for e in invalid.errors(include_input=False)]
        raise BadInput(
            "; ".join(f"ALERTS_{where.upper()}: {what[0].lower()}{what[1:]}" for where, what in faults) + ".",
            "See docs/settings.md for what each setting takes.",
        ) from None
    except tomllib.TOMLDecodeError as garbled:
        # Only where: the sentence itself may repeat what stands there, and that may be a secret.
        where = re.search(r"\((at .+)\)$", str(garbled))
        raise BadInput(
            f"alerts.toml is not TOML{f', {where[1]}' if where else ''}.",
            'Write each setting once, on a line of its own, texts in quotes: smtp_url = "smtp://…".',
        ) from None
    except (OSError, UnicodeDecodeError):
        raise BadInput(
            "alerts.toml cannot be read.", "It must be a file in UTF-8 that this user may read."
        ) from None
    servers = Faults()  # both at once
    servers.of(lambda: settings.state_url, "")
    servers.of(lambda: settings.doorbell_url, "")
    servers.complain()
    return settings


def _from_files(environ: Mapping[str, str]) -> dict[str, Any]:
    """Values of `ALERTS_X_FILE` for the secrets, where `ALERTS_X` itself is not set."""
    found: dict[str, Any] = {}
    for name in SECRETS:
        variable = f"ALERTS_{name.upper()}"
        if (path := environ.get(f"{variable}_FILE")) and variable not in environ:
            try:
                found[name] = Path(path).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError):
                raise BadInput(
                    f"{variable}_FILE names a file that user {os.geteuid()} cannot read.",
                    "Check path and permissions; for a container, `chmod 644` in a folder of yours alone.",
                ) from None
    return found


def unknown(environ: Mapping[str, str] | None = None) -> list[Problem]:
    """The variables that begin with ALERTS_ and set nothing: misspelt, most likely."""
    known = [*Settings.model_fields, *(f"{name}_file" for name in SECRETS)]
    given = os.environ if environ is None else environ
    strange = {name: name[7:].lower() for name in sorted(given) if name.startswith("ALERTS_")}
    return [
        Problem(
            "settings.unknown",
            "warning",
            f"{name[:60]} is no setting: nothing comes of it.",
            " ".join(f"Did you mean ALERTS_{near.upper()}?" for near in get_close_matches(meant, known, n=1))
            or "docs/settings.md has every setting.",
        )
        for name, meant in strange.items()
        if meant not in known
    ]


def signing_key(settings: Settings) -> bytes:
    """The key that signs links: configured, or made once and kept in ALERTS_HOME (mode 600)."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value().encode()
    path = settings.home.absolute() / "secret-key"
    private.make_folder(path.parent)
    if not path.exists():
        ours = path.with_name(f"secret-key.{secrets.token_hex(8)}")
        with open(ours, "x", opener=private.opener) as new:
            new.write(secrets.token_urlsafe(32))
        with suppress(FileExistsError):  # another process was first: its key is the one, and it is whole
            path.hardlink_to(ours)
        ours.unlink()
    return path.read_bytes()
