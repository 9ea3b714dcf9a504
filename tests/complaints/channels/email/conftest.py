"""Mail is heard, and something has happened already."""

from tests.complaints.channels.email.post import begun, heard, post

__all__ = ["begun", "heard", "post"]
