"""IAM policies: parse, evaluate, put into words. Pure."""
