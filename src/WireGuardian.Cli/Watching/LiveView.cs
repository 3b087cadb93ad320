using Spectre.Console;
using Spectre.Console.Rendering;
using WireGuardian.Cli.Presentation;
using WireGuardian.ControlPlane.V1;

namespace WireGuardian.Cli.Watching;

/// <summary>A table on the terminal that keeps itself current: what is pending, and below it what was decided last.</summary>
internal sealed class LiveView : IWatchView
{
    private const int DecidedRows = 8;
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Surroundings _surroundings;
    private readonly LiveDisplayContext _display;
    private readonly List<ApprovalRequest> _pending = [];
    private readonly Queue<ApprovalRequest> _decided = new();
    private string _note = "";

    private LiveView(Surroundings surroundings, LiveDisplayContext display) => (_surroundings, _display) = (surroundings, display);

    /// <summary>Shows the table while <paramref name="watch"/> runs.</summary>
    public static async Task RunAsync(Surroundings surroundings, Func<IWatchView, Task> watch, CancellationToken cancellationToken)
    {
        var console = Terminal.Console(surroundings);
        await console.Live(new Text("")).Overflow(VerticalOverflow.Ellipsis).StartAsync(async display =>
        {
            var view = new LiveView(surroundings, display);
            view.Draw();
            var watching = watch(view);
            while (!watching.IsCompleted && !cancellationToken.IsCancellationRequested)
            {
                await Task.WhenAny(watching, Task.Delay(Beat, surroundings.Time, cancellationToken));
                view.Draw();
            }

            await watching;
        });
    }

    public void Changed(ApprovalRequest request)
    {
        lock (_lock)
        {
            var known = _pending.FindIndex(r => r.Id == request.Id);
            if (known >= 0)
                _pending.RemoveAt(known);
            if (request.State == ApprovalState.Pending)
                _pending.Insert(known >= 0 ? known : _pending.Count, request);
            else
                _decided.Enqueue(request);
            if (_decided.Count > DecidedRows)
                _decided.Dequeue();
        }

        Draw();
    }

    public void Connection(string message, bool connected)
    {
        lock (_lock)
            _note = connected ? "" : TerminalText.OneLine(message);
        Draw();
    }

    private void Draw()
    {
        lock (_lock)
        {
            var grey = new Style(Color.Grey);
            var parts = new List<IRenderable>();
            var rows = _pending.Concat(_decided.Reverse()).ToList();
            if (rows.Count > 0)
                parts.Add(RequestTable.Of(rows, _surroundings.Time.GetUtcNow()).ToRenderable(_surroundings.Width));
            if (_pending.Count == 0)
                parts.Add(new Text("Nothing is pending.", grey));
            parts.Add(_note.Length > 0 ? new Text(_note, new Style(Color.Red)) : new Text("Ctrl-C ends.", grey));
            _display.UpdateTarget(new Rows(parts));
        }
    }
}
