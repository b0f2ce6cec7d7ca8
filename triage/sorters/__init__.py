"""What sorting and learning share: which sorter is live, what a sorter must be able to do, and rules kept as data."""
