"""Requests that schemathesis thinks of: none may be answered with 5xx, or with what is not described."""

import subprocess
import sys
from pathlib import Path

from tests.fuzz.stage import KEPT, Running

#: What is held against each answer. That nobody gets in without a key is not among them: after some refusals
#: an address is told 429 in place of 401, which schemathesis takes for a fault; test_api_scopes.py has it.
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
)
#: A stream that does not end: tests/doors/web/api/test_api_events.py asks for it.
ENDLESS = "follow_events"


def find_nothing(running: Running, seconds: int, seed: int) -> bool:
    """Ask for about as long. Whether nothing was found, and the door said nothing of a fault."""
    command = [
        *(str(Path(sys.executable).with_name("schemathesis")), "run", f"{running.url}/api/v1/openapi.json"),
        *("--url", f"{running.url}/api/v1", "--header", f"Authorization: Bearer {running.key}"),
        *("--checks", ",".join(CHECKS), "--exclude-operation-id", ENDLESS),
        *("--max-time", str(seconds), "--seed", str(seed), "--request-timeout", "60", "--warnings", "off"),
        *("--continue-on-failure", "--report-dir", str(running.log.parent)),
    ]
    done = subprocess.run(command, cwd=running.log.parent, check=False)
    faults = [line for line in running.log.read_text().splitlines() if "not answered" in line]
    print("\n".join(faults[:10]))
    let_in = KEPT in [key.name for key, _ in running.services.api_keys.all()]
    return done.returncode == 0 and not faults and let_in
