"""A renderer over all channels for tests, and the settings it is made from."""

from pathlib import Path

from alerts.channels import CHANNELS, Renderer
from alerts.rendering.composing import Place
from alerts.settings import Settings

PUBLIC_URL = "https://alerts.example.org"


def renderer(
    folder: Path | None, public_url: str = PUBLIC_URL, mail_from: str = "desk@example.org", place: Place = str
) -> Renderer:
    return Renderer(CHANNELS, rendering_settings(folder, public_url, mail_from), place)


def rendering_settings(
    folder: Path | None = None, public_url: str = PUBLIC_URL, mail_from: str = "desk@example.org"
) -> Settings:
    return Settings(templates_dir=folder, public_url=public_url, mail_from=mail_from)
