"""Telegram, by its Bot API."""

CODE = "telegram"
MEDIUM = "TELEGRAM"
