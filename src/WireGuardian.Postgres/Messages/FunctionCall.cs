using WireGuardian.Postgres.Framing;

namespace WireGuardian.Postgres.Messages;

/// <summary>FunctionCall (frontend, F): calls a function past SQL. Only its OID is read.</summary>
public readonly record struct FunctionCall(uint FunctionOid)
{
    public static bool TryParse(ReadOnlySpan<byte> body, out FunctionCall message)
    {
        var reader = new BodyReader(body);
        var read = reader.TryReadUInt32(out var oid);
        message = new FunctionCall(oid);
        return read;
    }
}
