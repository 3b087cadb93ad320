namespace WireGuardian.Core.Detection;

/// <summary>The detectors' names, as Microsoft Presidio has them where it has them.</summary>
public static class DetectorNames
{
    private static readonly string[] Names =
    [
        "EMAIL_ADDRESS", "PHONE_NUMBER", "CREDIT_CARD", "IBAN_CODE", "US_SSN", "IP_ADDRESS", "MAC_ADDRESS", "URL_WITH_CREDENTIALS", "CRYPTO",
        "DATE_OF_BIRTH", "JWT", "PRIVATE_KEY", "AWS_CREDENTIALS", "GCP_CREDENTIALS", "AZURE_CREDENTIALS", "GITHUB_TOKEN", "SLACK_TOKEN", "STRIPE_KEY",
        "CONNECTION_STRING", "SECRET",
    ];

    /// <summary>All names, in the order of <see cref="Detector"/>.</summary>
    public static IReadOnlyList<string> All => Names;

    public static string Of(Detector detector) => Names[(int)detector];

    /// <summary>False for a name that there is not; upper and lower case are the same.</summary>
    public static bool TryParse(string name, out Detector detector)
    {
        var index = Array.FindIndex(Names, known => known.Equals(name, StringComparison.OrdinalIgnoreCase));
        detector = (Detector)Math.Max(0, index);
        return index >= 0;
    }
}
