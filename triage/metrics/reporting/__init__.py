"""The quarterly contract report: indicators, their ratings, and how a draft becomes something nobody can change."""
