"""Email: letters out by SMTP, and mail in."""

CODE = "email"
MEDIUM = "EMAIL"
