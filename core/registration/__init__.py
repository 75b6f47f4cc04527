"""Registering: from a proof of who one is, by card, app or counter, to a resident with facts."""
