"""Where nothing is configured, messages become files: whole, private, one per delivery."""

import json
import os
import time
from pathlib import Path

import pytest

from alerts.channels import OutboxSender, read_outbox
from alerts.channels.email import EMAIL
from alerts.channels.slack import SLACK
from alerts.model import Blank, Channel, Fill, Message, Post, Recipient, RouteDown, Sent

MAIL = Message(
    "ud1",
    Channel("email"),
    (
        b"From: Desk <desk@a.example>\r\nTo: ",
        Blank("to", Fill.HEADER),
        b"\r\nSubject: Talks\r\n\r\nThey resume.\r\n",
    ),
)
POST = Message(
    "rd2", Channel("slack"), (b'{"text": "Talks: ', Blank("reason", Fill.JSON), b'", "edit_parent": true}')
)


def never() -> bool:
    return False


def mail_to(sid: int, address: str = "ann@b.example") -> Recipient:
    return Recipient(sid, address, {"to": f"<{address}>"})


def post_to(sid: int, **blanks: str) -> Recipient:
    return Recipient(sid, "T1/C1", {"reason": "“eu”", **blanks})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home" / "outbox"


def test_a_mail_is_kept_as_it_would_have_gone_out(folder: Path) -> None:
    outcomes = list(OutboxSender(folder, EMAIL).send(MAIL, [mail_to(1), mail_to(2, "bo@b.example")], never))
    assert outcomes == [(1, Sent("email/ud1/1.eml")), (2, Sent("email/ud1/2.eml"))]
    assert (folder / "email/ud1/2.eml").read_bytes() == MAIL.fill({"to": "<bo@b.example>"})


def test_a_slack_post_keeps_its_arguments_and_gets_a_place(folder: Path) -> None:
    ((_, sent),) = OutboxSender(folder, SLACK).send(POST, [post_to(5)], never)
    assert isinstance(sent, Sent)
    assert isinstance(sent.post, Post)
    assert sent.post.channel == "C1"
    assert abs(float(sent.post.ts) - time.time()) < 60
    kept = json.loads((folder / sent.receipt).read_bytes())
    arguments = {"text": "Talks: “eu”", "edit_parent": True}
    assert kept == {"address": "T1/C1", "ts": sent.post.ts, "arguments": arguments}


def test_a_revision_stays_where_its_parent_stands(folder: Path) -> None:
    revised = post_to(5, thread_ts="17.000001", post_channel="C9")
    ((_, sent),) = OutboxSender(folder, SLACK).send(POST, [revised], never)
    assert sent == Sent("slack/rd2/5.json", Post("C9", "17.000001"))


def test_a_repeated_delivery_replaces_itself(folder: Path) -> None:
    sender = OutboxSender(folder, EMAIL)
    for _ in range(3):
        list(sender.send(MAIL, [mail_to(1)], never))
    assert [path.name for path in (folder / "email/ud1").iterdir()] == ["1.eml"]


def test_only_the_owner_can_read_it(folder: Path) -> None:
    old = os.umask(0)
    try:
        list(OutboxSender(folder, EMAIL).send(MAIL, [mail_to(1)], never))
    finally:
        os.umask(old)
    made = [folder, folder / "email", folder / "email/ud1", folder / "email/ud1/1.eml"]
    assert [oct(path.stat().st_mode & 0o777) for path in made] == ["0o700", "0o700", "0o700", "0o600"]


def test_after_stop_nothing_is_written(folder: Path) -> None:
    asked = iter([False, True])
    outcomes = OutboxSender(folder, EMAIL).send(MAIL, [mail_to(1), mail_to(2)], lambda: next(asked))
    assert [sid for sid, _ in outcomes] == [1]
    assert [item.sid for item in read_outbox(folder)] == [1]


def test_a_disk_that_takes_nothing_closes_the_route(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file, where a folder should be")
    outcomes = list(OutboxSender(tmp_path / "outbox", EMAIL).send(MAIL, [mail_to(1), mail_to(2)], never))
    assert outcomes == [(1, RouteDown("the outbox cannot be written: Not a directory"))]


def test_the_outbox_is_read_newest_first(folder: Path) -> None:
    list(OutboxSender(folder, EMAIL).send(MAIL, [mail_to(1), mail_to(2)], never))
    list(OutboxSender(folder, SLACK).send(POST, [post_to(3)], never))
    for age, name in enumerate(["slack/rd2/3.json", "email/ud1/1.eml", "email/ud1/2.eml"]):
        os.utime(folder / name, (1_700_000_000 - age, 1_700_000_000 - age))
    seen = [(i.channel, i.address, i.digest, i.sid, i.sent_at) for i in read_outbox(folder)]
    assert seen == [
        (Channel("slack"), "T1/C1", "rd2", 3, 1_700_000_000_000),
        (Channel("email"), "ann@b.example", "ud1", 1, 1_699_999_999_000),
        (Channel("email"), "ann@b.example", "ud1", 2, 1_699_999_998_000),
    ]
    assert all(item.path.read_bytes() == item.raw for item in read_outbox(folder))


def test_an_outbox_that_is_not_there_yet_is_empty(folder: Path) -> None:
    assert list(read_outbox(folder)) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("email/ud1/notes.txt", b"mine"),
        ("email/ud1/draft.eml", MAIL.fill({"to": "<a@b.example>"})),
        ("email/ud1/2.eml", b""),
        ("email/ud1/3.eml", b"To: <a@b.example>\r\nSubj"),
        ("email/ud1/4.eml", b"Subject: to nobody\r\n\r\nhello\r\n"),
        ("email/ud1/.5.eml.123-456", MAIL.fill({"to": "<a@b.example>"})),
        ("email/ud1/6.eml", b"To: <a@b.example>\r\n\r\n" + b"x" * (4 << 20)),
        ("email/stray.eml", MAIL.fill({"to": "<a@b.example>"})),
        ("slack/rd2/2.json", b'{"address": "T1/C1", "ts": "1.0", "argu'),
        ("slack/rd2/3.json", b'{"address": 5, "ts": "1.0", "arguments": {}}'),
        ("slack/rd2/4.json", b"[" * 100_000),
        ("slack/rd2/5.json", b"\xff\xfe\x00"),
    ],
)
def test_foreign_and_half_written_files_are_passed_over(folder: Path, name: str, content: bytes) -> None:
    list(OutboxSender(folder, EMAIL).send(MAIL, [mail_to(1)], never))
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    assert [item.sid for item in read_outbox(folder)] == [1]


def test_a_folder_named_like_a_message_is_passed_over(folder: Path) -> None:
    (folder / "email/ud1/9.eml").mkdir(parents=True)
    assert list(read_outbox(folder)) == []
