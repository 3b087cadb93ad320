using System.Text;
using WireGuardian.Testing.Wire;

namespace WireGuardian.IntegrationTests.Differential;

/// <summary>A frame as a client got it, or a remark about the connection.</summary>
public sealed record Received(int Connection, WireFrame Frame)
{
    /// <summary>No message has this type.</summary>
    public const char Remark = '-';

    public const string Closed = "the connection was closed";
    public const string Timeout = "nothing came in time";

    public bool IsClosed => Frame.Type == Remark && Frame.Text == Closed;

    public bool IsTimeout => Frame.Type == Remark && Frame.Text == Timeout;

    public bool SameAs(Received other) =>
        Connection == other.Connection && Frame.Type == other.Frame.Type && Frame.Body.AsSpan().SequenceEqual(other.Frame.Body);

    public override string ToString() =>
        Frame.Type == Remark ? $"- {Encoding.UTF8.GetString(Frame.Body)}" : $"{Connection}< {Frame}";
}
