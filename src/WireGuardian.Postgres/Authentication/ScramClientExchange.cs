using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using WireGuardian.Proxy;

namespace WireGuardian.Postgres.Authentication;

/// <summary>The client's side of SCRAM-SHA-256 towards a server, with keys in place of a password. Nothing that the server says is trusted before its signature.</summary>
/// <param name="clientKey">What a client's proof revealed.</param>
/// <param name="verifier">The verifier that the key belongs to; the server must have the same.</param>
/// <param name="channelBinding">The hash of the server's certificate to bind to; null to log in without.</param>
/// <param name="nonce">The client's part of the nonce.</param>
/// <param name="user">The name inside the message, which the server does not look at; libpq leaves it empty.</param>
public sealed class ScramClientExchange(byte[] clientKey, ScramVerifier verifier, byte[]? channelBinding, string nonce, string user = "")
{
    private string? _authMessage;

    /// <summary>client-first-message.</summary>
    public string ClientFirst => Gs2Header + Bare;

    private string Gs2Header => channelBinding is null ? "n,," : $"p={ScramMechanism.BindingType},,";

    private string Bare => $"n={user},r={nonce}";

    /// <summary>
    /// client-final-message; null where the server has another verifier by now. Throws <see cref="ProtocolException"/> for a malformed message.
    /// </summary>
    public string? CreateClientFinal(ReadOnlySpan<byte> serverFirst)
    {
        if (!ScramEncoding.TryGetText(serverFirst, out var text)
            || text.Split(',') is not [var nonces, var salt, var iterations, .. var extensions]
            || ScramEncoding.Value(nonces, 'r') is not { } serverNonce
            || !ScramEncoding.IsNonce(serverNonce)
            || !ScramEncoding.TryDecode(ScramEncoding.Value(salt, 's'), ScramVerifier.MaximumSaltLength, out var saltBytes)
            || !int.TryParse(ScramEncoding.Value(iterations, 'i'), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || !extensions.All(ScramEncoding.IsExtension))
            throw new ProtocolException(ProtocolFault.Server, "the database server's SCRAM message is malformed");
        if (!serverNonce.StartsWith(nonce, StringComparison.Ordinal) || serverNonce.Length == nonce.Length)
            throw new ProtocolException(ProtocolFault.Server, "the database server's SCRAM nonce does not continue ours");
        if (count != verifier.Iterations || !saltBytes.AsSpan().SequenceEqual(verifier.Salt))
            return null;

        byte[] binding = [.. Encoding.ASCII.GetBytes(Gs2Header), .. channelBinding ?? []];
        var withoutProof = $"c={Convert.ToBase64String(binding)},r={serverNonce}";
        _authMessage = $"{Bare},{text},{withoutProof}";
        var proof = ScramKeys.Xor(clientKey, ScramKeys.Sign(verifier.StoredKey, _authMessage));
        return $"{withoutProof},p={Convert.ToBase64String(proof)}";
    }

    /// <summary>Throws <see cref="ProtocolException"/> unless the server proves that it knows the verifier.</summary>
    public void CheckServerFinal(ReadOnlySpan<byte> serverFinal)
    {
        if (_authMessage is null
            || !ScramEncoding.TryGetText(serverFinal, out var text)
            || !ScramEncoding.TryDecode(ScramEncoding.Value(text.Split(',')[0], 'v'), ScramKeys.Length, out var signature)
            || !CryptographicOperations.FixedTimeEquals(signature, ScramKeys.Sign(verifier.ServerKey, _authMessage)))
            throw new ProtocolException(ProtocolFault.Server, "the database server did not prove that it knows the user's password verifier");
    }
}
