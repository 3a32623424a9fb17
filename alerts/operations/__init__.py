"""What an operator can do, apart from the walk: use cases, shared by every door. Prints and enqueues nothing.

A use case takes the services and the actor, requires a permission before anything else, and leaves an entry
in the audit for whatever it changes. Its result is a value, with the work to ring for where there is any.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
