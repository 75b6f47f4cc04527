"""Letters to those whom no channel reaches."""
