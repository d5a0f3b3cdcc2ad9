"""Facebook Messenger (Messenger Platform, Graph API)."""
