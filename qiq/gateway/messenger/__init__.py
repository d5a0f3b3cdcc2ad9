"""What Facebook Messenger, Telegram, WhatsApp and SMS have in common."""
