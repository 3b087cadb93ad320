using System.Runtime.InteropServices;

namespace WireGuardian.Server.Composition;

/// <summary>Passes the process's signals on: SIGTERM and SIGINT end it, SIGHUP reloads.</summary>
public sealed class ProcessSignals : IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];

    public ProcessSignals(Lifecycle lifecycle)
    {
        On(PosixSignal.SIGTERM, lifecycle.Terminate);
        On(PosixSignal.SIGINT, lifecycle.Terminate);
        On(PosixSignal.SIGHUP, lifecycle.Reload);
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
    }

    private void On(PosixSignal signal, Action action) => _registrations.Add(PosixSignalRegistration.Create(signal, received =>
    {
        // Without this the runtime would end the process itself.
        received.Cancel = true;
        action();
    }));
}
