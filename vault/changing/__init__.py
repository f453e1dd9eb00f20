"""Changing an entry: versions, rotation, moving and removing, each crash-safe."""
