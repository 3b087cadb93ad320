using System.Globalization;
using WireGuardian.Cli.Presentation;
using WireGuardian.ControlPlane.V1;

namespace WireGuardian.Cli.Watching;

/// <summary>A line for every change.</summary>
internal sealed class LineView(Surroundings surroundings, bool json) : IWatchView
{
    public void Changed(ApprovalRequest request)
    {
        if (json)
        {
            Json.WriteLine(surroundings.Out, request, RequestJson.Write);
            return;
        }

        var now = surroundings.Time.GetUtcNow().ToString("HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var mark = request.GlassIsBroken ? "BREAK-GLASS  " : "";
        var line = $"{now}  {request.State.Name(),-9}  {mark}{TerminalText.OneLine(request.Id)}  "
            + $"{TerminalText.OneLine(request.User)}@{TerminalText.OneLine(request.Database)}  {TerminalText.OneLine(request.Statement)}";
        surroundings.Out.WriteLine(DisplayWidth.Shorten(line, surroundings.Width));
        surroundings.Out.Flush();
    }

    public void Connection(string message, bool connected) => surroundings.Error.WriteLine($"wgctl: {TerminalText.OneLine(message)}");
}
