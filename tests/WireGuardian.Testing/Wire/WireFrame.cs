using System.Buffers.Binary;
using System.Text;

namespace WireGuardian.Testing.Wire;

/// <summary>One message from a PostgreSQL server as it came: its type byte, and its body without type and length.</summary>
public sealed record WireFrame(char Type, byte[] Body)
{
    /// <summary>The message with its header, as it was on the wire.</summary>
    public byte[] Bytes
    {
        get
        {
            var bytes = new byte[5 + Body.Length];
            bytes[0] = (byte)Type;
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), 4 + Body.Length);
            Body.CopyTo(bytes, 5);
            return bytes;
        }
    }

    /// <summary>The fields of an ErrorResponse or NoticeResponse by their letter.</summary>
    public IReadOnlyDictionary<char, string> Fields
    {
        get
        {
            var fields = new Dictionary<char, string>();
            for (var at = 0; at < Body.Length && Body[at] != 0;)
            {
                var end = Array.IndexOf(Body, (byte)0, at + 1);
                fields[(char)Body[at]] = Encoding.UTF8.GetString(Body, at + 1, end - at - 1);
                at = end + 1;
            }

            return fields;
        }
    }

    /// <summary>SQLSTATE of an ErrorResponse or NoticeResponse.</summary>
    public string? SqlState => Fields.GetValueOrDefault('C');

    public string? Message => Fields.GetValueOrDefault('M');

    public string? Detail => Fields.GetValueOrDefault('D');

    /// <summary>The values of a DataRow; null for NULL.</summary>
    public IReadOnlyList<byte[]?> Values
    {
        get
        {
            var values = new byte[]?[BinaryPrimitives.ReadInt16BigEndian(Body)];
            var at = 2;
            for (var column = 0; column < values.Length; column++)
            {
                var length = BinaryPrimitives.ReadInt32BigEndian(Body.AsSpan(at));
                at += 4;
                if (length < 0)
                    continue;
                values[column] = Body[at..(at + length)];
                at += length;
            }

            return values;
        }
    }

    /// <summary>The values of a DataRow as UTF-8 text.</summary>
    public IReadOnlyList<string?> Texts => [.. Values.Select(value => value is null ? null : Encoding.UTF8.GetString(value))];

    /// <summary>The body's zero-terminated string: CommandComplete's tag.</summary>
    public string Text => Encoding.UTF8.GetString(Body).TrimEnd('\0');

    public override string ToString() => Type switch
    {
        'E' or 'N' => $"{Type} {string.Join(' ', Fields.Select(field => $"{field.Key}={field.Value}"))}",
        'C' => $"C {Text}",
        'Z' => $"Z {(char)Body[0]}",
        _ => $"{Type}[{Body.Length}] {Convert.ToHexString(Body.AsSpan(0, Math.Min(Body.Length, 48)))}",
    };
}
