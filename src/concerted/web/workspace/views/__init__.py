"""The pages of the workspace's records."""
