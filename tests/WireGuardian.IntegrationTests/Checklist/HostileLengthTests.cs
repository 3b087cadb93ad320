using static WireGuardian.Testing.Wire.FrontendMessage;

namespace WireGuardian.IntegrationTests.Checklist;

/// <summary>A length is checked before anything is widened, buffered or allocated by its word.</summary>
public sealed class HostileLengthTests
{
    [TestCase('Q', -1)]
    [TestCase('Q', 0)]
    [TestCase('Q', 3)]
    [TestCase('Q', int.MaxValue)]
    [TestCase('P', int.MinValue)]
    [TestCase('B', 0x4000_0000)]
    [TestCase('E', 0x3FFF_FFFF)]
    [TestCase('D', 0x3FFF_FFFF)]
    [TestCase('S', 0x3FFF_FFFF)]
    [TestCase('d', -5)]
    [TestCase('p', 8)]
    [TestCase('\x01', 8)]
    public async Task The_session_ends_with_FATAL_and_no_memory_is_taken(char type, int length)
    {
        await using var database = await ChecklistProxy.OpenAsync();
        await using var other = await database.ConnectAsync();
        await using var client = await database.ConnectAsync();
        var before = Memory.OfProcess(database.Proxy.Process.Id);
        await client.SendAsync(Framed(type, length, [0, 0, 0, 0]));
        Assert.That((await client.ReadUntilAsync('E'))[^1].Fields['S'], Is.EqualTo("FATAL"));
        await client.ReadToEndAsync();
        Assert.That(Memory.OfProcess(database.Proxy.Process.Id) - before, Is.LessThan(100L << 20));
        Assert.That((await other.QueryAsync("select 1")).Types(), Is.EqualTo("TDCZ"), "other clients are undisturbed");
    }
}
