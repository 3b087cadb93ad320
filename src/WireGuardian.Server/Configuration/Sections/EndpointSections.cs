using System.Net;
using WireGuardian.Server.Configuration.Reading;

namespace WireGuardian.Server.Configuration.Sections;

/// <summary>Reads <c>control:</c> and <c>metrics:</c>.</summary>
internal static class EndpointSections
{
    private static readonly ScalarForm<Uri> Collector = new(
        "the URL of a collector such as http://127.0.0.1:4317",
        text => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? Parsed<Uri>.Good(uri) : Parsed<Uri>.Bad);

    private static readonly ScalarForm<OtlpProtocol> Protocol = ScalarForms.Choice(new Dictionary<string, OtlpProtocol>
    {
        ["grpc"] = OtlpProtocol.Grpc,
        ["http/protobuf"] = OtlpProtocol.HttpProtobuf,
    });

    private static readonly ScalarForm<TimeSpan> Interval = ScalarForms.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));

    public static Located<ControlOptions>? ReadControl(Section root)
    {
        if (root.Child("control", "the control plane's settings") is not { } control)
            return null;
        var listen = control.Require("listen", ScalarForms.ListenAddress);
        var (tls, clientAuthorities) = TlsSection.ReadControl(control);
        var oidc = OidcSection.Read(control);
        if (listen is not null && !IPAddress.IsLoopback(listen.Value.Address) && !control.Has("tls"))
            control.Context.Error(listen.Position, $"{listen.Value} is not a loopback address: tokens would cross the network in clear; expected tls: {{ certificate: …, key: … }}");
        control.Finish();
        return listen is null ? null : new Located<ControlOptions>(
            new ControlOptions(listen.Value, tls) { ClientAuthorities = clientAuthorities, Oidc = oidc }, listen.Position);
    }

    public static Located<MetricsOptions>? ReadMetrics(Section root)
    {
        if (root.Child("metrics", "the metrics settings") is not { } metrics)
            return null;
        var listen = metrics.Require("listen", ScalarForms.ListenAddress);
        var otlp = ReadOtlp(metrics);
        metrics.Finish();
        return listen is null ? null : new Located<MetricsOptions>(new MetricsOptions(listen.Value, otlp), listen.Position);
    }

    /// <summary>Reads <c>otlp:</c> inside a section.</summary>
    /// <param name="section">Whose it is.</param>
    /// <param name="hasInterval">False where things are sent as they happen.</param>
    public static OtlpOptions? ReadOtlp(Section section, bool hasInterval = true)
    {
        if (section.Child("otlp", "the settings of the OTLP export") is not { } otlp)
            return null;
        var endpoint = otlp.Require("endpoint", Collector);
        var protocol = otlp.Optional("protocol", Protocol);
        var interval = hasInterval ? otlp.Optional("interval", Interval) : null;
        otlp.Finish();
        return endpoint is null ? null : new OtlpOptions(endpoint.Value, protocol?.Value ?? OtlpProtocol.Grpc, interval?.Value ?? TimeSpan.FromMinutes(1));
    }
}
