"""Where a chain starts, one module for each kind of source: keys, programs, containers, instances, web identity tokens."""
