using System.CommandLine;
using WireGuardian.ControlPlane.Grpc.Client;
using WireGuardian.ControlPlane.V1;

namespace WireGuardian.Cli.Connection;

/// <summary>What a command works with: its surroundings, and the server once it asks for it.</summary>
internal sealed class Session(GlobalOptions options, Surroundings surroundings)
{
    /// <summary>How long one answer may take; the server learns of it too.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public Surroundings Surroundings => surroundings;

    public bool Json(ParseResult parsed) => parsed.GetValue(options.Output) == "json";

    /// <exception cref="UsageException">Address, token or certificates are not usable.</exception>
    public GrpcChannel Connect(ParseResult parsed)
    {
        var ca = parsed.GetValue(options.Ca);
        var address = ServerAddress.Parse(options.ServerName(parsed, surroundings), tls: ca is not null);
        return GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            BearerToken = OperatorToken.Find(parsed.GetValue(options.TokenFile), surroundings),
            TrustedRoots = ca is null ? null : TrustedRoots.Read(ca),
        });
    }

    /// <summary>Runs one question and its answer against the server.</summary>
    public async Task<T> AskAsync<T>(ParseResult parsed, Func<ControlPlaneClient, CallOptions, Task<T>> question, CancellationToken cancellationToken)
    {
        using var channel = Connect(parsed);
        return await question(new ControlPlaneClient(channel), Call(cancellationToken));
    }

    public string ServerName(ParseResult parsed) => options.ServerName(parsed, surroundings);

    public static CallOptions Call(CancellationToken cancellationToken) => new(Patience, cancellationToken);
}
