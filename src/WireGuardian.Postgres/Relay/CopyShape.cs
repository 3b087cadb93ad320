using System.Buffers.Binary;
using System.Text;
using WireGuardian.Core.Statements;
using WireGuardian.Postgres.Catalog;
using WireGuardian.Postgres.Messages;

namespace WireGuardian.Postgres.Relay;

/// <summary>The columns of a COPY, from the description of a query for them.</summary>
public static class CopyShape
{
    /// <summary>The RowDescription of what the COPY sends, in its format; null when the server sends another number of columns.</summary>
    public static byte[]? Of(ReadOnlySpan<byte> rowDescription, CopyOut copy, CopyResponse response, ICatalogSnapshot snapshot)
    {
        if (!RowDescription.TryParse(rowDescription, out var description))
            return null;
        var shape = rowDescription.ToArray();
        var (from, to, count) = (sizeof(short), sizeof(short), 0);
        foreach (var field in description)
        {
            var size = field.Name.Length + 1 + RowDescriptionField.SizeBehindName;
            from += size;
            if (!copy.IsQuery && snapshot.IsGenerated(field.TableOid, field.AttributeNumber))
                continue;
            rowDescription[(from - size)..from].CopyTo(shape.AsSpan(to));
            to += size;
            BinaryPrimitives.WriteInt16BigEndian(shape.AsSpan(to - sizeof(short)), (short)(response.IsBinary ? 1 : 0));
            count++;
        }
        BinaryPrimitives.WriteInt16BigEndian(shape, (short)count);
        return count == response.ColumnCount ? shape[..to] : null;
    }

    /// <summary>Which columns FORCE_QUOTE names: of several with one name, the first.</summary>
    public static bool[] ForcedQuotes(ReadOnlySpan<byte> rowDescription, CopyOut copy)
    {
        if (!RowDescription.TryParse(rowDescription, out var description))
            return [];
        var forced = new bool[description.Count];
        forced.AsSpan().Fill(copy.ForcesAllQuotes);
        var names = new HashSet<string>(copy.ForcedQuotes, StringComparer.Ordinal);
        var column = 0;
        foreach (var field in description)
        {
            if (names.Count > 0 && names.Remove(Encoding.UTF8.GetString(field.Name)))
                forced[column] = true;
            column++;
        }
        return forced;
    }
}
