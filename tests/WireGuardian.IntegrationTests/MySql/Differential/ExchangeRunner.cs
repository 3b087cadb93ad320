using System.Globalization;
using WireGuardian.IntegrationTests.Differential;
using WireGuardian.Testing.MySql;

namespace WireGuardian.IntegrationTests.MySql.Differential;

/// <summary>Plays a script against a port and writes down what came back.</summary>
/// <param name="port">The server's, or that of a proxy in front of it.</param>
/// <param name="database">The corpus's database.</param>
/// <param name="compressed">Asks for compression.</param>
public sealed class ExchangeRunner(int port, ExchangeDatabase database, bool compressed = false)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Transcript _transcript = new();
    private readonly Dictionary<int, MySqlWireClient> _clients = [];
    private readonly Dictionary<int, List<uint>> _statements = [];
    private bool _sendsAhead;

    /// <returns>One entry per packet, in order, with its connection's number; what differs by nature is normalised.</returns>
    public async Task<IReadOnlyList<Received>> PlayAsync(Exchange exchange)
    {
        var connection = 0;
        _sendsAhead = exchange.Steps.Any(step => step is SendStep { Awaits: false });
        try
        {
            foreach (var step in exchange.Steps)
            {
                connection = step.Connection;
                await PlayAsync(step);
            }
        }
        catch (TimeoutException)
        {
            _transcript.NoteTimeout(connection);
        }
        catch (EndOfStreamException)
        {
            _transcript.NoteClosed(connection);
        }
        finally
        {
            foreach (var client in _clients.Values)
                await client.DisposeAsync();
        }

        return _transcript.Received;
    }

    private async Task PlayAsync(Step step)
    {
        var login = step is SendStep { Message: "Login" } first ? first.Arguments : [];
        if (!_clients.TryGetValue(step.Connection, out var client))
        {
            client = await MySqlWireClient.ConnectAsync(port);
            client.Timeout = Patience;
            _clients.Add(step.Connection, client);
            await LogInAsync(client, step.Connection, login);
        }
        var reader = new AnswerReader(client, step.Connection, _transcript, Statements(step.Connection));
        switch (step)
        {
            case SendStep { Message: not "Login" } send:
                await SendAsync(client, send, reader);
                break;
            case ReceiveStep receive:
                for (var left = receive.Count; left > 0; left--)
                    await reader.ReadAsync(receive.Shape);
                break;
            case ReceiveToEndStep:
                while (true)
                    await reader.ReadAsync(AnswerShape.Packet);
        }
    }

    private async Task SendAsync(MySqlWireClient client, SendStep send, AnswerReader reader)
    {
        Token[] arguments = [.. send.Arguments.Select(argument => FillStatement(Fill(argument), send.Connection))];
        switch (send.Message)
        {
            case "ChangeUser":
                await ChangeUserAsync(client, send.Connection, arguments);
                return;
            case "Packet":
                await client.SendAsync(MySqlMessage.Framed(ClientMessage.Bytes(arguments.Skip(1)), (byte)arguments[0].Number));
                return;
            case "Raw":
                await client.SendAsync(ClientMessage.Bytes(arguments));
                return;
            case "File":
                foreach (var part in arguments)
                    await client.SendPacketAsync(part.Value!);
                await client.SendPacketAsync([]);
                await reader.ReadAsync(AnswerShape.Results);
                return;
        }
        var (payload, answer) = ClientMessage.Encode(send.Message, arguments, client.Capabilities, Statements(send.Connection));
        reader.OpensCursor = payload is [0x17, _, _, _, _, var flags, ..] && flags != 0;
        await client.SendCommandAsync(payload);
        if (send.Awaits)
            await reader.ReadAsync(answer);
    }

    /// <summary>Login caps=+Name,-Name user=NAME password=TEXT db=NAME charset=N</summary>
    private async Task LogInAsync(MySqlWireClient client, int connection, IReadOnlyList<Token> arguments)
    {
        var given = arguments.Select(Fill).ToDictionary(token => token.Pair.Name, token => token.Pair.Value);
        var account = Account(given.GetValueOrDefault("user", MySqlAccounts.App.User));
        var capabilities = MySqlCapabilities.Plain | MySqlCapabilities.MultiStatements;
        foreach (var change in given.GetValueOrDefault("caps", "").Split(',', StringSplitOptions.RemoveEmptyEntries))
            capabilities = change[0] == '+' ? capabilities | Capability(change[1..]) : capabilities & ~Capability(change[1..]);
        var login = new MySqlLogin(account with { Password = given.GetValueOrDefault("password", account.Password) }, given.GetValueOrDefault("db", database.Name))
        {
            Capabilities = compressed ? capabilities | MySqlCapabilities.Compress : capabilities,
            CharacterSet = byte.Parse(given.GetValueOrDefault("charset", "45"), CultureInfo.InvariantCulture),
            Attributes = given.TryGetValue("attribute", out var attribute) ? [("key", attribute)] : [],
        };
        try
        {
            await client.TryLogInAsync(login);
        }
        finally
        {
            if (client.FirstPacket is { } greeting)
                _transcript.AddGreeting(connection, greeting);
            AddLogin(client, connection);
            client.Compressed?.ChecksNumbers = !_sendsAhead;
        }
    }

    private async Task ChangeUserAsync(MySqlWireClient client, int connection, Token[] arguments)
    {
        var account = Account(arguments[0].Text);
        var password = arguments.Length > 2 ? arguments[2].Text : account.Password;
        var greeting = client.Greeting!;
        await client.SendCommandAsync(MySqlMessage.ChangeUser(
            account.User, MySqlPassword.Answer(greeting.Plugin, password, greeting.Scramble, tls: false), arguments[1].Text, greeting.Plugin));
        try
        {
            await client.AnswerAsync(greeting.Plugin, greeting.Scramble, password);
        }
        finally
        {
            AddLogin(client, connection);
        }
    }

    private void AddLogin(MySqlWireClient client, int connection)
    {
        foreach (var packet in client.LoginPackets)
            _transcript.AddLogin(connection, packet);
    }

    /// <summary>{db}, and {1} for the id of connection 1.</summary>
    private Token Fill(Token token)
    {
        if (!token.Text.Contains('{', StringComparison.Ordinal))
            return token;
        var text = token.Text.Replace(ExchangeDatabase.Placeholder, database.Name, StringComparison.Ordinal);
        foreach (var (number, client) in _clients)
            text = text.Replace($"{{{number}}}", client.Greeting?.ConnectionId.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        return token with { Text = text };
    }

    /// <summary>statement:1 in a payload of bytes.</summary>
    private Token FillStatement(Token token, int connection)
    {
        const string Prefix = "statement:";
        if (!token.Text.StartsWith(Prefix, StringComparison.Ordinal))
            return token;
        var id = ClientMessage.StatementId(token with { Text = token.Text[Prefix.Length..] }, Statements(connection));
        return token with { Text = "0x" + Convert.ToHexString(id) };
    }

    private List<uint> Statements(int connection)
    {
        if (!_statements.TryGetValue(connection, out var ids))
            _statements.Add(connection, ids = []);
        return ids;
    }

    private MySqlAccount Account(string user) =>
        MySqlAccounts.Of(database.Server.Flavour).FirstOrDefault(account => account.User == user) ?? new MySqlAccount(user, "no-such-password", "");

    private static uint Capability(string name) =>
        (uint)(typeof(MySqlCapabilities).GetField(name)?.GetRawConstantValue() ?? throw new FormatException($"there is no capability {name}"));
}
