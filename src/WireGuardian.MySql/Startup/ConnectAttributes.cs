using System.Text;
using WireGuardian.MySql.Packets;

namespace WireGuardian.MySql.Startup;

/// <summary>What a client says of itself: names and values, all texts, passed on as they are.</summary>
public sealed class ConnectAttributes
{
    /// <summary>What the server takes of them in all.</summary>
    public const int LargestSize = 64 << 10;

    private const int LongestProgramName = 256;

    private ConnectAttributes(byte[] raw, string? programName)
    {
        (Raw, ProgramName) = (raw, programName);
    }

    public static ConnectAttributes None { get; } = new([], null);

    /// <summary>All of them, without the length before them.</summary>
    public byte[] Raw { get; }

    /// <summary>The program's own name; null where it gives none.</summary>
    public string? ProgramName { get; }

    /// <summary>Attributes of our own.</summary>
    public static ConnectAttributes Of(string programName)
    {
        var raw = new System.Buffers.ArrayBufferWriter<byte>();
        raw.WriteLengthEncodedBytes("program_name"u8);
        raw.WriteLengthEncodedBytes(Encoding.UTF8.GetBytes(programName));
        return new(raw.WrittenSpan.ToArray(), programName);
    }

    /// <summary>Reads the length and the attributes; false where they are broken or too many.</summary>
    public static bool TryRead(scoped ref PayloadReader reader, out ConnectAttributes attributes)
    {
        attributes = None;
        if (!reader.TryReadLengthEncodedBytes(out var raw) || raw.Length > LargestSize)
            return false;
        var pairs = new PayloadReader(raw);
        string? programName = null;
        while (!pairs.AtEnd)
        {
            if (!pairs.TryReadLengthEncodedBytes(out var name) || !pairs.TryReadLengthEncodedBytes(out var value))
                return false;
            if (name.SequenceEqual("program_name"u8))
                programName = Encoding.UTF8.GetString(value[..Math.Min(value.Length, LongestProgramName)]);
        }
        attributes = new(raw.ToArray(), programName);
        return true;
    }
}
