"""Every figure on a page: /owner/figures and /owner/figures/{id}, with their files."""
