"""The pretend host's DKIM public key (RFC 6376 section 3.6.1); the private half was thrown away."""

DKIM_RECORD = (
    "v=DKIM1; k=rsa; p="
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAlZheCroM2EAwaXoy5AHAbDue1usP4FpXS5sH"
    "wiQ9QoPZOp89se+BTelWRT+rf22jI7nBACp3os4gM9rITRRPSpLfBuWUJ3BdGBt/j1Poen/daw1BRNHK"
    "4YmwqYYF2+Ol/4OaX3OBRx/uc8opNWMLakNYtDzvxIdyHBTJlGCAfExPMpLo6MPKt92wNdGMPiVqiaF/"
    "z9hJ6m2FmAOTzPR7n3Mou0ZavjR4DPFLhLPw7NzwVzoZX1aT8uxr4scnlXPSr9oW/rbo9y493R3GkDx9"
    "918TJmlecy/ljWp5YrucNP4m+OQUtdBjgLoDQoELXDwOsANgykTC/LBat1jOPWUkOwIDAQAB"
)
