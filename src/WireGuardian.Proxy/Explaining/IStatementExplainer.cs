using WireGuardian.Core.Identity;

namespace WireGuardian.Proxy.Explaining;

/// <summary>Says what would become of statements on one listener. It logs in with the catalog login alone, and runs nothing of them.</summary>
public interface IStatementExplainer : IAsyncDisposable
{
    /// <summary>One explanation per statement of the text.</summary>
    /// <param name="sql">The text, as a new session would read it.</param>
    /// <param name="principal">Who would send it.</param>
    /// <param name="database">The session's database; null for the login's default.</param>
    /// <param name="cancellationToken">Nobody waits for it any more.</param>
    /// <exception cref="ExplanationException">The catalog login cannot answer.</exception>
    Task<IReadOnlyList<StatementExplanation>> ExplainAsync(string sql, Principal principal, string? database, CancellationToken cancellationToken);
}

/// <summary>A statement cannot be explained; the message says why.</summary>
public sealed class ExplanationException(string message, Exception? inner = null) : Exception(message, inner);
