"""A virus scanner that finds the one file that every scanner must find."""
