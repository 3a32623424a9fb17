"""What all media share: a digest composed once and worded, Markdown, templates, the gallery. Sends nothing.

`composing` decides what is shown (`folding` what is not), `wording` how it is said, `markdown` feeds every
layout; `environment` holds the templates, `marks` the places of what differs per person. How a channel lays a
digest out is in its own folder (`alerts.channels`).
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
