"""WhatsApp and SMS through Twilio, by Twilio's own library."""
