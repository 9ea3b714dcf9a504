"""/pengawasan/ of the centre, of a province and of a ministry: sums with a way down, never a file.

The country folds into provinces and kinds of agency; what a table shows stands in its address.
"""

from routing.views.centre.province import territory, territory_link
from routing.views.centre.which import page_of

__all__ = ["page_of", "territory", "territory_link"]
