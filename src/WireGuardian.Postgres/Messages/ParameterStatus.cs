using WireGuardian.Postgres.Framing;

namespace WireGuardian.Postgres.Messages;

/// <summary>ParameterStatus (backend, S): a setting's value, now and whenever it changes.</summary>
public readonly ref struct ParameterStatus
{
    public ReadOnlySpan<byte> Name { get; private init; }

    public ReadOnlySpan<byte> Value { get; private init; }

    public static bool TryParse(ReadOnlySpan<byte> body, out ParameterStatus message)
    {
        message = default;
        var reader = new BodyReader(body);
        if (!reader.TryReadString(out var name) || !reader.TryReadString(out var value) || !reader.AtEnd)
            return false;
        message = new ParameterStatus { Name = name, Value = value };
        return true;
    }
}
