using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using WireGuardian.Core.Audit;
using WireGuardian.Core.Detection;
using WireGuardian.Core.Identity;
using WireGuardian.Proxy.Gating;
using WireGuardian.Proxy.Listening;
using WireGuardian.Proxy.Metrics;
using WireGuardian.Proxy.Relay;
using WireGuardian.Proxy.Transport;

namespace WireGuardian.Proxy.Session;

/// <summary>One client from its login to its end, whatever its protocol: the relay with what it waits for and what it reports (records, metrics).</summary>
public sealed class RelaySession : IRelayAnswers, IDisposable
{
    private readonly SessionServices _services;
    private readonly IRelayCore _relay;
    private readonly ISessionProtocol _protocol;
    private readonly StatementRecorder _recorder;
    private readonly DetectionRecorder _detections;
    private readonly RelayDriver _driver;
    private readonly ServerProgress _server;
    private readonly Dictionary<string, MaskedValueCounter> _maskCounters = [];

    /// <param name="services">What the listener's sessions share.</param>
    /// <param name="client">The client, logged in.</param>
    /// <param name="server">Its connection to the server.</param>
    /// <param name="relay">The relay, whose lock guards what both directions share.</param>
    /// <param name="protocol">What is the protocol's own.</param>
    public RelaySession(SessionServices services, Leg client, Leg server, IRelayCore relay, ISessionProtocol protocol)
    {
        (_services, _relay, _protocol) = (services, relay, protocol);
        _recorder = new(services.Audit, services.Time);
        _detections = new(services.Audit, services.Time, () => Record(AuditEvents.Detection));
        _driver = new(client, server, relay, this);
        _server = new(relay);
        Gate = new(services.Gate, services.Metrics, protocol.AnnounceAsync);
        Results = new(Gate, services.Audit, services.Time);
        client.Egress?.Session = () => Record(AuditEvents.Canary);
    }

    /// <summary>Where its statements are held.</summary>
    public SessionGate Gate { get; }

    /// <summary>Where its results are held.</summary>
    public ResultGate Results { get; }

    /// <summary>Who the session belongs to now.</summary>
    public Principal Principal => _protocol.Principal;

    /// <summary>Relays until either side ends. Never throws for what client or server do.</summary>
    /// <param name="clientBytes">Already read of the client after its login.</param>
    /// <param name="serverBytes">The same of the server.</param>
    public async Task RunAsync(ReadOnlyMemory<byte> clientBytes, ReadOnlyMemory<byte> serverBytes)
    {
        try
        {
            await _driver.RunAsync(clientBytes, serverBytes);
        }
        catch (ProtocolException broken)
        {
            _services.Metrics.ProtocolError(broken.Fault.ToString().ToLowerInvariant());
            _services.Audit.Append(Record(AuditEvents.Logout) with { Decision = "protocol-error", Detail = broken.Message });
        }
        catch (Exception exception) when (IsBrokenConnection(exception))
        {
            // Both are closed.
        }
        finally
        {
            End();
        }
    }

    /// <summary>Ends the session as soon as nothing is under way; a held statement is taken back.</summary>
    public async Task DrainAsync()
    {
        bool idle;
        lock (_relay)
            idle = _protocol.BeginDraining();
        Gate.Close("The proxy is stopping.");
        if (!idle)
            return;
        try
        {
            await _driver.SendToClientAsync(_protocol.Goodbye);
        }
        catch (Exception exception) when (IsBrokenConnection(exception))
        {
            // It ended by itself.
        }
        _driver.Abort();
    }

    /// <summary>Ends the session at once.</summary>
    public void Abort() => _driver.Abort();

    /// <summary>Called about once a second: records what was counted.</summary>
    public void Tick()
    {
        lock (_relay)
        {
            try
            {
                _recorder.FlushIfDue();
                _detections.FlushIfDue();
            }
            catch (AuditUnavailableException)
            {
                // The numbers stay; the store's own counter of failures tells.
            }
        }
    }

    /// <summary>A record of something other than a statement.</summary>
    public AuditRecord Record(string auditEvent) => _services.Record(auditEvent, Principal.Login, Principal.ClientAddress, _protocol.Database);

