using System.Security.Cryptography;
using System.Text;
using WireGuardian.Postgres.Startup;

namespace WireGuardian.Postgres.Authentication;

/// <summary>The server's side of SCRAM-SHA-256 towards a client (RFC 5802, RFC 7677), which learns the ClientKey from a good proof.</summary>
/// <param name="first">The client's first message.</param>
/// <param name="verifier">What the proof is checked against.</param>
/// <param name="channelBinding">The binding that the client must name where it said <c>p</c>.</param>
/// <param name="nonce">The server's part of the nonce.</param>
public sealed class ScramServerExchange(ScramClientFirst first, ScramVerifier verifier, byte[]? channelBinding, string nonce)
{
    private readonly string _nonce = first.Nonce + nonce;
    private string? _authMessage;

    /// <summary>server-first-message.</summary>
    public string ServerFirst => $"r={_nonce},s={Convert.ToBase64String(verifier.Salt)},i={verifier.Iterations}";

    /// <summary>server-final-message; only after a proof was checked.</summary>
    public string ServerFinal => "v=" + Convert.ToBase64String(ScramKeys.Sign(verifier.ServerKey, _authMessage ?? throw new InvalidOperationException("no proof yet")));

    /// <summary>
    /// The ClientKey that the client's proof reveals; null where the proof is wrong. Throws <see cref="LoginRefusedException"/> for a malformed message, another
    /// nonce, and another channel binding than this channel's.
    /// </summary>
    public byte[]? CheckProof(ReadOnlySpan<byte> clientFinal)
    {
        if (!ScramEncoding.TryGetText(clientFinal, out var text)
            || text.Split(',') is not [var binding, var nonce, .. var extensions, var last]
            || ScramEncoding.Value(binding, 'c') is not { } bindingValue
            || ScramEncoding.Value(nonce, 'r') is not { } nonceValue
            || !extensions.All(ScramEncoding.IsExtension)
            || !ScramEncoding.TryDecode(ScramEncoding.Value(last, 'p'), ScramKeys.Length, out var proof)
            || proof.Length != ScramKeys.Length)
            throw new LoginRefusedException(FatalError.ProtocolViolation("malformed SCRAM message"));
        if (!AreEqual(bindingValue, ExpectedBinding()))
            throw new LoginRefusedException(new FatalError(SqlStates.InvalidAuthorization, "SCRAM channel binding check failed"));
        if (!AreEqual(nonceValue, _nonce))
            throw new LoginRefusedException(FatalError.ProtocolViolation("invalid SCRAM response: nonce does not match"));

        _authMessage = $"{first.Bare},{ServerFirst},{text[..^(last.Length + 1)]}";
        var clientKey = ScramKeys.Xor(proof, ScramKeys.Sign(verifier.StoredKey, _authMessage));
        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(clientKey), verifier.StoredKey) ? clientKey : null;
    }

    private string ExpectedBinding()
    {
        var header = Encoding.UTF8.GetBytes(first.Gs2Header);
        return Convert.ToBase64String(first.Binding == 'p' ? [.. header, .. channelBinding ?? []] : header);
    }

    private static bool AreEqual(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));
}
