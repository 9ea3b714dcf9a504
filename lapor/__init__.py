"""The wiring of the portal. Nothing is loaded here: a web worker would carry it (docs/keputusan/0033)."""
