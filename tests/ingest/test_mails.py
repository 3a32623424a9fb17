"""A mail is read for what its writer says: not for what they quote, sign, forward or hang on to it."""

import io
from email.message import EmailMessage
from pathlib import Path

import pytest

from alerts.errors import BadInput
from alerts.ingest import Reading, load_all
from alerts.ingest.formats import read, read_all
from alerts.ingest.mails import reading as mails
from alerts.ingest.mails.slimming import slim
from alerts.ingest.mails.subjects import cleaned

CASES = Path(__file__).parents[2].parent / "shared" / "cases" / "files"
NEWS = "Roads north of Kharkiv are closed.\n\nStay where you are."
CAP = (Path(__file__).parents[1] / "data" / "formats" / "update.cap").read_bytes()


def mail(text: str = NEWS, subject: str = "Roads closed", **fields: str) -> bytes:
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    head = ["From: Olga <olga@example.org>", "To: desk@example.org", f"Subject: {subject}", *lines]
    return "\n".join([*head, "", text]).encode()


def composed(text: str = NEWS, **attached: bytes | str) -> EmailMessage:
    """A mail as programs write it; attachments by name, with `__` for the point."""
    made = EmailMessage()
    made["From"], made["Subject"] = "olga@example.org", "Roads closed"
    made.set_content(text)
    for name, content in attached.items():
        octets = content.encode() if isinstance(content, str) else content
        made.add_attachment(octets, "application", "octet-stream", filename=name.replace("__", "."))
    return made


def read_mail(source: bytes) -> Reading:
    return read(source, "mail.eml")


def test_a_mail_is_its_subject_and_its_words() -> None:
    found = read_mail(mail())
    assert (found.format, found.draft.headline, found.draft.body) == ("mail", "Roads closed", NEWS)
    assert "says that it is from “Olga <olga@example.org>”" in found.notes


@pytest.mark.parametrize("name", ["update.md", "update.txt", "-", "update.json", "mail.eml"])
def test_a_mail_is_one_whatever_its_file_is_called(name: str) -> None:
    """It was refused: “It is a mail, not an update.” Desks send mails."""
    for source in (
        mail(),
        mail().replace(b"\n", b"\r\n"),
        b"Return-Path: <a@b>\nReceived: by x\nMessage-ID: <1>\n\nNews",
    ):
        assert read(source, name).format == "mail"


@pytest.mark.skipif(not CASES.exists(), reason="the cases are not at hand")
def test_the_mail_among_the_cases_is_read() -> None:
    [found] = load_all(str(CASES / "mail.eml"), io.BytesIO())
    assert found.format == "mail"
    assert found.draft.headline


@pytest.mark.parametrize(
    ("said", "headline", "forwarded"),
    [
        ("Re: Roads closed", "Roads closed", False),
        ("AW: Re[2]: RE: Roads closed", "Roads closed", False),
        ("FWD: Roads closed", "Roads closed", True),
        ("Fw: WG: Roads closed", "Roads closed", True),
        ("[EXTERNAL] Re: Roads closed", "Roads closed", False),
        ("[EXT] Fwd: Roads closed", "Roads closed", True),
        ("TR: quake near Izmir", "TR: quake near Izmir", False),
        ("Regions: all clear", "Regions: all clear", False),
        ("Reports of shelling", "Reports of shelling", False),
        ("[UKRAINE] Roads closed", "[UKRAINE] Roads closed", False),
        ("Re:", "", False),
    ],
)
def test_a_subject_loses_what_programs_put_before_it(said: str, headline: str, forwarded: bool) -> None:
    """“TR” is Turkey, and what Outlook writes in French: only an answer has it for the latter."""
    found = cleaned(said, answers=False)
    assert (found.text, found.forwarded) == (headline, forwarded)


def test_of_what_is_an_answer_the_subject_loses_more() -> None:
    assert cleaned("TR : SV: Roads closed", answers=True).text == "Roads closed"


ANSWERED = "On Thu, 26 Nov 2026 at 09:00, Bob <bob@example.org> wrote:\n> any news?\n> Bob"
HEAD = "From: Bob <bob@example.org>\nSent: Thursday\nTo: Olga\nSubject: Roads\n\n"
LEFT_OUT = {
    "a signature": (f"{NEWS}\n\n-- \nOlga\n+380 44 000", "leaves out the signature (2 lines): “Olga”"),
    "a greeting": (f"Dear colleagues,\n\n{NEWS}", "leaves out its greeting: “Dear colleagues,”"),
    "a closing": (f"{NEWS}\n\nBest regards,\n\nOlga\nDesk", "leaves out its closing (3 lines): “Best"),
    "a closing in German": (f"{NEWS}\n\nMit freundlichen Grüßen\nOlga", "leaves out its closing (2 lines)"),
    "a telephone": (f"{NEWS}\n\nSent from my iPhone", "leaves out what its program adds"),
    "lawyers": (
        f"{NEWS}\n\nThis e-mail and any attachments are confidential and for the addressee.\nDelete it.",
        "leaves out the notice at its end (2 lines)",
    ),
    "an answered mail": (f"{NEWS}\n\n{ANSWERED}", "leaves out the mail it answers (3 lines)"),
    "one in two lines": (
        f"{NEWS}\n\nOn Thursday, 26 November 2026 at 09:00, Bob\n<bob@example.org> wrote:\n> any news?",
        "leaves out the mail it answers",
    ),
    "one in a language nobody listed": (
        f"{NEWS}\n\n2026年11月26日(木) 9:00 Bob <bob@example.org>:\n> any news?",
        "leaves out the mail it answers",
    ),
    "one of Outlook": (
        f"{NEWS}\n\n________________________________\n{HEAD}any news?",
        "leaves out the mail it answers",
    ),
    "one of old Outlook": (
        f"{NEWS}\n\n-----Original Message-----\n{HEAD}any news?",
        "leaves out the mail it answers",
    ),
    "quotations": (f"> any news?\n{NEWS}\n> Bob", "leaves out what it quotes (2 lines)"),
}


