"""The document of a feed → its items, each with what it is known by, what it means, and what it says. Pure.

reading    which kind of feed it is, and all its items
decoding   octets → text, by mark, header, declaration
xml        RSS, Atom and RDF, by feedparser; what could hurt is refused before
json_feed  JSON Feed
items      an item: what it is known by, what it says as an update
words      HTML → plain text; what of a text is its meaning, and what is counters and advertising
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
