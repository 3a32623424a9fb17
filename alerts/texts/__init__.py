"""What any text is made of: signs that belong together, what nobody sees, Markdown; `Text`, said later."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
