"""AWS's refusals in plain words: a sentence and a next step for each kind."""

from __future__ import annotations

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "wrong_code": (
        "AWS did not accept the code: it is wrong, too old, or was used before.",
        "Type the next code that the device shows; each counts once.",
    ),
    "wrong_device": (
        "The MFA device is not one of this user's.",
        "mfa_serial should be the user's own device, arn:aws:iam::ACCOUNT:mfa/NAME; `aws iam list-mfa-devices` lists it.",
    ),
    "half_code": ("AWS got a code without a device, or a device without a code.", "Set mfa_serial on the role or its source profile."),
    "tag_session": (
        "Session tags are not allowed for {resource}.",
        "Its trust policy, and the caller's policy, should allow sts:TagSession; or take tags out of the config.",
    ),
    "source_identity": (
        "A source identity is not allowed for {resource}.",
        "Both policies should allow sts:SetSourceIdentity; a source identity stays with every later hop of a chain.",
    ),
    "root_caller": (
        "The source keys belong to an account's root user, and root cannot assume roles.",
        "Use the keys of an IAM user or a role as the source.",
    ),
    "session_credentials": (
        "The source keys are temporary already, so they cannot start an MFA session.",
        'Set mfa = "direct" for the role, or point its source at long-term keys.',
    ),
    "web_identity": (
        "The role's trust policy does not accept this web identity token.",
        "Compare the provider, audience and subject in the trust policy with the token.",
    ),
    "deny_scp": (
        "An explicit deny in a service control policy of the organization forbids {action}.",
        "Only the organization's administrators can change it.",
    ),
    "deny_rcp": (
        "An explicit deny in a resource control policy of the organization forbids {action}.",
        "Only the organization's administrators can change it.",
    ),
    "deny_boundary": (
        "An explicit deny in the caller's permissions boundary forbids {action}.",
        "Whoever set the boundary would have to change it.",
    ),
    "deny_session_policy": (
        "An explicit deny in the session policy forbids {action}.",
        "Leave policy and policy_arns out of the config, or widen them.",
    ),
    "deny_vpce": (
        "An explicit deny in the policy of the VPC endpoint forbids {action}.",
        "Use another network, or have the endpoint's policy changed.",
    ),
    "deny_trust": (
        "An explicit deny in the role's trust policy forbids {action}.",
        "Compare the conditions of its Deny statements with this session; its sessions may also have been revoked.",
    ),
    "deny_resource": (
        "An explicit deny in the policy of {resource} forbids {action}.",
        "Compare the conditions of its Deny statements with this session.",
    ),
    "deny_identity": (
        "An explicit deny in a policy of {who} forbids {action}.",
        "Find the Deny statement; a session that was revoked has to be assumed again.",
    ),
    "deny": ("An explicit deny forbids {action}.", "Find the Deny statement; a revoked session has to be assumed again."),
    "no_identity_policy": ("No policy of {who} allows {action}.", "Give the caller an Allow for {action} on {resource}."),
    "no_trust": (
        "The role's trust policy does not let {who} in.",
        "Compare its principals and conditions (external id, MFA, network, session name) with this session.",
    ),
    "no_resource_policy": ("No policy of {resource} lets {who} in.", "Compare its principals and conditions with this session."),
    "no_boundary": ("The caller's permissions boundary does not allow {action}.", "Whoever set the boundary would have to widen it."),
    "no_session_policy": ("The session policy does not allow {action}.", "Leave policy and policy_arns out of the config, or widen them."),
    "no_vpce": ("The policy of the VPC endpoint does not allow {action}.", "Use another network, or have the endpoint's policy changed."),
    "no_scp": ("No service control policy allows {action}.", "Only the organization's administrators can change it."),
    "assume_role": (
        "{who} may not become {resource}: its trust policy or the caller's own policy does not allow it, or there is no such role.",
        "Check the ARN letter by letter, the external id and MFA in the trust policy, and sts:AssumeRole for the caller.",
    ),
    "not_authorized": ("{who} may not do {action}.", "The role needs an Allow for {action}, if it should have it."),
    "denied": ("AWS denied the request.", "Compare the role's policies with what was asked."),
    "over_maximum": ("The duration is longer than the role's maximum.", "Set a shorter duration; 1h always fits."),
    "over_chain": (
        "AWS caps a session at 1h where a role assumes a role or an MFA session was used.",
        'Set duration = "1h"; for an IAM user with MFA, mfa = "direct" allows more.',
    ),
    "bad_value": ("AWS did not accept a value of the request.", "Compare the config with the text of AWS."),
    "packed": ("The session policies and tags together are too large.", "Use fewer or shorter tags and policies."),
    "bad_policy": ("The session policy is not one that AWS can read.", "Check the policy's JSON in the config."),
    "region_disabled": (
        "STS is switched off in this region for the role's account.",
        "Set another region for the role, or have an administrator activate it.",
    ),
    "clock_behind": ("This machine's clock is {off} behind AWS.", "Set the clock; AWS allows about 5 to 15 minutes."),
    "clock_ahead": ("This machine's clock is {off} ahead of AWS.", "Set the clock; AWS allows about 5 to 15 minutes."),
    "clock": ("This machine's clock and AWS's differ too much.", "Set the clock; AWS allows about 5 to 15 minutes."),
    "wrong_scope": ("The request was signed for another region or service.", "Set the region of the role's own partition."),
    "wrong_secret": (
        "The secret key does not belong to the access key, or something on the way changed the request.",
        "Enter both keys again, without spaces; look at proxies.",
    ),
    "unknown_key": (
        "AWS does not know the access key: it was deleted, switched off or mistyped, or it belongs to another partition.",
        "Check the source's access key; a region that must be enabled first gives the same answer.",
    ),
    "bad_token": ("The session token does not belong to these keys, or is cut off.", "Take all three values from the same session."),
    "expired": ("The credentials that made the request have expired.", "Renew the session they came from."),
    "web_token_expired": ("The web identity token has expired.", "Get a new token."),
    "unsigned": ("The request arrived without a signature.", "Look at proxies that change headers."),
    "opt_in": ("The account is not signed up for this service or region.", "An administrator of the account can enable it."),
    "suspended": ("The account is suspended or closed.", "Ask the account's owner."),
    "throttled": ("AWS is answering too many requests of this account and asks to wait.", "Try again in a moment."),
    "broken": ("AWS had a fault of its own and could not answer.", "Try again in a moment."),
    "sso_forbidden": (
        "This permission set is not assigned to you in that account.",
        "Check sso_account_id and sso_role_name, letter by letter.",
    ),
    "sso_signed_out": ("The Identity Center sign-in has ended.", "Sign in again with `roledeck login`."),
    "bad_web_token": ("AWS did not accept the web identity token.", "Get a new token and compare its issuer and audience."),
    "provider_unreachable": ("AWS could not reach the identity provider.", "Try again in a moment."),
    "bad_message": ("AWS cannot decode this authorization message.", "Copy the whole encoded text of the denial."),
    "not_found": ("AWS knows no such thing.", "Check the name and the region."),
    "proxy": ("A proxy wants a sign-in before it lets requests to AWS through.", "Set HTTPS_PROXY with the proxy's user and password."),
    "unknown": ("AWS refused the request.", "The text of AWS has the reason."),
}
"""Sentence and next step of each kind; they may name {who}, {action}, {resource}, {off}, which read as `UNTOLD` where AWS is silent."""

UNTOLD = {"who": "this identity", "action": "this", "resource": "the role", "off": "more than 5 minutes"}
"""What stands for a fact that AWS does not name."""
