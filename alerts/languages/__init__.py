"""Languages by their tags (BCP 47): which there are, and which serves the reader of another."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
