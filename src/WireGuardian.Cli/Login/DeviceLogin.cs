using WireGuardian.Cli.Presentation;

namespace WireGuardian.Cli.Login;

/// <summary>The device authorization grant of RFC 8628: the operator signs in with a browser anywhere, and this waits.</summary>
internal sealed class DeviceLogin(Provider provider, LoginServer login, Surroundings surroundings)
{
    private const string Grant = "urn:ietf:params:oauth:grant-type:device_code";

    /// <summary>Section 3.2: where the provider does not say how often to ask. Section 3.5: by how much to slow down.</summary>
    private static readonly TimeSpan FiveSeconds = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromMinutes(1);

    /// <exception cref="LoginFailedException">Refused, not in time, or the provider does not do this.</exception>
    public async Task<StoredLogin> RunAsync(Uri server, CancellationToken cancellationToken)
    {
        var (deviceEndpoint, tokenEndpoint) = await provider.DiscoverAsync(login.Issuer, cancellationToken);
        var begun = await provider.PostAsync(
            deviceEndpoint, [new("client_id", login.ClientId), new("scope", string.Join(' ', login.Scopes))], cancellationToken);
        if (!begun.IsSuccess || begun.Text("device_code") is not { } deviceCode || begun.Text("user_code") is not { } userCode || begun.Seconds("expires_in") is not { } validity)
            throw Refused(begun, "The provider does not begin a login");

        var page = Provider.Safe(begun.Text("verification_uri"), "verification_uri");
        await surroundings.Out.WriteLineAsync($"To sign in, open  {TerminalText.OneLine(page.AbsoluteUri)}\nand enter the code  {TerminalText.OneLine(userCode)}");
        if (begun.Text("verification_uri_complete") is { } complete)
            await surroundings.Out.WriteLineAsync($"or open  {TerminalText.OneLine(Provider.Safe(complete, "verification_uri_complete").AbsoluteUri)}");
        await surroundings.Out.FlushAsync(cancellationToken);

        var answer = await PollAsync(
            tokenEndpoint, [new("grant_type", Grant), new("device_code", deviceCode), new("client_id", login.ClientId)],
            validity, begun.Seconds("interval") ?? FiveSeconds, cancellationToken);
        return TokenAnswer.Read(answer, server, login, tokenEndpoint, surroundings.Time.GetUtcNow());
    }

    private async Task<JsonAnswer> PollAsync(
        Uri endpoint, KeyValuePair<string, string>[] form, TimeSpan validity, TimeSpan interval, CancellationToken cancellationToken)
    {
        for (var waited = interval; waited <= validity; waited += interval)
        {
            await Task.Delay(interval, surroundings.Time, cancellationToken);
            try
            {
                var answer = await provider.PostAsync(endpoint, form, cancellationToken);
                if (answer.IsSuccess)
                    return answer;
                switch (answer.Text("error"))
                {
                    case "authorization_pending":
                        break;
                    case "slow_down":
                        interval += FiveSeconds;
                        break;
                    default:
                        throw Refused(answer, "The login failed");
                }
            }
            catch (ProviderUnreachableException)
            {
                // Section 3.5: back off when the connection fails.
                interval = interval * 2 < LongestInterval ? interval * 2 : LongestInterval;
            }
        }
        throw new LoginFailedException("Nobody signed in before the code expired. Try again with: wgctl login");
    }

    private static LoginFailedException Refused(JsonAnswer answer, string what) => new(answer.Text("error") switch
    {
        "access_denied" => "The login was refused.",
        "expired_token" => "Nobody signed in before the code expired. Try again with: wgctl login",
        { } error => $"{what}: {error}.",
        null => $"{what}: its answer is incomplete.",
    });
}
