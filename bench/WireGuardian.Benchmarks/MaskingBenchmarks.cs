using System.Text;
using BenchmarkDotNet.Attributes;
using WireGuardian.Core.Masking;
using WireGuardian.Postgres.Catalog;
using WireGuardian.Postgres.Relay;
using WireGuardian.Postgres.Rewriting;
using WireGuardian.Proxy.Relay;

namespace WireGuardian.Benchmarks;

/// <summary>A DataRow with one masked text value among four columns: the mask, and walking the row. Per row and so per value.</summary>
public class MaskingBenchmarks
{
    private const int Columns = 4;
    private const uint TextOid = 25;

    private readonly RelayOutput _output = new();
    private readonly byte[] _row = BackendMessages.DataRow("1042", "Ada Novak", "ada.novak@example.org", "2026-01-31");
    private readonly byte[] _buffer;
    private readonly RowMasker _masker;
    private MaskPlan _plan = MaskPlan.None;

    public MaskingBenchmarks()
    {
        _buffer = new byte[_row.Length];
        _masker = new RowMasker();
    }

    [Params(MaskKind.Redact, MaskKind.Partial, MaskKind.Email, MaskKind.Null, MaskKind.Hash, MaskKind.Token)]
    public MaskKind Mask { get; set; }

    [GlobalSetup]
    public void Plan()
    {
        var masks = new ValueMask?[Columns];
        var type = new PostgresType(TextOid, PostgresTypeShape.Text);
        masks[2] = ValueMask.Create(Mask, type, typeModifier: -1, binary: false, new MaskKey(Encoding.ASCII.GetBytes("0123456789abcdef")));
        _plan = new MaskPlan(masks, ["", "", "contact-details", ""]);
    }

    /// <summary>The row is copied first, for a mask edits it where it stands.</summary>
    [Benchmark]
    public int Row()
    {
        _row.CopyTo(_buffer, 0);
        _masker.MaskRun(_buffer, 0, _plan, _output);
        var length = _output.Length;
        _output.Clear();
        return length;
    }
}
