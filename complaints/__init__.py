"""What was said, by which channel, what was promised, what happened."""
