using System.Security.Cryptography;
using System.Text;
using WireGuardian.MySql.Authentication;

namespace WireGuardian.MySql.Client;

/// <summary>How a client that has the password answers each plugin.</summary>
internal static class PasswordAnswers
{
    /// <summary>The first answer to a plugin's nonce; null where the plugin is not one of those that this client has.</summary>
    /// <param name="plugin">Asked for by the server.</param>
    /// <param name="password">UTF-8, without NUL.</param>
    /// <param name="nonce">The scramble.</param>
    /// <param name="secure">Nobody else can read what is sent.</param>
    public static byte[]? First(string plugin, byte[] password, byte[] nonce, bool secure) => plugin switch
    {
        AuthenticationPlugin.NativePassword => password.Length == 0 ? [] : Native(password, nonce),
        AuthenticationPlugin.CachingSha2Password => password.Length == 0 ? [] : Sha2(password, nonce),
        AuthenticationPlugin.Sha256Password => secure || password.Length == 0 ? [.. password, 0] : [AuthenticationPlugin.KeyRequest(plugin)],
        AuthenticationPlugin.ClearPassword when secure => [.. password, 0],
        _ => null,
    };

#pragma warning disable CA5350 // The protocol's own choice.
    /// <summary>SHA1(password) xor SHA1(nonce, SHA1(SHA1(password))).</summary>
    private static byte[] Native(byte[] password, byte[] nonce)
    {
        var once = SHA1.HashData(password);
        return Xor(once, SHA1.HashData([.. nonce, .. SHA1.HashData(once)]));
    }
#pragma warning restore CA5350

    /// <summary>SHA256(password) xor SHA256(SHA256(SHA256(password)), nonce).</summary>
    private static byte[] Sha2(byte[] password, byte[] nonce)
    {
        var once = SHA256.HashData(password);
        return Xor(once, SHA256.HashData([.. SHA256.HashData(once), .. nonce]));
    }

    private static byte[] Xor(byte[] left, byte[] right)
    {
        for (var i = 0; i < left.Length; i++)
            left[i] ^= right[i];
        return left;
    }

    public static byte[] Bytes(string? password) => Encoding.UTF8.GetBytes(password ?? "");
}
