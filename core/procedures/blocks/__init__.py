"""Blocks, what steps are made of: one file each, and one line in `registry`."""
