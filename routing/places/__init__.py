"""Where a report speaks of: from its point, and from the places its text names.

`points` knows borders (shapely), `gazetteer` names, `naming` reads texts. What they hold is read once by a worker that
asks; a web process asks Postgres instead (`Region.objects.at`) and never loads either.
"""
