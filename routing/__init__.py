"""Whose turn it is, who moved it, who let it lie, how well a year went."""
