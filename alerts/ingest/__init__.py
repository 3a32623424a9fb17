"""A file → drafts. Reads tolerantly, refuses with a sentence and a hint, looks nothing up by itself.

`load_all` or `read` in whatever format it is, then `complete` what it says with what its publisher adds.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
