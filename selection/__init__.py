"""A photograph, or someone choosing one."""
