"""What faces people: channels, sessions, order, delivery."""
