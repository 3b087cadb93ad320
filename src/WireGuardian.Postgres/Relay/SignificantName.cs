using System.Text;
using WireGuardian.Sql.Lexing;

namespace WireGuardian.Postgres.Relay;

/// <summary>What the server tells the names of statements and portals apart by: their first 63 bytes. Two that differ further on are one.</summary>
public static class SignificantName
{
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> name) => name.Length > IdentifierText.MaxBytes ? name[..IdentifierText.MaxBytes] : name;

    /// <summary>
    /// The name as SQL would spell it in quotes. Null for one that is not ASCII: the server recodes it from client_encoding, so the same bytes can mean
    /// different names at different times.
    /// </summary>
    public static string? InSql(ReadOnlySpan<byte> name)
    {
        name = Of(name);
        return Ascii.IsValid(name) ? Encoding.ASCII.GetString(name) : null;
    }
}
