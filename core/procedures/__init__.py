"""Procedures: forms made of steps, the same for every channel."""
