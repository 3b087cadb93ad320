using System.Text.Json;
using Microsoft.Extensions.Logging;
using WireGuardian.Server.Logging;

namespace WireGuardian.Server.Tests.Logging;

[TestFixture]
public sealed class LogLineTests
{
    private static readonly DateTimeOffset Time = new(2026, 11, 22, 11, 0, 0, TimeSpan.FromHours(1));

    [Test]
    public void Text_has_time_level_category_and_message() => Assert.That(
        LogLine.Text(Time, LogLevel.Information, "WireGuardian.Proxy", "message", null),
        Is.EqualTo("2026-11-22T10:00:00.000Z info  WireGuardian.Proxy  message"));

    [Test]
    public void A_message_cannot_look_like_two_events_nor_steer_a_terminal() => Assert.That(
        LogLine.Text(Time, LogLevel.Error, "X", "a\r\nb\u001b[2Jc", null),
        Is.EqualTo("2026-11-22T10:00:00.000Z error X  a ↵ b�[2Jc"));

    [Test]
    public void Json_is_one_object_a_line()
    {
        var line = LogLine.Json(
            Time, LogLevel.Warning, "X", new EventId(7), "a\nb", [new("Name", "app"), new("Count", 3), new("{OriginalFormat}", "…")], new IOException("gone"));
        Assert.That(line, Does.Not.Contain("\n"));
        using var json = JsonDocument.Parse(line);
        Assert.That(json.RootElement.GetProperty("time").GetString(), Is.EqualTo("2026-11-22T10:00:00.000Z"));
        Assert.That(json.RootElement.GetProperty("level").GetString(), Is.EqualTo("warn"));
        Assert.That(json.RootElement.GetProperty("event").GetInt32(), Is.EqualTo(7));
        Assert.That(json.RootElement.GetProperty("message").GetString(), Is.EqualTo("a\nb"));
        Assert.That(json.RootElement.GetProperty("value.Name").GetString(), Is.EqualTo("app"));
        Assert.That(json.RootElement.GetProperty("exception").GetString(), Does.Contain("gone"));
    }
}
