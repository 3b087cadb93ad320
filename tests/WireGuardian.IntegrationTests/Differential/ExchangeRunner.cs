using WireGuardian.Testing.Wire;

namespace WireGuardian.IntegrationTests.Differential;

/// <summary>Plays a script against a port and writes down what came back.</summary>
/// <param name="port">The server's, or that of a proxy in front of it.</param>
/// <param name="database">The database of <see cref="ExchangeDatabase"/>.</param>
public sealed class ExchangeRunner(int port, ExchangeDatabase database)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly IReadOnlyList<(string, string)> NoParameters = [];

    /// <returns>One entry per frame, in order, with its connection's number; what differs by nature is normalised.</returns>
    public async Task<IReadOnlyList<Received>> PlayAsync(Exchange exchange)
    {
        var transcript = new Transcript(database.LastOid);
        var connections = new Dictionary<int, WireClient>();
        try
        {
            foreach (var step in exchange.Steps)
                await PlayAsync(step, connections, transcript);
        }
        catch (TimeoutException)
        {
            transcript.NoteTimeout();
        }
        catch (EndOfStreamException)
        {
            transcript.NoteClosed();
        }
        finally
        {
            foreach (var client in connections.Values)
                await client.DisposeAsync();
        }

        return transcript.Received;
    }

    private async Task PlayAsync(Step step, Dictionary<int, WireClient> connections, Transcript transcript)
    {
        if (!connections.TryGetValue(step.Connection, out var client))
        {
            client = await WireClient.ConnectAsync(port);
            client.Timeout = Patience;
            connections.Add(step.Connection, client);
            if (step is not (StartStep or SslRequestStep))
                await StartAsync(client, new StartStep(step.Connection, FrontendMessage.Protocol30, NoParameters), transcript);
        }

        switch (step)
        {
            case StartStep start:
                await StartAsync(client, start, transcript);
                break;
            case SendStep send:
                await client.SendAsync(send.Bytes);
                break;
            case SslRequestStep:
                transcript.Note($"TLS: {await client.RequestTlsAsync()}");
                break;
            case CancelStep:
                await using (var canceller = await WireClient.ConnectAsync(port))
                {
                    await canceller.SendAsync(FrontendMessage.CancelRequest(client.ProcessId, client.CancelKey));
                    transcript.Note($"cancel: {(await canceller.ReadToEndAsync()).Length} bytes");
                }

                break;
            case ReceiveStep receive:
                for (var left = receive.Count; left > 0;)
                {
                    var frame = await client.ReadFrameAsync();
                    transcript.Add(step.Connection, frame);
                    if (frame.Type == receive.Type)
                        left--;
                }

                break;
            case ReceiveToEndStep:
                while (true)
                    transcript.Add(step.Connection, await client.ReadFrameAsync());
        }
    }

    private static async Task StartAsync(WireClient client, StartStep start, Transcript transcript)
    {
        // A script may name another user or database; what it does not name is the corpus's own.
        var given = start.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Value);
        given.TryAdd("user", ExchangeDatabase.User);
        given.TryAdd("database", ExchangeDatabase.Name);
        await client.SendAsync(FrontendMessage.Startup(start.Protocol, given.Select(parameter => (parameter.Key, parameter.Value))));
        foreach (var frame in await client.TryAuthenticateAsync(given["user"], ExchangeDatabase.Password))
            transcript.Add(start.Connection, frame);
    }
}
