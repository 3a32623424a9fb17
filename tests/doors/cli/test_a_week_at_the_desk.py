"""`docs/operating.md` from Monday to Friday, as it is written, against a relay that refuses some."""

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

from smtp_server import Moment, SmtpServer

from alerts.model import Channel, State
from alerts.operations import deliveries
from alerts.operations.acting import Actor, Permission
from alerts.runtime import attach
from alerts.services import connect
from alerts.settings import Settings

PAGE = Path(__file__).parents[3] / "docs" / "operating.md"
PEOPLE = 300


def people(path: Path) -> None:
    """As a personnel system exports them: columns of its own, a semicolon between, some lines of no use."""
    rows = [["staff id", "work_email", "first name", "regions", "cadence", "cost centre"]]
    for n in range(PEOPLE):
        name = "gone" if n % 50 == 0 else "back" if n % 50 == 7 else "staff"
        where = "Ukrane" if n % 100 == 3 else "Ukraine" if n % 2 else "Poland"
        rows.append([str(n), f"{name}{n}@example.org", f"Person {n}", where, "immediate", "4711"])
    rows.append(["300", "not an address", "Nobody", "Ukraine", "immediate", "4711"])
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)


def refuses(moment: Moment) -> str | None:
    if moment.verb == "rcpt" and re.search("gone|back", moment.argument):
        return "550 5.1.1 no such user"
    return None


def test_the_week_works_as_it_is_written(tmp_path: Path) -> None:
    """Seventy-six people were explained one by one; nobody else said who had not been told."""
    people(tmp_path / "people.csv")
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    settings = Settings(home=tmp_path / "home")
    with SmtpServer(script=refuses) as relay, attach(settings):
        env = {k: v for k, v in os.environ.items() if not k.startswith("ALERTS_")} | {
            "ALERTS_HOME": str(settings.home),
            "ALERTS_SMTP_URL": relay.url,
            "ALERTS_MAIL_FROM": "Desk <desk@example.org>",
            "ALERTS_PUBLIC_URL": "https://alerts.example.org",
            "ALERTS_SECRET_KEY": "a key for a week at the desk",
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        }
        script = "set -eu\n" + "\n".join(blocks)
        done = subprocess.run(["bash", "-c", script], cwd=tmp_path, env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        services = connect(settings)
        somebody = Actor("petra", "test", frozenset(Permission))
        found = {row.address: row.state for row in deliveries(services, somebody, "ua-corridor").rows}
        count = services.subscribers.count()[Channel("email")]
        services.close()
    to_me = [mail for mail in relay.arrived if "desk@example.org" in mail.recipients]
    assert len(to_me) == 1
    assert found["staff1@example.org"] == State.SENT.name.lower()
    assert {state for address, state in found.items() if "back" in address} <= {"failed", "suppressed"}
    assert count == PEOPLE
    assert "explain" in script
    assert script.count("alerts explain") == 1
    exported = (tmp_path / "friday.csv").read_text("utf-8")
    assert len(exported.splitlines()) == PEOPLE + 1
    assert len((tmp_path / "why.csv").read_text("utf-8").splitlines()) == PEOPLE + 1
