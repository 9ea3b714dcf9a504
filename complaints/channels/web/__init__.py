"""The web form, on our own pages and in the installed app."""

CODE = "web"
