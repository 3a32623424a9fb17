"""How messages leave: a folder a channel, each the whole of it; the outbox for what is not configured.

contract  what every channel says and promises    registry  the channels there are, a line each
renderer  a digest laid out by its channel        outbox    messages as files
closed    stands for settings that cannot be used
configured  what sends under the settings there are, and what stands in its way
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
