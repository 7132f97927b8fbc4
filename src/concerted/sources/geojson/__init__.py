"""GeoJSON and TopoJSON documents as features; boundaries and events share it."""
