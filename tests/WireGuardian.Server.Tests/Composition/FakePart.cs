using WireGuardian.Server.Composition;
using WireGuardian.Server.Configuration;

namespace WireGuardian.Server.Tests.Composition;

/// <summary>A part that notes what it is asked for.</summary>
internal sealed class FakePart(string name, List<string> calls) : IServerPart
{
    public string Name => name;

    public string? Problem { get; set; }

    public List<WireGuardianConfiguration> Applied { get; } = [];

    public Task StartAsync(CancellationToken cancellationToken) => Note("start");

    public Task StopAsync(CancellationToken cancellationToken) => Note("stop");

    public void Apply(WireGuardianConfiguration configuration) => Applied.Add(configuration);

    public ValueTask DisposeAsync() => new(Note("dispose"));

    private Task Note(string what)
    {
        calls.Add($"{what} {name}");
        return Task.CompletedTask;
    }
}
