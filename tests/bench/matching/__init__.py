"""Matching: time, memory, false links and recall, beside a bare join and beside Splink."""