    /// <summary>SHA-256 (hex) of everything that decides what runs and what comes of it, as it is now: a change of any makes another digest.</summary>
    /// <param name="settings">How the server reads the session's text.</param>
    /// <param name="what">A digest of all that runs.</param>
    public string Digest(string settings, byte[] what)
    {
        var circumstances = string.Create(CultureInfo.InvariantCulture,
            $"{_services.Options.Name}\n{Principal.Login}\n{_protocol.Database}\n{_services.Policies.Current.Version}\n{settings}\n");
        return Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes(circumstances), .. what]));
    }

    /// <summary>
    /// The same for a statement whose connection does not wait: nothing in it is this session's own, so that another session of the same principal, with the same
    /// history, computes the same.
    /// </summary>
    /// <param name="settings">How the server reads the session's text.</param>
    /// <param name="fingerprint">What the policy says.</param>
    /// <param name="history">What ran before that decides what the text means.</param>
    /// <param name="what">A digest of all that runs.</param>
    public string RepeatableDigest(string settings, string fingerprint, SessionHistory history, byte[] what)
    {
        var circumstances = $"resubmit\n{_services.Options.Name}\n{Principal.Login}\n{_protocol.Database}\n{fingerprint}\n{settings}\n";
        return Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes(circumstances), .. history.Digest, .. what]));
    }

    /// <summary>A statement that no rule matches is about to be sent. Throws <see cref="AuditUnavailableException"/> when that cannot be recorded.</summary>
    /// <param name="mark">What is kept with the statement for the next time.</param>
    /// <param name="statement">The statement, in whatever form <paramref name="describe"/> takes it.</param>
    /// <param name="describe">Describes the statement; asked only where it has to be looked at.</param>
    public void Passed<TStatement>(ref RecordMark mark, TStatement statement, Func<TStatement, GatedStatement> describe) =>
        _recorder.Passed(ref mark, statement, describe);

    /// <summary>Records the numbers of what was counted so far, as it stands on record. Called under the relay's lock.</summary>
    public void RecordCounts()
    {
        try
        {
            _recorder.Flush();
        }
        catch (AuditUnavailableException)
        {
            // What was sent had its first record before it was sent.
        }
    }

    /// <summary>The server finished an answer.</summary>
    public void Answered()
    {
        _services.Metrics.OverheadTicks(_relay.ProcessingTicks);
        _relay.ProcessingTicks = 0;
    }

    /// <summary>Called once per read.</summary>
    public void CountMaskedValues(string rule, int count)
    {
        if (!_maskCounters.TryGetValue(rule, out var counter))
            _maskCounters[rule] = counter = _services.Metrics.MaskedValues(rule);
        counter.Add(count);
    }

    /// <summary>Called once per read.</summary>
    public void CountDetections(string rule, Detector detector, int count)
    {
        _services.Metrics.Detected(rule, detector, count);
        _detections.Add(rule, detector, count);
    }

    /// <summary>Sends a message of the proxy's own to the client, between two of the server's.</summary>
    public Task SendToClientAsync(ReadOnlyMemory<byte> message) => _driver.SendToClientAsync(message);

    /// <summary>Waits until the server has answered so much that <paramref name="holds"/>, which is asked under the relay's lock.</summary>
    public Task WaitForServerAsync<TState>(TState state, Func<TState, bool> holds, CancellationToken cancellationToken) =>
        _server.WaitAsync(state, holds, cancellationToken);

    /// <inheritdoc/>
    public Task AnswerClientAsync(CancellationToken cancellationToken) => _protocol.AnswerClientAsync(cancellationToken);

    /// <inheritdoc/>
    public Task AnswerServerAsync(CancellationToken cancellationToken) => _protocol.AnswerServerAsync(cancellationToken);

    /// <inheritdoc/>
    public void ServerProgressed() => _server.Moved();

    /// <inheritdoc/>
    public void ClientIsGone() => Gate.ClientIsGone();

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> LastWords(Exception problem) => _protocol.LastWords(problem);

    /// <inheritdoc/>
    public void CountBytes(bool toClient, int count)
    {
        if (toClient)
            _services.Metrics.BytesFromServer(count);
        else
            _services.Metrics.BytesFromClient(count);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _driver.Dispose();
        _server.Dispose();
        Gate.Dispose();
    }

    private void End()
    {
        Gate.ClientIsGone();
        _driver.Abort();
        lock (_relay)
        {
            _protocol.End();
            RecordCounts();
            RecordDetections();
        }
    }

    private void RecordDetections()
    {
        try
        {
            _detections.Flush();
        }
        catch (AuditUnavailableException)
        {
            // The metrics have the numbers; the store's own counter of failures tells.
        }
    }

    private static bool IsBrokenConnection(Exception exception) =>
        exception is IOException or SocketException or ObjectDisposedException or OperationCanceledException;
}
