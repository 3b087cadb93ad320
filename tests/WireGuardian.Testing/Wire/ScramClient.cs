using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace WireGuardian.Testing.Wire;

/// <summary>The client's side of SCRAM-SHA-256 and -PLUS (RFC 5802, RFC 7677), written apart from ours so that it can judge it. Passwords in ASCII.</summary>
public sealed class ScramClient
{
    private readonly string _password;
    private readonly string _gs2Header;
    private readonly byte[] _channelBinding;
    private readonly string _firstBare;
    private byte[] _serverSignature = [];

    /// <param name="password">The user's password.</param>
    /// <param name="endPoint">The hash of the server's certificate (tls-server-end-point): given, the mechanism is SCRAM-SHA-256-PLUS.</param>
    /// <param name="gs2Header">To claim something else than what the connection is: <c>y,,</c> or <c>n,,</c>.</param>
    public ScramClient(string password, byte[]? endPoint = null, string? gs2Header = null)
    {
        _password = password;
        _gs2Header = gs2Header ?? (endPoint is null ? "n,," : "p=tls-server-end-point,,");
        _channelBinding = [.. Encoding.ASCII.GetBytes(_gs2Header), .. endPoint ?? []];
        _firstBare = "n=,r=" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
        Mechanism = endPoint is null ? "SCRAM-SHA-256" : "SCRAM-SHA-256-PLUS";
    }

    public string Mechanism { get; }

    public string ClientFirst => _gs2Header + _firstBare;

    public string ClientFinal(string serverFirst)
    {
        var attributes = Attributes(serverFirst);
        var salted = Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(_password),
            Convert.FromBase64String(attributes['s']),
            int.Parse(attributes['i'], CultureInfo.InvariantCulture),
            HashAlgorithmName.SHA256,
            32);
        var withoutProof = $"c={Convert.ToBase64String(_channelBinding)},r={attributes['r']}";
        var message = Encoding.UTF8.GetBytes($"{_firstBare},{serverFirst},{withoutProof}");
        var clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        var proof = HMACSHA256.HashData(SHA256.HashData(clientKey), message);
        for (var i = 0; i < proof.Length; i++)
            proof[i] ^= clientKey[i];
        _serverSignature = HMACSHA256.HashData(HMACSHA256.HashData(salted, "Server Key"u8), message);
        return $"{withoutProof},p={Convert.ToBase64String(proof)}";
    }

    /// <exception cref="InvalidOperationException">The server does not know the password's verifier.</exception>
    public void Verify(string serverFinal)
    {
        if (!CryptographicOperations.FixedTimeEquals(Convert.FromBase64String(Attributes(serverFinal)['v']), _serverSignature))
            throw new InvalidOperationException("the server's SCRAM signature is wrong");
    }

    private static Dictionary<char, string> Attributes(string message) =>
        message.Split(',').Where(part => part.Length > 1 && part[1] == '=').ToDictionary(part => part[0], part => part[2..]);
}
