"""A contact arrives: from the web form, a phone note, an email or another system."""
