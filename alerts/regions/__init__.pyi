from .codes import country_of
from .finding import PlaceFinder
from .gazetteer import Suggestion, suggest
from .tables import Region
from .tree import Tree, load

__all__ = [
    "PlaceFinder",
    "Region",
    "Suggestion",
    "Tree",
    "country_of",
    "load",
    "suggest",
]
