"""X: posts that mention us with #LAPOR, by its API v2."""

CODE = "x"
MEDIUM = "X"
