using WireGuardian.Postgres.Framing;

namespace WireGuardian.Postgres.Messages;

/// <summary>One field of an <see cref="ErrorResponse"/>, and the codes that fields have.</summary>
public readonly ref struct ErrorField
{
    /// <summary>ERROR, FATAL … in the server's language.</summary>
    public const byte LocalizedSeverity = (byte)'S';

    /// <summary>ERROR, FATAL …, never translated.</summary>
    public const byte Severity = (byte)'V';
    public const byte SqlState = (byte)'C';
    public const byte Message = (byte)'M';
    public const byte Detail = (byte)'D';
    public const byte Hint = (byte)'H';

    /// <summary>Where in the statement, counted in characters from 1.</summary>
    public const byte Position = (byte)'P';
    public const byte InternalPosition = (byte)'p';
    public const byte InternalQuery = (byte)'q';

    /// <summary>The call stack of PL/pgSQL and the like.</summary>
    public const byte Where = (byte)'W';
    public const byte Schema = (byte)'s';
    public const byte Table = (byte)'t';
    public const byte Column = (byte)'c';
    public const byte DataType = (byte)'d';
    public const byte Constraint = (byte)'n';
    public const byte File = (byte)'F';
    public const byte Line = (byte)'L';
    public const byte Routine = (byte)'R';

    public byte Code { get; private init; }

    public ReadOnlySpan<byte> Value { get; private init; }

    /// <summary>False at the list's terminator, which is left unread, and where the list is cut.</summary>
    internal static bool TryRead(scoped ref BodyReader reader, out ErrorField field)
    {
        field = default;
        if (reader.AtEnd || reader.Rest[0] == 0)
            return false;
        var ahead = reader;
        if (!ahead.TryReadByte(out var code) || !ahead.TryReadString(out var value))
            return false;
        field = new ErrorField { Code = code, Value = value };
        reader = ahead;
        return true;
    }
}
