"""Who is owed what: the pure rules of `rules.windows`, asked about what the store holds. Changes nothing."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
