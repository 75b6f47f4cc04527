"""The sealed forms in which registrations and links cross between the networks."""
