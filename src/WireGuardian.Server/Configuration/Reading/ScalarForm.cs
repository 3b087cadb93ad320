namespace WireGuardian.Server.Configuration.Reading;

/// <summary>What a scalar has to look like and what it then means.</summary>
/// <param name="Expected">Noun phrase for people, for example "a duration such as 90s".</param>
/// <param name="Parse">The meaning of a text, or that it has none.</param>
/// <param name="IsSecret">True when no error may show what was found.</param>
internal sealed record ScalarForm<T>(string Expected, Func<string, Parsed<T>> Parse, bool IsSecret = false);

/// <summary>What came of a scalar: a value, or a problem.</summary>
/// <param name="Succeeded">True when there is a value.</param>
/// <param name="Value">The value; default without one.</param>
/// <param name="Problem">What is wrong, where "expected X, found Y" does not say it well enough.</param>
internal readonly record struct Parsed<T>(bool Succeeded, T Value, string? Problem)
{
    public static Parsed<T> Bad => default;

    public static Parsed<T> Good(T value) => new(true, value, null);

    public static Parsed<T> Wrong(string problem) => new(false, default!, problem);
}
