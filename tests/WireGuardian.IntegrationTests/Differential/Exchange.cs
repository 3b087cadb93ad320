namespace WireGuardian.IntegrationTests.Differential;

/// <summary>A client's script: what it sends and how much of the answer it awaits before it goes on.</summary>
/// <param name="Name">File and title, unique.</param>
/// <param name="Steps">In order, over one or several connections.</param>
public sealed record Exchange(string Name, IReadOnlyList<Step> Steps);

/// <param name="Connection">By number; 1 unless the script says otherwise.</param>
public abstract record Step(int Connection);

/// <summary>Connects, sends a StartupMessage and answers authentication, up to ReadyForQuery or an error.</summary>
public sealed record StartStep(int Connection, int Protocol, IReadOnlyList<(string Name, string Value)> Parameters) : Step(Connection);

public sealed record SendStep(int Connection, byte[] Bytes) : Step(Connection);

/// <summary>SSLRequest, in clear before anything else; the answer is one byte.</summary>
public sealed record SslRequestStep(int Connection) : Step(Connection);

/// <summary>Sends a CancelRequest with this connection's own key on a connection of its own, and waits for that one's end.</summary>
public sealed record CancelStep(int Connection) : Step(Connection);

/// <summary>Reads frames until <paramref name="Count"/> of type <paramref name="Type"/> have come.</summary>
public sealed record ReceiveStep(int Connection, char Type, int Count) : Step(Connection);

/// <summary>Reads until the server closes.</summary>
public sealed record ReceiveToEndStep(int Connection) : Step(Connection);
