using System.Buffers.Binary;
using System.Globalization;
using WireGuardian.IntegrationTests.Differential;
using WireGuardian.Testing.MySql;

namespace WireGuardian.IntegrationTests.MySql.Differential;

/// <summary>A parameter or an attribute as a script writes it: <c>type:value</c>, with <c>name=</c> in front of an attribute.</summary>
/// <param name="Name">Empty for a parameter.</param>
/// <param name="Type">The type's number, with 0x8000 where it is unsigned.</param>
/// <param name="Bytes">In binary; null for NULL, and where long data was sent.</param>
/// <param name="IsNull">The bit of the bitmap.</param>
public sealed record ParameterValue(string Name, ushort Type, byte[]? Bytes, bool IsNull)
{
    private const ushort Unsigned = 0x8000;

    private static readonly Dictionary<string, ushort> Types = new()
    {
        ["decimal"] = 0x00,
        ["tiny"] = 0x01,
        ["short"] = 0x02,
        ["long"] = 0x03,
        ["float"] = 0x04,
        ["double"] = 0x05,
        ["null"] = 0x06,
        ["timestamp"] = 0x07,
        ["longlong"] = 0x08,
        ["int24"] = 0x09,
        ["date"] = 0x0A,
        ["time"] = 0x0B,
        ["datetime"] = 0x0C,
        ["year"] = 0x0D,
        ["varchar"] = 0x0F,
        ["bit"] = 0x10,
        ["json"] = 0xF5,
        ["newdecimal"] = 0xF6,
        ["enum"] = 0xF7,
        ["set"] = 0xF8,
        ["tinyblob"] = 0xF9,
        ["mediumblob"] = 0xFA,
        ["longblob"] = 0xFB,
        ["blob"] = 0xFC,
        ["varstring"] = 0xFD,
        ["string"] = 0xFE,
        ["geometry"] = 0xFF,
    };

    public static ParameterValue Parse(Token token)
    {
        var colon = token.Text.IndexOf(':', StringComparison.Ordinal);
        var equals = token.Text.IndexOf('=', StringComparison.Ordinal);
        var name = equals >= 0 && equals < colon ? token.Text[..equals] : "";
        var typeName = token.Text[(name.Length == 0 ? 0 : equals + 1)..colon];
        var isUnsigned = typeName[0] == 'u';
        var type = (ushort)(Types[isUnsigned ? typeName[1..] : typeName] | (isUnsigned ? Unsigned : 0));
        var value = token.Text[(colon + 1)..];
        return value switch
        {
            "null" => new(name, type, null, IsNull: true),
            "long-data" => new(name, type, null, IsNull: false),
            _ => new(name, type, Encode(type & 0xFF, new Token(value, Quoted: false)), IsNull: false),
        };
    }

    /// <summary>The bitmap, the types, with names where there are such, and the values.</summary>
    public static byte[] Block(IReadOnlyList<ParameterValue> values, bool withTypes, bool withNames)
    {
        var bitmap = new byte[(values.Count + 7) / 8];
        for (var index = 0; index < values.Count; index++)
            bitmap[index / 8] |= (byte)(values[index].IsNull ? 1 << index % 8 : 0);
        var types = values.SelectMany(value => (byte[])[(byte)value.Type, (byte)(value.Type >> 8), .. withNames ? MySqlMessage.LengthEncoded(value.Name) : []]);
        return [.. bitmap, (byte)(withTypes ? 1 : 0), .. withTypes ? types : [], .. values.SelectMany(value => value.Bytes ?? [])];
    }

    private static byte[] Encode(int type, Token value)
    {
        var bytes = new byte[8];
        switch (type)
        {
            case 0x04:
                BinaryPrimitives.WriteSingleLittleEndian(bytes, float.Parse(value.Text, CultureInfo.InvariantCulture));
                return bytes[..4];
            case 0x05:
                BinaryPrimitives.WriteDoubleLittleEndian(bytes, double.Parse(value.Text, CultureInfo.InvariantCulture));
                return bytes;
            case 0x01 or 0x02 or 0x03 or 0x08 or 0x09 or 0x0D:
                BinaryPrimitives.WriteInt128LittleEndian(bytes = new byte[16], Int128.Parse(value.Text, CultureInfo.InvariantCulture));
                return bytes[..(type switch { 0x01 => 1, 0x02 or 0x0D => 2, 0x08 => 8, _ => 4 })];
            case 0x07 or 0x0A or 0x0B or 0x0C:
                // Dates and times are written as their bytes: every length there is has a script.
                return [(byte)(value.Value!.Length), .. value.Value];
            default:
                return MySqlMessage.LengthEncoded(value.Value!);
        }
    }
}
