"""The counter: what an officer brings in for others, a table of reports above all."""

CODE = "counter"
