using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace WireGuardian.Core.Audit.Evidence;

/// <summary>Receipts and checkpoints as JSON objects. What is read back has the bytes that were signed: times keep their 100 ns.</summary>
public static class EvidenceJson
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'";
    private static readonly JsonWriterOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A checkpoint on one line, without its end.</summary>
    public static string Line(SignedCheckpoint checkpoint)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, OneLine))
            Write(json, checkpoint);
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    public static void Write(Utf8JsonWriter json, SignedCheckpoint signed)
    {
        json.WriteStartObject();
        json.WriteString("kind", "checkpoint");
        json.WriteNumber("sequence", signed.Checkpoint.Sequence);
        json.WriteString("hash", signed.Checkpoint.Hash);
        json.WriteString("time", Text(signed.Checkpoint.Time));
        json.WriteNumber("records", signed.Checkpoint.Records);
        json.WriteString("keyId", signed.KeyId);
        json.WriteString("signature", signed.Signature);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, SignedReceipt signed)
    {
        var receipt = signed.Receipt;
        json.WriteStartObject();
        json.WriteString("kind", "receipt");
        json.WriteString("requestId", receipt.RequestId);
        json.WriteString("event", receipt.Event);
        json.WriteString("decision", receipt.Decision);
        json.WriteString("digest", receipt.Digest);
        json.WriteString("policyVersion", receipt.PolicyVersion);
        json.WriteString("rule", receipt.Rule);
        json.WriteString("principal", receipt.Principal);
        json.WriteString("operator", receipt.Operator);
        json.WriteString("person", receipt.Person);
        json.WriteString("channel", receipt.Channel);
        if (receipt.Method is not null)
            json.WriteString("method", receipt.Method);
        json.WriteString("time", Text(receipt.Time));
        json.WriteNumber("sequence", receipt.Sequence);
        json.WriteString("hash", receipt.Hash);
        json.WriteString("keyId", signed.KeyId);
        json.WriteString("signature", signed.Signature);
        json.WriteEndObject();
    }

    /// <summary>Throws <see cref="FormatException"/> for anything but a checkpoint.</summary>
    public static SignedCheckpoint ReadCheckpoint(JsonElement json) => Read(json, "checkpoint", () => new SignedCheckpoint(
        new AuditCheckpoint(Number(json, "sequence"), String(json, "hash"), Time(json, "time"), Number(json, "records")),
        String(json, "keyId"), String(json, "signature")));

    /// <summary>Throws <see cref="FormatException"/> for anything but a receipt.</summary>
    public static SignedReceipt ReadReceipt(JsonElement json) => Read(json, "receipt", () => new SignedReceipt(
        new AuditReceipt(
            String(json, "requestId"), String(json, "event"), String(json, "decision"), String(json, "digest"), String(json, "policyVersion"),
            String(json, "rule"), String(json, "principal"), String(json, "operator"), String(json, "person"), String(json, "channel"), OptionalString(json, "method"), Time(json, "time"),
            Number(json, "sequence"), String(json, "hash")),
        String(json, "keyId"), String(json, "signature")));

    /// <summary>RFC 3339 in UTC, to the 100 ns where there are any.</summary>
    internal static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    internal static long Number(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)
            ? number
            : throw new FormatException($"\"{name}\" is missing, or no whole number.");

    internal static string String(JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String)
            throw new FormatException($"\"{name}\" is missing, or no text.");
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException exception)
        {
            // An escape that is half a character.
            throw new FormatException($"\"{name}\" is no Unicode text.", exception);
        }
    }

    internal static string? OptionalString(JsonElement json, string name) => json.TryGetProperty(name, out _) ? String(json, name) : null;

    internal static DateTimeOffset Time(JsonElement json, string name) =>
        DateTimeOffset.TryParseExact(
            String(json, name), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : throw new FormatException($"\"{name}\" is no time such as 2030-01-01T12:00:00Z.");

    private static T Read<T>(JsonElement json, string kind, Func<T> read)
    {
        if (json.ValueKind != JsonValueKind.Object || String(json, "kind") != kind)
            throw new FormatException($"Expected a JSON object whose \"kind\" is \"{kind}\".");
        return read();
    }
}
