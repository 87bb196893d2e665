"""What `./ats` runs before the Python environment exists: the standard library only."""
