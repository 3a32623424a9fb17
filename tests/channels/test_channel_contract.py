"""What `Sender` promises, asked of every sender there is: one suite, real servers, and a third channel."""

from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pigeon import PIGEON, Loft, PigeonSender
from slack_server import TOKEN, SlackServer
from smtp_server import Moment, SmtpServer
from webhook_receiver import WebhookReceiver

from alerts.channels import ClosedSender, OutboxSender, Sender
from alerts.channels.email import EMAIL, SmtpSender
from alerts.channels.email.return_path import of_everybody
from alerts.channels.slack import SLACK, SlackSender
from alerts.channels.webhook import WEBHOOK, WebhookSender
from alerts.errors import BadInput
from alerts.model import Blank, Fill, Message, Outcome, Recipient, RouteDown, Sent

PASSWORD = "hunter-2-of-the-relay"
MAIL = Message(
    "d1", EMAIL.name, (b"From: desk@a.example\r\nTo: ", Blank("to", Fill.HEADER), b"\r\n\r\nHi.\r\n")
)
POST = Message("d1", SLACK.name, (b'{"text": "', Blank("reason", Fill.JSON), b'", "blocks": []}'))
SECRET = "tok3n-of-the-receiver"
HOOK = Message("d1", WEBHOOK.name, (b'{"why": "', Blank("reason", Fill.JSON), b'"}\n{}\n{}\n{}'))
SLIP = Message("d1", PIGEON.name, (b'{"title": "', Blank("reason", Fill.JSON), b'"}'))


def at_any_pace(_route: str, _n: int) -> float:
    return 0.0


def going() -> bool:
    return False


@dataclass
class Stage:
    """A sender before its provider. `delivered` is what the provider says it has, by address."""

    sender: Sender
    message: Message
    person: Callable[[int], Recipient]
    delivered: Callable[[], Counter[str]]
    break_down: Callable[[], object]  #: from now on the provider cannot be used by anybody
    trouble: Callable[[str, str], object] = lambda address, how: None  #: `refuse` or `put off` one address
    secrets: tuple[str, ...] = ()
    closed: bool = False
    made: list[tuple[int, Outcome]] = field(default_factory=list)

    def send(self, count: int, stop: Callable[[], bool] = going) -> list[tuple[int, Outcome]]:
        self.made = list(self.sender.send(self.message, [self.person(n) for n in range(count)], stop))
        return self.made


def smtp(held: ExitStack, folder: Path) -> Stage:
    how: dict[str, str] = {}
    down: list[bool] = []

    def script(moment: Moment) -> str | None:
        if moment.verb == "auth" and down:
            login = b64encode(f"\0desk\0{PASSWORD}".encode()).decode()
            return f"535 5.7.8 {moment.argument} may not: {PASSWORD} is wrong, and so is {login}"
        if moment.verb == "rcpt":
            return next((reply for address, reply in how.items() if address in moment.argument), None)
        return None

    def trouble(address: str, kind: str) -> None:
        how[address] = {"refuse": "550 5.1.1 no such user", "put off": "451 4.2.1 later"}[kind]

    server = held.enter_context(SmtpServer(script=script, passwords={"desk": PASSWORD}))
    sender = SmtpSender(
        f"smtp://desk:{PASSWORD}@127.0.0.1:{server.port}", of_everybody("desk@a.example"), at_any_pace
    )

    def break_down() -> None:
        down.append(True)
        sender.close()  # the next connection has to log in

    return Stage(
        sender,
        MAIL,
        lambda n: Recipient(n, f"user{n}@b.example", {"to": f"user{n}@b.example"}),
        lambda: Counter(address.strip("<>") for mail in server.arrived for address in mail.recipients),
        break_down,
        trouble,
        (PASSWORD, b64encode(f"\0desk\0{PASSWORD}".encode()).decode()),
    )


def slack(held: ExitStack, folder: Path) -> Stage:
    server = held.enter_context(SlackServer())

    def trouble(address: str, kind: str) -> None:
        error = {"refuse": "channel_not_found", "put off": f"no_{TOKEN}"}[kind]
        server.trouble(error, channel=address.partition("/")[2], times=9)

    return Stage(
        SlackSender(TOKEN, server.url, at_any_pace, timeout=5),
        POST,
        lambda n: Recipient(n, f"T1/C{n}", {"reason": "Why.", "thread_ts": "", "post_channel": ""}),
        lambda: Counter(f"T1/{post.channel}" for post in server.posts),
        lambda: server.trouble("invalid_auth", times=10**6),
        trouble,
        (TOKEN,),
    )


def outbox(kind: Any, message: Message, address: str, blanks: dict[str, str]) -> Callable[..., Stage]:
    def made(held: ExitStack, folder: Path) -> Stage:
        def break_down() -> None:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / kind.name).write_text("in the way")

        return Stage(
            OutboxSender(folder, kind),
            message,
            lambda n: Recipient(n, address.format(n), {name: v.format(n) for name, v in blanks.items()}),
            lambda: Counter(
                kind.outbox().address(path.read_bytes()) for path in folder.rglob(f"*{kind.outbox().suffix}")
            ),
            break_down,
        )

    return made


def closed(held: ExitStack, folder: Path) -> Stage:
    fault = BadInput("The SMTP address cannot be read.", "Mend it.")
    return Stage(
        ClosedSender(fault),
        MAIL,
        lambda n: Recipient(n, f"user{n}@b.example", {}),  # the blanks take the settings that are at fault
        Counter,
        lambda: None,
        closed=True,
    )


