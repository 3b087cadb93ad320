using System.Diagnostics.CodeAnalysis;

namespace WireGuardian.Postgres.Authentication;

/// <summary>SCRAM's client-first-message.</summary>
/// <param name="Binding"><c>p</c> binds the channel, <c>y</c> would if the server could, <c>n</c> does not.</param>
/// <param name="BindingType">The channel binding's name where <paramref name="Binding"/> is <c>p</c>, otherwise null.</param>
/// <param name="Gs2Header">What stands before the bare message, with its commas.</param>
/// <param name="Bare">The rest, as it is signed.</param>
/// <param name="Nonce">The client's nonce.</param>
public sealed record ScramClientFirst(char Binding, string? BindingType, string Gs2Header, string Bare, string Nonce)
{
    /// <summary>
    /// False for anything malformed, for an authorization identity and for mandatory extensions, none of which PostgreSQL has. The user name
    /// in it counts for nothing: the StartupMessage's does.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out ScramClientFirst? message)
    {
        message = null;
        if (!ScramEncoding.TryGetText(bytes, out var text) || text.Split(',') is not [var flag, "", var name, var nonce, .. var extensions])
            return false;
        var bindingType = ScramEncoding.Value(flag, 'p');
        if (bindingType is null ? flag is not ("n" or "y") : bindingType.Length == 0)
            return false;
        var value = ScramEncoding.Value(nonce, 'r');
        if (ScramEncoding.Value(name, 'n') is null || !ScramEncoding.IsNonce(value) || !extensions.All(ScramEncoding.IsExtension))
            return false;
        var header = flag + ",,";
        message = new ScramClientFirst(flag[0], bindingType, header, text[header.Length..], value!);
        return true;
    }
}
