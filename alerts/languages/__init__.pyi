from .matching import closest
from .tags import canonical

__all__ = ["canonical", "closest"]
