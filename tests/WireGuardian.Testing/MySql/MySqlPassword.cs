using System.Security.Cryptography;
using System.Text;

namespace WireGuardian.Testing.MySql;

/// <summary>A client's answers to the plugins, written apart from the product's.</summary>
public static class MySqlPassword
{
    /// <summary>The first answer to a nonce.</summary>
    public static byte[] Answer(string plugin, string password, byte[] nonce, bool tls) => plugin switch
    {
        "mysql_native_password" => Native(password, nonce),
        "caching_sha2_password" => Sha2(password, nonce),
        "sha256_password" => tls || password.Length == 0 ? Clear(password) : [1],
        "mysql_clear_password" => Clear(password),
        _ => throw new NotSupportedException($"the test's client has no {plugin}"),
    };

    public static byte[] Clear(string password) => [.. Encoding.UTF8.GetBytes(password), 0];

    public static byte[] Native(string password, byte[] nonce)
    {
        if (password.Length == 0)
            return [];
#pragma warning disable CA5350 // The protocol's own choice.
        var hash = SHA1.HashData(Encoding.UTF8.GetBytes(password));
        var mask = SHA1.HashData([.. nonce, .. SHA1.HashData(hash)]);
#pragma warning restore CA5350
        return [.. hash.Zip(mask, (left, right) => (byte)(left ^ right))];
    }

    public static byte[] Sha2(string password, byte[] nonce)
    {
        if (password.Length == 0)
            return [];
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(password));
        var mask = SHA256.HashData([.. SHA256.HashData(hash), .. nonce]);
        return [.. hash.Zip(mask, (left, right) => (byte)(left ^ right))];
    }

    /// <summary>Under an RSA key in PEM.</summary>
    public static byte[] Sealed(string password, byte[] nonce, string pem)
    {
        using var key = RSA.Create();
        key.ImportFromPem(pem);
        return key.Encrypt([.. Clear(password).Select((value, index) => (byte)(value ^ nonce[index % nonce.Length]))], RSAEncryptionPadding.OaepSHA1);
    }
}
