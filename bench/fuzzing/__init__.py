"""Messages that nobody should send and somebody will, and what reads them."""
