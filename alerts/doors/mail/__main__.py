"""The mail door as a process of `alerts up --mail-in`: `python -m alerts.doors.mail HOST PORT`."""

import asyncio
import logging
import signal
import sys

from alerts import logs
from alerts.doors.mail.listener import listen
from alerts.runtime.whole import load_whole
from alerts.services import connect
from alerts.settings import load


async def main(host: str, port: int) -> None:
    """Listen until SIGTERM or Ctrl-C."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    load_whole()
    services = connect(load())
    try:
        async with await listen(services, host, port):
            await stop.wait()
    finally:
        services.close()


if __name__ == "__main__":
    logs.to_stderr(logging.WARNING)
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
