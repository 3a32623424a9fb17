"""How we speak to readers: our fixed texts in their language, and dates, numbers, lists, countries as CLDR
has them. English is the source and needs nothing; the others are read from `catalogs/` when first used.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
