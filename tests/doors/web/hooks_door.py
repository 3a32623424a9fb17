"""The web door as a process of its own that finds Amazon SNS on this machine. For uvicorn's `--factory`."""

import os
import ssl
from pathlib import Path

from fastapi import FastAPI
from provider_posts import SnsHere

from alerts.doors.web import application
from alerts.outbound import Fetcher
from alerts.settings import Settings


def create() -> FastAPI:
    """The application as it is, but that SNS is at `TEST_SNS`, where a certificate of ours is trusted."""
    return application(_client)


def _client(_settings: Settings) -> Fetcher:
    trusted = Path(os.environ["TEST_SNS_CERTIFICATE"]).read_text()
    return SnsHere(os.environ["TEST_SNS"], ssl.create_default_context(cadata=trusted))
