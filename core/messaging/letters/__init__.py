"""Letters to those whom a campaign does not reach otherwise."""
