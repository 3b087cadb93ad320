using WireGuardian.Postgres.Messages;
using WireGuardian.Postgres.Startup;
using WireGuardian.Proxy;

namespace WireGuardian.Postgres.Authentication;

/// <summary>
/// What version and options client and server settled on. The proxy passes the client's wish on as it is and the server answers; what the server takes
/// must be something that the proxy can follow.
/// </summary>
internal sealed class ProtocolNegotiation(StartupMessage startup)
{
    private const int NewestMinor = 2;
    private bool _answered;
    private string[] _options = [.. startup.ProtocolOptions];

    /// <summary>The minor version in force.</summary>
    public int Minor { get; private set; } = startup.ProtocolMinor;

    /// <summary>Reads a NegotiateProtocolVersion.</summary>
    public void Answered(ReadOnlySpan<byte> body)
    {
        if (_answered || !NegotiateProtocolVersion.TryParse(body, out var message))
            throw new ProtocolException(ProtocolFault.Server, "the database server's NegotiateProtocolVersion is malformed or not the first");
        _answered = true;
        Minor = Math.Min(Minor, message.MinorVersion);
        _options = [.. _options.Except(message.UnrecognizedOptions, StringComparer.Ordinal)];
    }

    /// <summary>Throws <see cref="LoginRefusedException"/> when the server took a version or an option that the proxy cannot follow.</summary>
    public void RequireUnderstood()
    {
        if (Minor > NewestMinor)
        {
            throw new LoginRefusedException(new FatalError(
                SqlStates.FeatureNotSupported,
                $"client and server agree on protocol 3.{Minor}, which WireGuardian does not know",
                Hint: $"Have the client ask for protocol 3.{NewestMinor} at most."));
        }
        if (_options.Length > 0)
        {
            throw new LoginRefusedException(new FatalError(
                SqlStates.FeatureNotSupported,
                "client and server agree on a protocol option that WireGuardian does not know",
                Hint: "Have the client connect without start-up parameters that begin with _pq_."));
        }
    }
}
