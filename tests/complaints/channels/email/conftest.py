"""Mail is heard, and something has happened already."""

from tests.complaints.channels.email.post import heard, post

__all__ = ["heard", "post"]
