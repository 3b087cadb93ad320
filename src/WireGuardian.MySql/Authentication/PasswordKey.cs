using System.Security.Cryptography;
using System.Text;

namespace WireGuardian.MySql.Authentication;

/// <summary>
/// The proxy's own RSA key, for clients in clear whose server leg is TLS: the server takes the password as it is there, so the proxy has to open what
/// the client seals. Made when first needed, kept while the proxy runs, never written anywhere.
/// </summary>
public sealed class PasswordKey : IDisposable
{
    private const int Bits = 2048;

    private readonly Lazy<RSA> _key = new(() => RSA.Create(Bits));
    private readonly Lazy<byte[]> _publicKey;

    public PasswordKey()
    {
        _publicKey = new(() => Encoding.ASCII.GetBytes(_key.Value.ExportSubjectPublicKeyInfoPem() + "\n"));
    }

    /// <summary>PEM, as servers send theirs.</summary>
    public byte[] PublicKey => _publicKey.Value;

    /// <summary>Makes the key now, which takes some tenths of a second, so that no login has to wait for it.</summary>
    public Task PrepareAsync() => Task.Run(() => _ = PublicKey);

    /// <summary>The password with its NUL; false where it was sealed for another key or with another nonce.</summary>
    public bool TryOpen(ReadOnlySpan<byte> sealedPassword, ReadOnlySpan<byte> nonce, out byte[] password)
    {
        password = [];
        try
        {
            password = _key.Value.Decrypt(sealedPassword, SealedPassword.Padding);
        }
        catch (CryptographicException)
        {
            return false;
        }
        SealedPassword.Mix(password, nonce);
        return password.AsSpan().IndexOf((byte)0) == password.Length - 1;
    }

    public void Dispose()
    {
        if (_key.IsValueCreated)
            _key.Value.Dispose();
    }
}
