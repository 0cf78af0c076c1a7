"""STS and IAM as a black box: one row a request, with the code, the HTTP status and the words that AWS answers with.

Every row builds what it needs in two fresh accounts, and speaks real HTTP through boto3, without its local validation.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property, partial

import pytest

from tui_app.embedded_aws.mfa import STEP, code_at, device_of

INVALID_TOKEN = "The security token included in the request is invalid"
MFA = "MultiFactorAuthentication failed"
BAD_CODE = MFA + " with invalid MFA one time pass code. "
BAD_SERIAL = MFA + ", unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user."
HALF = MFA + ", must provide both MFA serial number and one time pass code. "
CHAINED = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining."
OVER_MAXIMUM = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
DENIED, INVALID = ("AccessDenied", 403), ("ValidationError", 400)


def not_authorized(arn, action, resource):
    return f"User: {arn} is not authorized to perform: {action} on resource: {resource}"


def constraint(member, value, must):
    return f"1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: Member must {must}"


class Scene:
    """A user with a device and the roles that the rows are about."""

    def __init__(self, estate, dev):
        self.estate, self.dev, self.aws = estate, dev, estate.aws

    def trusts_home(self, condition=None, *statements, **more):
        return self.estate.role(self.estate.trusting({"AWS": self.estate.home}, condition), *statements, **more)

    @cached_property
    def serial(self):
        return self.estate.device(self.dev)

    @cached_property
    def role(self):
        return self.trusts_home(None, self.estate.allow("*"), MaxSessionDuration=7200)

    @cached_property
    def short(self):
        return self.trusts_home()

    @cached_property
    def mfa_role(self):
        return self.trusts_home({"Bool": {"aws:MultiFactorAuthPresent": "true"}})

    @cached_property
    def fresh_role(self):
        return self.trusts_home({"NumericLessThan": {"aws:MultiFactorAuthAge": "300"}})

    @cached_property
    def secret_role(self):
        return self.trusts_home({"StringEquals": {"sts:ExternalId": "abc-123"}})

    @cached_property
    def chain_role(self):
        return self.estate.role(self.estate.trusting({"AWS": self.role}), MaxSessionDuration=43200)

    @cached_property
    def chain_self(self):
        return self.trusts_home(MaxSessionDuration=43200)

    def code(self):
        return self.aws.code(self.serial)

    def mfa(self):
        return {"SerialNumber": self.serial, "TokenCode": self.code()}

    def assume(self, key=None, role=None, **more):
        return self.raw(key or self.dev.key).assume_role(**{"RoleArn": role or self.role, "RoleSessionName": "session", **more})

    def raw(self, key, service="sts"):
        """A client that leaves all checking to AWS."""
        client = self.aws.client(service, key)
        client._serializer = getattr(client._serializer, "_serializer", client._serializer)
        return client

    def session(self, **more):
        return self.estate.triple(self.assume(**more))

    def token(self, **more):
        return self.estate.triple(self.raw(self.dev.key).get_session_token(**more))

    def federation(self, **more):
        return self.estate.triple(self.raw(self.dev.key).get_federation_token(**{"Name": "guest", **more}))


@pytest.fixture
def scene(estate, dev):
    return Scene(estate, dev)


@dataclass(frozen=True)
class Row:
    name: str
    call: object
    code: str = ""
    status: int = 200
    words: object = ""  # a text that the message begins with, or a function of the scene


def refuse(name, call, answer, words=""):
    return Row(name, call, *answer, words)


def role_not_authorized(attribute):
    return lambda scene: not_authorized(scene.dev.arn, "sts:AssumeRole", getattr(scene, attribute))


ROWS = [
    # the role
    Row("a role that trusts the account", lambda s: s.assume()),
    refuse(
        "unknown role", lambda s: s.assume(role=s.role + "x"), DENIED, lambda s: not_authorized(s.dev.arn, "sts:AssumeRole", s.role + "x")
    ),
    refuse("role in an account that is not there", lambda s: s.assume(role="arn:aws:iam::999999999999:role/any"), DENIED),
    refuse("name in another case", lambda s: s.assume(role=s.role.replace(":role/r", ":role/R")), DENIED),
    refuse("path added", lambda s: s.assume(role=s.role.replace(":role/", ":role/x/")), DENIED),
    refuse(
        "garbage", lambda s: s.assume(role="garbage"), INVALID, constraint("roleArn", "garbage", "have length greater than or equal to 20")
    ),
    refuse("no ARN, but long", lambda s: s.assume(role="x" * 30), INVALID, "x" * 30 + " is invalid"),
    refuse("a user's ARN", lambda s: s.assume(role=s.dev.arn), INVALID, lambda s: s.dev.arn + " is invalid"),
    refuse("a bucket's ARN", lambda s: s.assume(role="arn:aws:s3:::some-bucket-name"), INVALID, "arn:aws:s3:::some-bucket-name is invalid"),
    refuse("short account id", lambda s: s.assume(role="arn:aws:iam::1234:role/some"), INVALID, "arn:aws:iam::1234:role/some is invalid"),
    refuse("another partition", lambda s: s.assume(role=s.role.replace("arn:aws:", "arn:aws-cn:")), DENIED),
    refuse(
        "no role",
        lambda s: s.raw(s.dev.key).assume_role(RoleSessionName="ab"),
        INVALID,
        "1 validation error detected: Value null at 'roleArn'",
    ),
    # session names and other limits
    *[
        refuse(
            f"session name of {len(name)} {name[:8]}",
            lambda s, name=name: s.assume(RoleSessionName=name),
            INVALID,
            constraint("roleSessionName", name, must),
        )
        for name, must in (
            ("a", "have length greater than or equal to 2"),
            ("a" * 65, "have length less than or equal to 64"),
            ("two words", r"satisfy regular expression pattern: [\w+=,.@-]*"),
            ("søren", "satisfy regular expression pattern"),
        )
    ],
    *[
        Row(f"session name of {len(name)} {name[:8]} will do", lambda s, name=name: s.assume(RoleSessionName=name))
        for name in ("ab", "a" * 64, "me+you=us,.@-_")
    ],
    refuse(
        "no session name",
        lambda s: s.raw(s.dev.key).assume_role(RoleArn=s.role),
        INVALID,
        "1 validation error detected: Value null at 'roleSessionName'",
    ),
    refuse("several at once", lambda s: s.assume(RoleSessionName="a", DurationSeconds=1), INVALID, "2 validation errors detected: "),
    refuse(
        "external id too short",
        lambda s: s.assume(ExternalId="x"),
        INVALID,
        constraint("externalId", "x", "have length greater than or equal to 2"),
    ),
    refuse(
        "external id with a space",
        lambda s: s.assume(ExternalId="a b"),
        INVALID,
        "1 validation error detected: Value 'a b' at 'externalId'",
    ),
    # durations
    refuse(
        "899 s",
        lambda s: s.assume(DurationSeconds=899),
        INVALID,
        constraint("durationSeconds", 899, "have value greater than or equal to 900"),
    ),
    refuse(
        "43201 s",
        lambda s: s.assume(DurationSeconds=43201),
        INVALID,
        constraint("durationSeconds", 43201, "have value less than or equal to 43200"),
    ),
    refuse("negative", lambda s: s.assume(DurationSeconds=-1), INVALID),
    refuse("not a number", lambda s: s.assume(DurationSeconds="soon"), INVALID),
    Row("900 s", lambda s: s.assume(DurationSeconds=900)),
    Row("the role's own maximum", lambda s: s.assume(DurationSeconds=7200)),
    refuse("above the role's maximum", lambda s: s.assume(DurationSeconds=7201), INVALID, OVER_MAXIMUM),
    refuse("above the usual hour", lambda s: s.assume(role=s.short, DurationSeconds=3601), INVALID, OVER_MAXIMUM),
    refuse("chained above an hour", lambda s: s.assume(s.session(), s.chain_role, DurationSeconds=3601), INVALID, CHAINED),
    Row("chained for an hour", lambda s: s.assume(s.session(), s.chain_role, DurationSeconds=3600)),
    refuse(
        "GetSessionToken credentials above an hour", lambda s: s.assume(s.token(), s.chain_self, DurationSeconds=7200), INVALID, CHAINED
    ),
    Row("long-term keys for twelve hours", lambda s: s.assume(role=s.chain_self, DurationSeconds=43200)),
    refuse("denied before the duration is looked at", lambda s: s.assume(role=s.mfa_role, DurationSeconds=43200), DENIED),
    # external ids
    Row("external id", lambda s: s.assume(role=s.secret_role, ExternalId="abc-123")),
    refuse("wrong external id", lambda s: s.assume(role=s.secret_role, ExternalId="abc-124"), DENIED, role_not_authorized("secret_role")),
    refuse("no external id", lambda s: s.assume(role=s.secret_role), DENIED, role_not_authorized("secret_role")),
    Row("external id that nobody asked for", lambda s: s.assume(ExternalId="whatever")),
    # codes
    Row("a code", lambda s: s.assume(role=s.mfa_role, **s.mfa())),
    Row("a code for a role that looks at its age", lambda s: s.assume(role=s.fresh_role, **s.mfa())),
    Row("a code that nobody asked for", lambda s: s.assume(**s.mfa())),
    refuse("no code", lambda s: s.assume(role=s.mfa_role), DENIED, role_not_authorized("mfa_role")),
    refuse("wrong code", lambda s: s.assume(role=s.mfa_role, SerialNumber=s.serial, TokenCode=other(s.code())), DENIED, BAD_CODE),
    refuse("stale code", lambda s: s.assume(role=s.mfa_role, SerialNumber=s.serial, TokenCode=stale(s)), DENIED, BAD_CODE),
    refuse("code used before", lambda s: twice(lambda mfa: s.assume(role=s.mfa_role, **mfa), s.mfa()), DENIED, BAD_CODE),
    refuse(
        "code used before, elsewhere",
        lambda s: (m := s.mfa(), s.raw(s.dev.key).get_session_token(**m), s.assume(role=s.mfa_role, **m)),
        DENIED,
        BAD_CODE,
    ),
    refuse("unknown device", lambda s: s.assume(SerialNumber=s.serial + "x", TokenCode=s.code()), DENIED, BAD_SERIAL),
    refuse("the user's ARN as the device", lambda s: s.assume(SerialNumber=s.dev.arn, TokenCode=s.code()), DENIED, BAD_SERIAL),
    refuse(
        "another user's device", lambda s: s.assume(SerialNumber=s.estate.device(s.estate.user()), TokenCode="123456"), DENIED, BAD_SERIAL
    ),
    refuse("a device from a session", lambda s: s.assume(s.session(), s.chain_role, **s.mfa()), DENIED, BAD_SERIAL),
    refuse("serial without code", lambda s: s.assume(SerialNumber=s.serial), DENIED, HALF),
    refuse("code without serial", lambda s: s.assume(TokenCode="123456"), DENIED, HALF),
    refuse(
        "five digits",
        lambda s: s.assume(SerialNumber=s.serial, TokenCode="12345"),
        INVALID,
        constraint("tokenCode", "12345", "have length greater than or equal to 6"),
    ),
    refuse(
        "seven digits",
        lambda s: s.assume(SerialNumber=s.serial, TokenCode="1234567"),
        INVALID,
        constraint("tokenCode", "1234567", "have length less than or equal to 6"),
    ),
    refuse(
        "letters",
        lambda s: s.assume(SerialNumber=s.serial, TokenCode="abcdef"),
        INVALID,
        constraint("tokenCode", "abcdef", r"satisfy regular expression pattern: [\d]*"),
    ),
    Row("an MFA session for a role with MFA", lambda s: s.assume(s.token(**s.mfa()), s.mfa_role)),
    refuse("a session without a code for a role with MFA", lambda s: s.assume(s.token(), s.mfa_role), DENIED),
    refuse(
        "chained, MFA in the first hop only",
        lambda s: s.assume(
            s.session(**s.mfa()), s.estate.role(s.estate.trusting({"AWS": s.role}, {"Bool": {"aws:MultiFactorAuthPresent": "true"}}))
        ),
        DENIED,
    ),
    # callers that may not ask at all
    refuse(
        "root",
        lambda s: s.estate.door(s.estate.home, "sts").assume_role(RoleArn=s.role, RoleSessionName="ab"),
        DENIED,
        "Roles may not be assumed by root accounts.",
    ),
    refuse("a federated user", lambda s: s.assume(s.federation(Policy=json.dumps(s.estate.policy(s.estate.allow("*"))))), DENIED),
    # session policies and tags, of AssumeRole
    refuse("policy that is not JSON", lambda s: s.assume(Policy="{"), ("MalformedPolicyDocument", 400)),
    refuse("policy without statements", lambda s: s.assume(Policy="{}"), ("MalformedPolicyDocument", 400)),
    refuse("policy with a principal", lambda s: s.assume(Policy=json.dumps(s.estate.trusting("*"))), ("MalformedPolicyDocument", 400)),
    refuse(
        "policy too large",
        lambda s: s.assume(Policy=json.dumps(s.estate.policy(s.estate.allow(["s3:Get" + "x" * 2100])))),
        ("PackedPolicyTooLarge", 400),
        "Packed policy consumes ",
    ),
    refuse(
        "tags too large",
        lambda s: s.assume(Tags=[{"Key": f"k{n}", "Value": "v" * 250} for n in range(9)]),
        ("PackedPolicyTooLarge", 400),
        "Packed size of session tags consumes ",
    ),
    refuse("51 tags", lambda s: s.assume(Tags=[{"Key": f"k{n}", "Value": ""} for n in range(51)]), INVALID),
    refuse("a tag twice", lambda s: s.assume(Tags=[{"Key": "a", "Value": ""}, {"Key": "A", "Value": ""}]), ("InvalidParameterValue", 400)),
    refuse("managed policy that is not there", lambda s: s.assume(PolicyArns=[{"arn": "arn:aws:iam::aws:policy/NoSuchPolicy"}]), INVALID),
    # sessions of a user
    Row("GetSessionToken", lambda s: s.raw(s.dev.key).get_session_token()),
    Row("GetSessionToken with a code for 36 h", lambda s: s.raw(s.dev.key).get_session_token(DurationSeconds=129600, **s.mfa())),
    refuse("GetSessionToken for 15 min less a second", lambda s: s.token(DurationSeconds=899), INVALID),
    refuse(
        "GetSessionToken for 36 h and a second",
        lambda s: s.token(DurationSeconds=129601),
        INVALID,
        constraint("durationSeconds", 129601, "have value less than or equal to 129600"),
    ),
    refuse("GetSessionToken with a wrong code", lambda s: s.token(SerialNumber=s.serial, TokenCode=other(s.code())), DENIED, BAD_CODE),
    refuse(
        "GetSessionToken with a session",
        lambda s: s.raw(s.token()).get_session_token(),
        DENIED,
        "Cannot call GetSessionToken with session credentials",
    ),
    refuse(
        "GetSessionToken as a role",
        lambda s: s.raw(s.session()).get_session_token(),
        DENIED,
        "Cannot call GetSessionToken with session credentials",
    ),
    # federated users
    Row("GetFederationToken", lambda s: s.raw(s.dev.key).get_federation_token(Name="guest")),
    refuse(
        "GetFederationToken with a short name",
        lambda s: s.federation(Name="g"),
        INVALID,
        constraint("name", "g", "have length greater than or equal to 2"),
    ),
    refuse("GetFederationToken with a long name", lambda s: s.federation(Name="g" * 33), INVALID),
    refuse(
        "GetFederationToken as a role",
        lambda s: s.raw(s.session()).get_federation_token(Name="guest"),
        DENIED,
        "Cannot call GetFederationToken with session credentials",
    ),
    refuse(
        "GetFederationToken with a session",
        lambda s: s.raw(s.token()).get_federation_token(Name="guest"),
        DENIED,
        "Cannot call GetFederationToken with session credentials",
    ),
    refuse("GetFederationToken without the permission", lambda s: s.raw(s.estate.user().key).get_federation_token(Name="guest"), DENIED),
    refuse("GetFederationToken with a broken policy", lambda s: s.federation(Policy="[]"), ("MalformedPolicyDocument", 400)),
    # the own identity
    Row("GetCallerIdentity as a user", lambda s: s.raw(s.dev.key).get_caller_identity()),
    Row("GetCallerIdentity with a session of the user", lambda s: s.raw(s.token()).get_caller_identity()),
    Row("GetCallerIdentity as a role", lambda s: s.raw(s.session()).get_caller_identity()),
    Row("GetCallerIdentity as a federated user", lambda s: s.raw(s.federation()).get_caller_identity()),
    Row("GetCallerIdentity in spite of an explicit deny", lambda s: s.raw(s.estate.user(s.estate.deny("*")).key).get_caller_identity()),
    # key info, encoded messages, web identity
    Row("GetAccessKeyInfo", lambda s: s.raw(s.dev.key).get_access_key_info(AccessKeyId=s.dev.key[0])),
    refuse("GetAccessKeyInfo of a malformed key", lambda s: s.raw(s.dev.key).get_access_key_info(AccessKeyId="short"), INVALID),
    refuse("GetAccessKeyInfo with a session of a user", lambda s: s.raw(s.token()).get_access_key_info(AccessKeyId=s.dev.key[0]), DENIED),
    refuse(
        "a message that is none",
        lambda s: s.raw(s.session()).decode_authorization_message(EncodedMessage="bad"),
        ("InvalidAuthorizationMessageException", 400),
    ),
    refuse("a message without the permission", lambda s: s.raw(s.dev.key).decode_authorization_message(EncodedMessage="bad"), DENIED),
    refuse(
        "web identity",
        lambda s: s.raw(s.dev.key).assume_role_with_web_identity(RoleArn=s.role, RoleSessionName="ab", WebIdentityToken="e.y.j"),
        ("InvalidIdentityToken", 400),
        "The ID Token provided is not a valid JWT.",
    ),
    refuse(
        "SAML",
        lambda s: s.raw(s.dev.key).assume_role_with_saml(
            RoleArn=s.role, PrincipalArn="arn:aws:iam::111122223333:saml-provider/x", SAMLAssertion="PHg+"
        ),
        DENIED,
        "Not authorized to perform sts:AssumeRoleWithSAML",
    ),
    # keys
    refuse(
        "unknown key",
        lambda s: s.raw(("AKIAIOSFODNN7EXAMPLE", "x", None)).get_caller_identity(),
        ("InvalidClientTokenId", 403),
        INVALID_TOKEN,
    ),
    refuse(
        "unknown temporary key",
        lambda s: s.raw(("ASIAIOSFODNN7EXAMPLE", "x", "y")).get_caller_identity(),
        ("InvalidClientTokenId", 403),
        INVALID_TOKEN,
    ),
    refuse(
        "wrong secret",
        lambda s: s.raw((s.dev.key[0], "x" * 40, None)).get_caller_identity(),
        ("SignatureDoesNotMatch", 403),
        "The request signature we calculated does not match the signature you provided.",
    ),
    refuse("inactive key", lambda s: (deactivate(s), s.raw(s.dev.key).get_caller_identity()), ("InvalidClientTokenId", 403), INVALID_TOKEN),
    refuse(
        "wrong session token",
        lambda s: s.raw((*s.session()[:2], "other")).get_caller_identity(),
        ("InvalidClientTokenId", 403),
        INVALID_TOKEN,
    ),
    refuse(
        "no session token", lambda s: s.raw((*s.session()[:2], None)).get_caller_identity(), ("InvalidClientTokenId", 403), INVALID_TOKEN
    ),
    refuse(
        "a session token with long-term keys",
        lambda s: s.raw((*s.dev.key[:2], "token")).get_caller_identity(),
        ("InvalidClientTokenId", 403),
        INVALID_TOKEN,
    ),
    # IAM
    refuse(
        "IAM with a session without a code", lambda s: s.raw(s.token(), "iam").list_users(), ("InvalidClientTokenId", 403), INVALID_TOKEN
    ),
    refuse("IAM as a federated user", lambda s: s.raw(s.federation(), "iam").list_users(), ("InvalidClientTokenId", 403), INVALID_TOKEN),
    refuse(
        "IAM without the permission",
        lambda s: s.raw(s.dev.key, "iam").list_roles(),
        DENIED,
        lambda s: not_authorized(s.dev.arn, "iam:ListRoles", f"arn:aws:iam::{s.estate.home}:role/"),
    ),
    refuse(
        "own user as a role",
        lambda s: s.raw(s.session(), "iam").list_mfa_devices(),
        INVALID,
        "Must specify userName when calling with non-User credentials",
    ),
    refuse("unknown role in IAM", lambda s: s.raw(s.session(), "iam").get_role(RoleName="nobody"), ("NoSuchEntity", 404)),
    Row("account authorization details", lambda s: s.raw(s.session(), "iam").get_account_authorization_details()),
    Row("account aliases", lambda s: s.raw(s.session(), "iam").list_account_aliases()),
]


def other(code):
    """A code that is not this one, nor near it."""
    return f"{(int(code) + 500000) % 1000000:06d}"


def stale(scene):
    code = scene.code()
    scene.aws.advance(120)
    return code


def twice(call, mfa):
    call(mfa)
    return call(mfa)


def deactivate(scene):
    iam = scene.estate.door(scene.estate.home)
    iam.update_access_key(UserName=scene.dev.name, AccessKeyId=scene.dev.key[0], Status="Inactive")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name.replace(" ", "-"))
def test_aws_answers(scene, row):
    if not row.code:
        answer = row.call(scene)
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
        assert answer["ResponseMetadata"]["RequestId"]
        return
    refusal = scene.estate.refused(lambda: row.call(scene))
    assert (refusal.code, refusal.status) == (row.code, row.status), refusal.message
    words = row.words(scene) if callable(row.words) else row.words
    assert refusal.message.startswith(words), refusal.message


def test_the_list_is_long_enough_and_names_are_its_own():
    assert len(ROWS) >= 70
    assert len({row.name for row in ROWS}) == len(ROWS)


def test_what_an_assumed_role_is(scene):
    answer = scene.assume()
    role = scene.role.rsplit("/", 1)[1]
    user = answer["AssumedRoleUser"]
    assert user["Arn"] == f"arn:aws:sts::{scene.estate.away}:assumed-role/{role}/session"
    assert user["AssumedRoleId"].startswith("AROA")
    assert user["AssumedRoleId"].endswith(":session")
    assert answer["PackedPolicySize"] == 0
    assert answer["Credentials"]["AccessKeyId"].startswith("ASIA")
    lasts = answer["Credentials"]["Expiration"].timestamp() - scene.aws.gate.now()
    assert 3590 < lasts <= 3600
    identity = scene.raw(scene.estate.triple(answer)).get_caller_identity()
    assert (identity["Account"], identity["Arn"], identity["UserId"]) == (scene.estate.away, user["Arn"], user["AssumedRoleId"])


def test_what_sessions_of_a_user_are(scene):
    assert scene.raw(scene.token()).get_caller_identity()["Arn"] == scene.dev.arn
    answer = scene.raw(scene.dev.key).get_federation_token(Name="guest", Policy=json.dumps(scene.estate.policy(scene.estate.allow("s3:*"))))
    assert answer["FederatedUser"]["Arn"] == f"arn:aws:sts::{scene.estate.home}:federated-user/guest"
    assert answer["PackedPolicySize"] > 0
    assert scene.raw(scene.estate.triple(answer)).get_caller_identity()["UserId"] == f"{scene.estate.home}:guest"


def test_access_key_info_of_any_account(scene):
    sts = scene.raw(scene.dev.key)
    assert sts.get_access_key_info(AccessKeyId=scene.session()[0])["Account"] == scene.estate.away
    assert sts.get_access_key_info(AccessKeyId=scene.token()[0])["Account"] == scene.estate.home
    assert sts.get_access_key_info(AccessKeyId=scene.estate.user(account=scene.estate.away).key[0])["Account"] == scene.estate.away
    assert sts.get_access_key_info(AccessKeyId="ASIAQNZGKIQY56JQ7WML")["Account"] == "029608264753"


def test_codes_of_three_steps_count_once_each_in_any_order(scene):
    seed = device_of(scene.serial).base32_string_seed
    if scene.aws.gate.now() % STEP > STEP - 5:  # not in the last seconds of a step
        scene.aws.advance(6)
    step = int(scene.aws.gate.now()) // STEP

    def give(place):
        return scene.assume(role=scene.mfa_role, SerialNumber=scene.serial, TokenCode=code_at(seed, step + place))

    for place in (1, -1, 0):
        assert give(place)
    for place in (0, 1, -1, -2, 2):
        assert scene.estate.refused(partial(give, place)).message == BAD_CODE


def test_the_age_of_a_code_is_looked_at(scene):
    session = scene.token(**scene.mfa())
    assert scene.assume(session, scene.fresh_role)
    scene.aws.advance(400)
    refusal = scene.estate.refused(lambda: scene.assume(session, scene.fresh_role))
    assert refusal.message == not_authorized(scene.dev.arn, "sts:AssumeRole", scene.fresh_role)
    assert scene.assume(session, scene.mfa_role)
