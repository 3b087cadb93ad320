using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace WireGuardian.Postgres.Authentication;

/// <summary>What a server keeps of a SCRAM-SHA-256 password (RFC 5803): enough to check a proof, not enough to log in with.</summary>
/// <param name="Iterations">Rounds of PBKDF2.</param>
/// <param name="Salt">Salt of PBKDF2.</param>
/// <param name="StoredKey">SHA-256 of the ClientKey.</param>
/// <param name="ServerKey">With it the server proves that it knows the verifier.</param>
public sealed record ScramVerifier(int Iterations, byte[] Salt, byte[] StoredKey, byte[] ServerKey)
{
    private const string Scheme = "SCRAM-SHA-256$";

    /// <summary>Longest salt taken; the server makes 16 bytes.</summary>
    internal const int MaximumSaltLength = 1024;

    /// <summary>Reads <c>SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey</c>, as pg_authid.rolpassword has it.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ScramVerifier? verifier)
    {
        verifier = null;
        if (!text.StartsWith(Scheme, StringComparison.Ordinal) || text[Scheme.Length..].Split('$', ':') is not [var iterations, var salt, var stored, var server])
            return false;
        if (!int.TryParse(iterations, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count == 0)
            return false;
        if (!ScramEncoding.TryDecode(salt, MaximumSaltLength, out var saltBytes)
            || !ScramEncoding.TryDecode(stored, ScramKeys.Length, out var storedKey)
            || !ScramEncoding.TryDecode(server, ScramKeys.Length, out var serverKey)
            || saltBytes.Length == 0
            || storedKey.Length != ScramKeys.Length
            || serverKey.Length != ScramKeys.Length)
            return false;
        verifier = new ScramVerifier(count, saltBytes, storedKey, serverKey);
        return true;
    }

    /// <summary>A verifier is as good as a password for who would pose as the server: it is not printed.</summary>
    public override string ToString() => "ScramVerifier";
}