@pytest.mark.parametrize(("text", "note"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_what_is_no_news_is_left_out_and_said(text: str, note: str) -> None:
    found = read_mail(mail(text))
    assert found.draft.body == NEWS
    assert any(said.startswith(note) for said in found.notes), found.notes


FORWARDED = {
    "by Gmail": f"FYI\n\n---------- Forwarded message ---------\n{HEAD}{NEWS}",
    "by Apple": "Begin forwarded message:\n\n" + "> ".join(["", *f"{HEAD}{NEWS}".splitlines(keepends=True)]),
    "by Outlook": f"________________________________\n{HEAD}{NEWS}",
    "twice": f"---------- Forwarded message ---------\n{HEAD}-----Original Message-----\n{HEAD}{NEWS}",
    "with what it answered": f"---------- Forwarded message ---------\n{HEAD}{NEWS}\n\n{ANSWERED}",
}


@pytest.mark.parametrize("text", FORWARDED.values(), ids=FORWARDED)
def test_of_what_is_forwarded_its_words_count_and_not_its_head(text: str) -> None:
    found = read_mail(mail(text, "Fwd: Roads closed"))
    assert (found.draft.headline, found.draft.body) == ("Roads closed", NEWS)


def test_of_more_than_a_cover_the_forwarded_mail_is_left_out() -> None:
    own = "\n".join(f"Line {n} of what we know." for n in range(5))
    found = read_mail(
        mail(f"{own}\n\n---------- Forwarded message ---------\n{HEAD}old", "Fwd: Roads closed")
    )
    assert found.draft.body == own
    assert "leaves out the mail it forwards (6 lines)" in " ".join(found.notes)


NEWS_ALL_THE_SAME = [
    "All roads closed:\n\nStay where you are.",
    "High winds expected:\n\nStay where you are.",
    "Thanks to the ceasefire roads are open.\n\nThank you\nThe army says that it will hold.",
    "Roads are closed.\n\nThis message is intended for residents of Kharkiv.",
    "Roads are closed.\n\nImportant: take water with you.",
    "From Kharkiv: roads are closed.\nTo Kyiv: roads are open.",
    "He wrote: “we stay.”\n\n--\u2009Nobody knows more.",
]


@pytest.mark.parametrize("text", NEWS_ALL_THE_SAME)
def test_what_may_be_news_stays(text: str) -> None:
    """A line too many does no harm that a line too few could."""
    assert " ".join(read_mail(mail(text)).draft.body.split()) == " ".join(text.split())


@pytest.mark.parametrize(
    "text", ["", "\n\n", "-- \nOlga", ANSWERED, f"-----Original Message-----\n{HEAD}old"]
)
def test_a_mail_that_says_nothing_itself_is_refused_unless_its_subject_does(text: str) -> None:
    if not text.strip():
        assert read_mail(mail(text)).draft.headline == "Roads closed"
        text, subject = "", ""
    else:
        subject = "Re: Roads closed"
    with pytest.raises(BadInput, match="says nothing itself") as refused:
        read_all(mail(text, subject), "mail.eml")
    assert refused.value.hint


def test_words_in_a_format_of_their_own_have_their_own_headline() -> None:
    found = read_mail(mail("---\nheadline: Bridge closed\nregions: [UA]\n---\n\nNobody gets over."))
    assert (found.format, found.draft.headline, found.draft.regions) == ("markdown", "Bridge closed", ("UA",))
    assert "leaves out its subject, “Roads closed”" in found.notes
    page = read_mail(mail("Situation Update - Bridge closed\n\nNobody gets over."))
    assert page.draft.headline == "Bridge closed"


def test_a_page_is_read_where_there_is_no_text() -> None:
    made = EmailMessage()
    made["From"], made["Subject"], made["To"] = "olga@example.org", "Roads closed", "desk@example.org"
    made.set_content(
        "<html><head><title>Message</title></head><body><p>Dear all,</p><p>Roads are closed.</p><p>-- </p>"
        "<p>Olga</p></body></html>",
        subtype="html",
    )
    assert read_mail(made.as_bytes()).draft.body == "Roads are closed."
    made.make_alternative()
    made.add_alternative("Roads are closed, as text.", subtype="plain")
    assert read_mail(made.as_bytes()).draft.body == "Roads are closed, as text."


def test_lines_that_flow_are_put_together() -> None:
    text = "Roads north of \nKharkiv are \nclosed.\n\nStay.\n\n-- \nOlga"
    found = read_mail(mail(text, Content_Type="text/plain; format=flowed"))
    assert found.draft.body == "Roads north of Kharkiv are closed.\n\nStay."


@pytest.mark.parametrize(
    ("octets", "charset"),
    [
        ("Кияни".encode(), "iso-8859-1"),
        ("Кияни".encode(), "us-ascii"),
        ("Кияни".encode("koi8-r"), "koi8-r"),
        ("Кияни".encode("windows-1251"), "windows-1251"),
        ("Кияни".encode(), "no-such"),
        ("東京".encode("iso-2022-jp"), "iso-2022-jp"),
        ("Grüße".encode("cp1252"), "utf-8"),
    ],
)
def test_words_are_read_in_the_charset_that_they_are_in(octets: bytes, charset: str) -> None:
    source = mail("X", MIME_Version="1.0", Content_Type=f"text/plain; charset={charset}")
    body = read_mail(source[:-1] + octets).draft.body
    assert body in ("Кияни", "東京", "Grüße")


def test_attachments_count_in_place_of_the_words() -> None:
    made = composed(
        "Please find it attached.", flood__md="---\nheadline: Flood\nregions: [UA]\n---\nUp.", storm__cap=CAP
    )
    found = read_all(made.as_bytes(), "mail.eml")
    assert [(one.format, one.attachment) for one in found] == [("markdown", "flood.md"), ("cap", "storm.cap")]
    assert found[0].notes[0] == "leaves out the text of the mail (2 lines): “Roads closed”"
    assert "is from the attachment “storm.cap”" in found[1].notes


def test_what_is_wrong_with_attachments_is_said_of_all_at_once_by_name() -> None:
    made = composed(a__json=b'{"headline": 3}', b__pdf=b"%PDF-1.7 none", c__md="---\nheadline: [\n---\n")
    with pytest.raises(BadInput) as refused:
        read_all(made.as_bytes(), "mail.eml")
    assert "b.pdf: " in refused.value.sentence
    assert "c.md: " in refused.value.sentence
    assert "a.json: headline must be text" in refused.value.sentence


def test_what_nobody_reads_is_left_out_and_said() -> None:
    made = composed(figures__xlsx=b"PK\x03\x04", ATT00001__txt=b"a footer")
    made.add_attachment(b"\x89PNG", "image", "png", filename="map.png")
    made.add_attachment(composed(), filename="old.eml")
    found = read_mail(made.as_bytes())
    assert found.draft.body == NEWS
    assert [note for note in found.notes if note.startswith("leaves out")] == [
        "leaves out a file of no known format, “figures.xlsx”",
        "leaves out a file of no known format, “ATT00001.txt”",
        "leaves out a picture, “map.png”",
        "leaves out an attached mail, “old.eml”",
    ]


def test_a_mail_within_an_attachment_is_refused_by_name() -> None:
    with pytest.raises(BadInput) as refused:
        read_all(composed(old__txt=mail()).as_bytes(), "mail.eml")
    assert refused.value.sentence == "old.txt: It is a mail within a mail."


def test_a_path_in_the_name_of_an_attachment_is_no_path() -> None:
    source = composed(x__md="# Flood").as_bytes().replace(b"x.md", b"../../etc/x.md")
    assert "is from the attachment “x.md”" in read_mail(source).notes


@pytest.mark.parametrize("kind", ["multipart/encrypted", "application/pkcs7-mime"])
def test_what_is_encrypted_is_refused(kind: str) -> None:
    with pytest.raises(BadInput, match="encrypted"):
        read_mail(mail(Content_Type=f'{kind}; boundary="b"'))


def test_a_slim_mail_is_read_as_the_whole_one() -> None:
    """A picture of 300 KB is 400 KB of a mail that waits for days, and nobody reads it."""
    made = composed(notes__md="---\nheadline: Flood\n---\nUp." + " river" * 12_000)
    made.add_attachment(b"\x89PNG" * 75_000, "image", "png", filename="map.png")
    whole = made.as_bytes()
    slimmed = slim(whole)
    assert len(slimmed) < len(whole) - 300_000
    assert mails.read(slimmed) == mails.read(whole)
    assert read_all(slimmed, "mail.eml") == read_all(whole, "mail.eml")


def test_a_mail_that_waits_does_not_say_whom_it_was_for() -> None:
    """The secret in that address is kept nowhere."""
    source = mail(
        Delivered_To="publish+k3yk3yk3yk3y@a.example",
        Received="from x\n\tfor <publish+k3yk3yk3yk3y@a.example>",
    )
    assert b"k3yk3y" not in slim(source)
    assert read_all(slim(source), "mail.eml") == read_all(source, "mail.eml")
