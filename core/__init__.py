"""The core: the only writer of state."""
