"""What a supervisor sees and does: every queue and person at once, many contacts moved together, one handed on."""
