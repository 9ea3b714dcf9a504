"""Open311 GeoReport v2: the international way to read and file reports by machine, to the letter.

https://wiki.open311.org/GeoReport_v2/ is frozen. What it leaves open is decided in docs/open311.md.
"""

CODE = "open311"
