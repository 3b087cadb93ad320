namespace WireGuardian.Server.ControlPlane;

/// <summary>What GetServerInfo tells beyond queue and trail.</summary>
/// <param name="Version">The program's version.</param>
/// <param name="StartedAt">When it began to serve.</param>
/// <param name="PolicyVersion">Of the policy in force now.</param>
public sealed record ServerStatus(string Version, DateTimeOffset StartedAt, string PolicyVersion, IReadOnlyList<ListenerStatus> Listeners);

/// <summary>One listener: its name, <c>postgres</c> or <c>mysql</c>, and the two addresses.</summary>
public sealed record ListenerStatus(string Name, string Protocol, string Listen, string Upstream);
