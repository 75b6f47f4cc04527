"""Where gRPC ends: callers, limits, repeats, errors, pages and times, for every feature alike."""
