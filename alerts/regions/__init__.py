"""The tree of regions: look-up by code or name, overlap, place names in text. Suggests; decides nothing."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
