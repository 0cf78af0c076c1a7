"""The demo's AWS as data: accounts, people, roles, the organization, the start page, and what lies in each account."""
