"""Whose alerts they are is said on every page and in every mail, as far as the settings say it."""

import email.policy
import re
from email import message_from_bytes
from pathlib import Path

import pytest
from rendering_samples import HORIZON, TALKS, raw, revisions

from alerts.channels import Renderer
from alerts.channels.registry import CHANNELS
from alerts.errors import BadInput
from alerts.model import Change, Channel, Digest, Entry
from alerts.operations.checks.checking_people import one_time_mails
from alerts.operations.checks.checking_settings import check_settings
from alerts.rendering import Page, Pages, logo_url, organisation
from alerts.settings import Settings, load

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4"/></svg>'
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
IMPRINT, PRIVACY = "https://example.org/imprint", "https://example.org/privacy?a=1&b=2"


@pytest.fixture
def chosen(tmp_path: Path) -> Settings:
    (tmp_path / "logo.svg").write_text(SVG)
    return Settings(
        home=tmp_path,
        organisation="Relief & Desk",
        logo=tmp_path / "logo.svg",
        imprint_url=IMPRINT,
        privacy_url=PRIVACY,
    )


def pages(chosen: Settings) -> list[Page]:
    drawn = Pages(chosen.templates_dir, chosen.mail_from, organisation(chosen))
    return [drawn.home(), drawn.not_found(), drawn.people.outside()]


def mails(chosen: Settings) -> list[bytes]:
    renderer = Renderer(CHANNELS, chosen, lambda code: code)
    one = Digest(Channel("email"), (Entry(TALKS.id, 1, Change.NEW),), HORIZON)
    digest = raw(renderer.render(one, revisions(TALKS)))
    return [digest, *(renderer.one_time(mail).fill({}) for mail in one_time_mails())]


def parts(octets: bytes) -> list[str]:
    read = message_from_bytes(octets, policy=email.policy.default)
    texts = (part for part in read.walk() if part.get_content_maintype() == "text")
    return [part.get_content().replace("\r\n", "\n") for part in texts]


def test_a_page_says_whose_it_is_and_has_the_logo_in_itself(chosen: Settings) -> None:
    for page in pages(chosen):
        assert "Relief &amp; Desk" in page.html
        assert '<img src="data:image/svg+xml;base64,' in page.html
        assert f'<a href="{IMPRINT}">Imprint</a>' in page.html
        assert f'<a href="{PRIVACY.replace("&", "&amp;")}">Privacy</a>' in page.html
        assert page.pictures


def test_what_is_not_set_is_not_there(tmp_path: Path) -> None:
    for page in pages(Settings(home=tmp_path, mail_from="Desk <desk@example.org>")):
        assert not re.search("<img|Imprint|Privacy|<footer", page.html)
        assert ("Desk" in page.html, page.pictures) == (True, False)


def test_a_mail_names_and_links_them_and_carries_no_picture(chosen: Settings) -> None:
    for mail in mails(chosen):
        text, html = parts(mail)
        assert "Relief & Desk" in text
        assert f"Imprint: {IMPRINT}\nPrivacy: {PRIVACY}" in text
        assert f'href="{IMPRINT}"' in html
        assert "<img" not in html


def test_an_operators_own_footer_takes_the_place_of_ours(chosen: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    for name in ("web/footer.html.j2", "email/legal.txt.j2"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("Ours: {{ organisation.name }}\n")
    own = chosen.model_copy(update={"templates_dir": folder})
    assert all("Ours: Relief &amp; Desk" in page.html for page in pages(own))
    text, html = parts(mails(own)[0])
    assert "Ours: Relief & Desk" in text
    assert "Imprint" in html


@pytest.mark.parametrize(
    ("octets", "why"),
    [
        (None, "cannot be read"),
        (b"", "neither PNG nor SVG"),
        (b"GIF89a", "neither PNG nor SVG"),
        (b"<html/>", "neither PNG nor SVG"),
        (b"<svg/>", "neither PNG nor SVG"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG.encode(), "neither PNG nor SVG"),
        (PNG + b"\0" * 32 * 1024, "larger than 32 KB"),
    ],
)
def test_a_logo_that_cannot_be_used_is_left_out_and_the_check_says_why(
    chosen: Settings, octets: bytes | None, why: str
) -> None:
    """No page is missing because a file is."""
    assert chosen.logo
    chosen.logo.unlink()
    if octets is not None:
        chosen.logo.write_bytes(octets)
    [problem] = [one for one in check_settings(chosen) if one.id == "settings.logo"]
    assert (problem.level, why in problem.message) == ("error", True)
    assert not any("<img" in page.html for page in pages(chosen))
    with pytest.raises(BadInput):
        logo_url(chosen.logo)


def test_a_png_is_a_logo(chosen: Settings) -> None:
    assert chosen.logo
    chosen.logo.write_bytes(PNG)
    assert logo_url(chosen.logo).startswith("data:image/png;base64,iVBOR")
    assert not [one for one in check_settings(chosen) if one.id == "settings.logo"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("IMPRINT_URL", "example.org/imprint"),
        ("PRIVACY_URL", "javascript:alert(1)"),
        ("PRIVACY_URL", "https://example.org/a b"),
        ("ORGANISATION", "two\nlines"),
        ("ORGANISATION", "x" * 101),
    ],
)
def test_what_could_not_stand_on_a_page_is_refused_at_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"ALERTS_{name}", value)
    with pytest.raises(BadInput, match=name):
        load()
