using System.Security.Cryptography;
using System.Text;

namespace WireGuardian.Postgres.Authentication;

/// <summary>
/// Verifiers for users that have none, so that an exchange with them looks like any other until it fails: the same user gets the same salt
/// as long as the process lives, and no proof fits.
/// </summary>
internal static class MockVerifier
{
    /// <summary>The server's default, for a password set without scram_iterations.</summary>
    private const int Iterations = 4096;
    private const int SaltLength = 16;
    private static readonly byte[] Secret = RandomNumberGenerator.GetBytes(32);

    public static ScramVerifier For(string user)
    {
        var salt = HMACSHA256.HashData(Secret, Encoding.UTF8.GetBytes(user))[..SaltLength];
        return new ScramVerifier(Iterations, salt, RandomNumberGenerator.GetBytes(ScramKeys.Length), RandomNumberGenerator.GetBytes(ScramKeys.Length));
    }
}
