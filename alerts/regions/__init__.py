"""The tree of regions: look-up by code or name, overlap, place names in text. Suggests; decides nothing."""

from alerts.regions.codes import country_of
from alerts.regions.gazetteer import Suggestion, suggest
from alerts.regions.tables import Region
from alerts.regions.tree import Tree, load

__all__ = ["Region", "Suggestion", "Tree", "country_of", "load", "suggest"]
