"""The staff's cull."""
