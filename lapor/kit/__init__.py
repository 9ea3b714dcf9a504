"""The few tools with no domain word in them."""
