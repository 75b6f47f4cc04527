"""Proxies: one resident acts for another, for what was agreed and until the last day."""
