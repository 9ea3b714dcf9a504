"""/statistik/: how reports are answered, for everybody: the country, a province, a district, any office, a category.
Whole months, no secret case, and each table to take away. Ranking is not a measure."""

from routing.views.statistics.bodies import country, office, place
from routing.views.statistics.category import category
from routing.views.statistics.taking import file

__all__ = ["category", "country", "file", "office", "place"]
