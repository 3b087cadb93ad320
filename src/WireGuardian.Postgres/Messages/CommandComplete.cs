using WireGuardian.Postgres.Framing;

namespace WireGuardian.Postgres.Messages;

/// <summary>CommandComplete (backend, C).</summary>
public readonly ref struct CommandComplete
{
    /// <summary>The command's name, mostly with a count of rows: <c>INSERT 0 3</c>.</summary>
    public ReadOnlySpan<byte> Tag { get; private init; }

    public static bool TryParse(ReadOnlySpan<byte> body, out CommandComplete message)
    {
        message = default;
        var reader = new BodyReader(body);
        if (!reader.TryReadString(out var tag) || !reader.AtEnd)
            return false;
        message = new CommandComplete { Tag = tag };
        return true;
    }
}
