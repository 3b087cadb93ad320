using System.Buffers.Binary;
using WireGuardian.Postgres.Framing;

namespace WireGuardian.Postgres.Messages;

/// <summary>Parse (frontend, P): makes a prepared statement.</summary>
public readonly ref struct Parse
{
    /// <summary>Name of the statement; empty for the unnamed one.</summary>
    public ReadOnlySpan<byte> Name { get; private init; }

    /// <summary>The text without its NUL, in the session's client_encoding.</summary>
    public ReadOnlySpan<byte> Sql { get; private init; }

    /// <summary>How many parameter types the client gave; the statement may have more.</summary>
    public int ParameterTypeCount => _types.Length / sizeof(uint);

    private readonly ReadOnlySpan<byte> _types;

    private Parse(ReadOnlySpan<byte> types) => _types = types;

    /// <summary>The OIDs of the parameter types, 0 where the client leaves one to the server.</summary>
    public uint[] ParameterTypes()
    {
        var types = ParameterTypeCount == 0 ? [] : new uint[ParameterTypeCount];
        for (var index = 0; index < types.Length; index++)
            types[index] = BinaryPrimitives.ReadUInt32BigEndian(_types[(index * sizeof(uint))..]);
        return types;
    }

    public static bool TryParse(ReadOnlySpan<byte> body, out Parse message)
    {
        message = default;
        var reader = new BodyReader(body);
        if (!reader.TryReadString(out var name)
            || !reader.TryReadString(out var sql)
            || !reader.TryReadUInt16(out var types)
            || reader.Rest.Length != types * sizeof(uint))
            return false;
        message = new Parse(reader.Rest) { Name = name, Sql = sql };
        return true;
    }
}
