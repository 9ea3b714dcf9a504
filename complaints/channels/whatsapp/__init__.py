"""WhatsApp, by the Cloud API of the WhatsApp Business Platform."""

CODE = "whatsapp"
MEDIUM = "WHATSAPP"
