"""State, all of it in Redis: one class per noun over one `Server`. Knows no channel, template, queue."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
