"""From proposals to help: runs of the matching, what a person puts forward of them, and the life of each match."""
