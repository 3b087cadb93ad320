namespace WireGuardian.Core.Detection;

/// <summary>What is looked for. The names that users type are in <see cref="DetectorNames"/>.</summary>
public enum Detector
{
    EmailAddress,
    PhoneNumber,
    CreditCard,
    IbanCode,
    UsSsn,
    IpAddress,
    MacAddress,
    UrlWithCredentials,
    Crypto,
    DateOfBirth,
    Jwt,
    PrivateKey,
    AwsCredentials,
    GcpCredentials,
    AzureCredentials,
    GitHubToken,
    SlackToken,
    StripeKey,
    ConnectionString,
    Secret,
}
