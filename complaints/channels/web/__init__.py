"""The web form."""

CODE = "web"
