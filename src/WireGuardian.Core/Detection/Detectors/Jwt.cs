using System.Buffers.Text;
using WireGuardian.Core.Detection.Scanning;

namespace WireGuardian.Core.Detection.Detectors;

/// <summary>JSON Web Tokens in the compact form (RFC 7515, 7516): parts in base64url with dots between them, of which the first is a JSON object with <c>alg</c>.</summary>
internal static class Jwt
{
    // Bytes of the header's spelling that are looked at.
    private const int HeaderReach = 512;
    private const int MostParts = 5;

    /// <param name="text">The text.</param>
    /// <param name="start">Where a word begins.</param>
    /// <param name="finding">The token with all of its parts.</param>
    public static bool TryFind(ReadOnlySpan<byte> text, int start, out Finding finding)
    {
        finding = default;
        // {" in base64.
        if (!text[start..].StartsWith("eyJ"u8))
            return false;
        var header = Characters.WordLength(text, start);
        var end = start + header;
        var parts = 1;
        while (parts < MostParts && Characters.At(text, end) == '.')
        {
            var length = Characters.WordLength(text, end + 1);
            // A signature may be missing; the dot before it is not.
            if (length == 0 && parts != 2)
                break;
            end += 1 + length;
            parts++;
        }
        if (parts < 2 || !NamesAlgorithm(text.Slice(start, Math.Min(header, HeaderReach))))
            return false;
        finding = new(start, end - start, Detector.Jwt, parts == 2 ? 70 : 98);
        return true;
    }

    private static bool NamesAlgorithm(ReadOnlySpan<byte> header)
    {
        Span<byte> json = stackalloc byte[HeaderReach];
        // Whole groups of four, and what is left over where it can be.
        var whole = header.Length % 4 == 1 ? header.Length - 1 : header.Length;
        return Base64Url.DecodeFromUtf8(header[..whole], json, out _, out var written) is System.Buffers.OperationStatus.Done
            && json[..written].IndexOf("\"alg\""u8) >= 0;
    }
}
