using System.Buffers.Binary;
using System.Text;
using WireGuardian.Core.Masking;
using WireGuardian.Postgres.Catalog;
using WireGuardian.Postgres.Rewriting;

namespace WireGuardian.Postgres.Tests.Rewriting;

/// <summary>Masks single values the short way.</summary>
internal static class Masking
{
    public static readonly MaskKey Key = new("0123456789abcdef0123456789abcdef"u8);

    /// <summary>The built-in type with this OID, or an enum for 0.</summary>
    public static PostgresType Type(uint oid) =>
        oid == 0 ? new PostgresType(99_999, PostgresTypeShape.Enum, FirstLabel: "sad") : PostgresBuiltInTypes.ByOid[oid];

    /// <summary>The masked value, or null.</summary>
    public static byte[]? Apply(MaskKind kind, PostgresType type, bool binary, byte[] value, int typeModifier = -1, bool utf8 = true, bool isDerived = false)
    {
        var output = new MaskOutput();
        output.Write("before"u8);
        var copy = value.ToArray();
        var result = ValueMask.Create(kind, type, typeModifier, binary, Key, utf8, isDerived).Apply(copy, output);
        Assert.That(output.Written[..6].SequenceEqual("before"u8), "what was written before stays");
        if (result != MaskResult.Replaced)
            Assert.That(output.Length, Is.EqualTo(6), "nothing is written unless the value is replaced");
        return result switch
        {
            MaskResult.InPlace => copy,
            MaskResult.Replaced => output.Written[6..].ToArray(),
            _ => null,
        };
    }

    public static string? Text(MaskKind kind, uint oid, string value, int typeModifier = -1, bool utf8 = true) =>
        Apply(kind, Type(oid), binary: false, Encoding.UTF8.GetBytes(value), typeModifier, utf8) is { } masked ? Encoding.UTF8.GetString(masked) : null;

    /// <summary>The masked value in hex; NULL as null.</summary>
    public static string? Binary(MaskKind kind, uint oid, string hex) =>
        Apply(kind, Type(oid), binary: true, Convert.FromHexString(hex.Replace(" ", ""))) is { } masked
            ? Convert.ToHexStringLower(masked)
            : null;

    public static byte[] Int64(long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return bytes;
    }
}
