"""What goes out to agencies' own systems: rows in the event's transaction, webhooks sent, feeds read."""
