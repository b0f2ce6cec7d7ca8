"""How it went: who is asked, and what they say."""
