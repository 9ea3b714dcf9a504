"""REST v1 for citizens' programs: file, follow, answer, read what is public. docs/api.md shows how."""

CODE = "api"
