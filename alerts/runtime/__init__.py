"""Processes: a worker with its doorbells, sweep and lanes; the bundled server; the supervisor of `alerts up`.

`worker` is what Celery loads; only ringing, and the bundled server, are for other processes as well. What is
offered here knows Celery and uvicorn as command lines: importing it loads neither.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
