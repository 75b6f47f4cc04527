"""A simulated authentication app of the Digital Agency: an OpenID provider for browsers."""
