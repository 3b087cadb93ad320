using System.CommandLine;

namespace WireGuardian.Cli.Commands;

/// <summary>The argument that names a request.</summary>
internal static class RequestId
{
    public static Argument<string> Argument() => new("ID") { Description = "The request's id, in upper or lower case." };

    public static string Of(ParseResult parsed, Argument<string> argument)
        => Of(parsed.GetRequiredValue(argument));

    public static string Of(string typed) => typed.Trim() is { Length: > 0 } id ? id : throw new UsageException("The request's id is empty.");
}
