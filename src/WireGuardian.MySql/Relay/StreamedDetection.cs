using WireGuardian.Core.Detection;
using WireGuardian.Core.Detection.Structure;
using WireGuardian.Core.Policies;
using WireGuardian.MySql.Packets;
using WireGuardian.MySql.Rewriting;
using WireGuardian.Proxy.Relay;

namespace WireGuardian.MySql.Relay;

/// <summary>
/// Looks into a value that passes: it goes out in windows, behind what has come of it, and the header of a packet in which it goes on goes out at its place in it.
/// </summary>
public sealed class StreamedDetection
{
    /// <summary>Kinds of windows that are kept for the next value: there are hardly more rules and structures than this.</summary>
    private const int MostWindows = 16;

    private readonly Dictionary<(string Rule, DetectionMaskKind Mask, TextStructure Structure), (DetectionRule Rule, WindowedDetection Windows)> _windows = [];
    private readonly MaskOutput _released = new();
    private readonly byte[] _header = new byte[PacketHeader.Size];
    private ColumnDetection? _detection;
    private WindowedDetection? _current;
    private int _held;
    private int _beforeHeader = -1;

    /// <summary>True while a value is under way.</summary>
    public bool IsActive => _current is not null;

    /// <summary>Begins with a value that has bytes.</summary>
    public void Begin(ColumnDetection detection) => (_detection, _current, _held, _beforeHeader) = (detection, WindowsOf(detection), 0, -1);

    /// <summary>Takes the next bytes of the value, and sends what may go out.</summary>
    public void Add(ReadOnlySpan<byte> piece, bool isLast, RelayOutput output)
    {
        _detection!.ApplyPiece(_current!, piece, isLast, _released);
        ReadOnlySpan<byte> released = _released.Written;
        _held += piece.Length - released.Length;
        if (_beforeHeader >= 0 && released.Length >= _beforeHeader)
        {
            output.Insert(released[.._beforeHeader]);
            output.Insert(_header);
            released = released[_beforeHeader..];
            _beforeHeader = -1;
        }
        else if (_beforeHeader >= 0)
        {
            _beforeHeader -= released.Length;
        }
        output.Insert(released);
        _released.Clear();
        if (isLast)
            (_detection, _current) = (null, null);
    }

    /// <summary>The value goes on in a packet with this header: what is held back of it stands before that. A packet is larger than what is ever held back, so no other header waits.</summary>
    public void AddHeader(ReadOnlySpan<byte> header, RelayOutput output)
    {
        if (_held == 0)
        {
            output.Insert(header);
            return;
        }
        header.CopyTo(_header);
        _beforeHeader = _held;
    }

    private WindowedDetection WindowsOf(ColumnDetection detection)
    {
        var key = (detection.Rule.Name, detection.Rule.Mask, detection.Structure);
        if (_windows.TryGetValue(key, out var known) && known.Rule == detection.Rule)
            return known.Windows;
        if (_windows.Count >= MostWindows)
            _windows.Clear();
        var made = detection.CreateWindows();
        _windows[key] = (detection.Rule, made);
        return made;
    }
}
