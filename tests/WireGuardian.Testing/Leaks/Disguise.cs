using System.Security.Cryptography;
using System.Text;

namespace WireGuardian.Testing.Leaks;

/// <summary>In what form of the received text a disguise is looked for.</summary>
internal enum Reading
{
    /// <summary>As it came, in small letters.</summary>
    Plain,

    /// <summary>Letters and digits alone.</summary>
    Squeezed,

    /// <summary>Numbers alone, with commas between them.</summary>
    Codes,
}

/// <summary>A form in which a value, or a piece of one, can come out.</summary>
/// <param name="Name">The value and the form.</param>
/// <param name="Text">What to look for, in small letters.</param>
/// <param name="Reading">Where.</param>
internal sealed record Disguise(string Name, string Text, Reading Reading = Reading.Plain)
{
    private const int CodesInARow = 6;
    private const int SqueezedLength = 8;
    private const int Base64Piece = 9;

    /// <summary>Forms that keep the order of the characters, so that a piece is enough.</summary>
    public static IEnumerable<Disguise> OfPieces(IEnumerable<string> pieces) => pieces.SelectMany(piece => new Disguise[]
    {
        new(piece, piece.ToLowerInvariant()),
        new($"{piece} reversed", Reversed(piece).ToLowerInvariant()),
        new($"{piece} in UTF-16", string.Concat(piece.ToLowerInvariant().Select(character => $"\0{character}"))),
    }.Concat(new[] { piece, piece.ToLowerInvariant(), piece.ToUpperInvariant() }.Distinct().SelectMany(OfBytes)));

    /// <summary>Forms that write bytes as numbers, in which letter case is a difference.</summary>
    private static IEnumerable<Disguise> OfBytes(string piece)
    {
        var bytes = Encoding.UTF8.GetBytes(piece);
        return
        [
            new($"{piece} in hex", Convert.ToHexStringLower(bytes)),
            new($"{piece} reversed in hex", Convert.ToHexStringLower([.. bytes.Reverse()])),
            new($"{piece} in spaced hex", string.Join(' ', bytes.Select(one => $"{one:x2}"))),
            new($"{piece} URL-encoded", string.Concat(bytes.Select(one => $"%{one:x2}"))),
            new($"{piece} quoted-printable", string.Concat(bytes.Select(one => $"={one:x2}"))),
            new($"{piece} in escapes", string.Concat(bytes.Select(one => $"\\u00{one:x2}"))),
            new($"{piece} in octal escapes", string.Concat(bytes.Select(one => $"\\{Convert.ToString(one, 8).PadLeft(3, '0')}"))),
            new($"{piece} in bits", string.Concat(bytes.Select(one => Convert.ToString(one, 2).PadLeft(8, '0')))),
        ];
    }

    /// <summary>Forms that take the value as a whole, or so much of it that they do not turn up by chance.</summary>
    public static IEnumerable<Disguise> OfWhole(IReadOnlyList<string> values) => values.SelectMany(value =>
    {
        var small = value.ToLowerInvariant();
        var bytes = Encoding.UTF8.GetBytes(value);
        return new[] { value, small, value.ToUpperInvariant(), Reversed(value) }.Distinct().SelectMany(Base64).Concat(
        [
            .. new[] { value, small, value.ToUpperInvariant() }.Distinct().SelectMany(Hashes),
            new($"{value} URL-encoded", Uri.EscapeDataString(small).ToLowerInvariant()),
            new($"{value} HTML-encoded", System.Net.WebUtility.HtmlEncode(small)),
            .. Squeezed(value, small),
            .. Squeezed(value, Reversed(small)),
            .. Codes(value, bytes),
        ]);
    });

    private static IEnumerable<Disguise> Hashes(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        foreach (var (name, function) in new (string, Func<byte[], byte[]>)[]
        {
            ("MD5", MD5.HashData), ("SHA-1", SHA1.HashData), ("SHA-256", SHA256.HashData), ("SHA-384", SHA384.HashData), ("SHA-512", SHA512.HashData),
        })
        {
            var hash = function(bytes);
            yield return new($"{name} of {value}", Convert.ToHexStringLower(hash));
            yield return new($"{name} of {value} in base64", Convert.ToBase64String(hash)[..^4].ToLowerInvariant());
            yield return new($"{name} of {value} as bytes", Encoding.Latin1.GetString(hash).ToLowerInvariant());
        }
    }

    /// <summary>Every nine bytes, at each of the three places that they can have in base64's groups of three.</summary>
    private static IEnumerable<Disguise> Base64(string value)
    {
        for (var start = 0; start + Math.Min(Base64Piece, value.Length) <= value.Length; start++)
        {
            var piece = value.Substring(start, Math.Min(Base64Piece, value.Length));
            for (var before = 0; before < 3; before++)
            {
                var encoded = Convert.ToBase64String([.. new byte[before], .. Encoding.UTF8.GetBytes(piece)]).TrimEnd('=');
                // The characters at both ends depend on the neighbours.
                var first = (before * 8 + 5) / 6;
                var last = (before + piece.Length) * 8 / 6;
                yield return new($"{piece} in base64", encoded[first..last].ToLowerInvariant());
            }
        }
    }

    private static IEnumerable<Disguise> Squeezed(string value, string form)
    {
        var letters = string.Concat(form.Where(char.IsAsciiLetterOrDigit));
        for (var start = 0; start + SqueezedLength <= letters.Length; start++)
            yield return new($"{value} with something between", letters.Substring(start, SqueezedLength), Reading.Squeezed);
    }

    private static IEnumerable<Disguise> Codes(string value, byte[] bytes)
    {
        for (var start = 0; start + CodesInARow <= bytes.Length; start++)
            yield return new($"{value} in codes", $",{string.Join(',', bytes[start..(start + CodesInARow)])},", Reading.Codes);
    }

    private static string Reversed(string text) => new([.. text.Reverse()]);
}
