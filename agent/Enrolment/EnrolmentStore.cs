using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Messaging.Agent.Disk;
using Messaging.Agent.Identity;
using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.Agent.Enrolment;

/// <summary>The enrolment on disk: [1, deviceId, name, [tag...], [groupId...], baseUrl, rootFingerprint, trust].</summary>
internal static class EnrolmentStore
{
    private const uint Version = 2;
    private const int MaxBytes = TrustBundle.MaxBytes + (64 * 1024);
    private const int MaxItems = 64;

    private static ReadOnlySpan<byte> Magic => "MSGENROL"u8;

    /// <summary>Null when the device is not enrolled.</summary>
    /// <exception cref="DamagedStateException">It was, but the record cannot be used.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static EnrolmentRecord? Load(IDisk disk, string path) =>
        SealedFile.TryRead(disk, path, Magic, Version, MaxBytes, out var content) switch
        {
            SealedFileState.Missing => null,
            SealedFileState.OtherVersion => throw new DamagedStateException(
                $"{path} was written by another version of the agent: install that version, or enrol again with --force"),
            SealedFileState.Whole when TryDecode(content, out var record) => record,
            _ => throw new DamagedStateException($"{path} is damaged: restore it from a backup, or enrol again with --force"),
        };

    /// <summary>Durable when it returns.</summary>
    /// <exception cref="IOException">It cannot be written; nothing changed.</exception>
    public static void Save(IDisk disk, string path, EnrolmentRecord record)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        var writer = new CborWriter(output);
        writer.WriteArrayHead(8);
        writer.WriteUInt64(1);
        writer.WritePrincipalId(record.DeviceId);
        writer.WriteText(record.Name);
        writer.WriteArrayHead(record.Tags.Count);
        foreach (var tag in record.Tags)
        {
            writer.WriteText(tag);
        }

        writer.WriteArrayHead(record.Groups.Count);
        foreach (var group in record.Groups)
        {
            writer.WritePrincipalId(group);
        }

        writer.WriteText(record.BaseUrl);
        writer.WriteBytes(record.RootFingerprint);
        writer.WriteBytes(record.Trust);
        SealedFile.Write(disk, path, Magic, Version, output.WrittenSpan);
    }

    private static bool TryDecode(ReadOnlySpan<byte> content, [NotNullWhen(true)] out EnrolmentRecord? record)
    {
        record = null;
        var reader = new CborReader(content);
        if (!reader.TryReadArray(8)
            || !reader.TryReadExpected(1)
            || !reader.TryReadPrincipalId(out var id)
            || !reader.TryReadText(out var name, 1024)
            || !reader.TryReadArrayHead(out var tagCount, MaxItems))
        {
            return false;
        }

        var tags = new string[tagCount];
        for (var i = 0; i < tagCount; i++)
        {
            if (!reader.TryReadText(out tags[i]!, 1024))
            {
                return false;
            }
        }

        if (!reader.TryReadArrayHead(out var groupCount, MaxItems))
        {
            return false;
        }

        var groups = new PrincipalId[groupCount];
        for (var i = 0; i < groupCount; i++)
        {
            if (!reader.TryReadPrincipalId(out groups[i]))
            {
                return false;
            }
        }

        if (!reader.TryReadText(out var baseUrl, 1024)
            || !reader.TryReadFixedBytes(WireLimits.HashBytes, out var fingerprint)
            || !reader.TryReadBytes(out var trust, TrustBundle.MaxBytes)
            || !reader.AtEnd)
        {
            return false;
        }

        record = new EnrolmentRecord(id, name, tags, groups, baseUrl, fingerprint.ToArray(), trust.ToArray());
        return true;
    }
}
