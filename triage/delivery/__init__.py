"""Handing contacts to other systems: delivered once, in order, or seen to have failed; and hearing back."""
