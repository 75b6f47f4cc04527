"""Books of codes that are printed, and that residents give in a procedure."""
