using System.Security.Cryptography;

namespace WireGuardian.Core.Approvals;

/// <summary>Ids of requests: eight characters that are easy to type and tell apart (no i, l, o, u), 40 random bits.</summary>
public static class RequestId
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    /// <summary>A new id.</summary>
    public static string Create() => RandomNumberGenerator.GetString(Alphabet, 8);
}
