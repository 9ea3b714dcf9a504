"""The ways a report comes in. Each channel turns what it received into a Submission."""
