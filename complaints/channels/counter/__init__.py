"""The counter: what an officer brings in for others, one report of somebody who came, phoned or wrote, or a table."""

CODE = "counter"
