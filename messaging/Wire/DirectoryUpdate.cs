using System.Diagnostics.CodeAnalysis;

namespace Messaging.Wire;

/// <summary>Control tells the relay whom it may let in: [1, version, kind, [[principalId, identityPoint(65), status, [groupId...]]...]].</summary>
/// <param name="Version">The version of control's directory after this update; the parts of a snapshot share one.</param>
/// <param name="Kind">A change, or a part of a snapshot.</param>
/// <param name="Entries">At most <see cref="MaxEntries"/>.</param>
public sealed record DirectoryUpdate(ulong Version, DirectoryUpdateKind Kind, IReadOnlyList<DirectoryEntry> Entries)
{
    /// <summary>The most entries in one update: longer snapshots take several parts.</summary>
    public const int MaxEntries = 1000;

    /// <summary>The most groups of one principal.</summary>
    public const int MaxGroups = 64;

    /// <summary>The wire form. An update of many entries with many groups can exceed a frame: see <see cref="WireLimits.MaxFrameBytes"/>.</summary>
    public byte[] Encode() => MessageBuffer.Write(this, static (update, ref writer) =>
    {
        writer.WriteArrayHead(4);
        writer.WriteUInt64(1);
        writer.WriteUInt64(update.Version);
        writer.WriteUInt64((ulong)update.Kind);
        writer.WriteArrayHead(update.Entries.Count, MaxEntries);
        foreach (var entry in update.Entries)
        {
            writer.WriteArrayHead(4);
            writer.WritePrincipalId(entry.Id);
            writer.WriteBytes(entry.IdentityPoint);
            writer.WriteUInt64((ulong)entry.Status);
            writer.WriteArrayHead(entry.Groups.Count, MaxGroups);
            foreach (var group in entry.Groups)
            {
                writer.WritePrincipalId(group);
            }
        }
    });

    /// <summary>Reads the wire form. The points are not checked here: <see cref="IdentityPublicKey.TryImport"/> does that.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out DirectoryUpdate? update)
    {
        update = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(4)
            || !reader.TryReadExpected(1)
            || !reader.TryReadUInt64(out var version)
            || !reader.TryReadInt32(out var kind, (int)DirectoryUpdateKind.SnapshotEnd)
            || !reader.TryReadArrayHead(out var count, MaxEntries))
        {
            return false;
        }

        var entries = new DirectoryEntry[count];
        for (var i = 0; i < count; i++)
        {
            if (!TryReadEntry(ref reader, out var entry))
            {
                return false;
            }

            entries[i] = entry;
        }

        update = reader.AtEnd ? new DirectoryUpdate(version, (DirectoryUpdateKind)kind, entries) : null;
        return update is not null;
    }

    private static bool TryReadEntry(ref CborReader reader, [NotNullWhen(true)] out DirectoryEntry? entry)
    {
        entry = null;
        if (!reader.TryReadArray(4)
            || !reader.TryReadPrincipalId(out var id)
            || !reader.TryReadFixedBytes(WireLimits.PointBytes, out var point)
            || !reader.TryReadInt32(out var status, (int)DirectoryStatus.Revoked)
            || !reader.TryReadArrayHead(out var count, MaxGroups))
        {
            return false;
        }

        var groups = new PrincipalId[count];
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadPrincipalId(out groups[i]))
            {
                return false;
            }
        }

        entry = new DirectoryEntry(id, point.ToArray(), (DirectoryStatus)status, groups);
        return true;
    }
}
