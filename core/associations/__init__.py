"""Neighbourhood associations: their groups, households, members and offices."""
