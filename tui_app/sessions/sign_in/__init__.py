"""Signing in at IAM Identity Center: tokens shared with the AWS CLI, by device code or by a browser here, renewed and given back."""
