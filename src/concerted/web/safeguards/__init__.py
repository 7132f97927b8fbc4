"""What human-rights focal points keep: due diligence of support to security forces, and counts of refused words."""
