"""A screen a subject, opened by a digit."""
