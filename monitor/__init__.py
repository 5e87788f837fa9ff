"""A monitor of public Telegram channels."""
