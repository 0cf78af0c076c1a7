"""The screen of the resources: views, tables, details, several roles side by side."""
