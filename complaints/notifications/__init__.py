"""Letters: who hears of which event (send), in which words (letters, to_reporter, to_officers), and how they get
there (delivery)."""
