"""What channels must send: deliveries, the official record of who got what, and dispatches."""
