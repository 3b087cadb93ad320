using System.Text.Json;

namespace WireGuardian.Core.Masking.Values;

/// <summary>
/// json and jsonb: structure stays, and keys do unless they may be values too; strings become <c>*</c> for each byte of what they spell, numbers 0, booleans false, null stays. With a key,
/// strings become their hash or token and numbers others. What is no JSON becomes NULL.
/// </summary>
/// <param name="version">The first byte is jsonb's version (binary jsonb).</param>
/// <param name="keys">Keys are masked like strings: of what a statement has put together (<c>json_object_agg(ssn, id)</c>) they can be values.</param>
public sealed class JsonMask(bool version, bool keys = false) : IValueMask
{
    private const byte Version = 1;

    // Deeper than what the server itself reads with its stack.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 20_000 };

    private JsonScalars _scalars = JsonScalars.Redacted;

    /// <summary>With a key: strings by <c>hash</c> or <c>token</c>, and numbers.</summary>
    public static JsonMask Keyed(bool version, MaskKey key, bool token) => new(version) { _scalars = JsonScalars.Keyed(key, token) };

    public MaskResult Apply(Span<byte> value, MaskOutput output)
    {
        var start = output.Length;
        if (version && (value.Length == 0 || value[0] != Version))
            return MaskResult.Null;
        if (version)
            output.WriteByte(Version);
        var text = version ? value[1..] : value;
        if (TextRedaction.IsUtf8(text) && TryMask(text, output))
            return MaskResult.Replaced;
        output.Truncate(start);
        return MaskResult.Null;
    }

    private bool TryMask(Span<byte> text, MaskOutput output)
    {
        try
        {
            var reader = new Utf8JsonReader(text, Options);
            var copied = 0;
            while (reader.Read())
            {
                var isKey = reader.TokenType == JsonTokenType.PropertyName;
                if (!(isKey && keys) && reader.TokenType is not (JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False))
                    continue;
                var start = (int)reader.TokenStartIndex;
                output.Write(text[copied..start]);
                // Behind a key the reader has read the colon as well.
                copied = isKey ? start + reader.ValueSpan.Length + 2 : (int)reader.BytesConsumed;
                WriteScalar(isKey ? JsonTokenType.String : reader.TokenType, text[start..copied], output);
            }
            output.Write(text[copied..]);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void WriteScalar(JsonTokenType type, Span<byte> token, MaskOutput output)
    {
        switch (type)
        {
            case JsonTokenType.String:
                // The reader is past it, so the text may be spelled out where it stands.
                var spelled = token[1..^1];
                output.WriteByte((byte)'"');
                _scalars.WriteString(spelled[..JsonString.Unescape(spelled, spelled)], output);
                output.WriteByte((byte)'"');
                break;
            case JsonTokenType.Number:
                _scalars.WriteNumber(token, output);
                break;
            default:
                JsonScalars.WriteBoolean(output);
                break;
        }
    }
}
