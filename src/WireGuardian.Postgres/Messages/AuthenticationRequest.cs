using WireGuardian.Postgres.Framing;

namespace WireGuardian.Postgres.Messages;

/// <summary>The messages of type R: what the server asks for, or that it is satisfied.</summary>
public readonly ref struct AuthenticationRequest
{
    public const int Ok = 0;
    public const int CleartextPassword = 3;
    public const int Md5Password = 5;
    public const int Gss = 7;
    public const int GssContinue = 8;
    public const int Sspi = 9;
    public const int Sasl = 10;
    public const int SaslContinue = 11;
    public const int SaslFinal = 12;

    /// <summary>One of the constants above; others are of no server that is still in use.</summary>
    public int Code { get; private init; }

    /// <summary>What follows the code: a salt, a token, a list of mechanisms.</summary>
    public ReadOnlySpan<byte> Data { get; private init; }

    public static bool TryParse(ReadOnlySpan<byte> body, out AuthenticationRequest message)
    {
        message = default;
        var reader = new BodyReader(body);
        if (!reader.TryReadInt32(out var code))
            return false;
        message = new AuthenticationRequest { Code = code, Data = reader.Rest };
        return true;
    }
}
