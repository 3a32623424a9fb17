"""Addresses of webhooks: one spelling each, refused with a sentence, never repeated whole."""

import pytest

from alerts.channels import channel_of, masked
from alerts.channels.webhook.address import FORM, target
from alerts.errors import BadInput


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://hooks.example.org/alerts", "https://hooks.example.org/alerts"),
        ("HTTPS://Hooks.Example.ORG:443/Alerts?Key=A", "https://hooks.example.org/Alerts?Key=A"),
        ("https://hooks.example.org", "https://hooks.example.org/"),
        ("https://hooks.example.org:8443/a#part", "https://hooks.example.org:8443/a"),
        ("https://[2606:2800::1]:443/a", "https://[2606:2800::1]/a"),
        ("https://xn--bcher-kva.example/a", "https://xn--bcher-kva.example/a"),
        ("plain+https://hooks.example.org/a", "https://hooks.example.org/a"),
        ("Mattermost+https://chat.example.org/hooks/x", "mattermost+https://chat.example.org/hooks/x"),
        ("discord+https://discord.com/api/webhooks/1/x", "https://discord.com/api/webhooks/1/x"),
        ("plain+https://discord.com/api/webhooks/1/x", "plain+https://discord.com/api/webhooks/1/x"),
    ],
)
def test_an_address_has_one_spelling(typed: str, kept: str) -> None:
    assert FORM.parse(typed) == kept
    assert FORM.parse(kept) == kept
    assert channel_of(typed) == "webhook"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("http://hooks.example.org/tok3n", "by https only"),
        ("pigeon+https://hooks.example.org/tok3n", "no format “pigeon”"),
        ("https://user:tok3n@hooks.example.org/", "a login"),
        ("https://hooks.example.org/tok3n x", "signs that no URL can hold"),
        ("https://hooks.example.org/tok3n\r\nX: y", "signs that no URL can hold"),
        ("https://bücher.example/tok3n", "signs that no URL can hold"),
        ("https://hooks.example.org:99999/tok3n", "cannot be read"),
        ("https://hooks.example.org:0/tok3n", "names no host"),
        ("https:///tok3n", "names no host"),
        ("https://-.example/tok3n", "names no host"),
        ("https://[::1/tok3n", "cannot be read"),
        ("https://hooks.example.org/" + "tok3n" * 100, "longer than"),
        ("https://hooks.slack.com/services/T1/B1/tok3n", "leads to Slack"),
    ],
)
def test_what_cannot_be_one_is_refused_and_not_repeated(typed: str, words: str) -> None:
    with pytest.raises(BadInput, match=words) as refused:
        FORM.parse(typed)
    assert refused.value.hint
    assert "tok3n" not in f"{refused.value.sentence} {refused.value.hint}"


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://hooks.example.org/a", "plain"),
        ("https://acme.webhook.office.com/webhookb2/x", "teams"),
        ("https://prod-1.westeurope.logic.azure.com/workflows/x?sig=y", "teams"),
        ("https://d.environment.api.powerplatform.com/powerautomate/x", "teams"),
        ("https://evilwebhook.office.com.example.org/x", "plain"),
        ("https://discord.com/api/webhooks/1/x", "discord"),
        ("https://discord.com/channels/1", "plain"),
        ("mattermost+https://chat.example.org/hooks/x", "mattermost"),
        ("plain+https://discord.com/api/webhooks/1/x", "plain"),
    ],
)
def test_the_format_is_told_by_the_host_or_by_name(address: str, name: str) -> None:
    assert target(address).format == name
    assert target(address).url == address[address.index("https://") :]


def test_one_url_is_one_receiver_in_whichever_format() -> None:
    """In another format a secret that had been changed would have been the first one again."""
    assert FORM.identity("mattermost+https://chat.example.org/hooks/x") == "https://chat.example.org/hooks/x"
    assert FORM.identity("https://chat.example.org/hooks/x") == "https://chat.example.org/hooks/x"


def test_a_masked_address_says_whose_it_is_and_no_more() -> None:
    one, other = (
        "https://hooks.example.org:8443/tok3n?key=tok3n",
        "mattermost+https://hooks.example.org/tok3n",
    )
    assert masked(one).startswith("https://hooks.example.org:8443/… (")
    assert masked(other).startswith("https://hooks.example.org/… (")
    assert masked(one) != masked(one + "&more=1")
    assert "tok3n" not in masked(one) + masked(other)
    assert masked(other) == masked(other.removeprefix("mattermost+"))
    assert masked("https://desk:tok3n@hooks.example.org/x").startswith("https://hooks.example.org/… (")
    assert masked("https://[::1/tok3n").startswith("https://[::1/… (")
    assert masked("anna@example.org") == "anna@example.org"
    assert masked("T1/C1") == "T1/C1"
