using WireGuardian.Core.Audit;

namespace WireGuardian.Core.Approvals;

/// <summary>What a held statement needs around it.</summary>
internal sealed record ApprovalServices(
    IAuditLog Audit, ApprovalArchive Archive, ApprovalChanges Changes, ApprovalMetrics Metrics, TimeProvider Time);
