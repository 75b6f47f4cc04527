"""The demonstration: starts a small city, and plays its residents and staff from outside."""
