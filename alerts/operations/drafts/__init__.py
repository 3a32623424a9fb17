"""Drafts: what came by itself and waits for an operator, whichever way it came."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
