using System.Text;
using WireGuardian.Core.Masking;
using WireGuardian.Core.Masking.Documents;
using WireGuardian.Core.Masking.Values;

namespace WireGuardian.Core.Tests.Masking.Documents;

/// <summary>Documents and places for tests.</summary>
internal static class Documents
{
    public static readonly MaskKey Key = new("0123456789abcdef"u8);

    public static JsonPath Path(string text) => JsonPath.TryRead(text, 0, out var path, out var problem) ? path! : throw new FormatException(problem);

    /// <summary>Places in order: <c>path=mask</c>, where no mask leaves the place as it is.</summary>
    public static JsonPlaces Places(params string[] places) => new([.. places.Select(place =>
    {
        var mark = place.LastIndexOf('=');
        var kind = place[(mark + 1)..];
        return new JsonPlace(mark == 0 ? JsonPath.Root : Path(place[..mark]), kind.Length == 0 ? null : Enum.Parse<MaskKind>(kind, ignoreCase: true));
    })]);

    /// <summary>What a mask leaves; null for NULL.</summary>
    public static string? Mask(string document, JsonPlaces places, DocumentForm form = DocumentForm.Json) => Mask(new DocumentMask(places, form, Key), document);

    public static string? Mask(IValueMask mask, string document)
    {
        var value = Encoding.UTF8.GetBytes(document);
        var output = new MaskOutput();
        return mask.Apply(value, output) switch
        {
            MaskResult.InPlace when output.Length == 0 => Encoding.UTF8.GetString(value),
            MaskResult.Replaced => Encoding.UTF8.GetString(output.Written),
            MaskResult.Null => null,
            _ => throw new InvalidOperationException("a value in place, and a stand-in"),
        };
    }

    /// <summary>What is left of a document that passes in pieces that end at these places.</summary>
    public static string Stream(string document, JsonPlaces places, DocumentForm form, params int[] cuts)
    {
        var value = Encoding.UTF8.GetBytes(document);
        var streamed = new StreamedDocument(places, form);
        var start = 0;
        foreach (var end in cuts.Append(value.Length))
        {
            streamed.Apply(value.AsSpan(start, end - start), start);
            start = end;
        }
        return Encoding.UTF8.GetString(value);
    }
}
