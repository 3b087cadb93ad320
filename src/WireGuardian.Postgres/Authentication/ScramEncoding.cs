using System.Text;

namespace WireGuardian.Postgres.Authentication;

/// <summary>How SCRAM messages are spelled (RFC 5802, section 5.1): <c>a=value</c>, joined by commas.</summary>
internal static class ScramEncoding
{
    /// <summary>Longest nonce taken; libpq and the server make 24 characters each.</summary>
    public const int MaximumNonceLength = 256;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static bool TryGetText(ReadOnlySpan<byte> bytes, out string text)
    {
        text = "";
        if (bytes.Contains((byte)0))
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

    /// <summary>The value of an attribute; null where <paramref name="part"/> is not <paramref name="name"/> with an equals sign.</summary>
    public static string? Value(string part, char name) => part.Length >= 2 && part[0] == name && part[1] == '=' ? part[2..] : null;

    /// <summary>True for any other attribute: a letter, an equals sign and something.</summary>
    public static bool IsExtension(string part) => part.Length >= 2 && char.IsAsciiLetter(part[0]) && part[1] == '=';

    /// <summary>Printable ASCII without a comma, neither empty nor too long.</summary>
    public static bool IsNonce(string? value)
    {
        if (value is not { Length: > 0 and <= MaximumNonceLength })
            return false;
        foreach (var character in value)
        {
            if (character is < '!' or > '~' or ',')
                return false;
        }
        return true;
    }

    /// <summary>Decodes base64 of at most <paramref name="maximum"/> bytes; white space is not base64 here.</summary>
    public static bool TryDecode(string? text, int maximum, out byte[] bytes)
    {
        bytes = [];
        if (text is null || text.Length > (maximum + 2) / 3 * 4 || text.AsSpan().ContainsAny(" \t\r\n"))
            return false;
        var buffer = new byte[text.Length / 4 * 3];
        if (!Convert.TryFromBase64String(text, buffer, out var count) || count > maximum)
            return false;
        bytes = buffer[..count];
        return true;
    }
}
