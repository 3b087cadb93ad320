using System.Globalization;
using System.Net;

namespace WireGuardian.Server.Configuration.Reading;

/// <summary>The scalars that the configuration knows.</summary>
internal static class ScalarForms
{
    private const int MaxNameLength = 100;
    private static readonly (string Unit, TimeSpan Length)[] DurationUnits =
    [
        ("ms", TimeSpan.FromMilliseconds(1)), ("s", TimeSpan.FromSeconds(1)), ("m", TimeSpan.FromMinutes(1)),
        ("h", TimeSpan.FromHours(1)), ("d", TimeSpan.FromDays(1)),
    ];

    private static readonly (string Unit, long Bytes)[] SizeUnits = [("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("B", 1)];

    /// <summary>The name of a listener, rule, group, operator or login.</summary>
    public static ScalarForm<string> Name { get; } = new(
        $"a name of 1 to {MaxNameLength} characters",
        text => text.Length is > 0 and <= MaxNameLength && !text.Any(char.IsControl) && text.Trim().Length == text.Length ? Parsed<string>.Good(text) : Parsed<string>.Bad);

    /// <summary>The subject of a certificate.</summary>
    public static ScalarForm<string> Subject { get; } = new(
        "the subject of a certificate, such as \"CN=dana\"",
        text => text.Contains('=') && !text.Any(char.IsControl) && text.Trim().Length == text.Length ? Parsed<string>.Good(text) : Parsed<string>.Bad);

    /// <summary>A path; the caller makes it absolute.</summary>
    public static ScalarForm<string> Path { get; } = new(
        "the path of a file or folder", text => text.Length > 0 && !text.Contains('\0') ? Parsed<string>.Good(text) : Parsed<string>.Bad);

    /// <summary>A secret in the file itself.</summary>
    public static ScalarForm<string> Secret { get; } = new(
        "a secret that is not empty", text => text.Length > 0 ? Parsed<string>.Good(text) : Parsed<string>.Bad, IsSecret: true);

    public static ScalarForm<bool> Boolean { get; } = new(
        "true or false",
        text => text switch { "true" => Parsed<bool>.Good(true), "false" => Parsed<bool>.Good(false), _ => Parsed<bool>.Bad });

    /// <summary>An address of this machine to listen on.</summary>
    public static ScalarForm<IPEndPoint> ListenAddress { get; } = new("an IP address and port such as 127.0.0.1:6432", ParseListenAddress);

    /// <summary>A server to connect to.</summary>
    public static ScalarForm<DnsEndPoint> ServerAddress { get; } = new("a host and port such as db.example.com:5432", ParseServerAddress);

    public static ScalarForm<int> Integer(int minimum, int maximum) => new(
        $"a whole number from {minimum} to {maximum}",
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum
            ? Parsed<int>.Good(number)
            : Parsed<int>.Bad);

    public static ScalarForm<TimeSpan> Duration(TimeSpan minimum, TimeSpan maximum)
    {
        var expected = $"a duration such as 500ms, 90s, 10m or 1h, from {Show.Duration(minimum)} to {Show.Duration(maximum)}";
        return new ScalarForm<TimeSpan>(expected, text =>
        {
            foreach (var (unit, length) in DurationUnits)
            {
                if (TryParseAmount(text, unit, out var amount) && amount <= TimeSpan.MaxValue.Ticks / length.Ticks)
                    return length * amount is var duration && duration >= minimum && duration <= maximum ? Parsed<TimeSpan>.Good(duration) : Parsed<TimeSpan>.Bad;
            }
            return Parsed<TimeSpan>.Bad;
        });
    }

    /// <summary>A size in bytes.</summary>
    public static ScalarForm<int> Size(int minimum, int maximum)
    {
        var expected = $"a size such as 64KiB or 16MiB, from {Show.Size(minimum)} to {Show.Size(maximum)}";
        return new ScalarForm<int>(expected, text =>
        {
            foreach (var (unit, bytes) in SizeUnits)
            {
                if (TryParseAmount(text, unit, out var amount) && amount <= maximum / bytes && amount * bytes >= minimum)
                    return Parsed<int>.Good((int)(amount * bytes));
            }
            return Parsed<int>.Bad;
        });
    }

    /// <summary>One of a few words. A word in <paramref name="unsupported"/> is known but not to be had, and its text says so.</summary>
    public static ScalarForm<T> Choice<T>(
        IReadOnlyDictionary<string, T> choices, IReadOnlyDictionary<string, string>? unsupported = null)
    {
        var expected = $"one of {string.Join(", ", choices.Keys)}";
        return new ScalarForm<T>(choices.Count == 1 ? choices.Keys.First() : expected, text =>
        {
            if (choices.TryGetValue(text, out var choice))
                return Parsed<T>.Good(choice);
            if (unsupported?.TryGetValue(text, out var problem) == true)
                return Parsed<T>.Wrong(problem);
            return NearestName.Find(text, choices.Keys) is { } near
                ? Parsed<T>.Wrong($"expected {expected}, found \"{text}\"; did you mean \"{near}\"?")
                : Parsed<T>.Bad;
        });
    }

    private static bool TryParseAmount(string text, string unit, out long amount)
    {
        amount = 0;
        return text.EndsWith(unit, StringComparison.Ordinal)
            && long.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.None, CultureInfo.InvariantCulture, out amount);
    }

    private static Parsed<IPEndPoint> ParseListenAddress(string text)
    {
        if (!TrySplitPort(text, out var host, out var port))
            return Parsed<IPEndPoint>.Bad;
        if (host == "localhost")
            return Parsed<IPEndPoint>.Good(new IPEndPoint(IPAddress.Loopback, port));
        // IPAddress.TryParse takes "1" for 0.0.0.1, which nobody means.
        return IPAddress.TryParse(host, out var address) && (host.Contains(':') || host.Count(character => character == '.') == 3)
            ? Parsed<IPEndPoint>.Good(new IPEndPoint(address, port))
            : Parsed<IPEndPoint>.Bad;
    }

    private static Parsed<DnsEndPoint> ParseServerAddress(string text)
    {
        if (text.StartsWith('/'))
            return Parsed<DnsEndPoint>.Wrong("Unix sockets are not supported by this version; expected a host and port such as 127.0.0.1:5432");
        return TrySplitPort(text, out var host, out var port) && port > 0 && Uri.CheckHostName(host) != UriHostNameType.Unknown
            ? Parsed<DnsEndPoint>.Good(new DnsEndPoint(host, port))
            : Parsed<DnsEndPoint>.Bad;
    }

    /// <summary>Splits <c>host:port</c> and <c>[v6]:port</c>.</summary>
    private static bool TrySplitPort(string text, out string host, out int port)
    {
        var colon = text.LastIndexOf(':');
        host = colon > 0 ? text[..colon] : "";
        port = 0;
        if (host is ['[', .., ']'])
            host = host[1..^1];
        else if (host.Contains(':'))
            return false;
        return host.Length > 0
            && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port)
            && port <= IPEndPoint.MaxPort;
    }
}
