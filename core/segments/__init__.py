"""Segments: whom a tree of conditions finds, as one statement."""
