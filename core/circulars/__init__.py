"""Circulars (回覧): what goes round in associations, and who has read."""
