using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace WireGuardian.ControlPlane.Tests.Operators;

/// <summary>An OpenID provider on a loopback port: discovery, keys, the device flow, tokens.</summary>
internal sealed class Provider : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly List<(string Id, ECDsa Key)> _keys = [];
    private int _fetches;

    private Provider(WebApplication app) => _app = app;

    public string Issuer => _app.Urls.Single();

    /// <summary>How often the keys were asked for.</summary>
    public int Fetches => _fetches;

    public bool IsDown { get; set; }

    /// <summary>What discovery says; the real issuer unless a test lies.</summary>
    public string? ClaimedIssuer { get; set; }

    /// <summary>Answers of the token endpoint to come, each a status and a body.</summary>
    public ConcurrentQueue<(int Status, string Body)> TokenAnswers { get; } = new();

    /// <summary>The forms that the token endpoint and the device endpoint were sent.</summary>
    public ConcurrentQueue<IReadOnlyDictionary<string, string>> Forms { get; } = new();

    public string DeviceAnswer { get; set; } = """
        {"device_code":"dev-1","user_code":"WDJB-MJHT","verification_uri":"https://login.example/device","verification_uri_complete":"https://login.example/device?user_code=WDJB-MJHT","expires_in":60,"interval":5}
        """;

    public static async Task<Provider> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var provider = new Provider(app);
        provider.Rotate("k1");
        app.Use(async (call, next) =>
        {
            if (provider.IsDown)
                call.Abort();
            else
                await next();
        });
        app.MapGet("/.well-known/openid-configuration", call => call.Response.WriteAsync(provider.Discovery()));
        app.MapGet("/keys", call =>
        {
            Interlocked.Increment(ref provider._fetches);
            return call.Response.WriteAsync(provider.KeySet());
        });
        app.MapPost("/device", async call =>
        {
            provider.Forms.Enqueue((await call.Request.ReadFormAsync()).ToDictionary(field => field.Key, field => field.Value.ToString()));
            await call.Response.WriteAsync(provider.DeviceAnswer);
        });
        app.MapPost("/token", async call =>
        {
            provider.Forms.Enqueue((await call.Request.ReadFormAsync()).ToDictionary(field => field.Key, field => field.Value.ToString()));
            var (status, body) = provider.TokenAnswers.TryDequeue(out var answer) ? answer : (400, """{"error":"invalid_request"}""");
            call.Response.StatusCode = status;
            await call.Response.WriteAsync(body);
        });
        await app.StartAsync();
        return provider;
    }

    /// <summary>Signs with a new key from now on, and publishes it alone.</summary>
    public void Rotate(string id)
    {
        _keys.Clear();
        _keys.Add((id, ECDsa.Create(ECCurve.NamedCurves.nistP256)));
    }

    /// <summary>A token as the provider makes it; null takes a claim off.</summary>
    public string Token(DateTimeOffset now, Dictionary<string, object?>? changes = null, string? keyId = null, ECDsa? key = null)
    {
        var claims = new Dictionary<string, object?>
        {
            ["iss"] = Issuer,
            ["aud"] = "wireguardian",
            ["sub"] = "olga",
            ["groups"] = new[] { "dba", "staff" },
            ["exp"] = now.AddMinutes(5).ToUnixTimeSeconds(),
            ["nbf"] = now.ToUnixTimeSeconds(),
        };
        foreach (var (name, value) in changes ?? [])
            claims[name] = value;
        var payload = new JsonObject();
        foreach (var (name, value) in claims.Where(claim => claim.Value is not null))
            payload[name] = System.Text.Json.JsonSerializer.SerializeToNode(value);
        var handler = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false };
        var signingKey = new ECDsaSecurityKey(key ?? _keys[^1].Key) { KeyId = keyId ?? _keys[^1].Id };
        return handler.CreateToken(payload.ToJsonString(), new SigningCredentials(signingKey, SecurityAlgorithms.EcdsaSha256));
    }

    /// <summary>A token of header and payload as they stand, with whatever signature.</summary>
    public static string Raw(string header, string payload, Func<byte[], byte[]> sign)
    {
        var signed = $"{Base64UrlEncoder.Encode(header)}.{Base64UrlEncoder.Encode(payload)}";
        return $"{signed}.{Base64UrlEncoder.Encode(sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>The published keys as text.</summary>
    public string KeySet() => new JsonObject
    {
        ["keys"] = new JsonArray([.. _keys.Select(key =>
        {
            var point = key.Key.ExportParameters(false).Q;
            return (JsonNode)new JsonObject
            {
                ["kty"] = "EC", ["crv"] = "P-256", ["use"] = "sig", ["kid"] = key.Id,
                ["x"] = Base64UrlEncoder.Encode(point.X!), ["y"] = Base64UrlEncoder.Encode(point.Y!),
            };
        })]),
    }.ToJsonString();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private string Discovery() => new JsonObject
    {
        ["issuer"] = ClaimedIssuer ?? Issuer,
        ["jwks_uri"] = $"{Issuer}/keys",
        ["device_authorization_endpoint"] = $"{Issuer}/device",
        ["token_endpoint"] = $"{Issuer}/token",
        ["authorization_endpoint"] = $"{Issuer}/authorize",
    }.ToJsonString();
}
