using System.CommandLine;

namespace WireGuardian.Cli.Connection;

/// <summary>The options that every command has.</summary>
internal sealed class GlobalOptions
{
    private const string DefaultServer = "127.0.0.1:7300";

    public Option<string> Server { get; } = new("--server")
    {
        Description = $"The control plane, host:port or a URL. Default: WGCTL_SERVER, then {DefaultServer}.",
        HelpName = "ADDRESS",
        Recursive = true,
    };

    public Option<string> TokenFile { get; } = new("--token-file")
    {
        Description = "A file with your operator token. Default: the token in WGCTL_TOKEN, then what wgctl login kept.",
        HelpName = "FILE",
        Recursive = true,
    };

    public Option<string> Ca { get; } = new("--ca")
    {
        Description = "Connect with TLS and trust only the certificates of this PEM file.",
        HelpName = "FILE",
        Recursive = true,
    };

    public Option<string> Certificate { get; } = new("--certificate")
    {
        Description = "Connect with TLS and show this client certificate (PEM) in place of a token; with --key.",
        HelpName = "FILE",
        Recursive = true,
    };

    public Option<string> Key { get; } = new("--key")
    {
        Description = "The private key of --certificate (PEM).",
        HelpName = "FILE",
        Recursive = true,
    };

    public Option<string> Output { get; } = new("--output")
    {
        Description = "text or json.",
        HelpName = "FORMAT",
        DefaultValueFactory = static _ => "text",
        Recursive = true,
    };

    public void AddTo(RootCommand root)
    {
        Output.AcceptOnlyFromAmong("text", "json");
        root.Add(Server);
        root.Add(TokenFile);
        root.Add(Ca);
        root.Add(Certificate);
        root.Add(Key);
        root.Add(Output);
    }

    /// <summary>The server as it was named, from wherever it was named.</summary>
    public string ServerName(ParseResult parsed, Surroundings surroundings)
        => NotEmpty(parsed.GetValue(Server)) ?? NotEmpty(surroundings.Environment("WGCTL_SERVER")) ?? DefaultServer;

    private static string? NotEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
