"""Calls to a browser (Web Push, RFC 8030): "ada kabar" and nothing else. A way out only; nothing comes in by it."""

CODE = "push"
MEDIUM = "PUSH"
