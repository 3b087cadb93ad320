using System.Buffers;

namespace WireGuardian.MySql.Packets;

/// <summary>The end of a command that went well; with <see cref="CapabilityFlags.DeprecateEof"/> also the end of a result's rows.</summary>
public readonly ref struct OkPacket
{
    /// <summary><see cref="PacketMarkers.Ok"/>, or <see cref="PacketMarkers.Eof"/> at the end of rows.</summary>
    public byte Marker { get; init; }

    public ulong AffectedRows { get; init; }

    public ulong LastInsertId { get; init; }

    public StatusFlags Status { get; init; }

    public ushort Warnings { get; init; }

    /// <summary>For people: <c>Rows matched: 1  Changed: 1  Warnings: 0</c>.</summary>
    public ReadOnlySpan<byte> Info { get; init; }

    /// <summary>What <see cref="SessionStateReader"/> reads; empty where nothing changed or it is not tracked.</summary>
    public ReadOnlySpan<byte> SessionState { get; init; }

    /// <summary>False where <paramref name="payload"/> is none. It needs <see cref="CapabilityFlags.Protocol41"/>, which the proxy asks of everyone.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, CapabilityFlags capabilities, out OkPacket packet)
    {
        packet = default;
        var reader = new PayloadReader(payload);
        if (!reader.TryReadByte(out var marker) || marker is not (PacketMarkers.Ok or PacketMarkers.Eof))
            return false;
        if (!reader.TryReadLengthEncodedInteger(out var affectedRows) || !reader.TryReadLengthEncodedInteger(out var lastInsertId))
            return false;
        if (!reader.TryReadUInt16(out var status) || !reader.TryReadUInt16(out var warnings))
            return false;
        if (!TryReadTexts(ref reader, capabilities, (StatusFlags)status, out var info, out var sessionState))
            return false;
        packet = new OkPacket
        {
            Marker = marker,
            AffectedRows = affectedRows,
            LastInsertId = lastInsertId,
            Status = (StatusFlags)status,
            Warnings = warnings,
            Info = info,
            SessionState = sessionState,
        };
        return true;
    }

    /// <summary>Writes the payload, without a header.</summary>
    public void Write(IBufferWriter<byte> output, CapabilityFlags capabilities)
    {
        output.WriteByte(Marker);
        output.WriteLengthEncodedInteger(AffectedRows);
        output.WriteLengthEncodedInteger(LastInsertId);
        output.WriteUInt16((ushort)Status);
        output.WriteUInt16(Warnings);
        var stateChanged = Status.HasFlag(StatusFlags.SessionStateChanged);
        if (!capabilities.HasFlag(CapabilityFlags.SessionTrack))
            output.Write(Info);
        else if (stateChanged || !Info.IsEmpty)
            output.WriteLengthEncodedBytes(Info);
        if (capabilities.HasFlag(CapabilityFlags.SessionTrack) && stateChanged)
            output.WriteLengthEncodedBytes(SessionState);
    }

    /// <summary>Both may be left out altogether, also when the status says that the state changed.</summary>
    private static bool TryReadTexts(
        scoped ref PayloadReader reader, CapabilityFlags capabilities, StatusFlags status, out ReadOnlySpan<byte> info, out ReadOnlySpan<byte> sessionState)
    {
        info = sessionState = default;
        if (!capabilities.HasFlag(CapabilityFlags.SessionTrack))
        {
            info = reader.ReadToEnd();
            return true;
        }
        if (reader.AtEnd)
            return true;
        if (!reader.TryReadLengthEncodedBytes(out info))
            return false;
        return !status.HasFlag(StatusFlags.SessionStateChanged) || reader.AtEnd || reader.TryReadLengthEncodedBytes(out sessionState);
    }
}
