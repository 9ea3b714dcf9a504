"""The training mode (LAPOR_MODE=latihan): the same portal to learn on, with nothing real in it and no way out.

Loaded in no other mode: `lapor.settings` asks `setup` for what differs, and only then is this an app with tables and
addresses. What keeps real and trained apart before anything starts is `lapor.embedded.apart`, which every mode asks.
"""
