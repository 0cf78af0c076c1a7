"""The only door to boto3: clients with time limits, one shared loader, errors mapped to ours."""
