"""Nothing is out of reach: what a message does not show whole, it leads to."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rendering_samples import HORIZON, HOUR, READING, html_of, mail, post, renderer, said, text_of

from alerts.locales import ENGLISH
from alerts.model import Change, Channel, Digest, Draft, Entry, Message, Revision, Severity
from alerts.rendering import Pages
from alerts.rendering.composing import compose
from alerts.rendering.stories import story

PAGE = f"https://alerts.example.org/r/{READING}"
MEDIA = ["html", "text", "slack"]
PAGES = Pages(None, "desk@example.org")


@st.composite
def drafts(draw: st.DrawFn) -> list[Draft]:
    """Updates of which every key point and every paragraph has a word of its own."""
    return [
        Draft(
            f"headline-{n}z",
            (draw(st.sampled_from(["UA", "DE", "KE"])),),
            f"u-{n}",
            key_points=tuple(f"point-{n}-{k}z " + "words " * long for k in range(points)),
            body="\n\n".join(f"text-{n}-{k}z " + "more of it " * wide for k in range(paragraphs)),
            severity=draw(st.sampled_from(Severity)),
            url=draw(st.sampled_from(["", "https://news.example/a"])),
        )
        for n, (points, long, paragraphs, wide) in enumerate(
            draw(
                st.lists(
                    st.tuples(
                        st.sampled_from([0, 2, 20]),
                        st.sampled_from([1, 80]),
                        st.sampled_from([0, 1, 5, 40]),
                        st.sampled_from([1, 100]),
                    ),
                    min_size=1,
                    max_size=60,
                )
            )
        )
    ]


def words(draft: Draft) -> set[str]:
    return set(re.findall(r"(?:point|text)-[0-9]+-[0-9]+z", " ".join([*draft.key_points, draft.body])))


def seen(message: Message, medium: str) -> tuple[str, set[str]]:
    """What a reader of this medium is shown, and where its links lead."""
    if medium == "slack":
        arguments = post(message)
        return said([arguments["blocks"], arguments["replies"]]), set(urls(arguments))
    if medium == "text":
        text = text_of(mail(message))
        return text, set(re.findall(r"https://\S+", text))
    html = html_of(mail(message))
    return re.sub("<[^>]+>", " ", html), {unescape(url) for url in re.findall(r'href="([^"]+)"', html)}


def urls(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        yield from [part["url"]] if part.get("type") == "link" else []
        part = list(part.values())
    for each in part if isinstance(part, list) else []:
        yield from urls(each)


def digest_of(medium: str, given: list[Draft], cap: int) -> tuple[Digest, dict[str, Revision]]:
    channel = Channel("slack" if medium == "slack" else "email")
    entries = tuple(Entry(d.id, 1, Change.NEW, folded=n >= cap) for n, d in enumerate(given))
    clock = "daily 20:00 Europe/Kyiv"
    digest = Digest(channel, entries, HORIZON, clock=clock, from_ms=HORIZON - 24 * HOUR)
    return digest, {r.ref: r for r in (Revision(d.id, 1, d, HORIZON) for d in given)}


@pytest.mark.parametrize("medium", MEDIA)
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(given_drafts=drafts(), cap=st.integers(1, 80))
def test_everything_in_an_update_is_shown_or_one_link_away(
    medium: str, given_drafts: list[Draft], cap: int
) -> None:
    """Bodies were cut, key points dropped and updates folded, and what had no address of its own was gone."""
    digest, known = digest_of(medium, given_drafts, cap)
    shown, links = seen(renderer().render(digest, known), medium)
    for draft in given_drafts:
        there = f"{PAGE}/{draft.id}"
        if digest.alone:
            there = there if there in links else PAGE  # the link at the foot, in a mail
        if f"{draft.headline} " in f"{shown} ".replace("\n", " "):
            assert words(draft) <= set(re.findall(r"[a-z]+-[0-9]+-[0-9]+z", shown)) or there in links, (
                draft.id
            )
            assert draft.url or digest.alone or there in links, draft.id
        else:
            assert PAGE in links, draft.id
    assert {link for link in links if link.startswith(PAGE)} <= {
        PAGE,
        *(f"{PAGE}/{d.id}" for d in given_drafts),
    }


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(given_drafts=drafts(), cap=st.integers(1, 80))
def test_where_the_links_lead_it_is_all_there(given_drafts: list[Draft], cap: int) -> None:
    digest, known = digest_of("html", given_drafts, cap)
    contents = PAGES.digest(compose(digest, known, str, 1 << 40, READING, locale=ENGLISH)).html
    for draft, entry in zip(given_drafts, digest.entries, strict=True):
        whole = PAGES.update(
            story(digest, entry, [], known[entry.ref], later=None, place=str, locale=ENGLISH)
        ).html
        assert words(draft) <= set(re.findall(r"[a-z]+-[0-9]+-[0-9]+z", whole))
        assert digest.alone or f'href="{READING}/{draft.id}"' in contents


@pytest.mark.parametrize("medium", MEDIA)
def test_one_that_had_to_be_shortened_leads_to_the_rest(medium: str) -> None:
    draft = Draft(
        "headline", ("UA",), "u-0", body="\n\n".join(f"text-0-{k}z " + "x " * 200 for k in range(400))
    )
    digest = Digest(
        Channel("slack" if medium == "slack" else "email"), (Entry("u-0", 1, Change.NEW),), HORIZON
    )
    shown, links = seen(renderer().render(digest, {"u-0.r1": Revision("u-0", 1, draft, HORIZON)}), medium)
    assert "text-0-0z" in shown
    assert "text-0-399z" not in shown
    assert f"{PAGE}/u-0" in links


def test_no_key_point_is_dropped_while_a_body_is_shown() -> None:
    """Twelve key points of an entry were shown, and beside them its body, with a third of the page empty."""
    many = [
        Draft(
            f"headline {n}",
            ("UA",),
            f"u-{n}",
            key_points=tuple(f"point-{n}-{k}z" for k in range(20)),
            body="text " * 20,
        )
        for n in range(8)
    ]
    digest, known = digest_of("html", many, 99)
    shown, _ = seen(renderer().render(digest, known), "html")
    for draft in many:
        assert words(draft) <= set(re.findall(r"point-[0-9]+-[0-9]+z", shown))


def test_the_room_that_mail_programs_show_is_used() -> None:
    """A digest that did not fit was made anew with half of the room: 34 KB of 102 were used."""
    long = [
        Draft(f"headline {n}", ("UA",), f"u-{n}", body="A sentence of some words.\n\n" * 300)
        for n in range(30)
    ]
    digest, known = digest_of("html", long, 99)
    size = len(html_of(mail(renderer().render(digest, known))).encode())
    assert 70_000 < size <= 90_000
