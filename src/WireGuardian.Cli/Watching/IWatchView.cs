using WireGuardian.ControlPlane.V1;

namespace WireGuardian.Cli.Watching;

/// <summary>Where a watch shows what it sees.</summary>
internal interface IWatchView
{
    /// <summary>A request that is new or has changed.</summary>
    void Changed(ApprovalRequest request);

    /// <summary>The connection was lost, or is there again.</summary>
    void Connection(string message, bool connected);
}
