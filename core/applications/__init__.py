"""Applications: what residents file, from the invitation to the decision."""
