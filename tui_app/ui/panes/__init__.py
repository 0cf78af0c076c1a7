"""The tabs of the detail pane, each a pure function from what is known to rows."""