def pigeon(held: ExitStack, folder: Path) -> Stage:
    loft = Loft()

    def trouble(address: str, kind: str) -> None:
        loft.lost |= {address} if kind == "refuse" else set()
        loft.late |= {address} if kind == "put off" else set()

    return Stage(
        PigeonSender(loft),
        SLIP,
        lambda n: Recipient(n, f"loft:{'abcdefghij'[n % 10] * (n + 1)}", {"reason": "Why."}),
        lambda: Counter(address for address, _ in loft.left),
        lambda: setattr(loft, "shut", True),
        trouble,
    )


def webhook(held: ExitStack, folder: Path) -> Stage:
    receiver = held.enter_context(WebhookReceiver())

    def trouble(address: str, kind: str) -> None:
        status = {"refuse": 410, "put off": 503}[kind]
        said = f"{SECRET} is wrong, and so is {address}".encode()
        receiver.does[address.removeprefix("https://").replace(f":{receiver.port}", "")] = lambda asked: (
            asked.answer(status, said)
        )

    def person(n: int) -> Recipient:
        address = receiver.url(f"h{n % 5}", f"/hook/{SECRET}/{n}")
        return Recipient(n, address, {"reason": "Why.", "generations": "2 1"})

    def delivered() -> Counter[str]:
        taken = [
            got
            for got in receiver.got
            if f"{got.headers['host'].partition(':')[0]}{got.path}" not in receiver.does
        ]
        return Counter(f"https://{got.headers['host']}{got.path}" for got in taken)

    return Stage(
        WebhookSender(receiver.client(), lambda: b"the key of this installation"),
        HOOK,
        person,
        delivered,
        receiver.shut,
        trouble,
        (SECRET, "whsec_"),
    )


STAGES = {
    "webhook": webhook,
    "outbox of webhooks": outbox(
        WEBHOOK, HOOK, "https://a.example/{}", {"reason": "Why.", "generations": "1"}
    ),
    "smtp": smtp,
    "slack": slack,
    "outbox of email": outbox(EMAIL, MAIL, "user{}@b.example", {"to": "user{}@b.example"}),
    "outbox of slack": outbox(SLACK, POST, "T1/C{}", {"reason": "Why."}),
    "outbox of pigeons": outbox(PIGEON, SLIP, "loft:{}", {"reason": "Why."}),
    "closed": closed,
    "pigeon": pigeon,
}


@pytest.fixture(params=STAGES)
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    with ExitStack() as held:
        made = STAGES[request.param](held, tmp_path / "outbox")
        yield made
        made.sender.close()


def keeps_the_contract(stage: Stage, people: int) -> None:
    """Nobody twice, nobody else, `RouteDown` last, no secret said, and what is called sent is there."""
    sids = [sid for sid, outcome in stage.made if not isinstance(outcome, RouteDown)]
    assert len(sids) == len(set(sids))
    assert {sid for sid, _ in stage.made} <= set(range(people))
    assert not any(isinstance(outcome, RouteDown) for _, outcome in stage.made[:-1])
    for secret in stage.secrets:
        assert secret not in repr(stage.made)
    sent = Counter(stage.person(sid).address for sid, outcome in stage.made if isinstance(outcome, Sent))
    assert sent == stage.delivered()


def test_everybody_gets_one_outcome(stage: Stage) -> None:
    stage.send(20)
    keeps_the_contract(stage, 20)
    if stage.closed:
        assert [type(outcome) for _, outcome in stage.made] == [RouteDown]
    else:
        assert {sid: type(outcome) for sid, outcome in stage.made} == dict.fromkeys(range(20), Sent)


def test_nobody_is_no_reason_to_say_anything(stage: Stage) -> None:
    assert stage.send(0) == []
    assert not stage.delivered()


def test_what_happens_to_one_is_that_ones_alone(stage: Stage) -> None:
    """One refused and one put off among ten: both are outcomes, and the others have theirs."""
    stage.trouble(stage.person(3).address, "refuse")
    stage.trouble(stage.person(6).address, "put off")
    stage.send(10)
    keeps_the_contract(stage, 10)
    if not stage.closed:
        assert {sid for sid, outcome in stage.made if isinstance(outcome, Sent)} >= set(range(10)) - {3, 6}


def test_after_stop_nobody_is_begun(stage: Stage) -> None:
    assert stage.send(10, lambda: True) == []
    assert not stage.delivered()


def test_a_stop_on_the_way_ends_it_with_what_was_begun(stage: Stage) -> None:
    """Whoever is not yielded was not tried: what the provider has, the caller was told of."""
    asked: list[int] = []

    def stop() -> bool:
        asked.append(1)
        return len(asked) > 3

    stage.send(40, stop)
    keeps_the_contract(stage, 40)
    assert len(stage.made) < 40


def test_a_route_that_is_down_is_said_once_and_last(stage: Stage) -> None:
    """A relay that repeats what it was told put the password into the ledger and the notices."""
    stage.break_down()
    stage.send(20)
    keeps_the_contract(stage, 20)
    [(_, down)] = stage.made[-1:]
    assert isinstance(down, RouteDown)
    assert down.why
    assert not stage.delivered()


def test_it_may_be_closed_twice_and_used_again(stage: Stage) -> None:
    stage.send(2)
    stage.sender.close()
    stage.sender.close()
    people = [stage.person(n) for n in (2, 3)]
    again = list(stage.sender.send(stage.message, people, going))
    assert {sid for sid, _ in again} == ({2} if stage.closed else {2, 3})
