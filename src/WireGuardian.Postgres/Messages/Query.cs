using WireGuardian.Postgres.Framing;

namespace WireGuardian.Postgres.Messages;

/// <summary>Query (frontend, Q): a string of statements.</summary>
public readonly ref struct Query
{
    /// <summary>The text without its NUL, in the session's client_encoding.</summary>
    public ReadOnlySpan<byte> Sql { get; private init; }

    public static bool TryParse(ReadOnlySpan<byte> body, out Query message)
    {
        message = default;
        var reader = new BodyReader(body);
        if (!reader.TryReadString(out var sql) || !reader.AtEnd)
            return false;
        message = new Query { Sql = sql };
        return true;
    }
}
