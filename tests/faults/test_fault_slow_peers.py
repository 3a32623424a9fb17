"""Every peer is slow at once. Who is reached by a good way does not wait for any of them."""

import time
from pathlib import Path

import pytest
from scene import Scene, heard, scene, until
from slack_server import SlackServer
from smtp_server import Answer, Moment, Pause, SmtpServer

from alerts.model import Severity

pytestmark = pytest.mark.faults

#: Longer than the test lasts for each of the slow ones; shorter than what is taken for a dead connection.
HELD_S = 25.0


def slow_for_some(moment: Moment) -> Answer:
    """A relay that takes its time over those whose address says so."""
    return Pause(HELD_S) if moment.verb == "rcpt" and moment.argument.startswith("p") else None


#: Loops as long as it may, in what Slack shows of what is urgent.
HANGING = """\
{% if digest.urgent %}{% for a in 'x' * 99999 %}{% for b in 'x' * 99999 %}
{% endfor %}{% endfor %}{% endif %}{{ digest.subject }}
"""


def held(it: Scene) -> int:
    """How many batches are being sent."""
    return len(it.services.server.client.keys("alerts:lease:*"))


# What is slow and urgent may hold two batches of its channel's urgent lane (ADR 19): here it is one of each.
@pytest.mark.parametrize(
    ("severity", "people", "channels"), [(Severity.MINOR, 300, 200), (Severity.EXTREME, 100, 100)]
)
def test_an_urgent_mail_on_a_good_way_goes_out_while_every_other_peer_is_slow(
    severity: Severity, people: int, channels: int, tmp_path: Path
) -> None:
    """Two answers that trickled held both threads of a worker: an extreme update was not even matched."""
    (tmp_path / "slack").mkdir()
    (tmp_path / "slack" / "text.txt.j2").write_text(HANGING)
    with (
        SmtpServer(script=slow_for_some) as smtp,
        SlackServer(latency=HELD_S) as slack,
        scene(smtp, slack, ALERTS_TEMPLATES_DIR=str(tmp_path)) as it,
    ):
        it.crowd(people)
        it.subscribe(*(f"T1/C{n}" for n in range(channels)))
        it.subscribe("quick@example.org", "T1/CFJ", region="FJ")
        it.worker()
        it.publish(severity=severity)
        until(lambda: smtp.count("rcpt") and held(it) >= 2, 30, "the slow peers are not spoken to")
        time.sleep(2)  # for the sweep to hand out what else it can
        it.publish("fj-cyclone", regions=("FJ",), tags=(), severity=Severity.EXTREME)
        until(lambda: heard(smtp) == {"quick@example.org"}, 20, "the urgent mail waits for slow peers")
        assert not it.ended()
