using System.Text.Json;

namespace WireGuardian.Cli.Login;

/// <summary>An answer of a provider or server: a JSON object. Members that are missing, or not what they should be, are null.</summary>
internal sealed class JsonAnswer
{
    private const int Largest = 1 << 20;
    private readonly JsonElement _root;

    private JsonAnswer(JsonElement root, bool isSuccess) => (_root, IsSuccess) = (root, isSuccess);

    /// <summary>True for a status of 200 to 299.</summary>
    public bool IsSuccess { get; }

    /// <exception cref="LoginFailedException">It is not JSON.</exception>
    public static async Task<JsonAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var host = response.RequestMessage?.RequestUri?.Authority;
        try
        {
            await response.Content.LoadIntoBufferAsync(Largest, cancellationToken);
            using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return new JsonAnswer(document.RootElement.Clone(), response.IsSuccessStatusCode);
        }
        catch (JsonException)
        {
            // As below.
        }
        throw new LoginFailedException($"{host} answered with status {(int)response.StatusCode} and no JSON object.");
    }

    public string? Text(string name) => _root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A length in seconds.</summary>
    public TimeSpan? Seconds(string name) =>
        _root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) && seconds is >= 0 and < 1e9
            ? TimeSpan.FromSeconds(seconds)
            : null;

    public IReadOnlyList<string> Texts(string name) => _root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
        ? [.. value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)]
        : [];
}
