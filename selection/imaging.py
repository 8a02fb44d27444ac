"""libvips, started the way an upload service must start it (edges.md §2.4, §5.6). Import pyvips from here only."""

import logging
import os

# Read by libvips when it is loaded, therefore set before the import. One thread each: workers are many. Loaders that
# libvips does not trust with hostile bytes do not exist in our processes.
os.environ["VIPS_CONCURRENCY"] = "1"
os.environ["VIPS_BLOCK_UNTRUSTED"] = "1"

import pyvips

logging.getLogger("pyvips").setLevel(logging.ERROR)  # it tells every step of every picture, every flaw of every file
pyvips.cache_set_max(0)  # nothing is asked for twice; a cache only holds memory

__all__ = ["pyvips"]
