using System.CommandLine;
using System.Security.Cryptography.X509Certificates;
using WireGuardian.Cli.Login;
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

    /// <summary>The server that is meant, and the roots that its certificate must chain to; the system's when null.</summary>
    /// <exception cref="UsageException">Address or certificates are not usable.</exception>
    public (Uri Server, X509Certificate2Collection? Roots) ServerOf(ParseResult parsed)
    {
        var ca = parsed.GetValue(options.Ca);
        var tls = ca is not null || parsed.GetValue(options.Certificate) is not null;
        return (ServerAddress.Parse(options.ServerName(parsed, surroundings), tls), ca is null ? null : TrustedRoots.Read(ca));
    }

    /// <exception cref="UsageException">Address, token or certificates are not usable.</exception>
    public async Task<GrpcChannel> ConnectAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (server, roots) = ServerOf(parsed);
        var certificate = OperatorCertificate.Read(parsed.GetValue(options.Certificate), parsed.GetValue(options.Key));
        return GrpcChannel.ForAddress(server, new GrpcChannelOptions
        {
            BearerToken = await TokenAsync(parsed, server, certificate is not null, cancellationToken),
            TrustedRoots = roots,
            ClientCertificate = certificate,
        });
    }

    /// <summary>Runs one question and its answer against the server.</summary>
    public async Task<T> AskAsync<T>(ParseResult parsed, Func<ControlPlaneClient, CallOptions, Task<T>> question, CancellationToken cancellationToken)
    {
        using var channel = await ConnectAsync(parsed, cancellationToken);
        return await question(new ControlPlaneClient(channel), Call(cancellationToken));
    }

    public string ServerName(ParseResult parsed) => options.ServerName(parsed, surroundings);

    public static CallOptions Call(CancellationToken cancellationToken) => new(Patience, cancellationToken);

    /// <summary>What was named for this call goes before the environment, and that before what a login kept. Null: the certificate is to do.</summary>
    private async Task<string?> TokenAsync(ParseResult parsed, Uri server, bool hasCertificate, CancellationToken cancellationToken)
    {
        var file = parsed.GetValue(options.TokenFile);
        if (hasCertificate && file is null)
            return null;
        if (OperatorToken.Find(file, surroundings) is { } token)
            return token;
        return await KeptToken.FindAsync(server, surroundings, cancellationToken)
            ?? throw new UsageException("No operator token: give --token-file FILE, or set WGCTL_TOKEN to the token, or sign in with: wgctl login");
    }
}
