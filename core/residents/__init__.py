"""Residents and their contacts: who registered, by which proof, and where they are reached."""
