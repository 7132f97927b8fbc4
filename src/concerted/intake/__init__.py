"""What a partner brings: small sheets that go out filled and come back changed, and files of any kind that is read."""
