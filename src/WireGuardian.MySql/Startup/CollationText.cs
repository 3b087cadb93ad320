using System.Text;

namespace WireGuardian.MySql.Startup;

/// <summary>Names that a client sends in its session's character set: they decide who it is, so a guess will not do.</summary>
public static class CollationText
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// False where the bytes are not ASCII and the collation is neither one of UTF-8 nor of latin1, or they are not valid in it. All character
    /// sets that a client may have hold ASCII as it is.
    /// </summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, int collation, out string text)
    {
        text = "";
        if (Ascii.IsValid(bytes))
        {
            text = Encoding.ASCII.GetString(bytes);
            return true;
        }
        // latin1 of MySQL is Windows-1252: only the bytes where it is the same as ISO 8859-1 are taken.
        if (IsLatin1(collation) && !bytes.ContainsAnyInRange((byte)0x80, (byte)0x9F))
        {
            text = Encoding.Latin1.GetString(bytes);
            return true;
        }
        if (!IsUtf8(collation))
            return false;
        try
        {
            text = StrictUtf8.GetString(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    /// <summary>Collations of utf8mb3 and utf8mb4 of both servers.</summary>
    public static bool IsUtf8(int collation) => collation is 33 or 45 or 46 or 76 or 83 or (>= 192 and <= 215) or (>= 223 and <= 247) or (>= 255 and <= 323)
        or 576 or 577 or 608 or 609 or 1057 or 1069 or 1070 or 1107 or 1216 or 1238 or 1248 or 1270 or (>= 2048 and <= 2303) or (>= 2304 and <= 2559);

    private static bool IsLatin1(int collation) => collation is 5 or 8 or 15 or 31 or 47 or 48 or 49 or 94 or 1032 or 1071;
}
