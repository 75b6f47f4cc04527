"""What residents write to the city, and what staff answer."""
