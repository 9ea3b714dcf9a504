"""/statistik/: how reports are answered, for everybody: the country, a province, a district, any office. Whole months,
no secret case, and each table to take away. Ranking is not a measure."""

from routing.views.statistics.bodies import country, office, place
from routing.views.statistics.taking import file

__all__ = ["country", "file", "office", "place"]
