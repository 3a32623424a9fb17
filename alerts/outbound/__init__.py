"""HTTP to servers whose addresses others have named. Whoever names one cannot have us call our own network.

guard    which addresses may be called (pure)
network  names looked up, addresses checked, connections to what was checked
client   one post, one answer, both bounded
fetching one document, by way of redirects, decompressed; all of it bounded
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
