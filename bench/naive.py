"""What anyone would write first: per email a task, a rendering, a connection, and a hash in Redis."""

import os
import smtplib
import subprocess
import sys
import time
from email.message import EmailMessage

import redis
from celery import Celery
from jinja2 import Environment

from alerts.settings import Settings
from bench.scene import PARAGRAPH, until

BROKER, STATE, PORT = "BENCH_BROKER", "BENCH_STATE", "BENCH_SMTP_PORT"

app = Celery("naive", broker=os.environ.get(BROKER), set_as_current=False)
app.conf.task_ignore_result = True
app.conf.broker_connection_retry_on_startup = True

TEXT = """{{ headline }}

{% for paragraph in paragraphs %}{{ paragraph }}

{% endfor %}You get this because you subscribe to {{ region }}.
Unsubscribe: https://alerts.example.org/u/{{ sid }}
"""
HTML = """<html><body><h1>{{ headline }}</h1>
{% for paragraph in paragraphs %}<p>{{ paragraph }}</p>{% endfor %}
<p>You get this because you subscribe to {{ region }}.
<a href="https://alerts.example.org/u/{{ sid }}">Unsubscribe</a></p></body></html>
"""

environment = Environment(autoescape=True)
text, page = environment.from_string(TEXT), environment.from_string(HTML)


@app.task  # type: ignore[untyped-decorator]  # Celery's decorators carry no types
def send_email(sid: int, address: str, paragraphs: int) -> None:
    """Render for one subscriber, hand over, remember."""
    state = redis.Redis.from_url(os.environ[STATE])
    told = {
        "sid": sid,
        "headline": "Negotiations continue between Russia and Ukraine",
        "region": "Ukraine",
        "paragraphs": [PARAGRAPH] * paragraphs,
    }
    message = EmailMessage()
    message["Subject"] = told["headline"]
    message["From"], message["To"] = "alerts@example.org", address
    message.set_content(text.render(told))
    message.add_alternative(page.render(told), subtype="html")
    delivery = f"naive:delivery:{sid}"
    state.hset(delivery, mapping={"status": "sending", "email": address, "attempts": 1})
    with smtplib.SMTP("127.0.0.1", int(os.environ[PORT])) as smtp:
        smtp.send_message(message)
    state.hset(delivery, mapping={"status": "sent", "sent_at": time.time()})
    state.incr("naive:sent")


def emails_per_s(settings: Settings, port: int, count: int, size: int) -> float:
    """From the first task to the last one's record, with two prefork processes."""
    env = {**os.environ, BROKER: settings.doorbell_url, STATE: settings.state_url, PORT: str(port)}
    app.conf.broker_url = settings.doorbell_url
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "bench.naive",
        "worker",
        "--pool=prefork",
        "--concurrency=2",
    ]
    with redis.Redis.from_url(settings.state_url) as state:
        process = subprocess.Popen(
            [*command, "--loglevel=error", "-n", "naive@%h"],
            env=env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            paragraphs = size // (2 * len(PARAGRAPH))  # once as text, once as HTML
            send_email.delay(0, "person0@example.org", paragraphs)
            until(lambda: state.get("naive:sent") == b"1", "the naive worker did not start", 60)
            began = time.monotonic()
            for sid in range(1, count + 1):
                send_email.delay(sid, f"person{sid}@example.org", paragraphs)
            until(lambda: int(state.get("naive:sent") or 0) > count, "the naive worker is still at it")
            return count / (time.monotonic() - began)
        finally:
            process.terminate()
            process.wait(30)
