using System.Diagnostics.CodeAnalysis;
using Messaging.Crypto;
using Messaging.Recordings;
using Messaging.Wire;

namespace Messaging.Trust;

/// <summary>Who may have which commands run, how many must sign, and when: [[type...], [role...], signatures, [window...]]; with [point...] behind it, who gets recordings.</summary>
/// <param name="Types">Types of commands; "*" stands for every type. At most 64, of at most 64 bytes.</param>
/// <param name="Roles">Each signer must have one of these roles; none: nobody may. At most 16, of at most 64 bytes.</param>
/// <param name="Signatures">How many principals must sign: 1 to 8.</param>
/// <param name="Windows">When they may run; none: at any time. At most 16.</param>
public sealed record PolicyRule(
    IReadOnlyList<string> Types, IReadOnlyList<string> Roles, int Signatures, IReadOnlyList<MaintenanceWindow> Windows)
{
    /// <summary>Stands for every type of command.</summary>
    public const string AnyType = "*";

    private const int MaxTypes = 64;
    private const int MaxRoles = 16;
    private const int MaxWindows = 16;
    private const int MaxNameBytes = 64;

    /// <summary>
    /// Whom recordings of shells under this rule are sealed to, at most <see cref="RecordingFormat.MaxRecipients"/>; none: shells are not recorded.
    /// </summary>
    public IReadOnlyList<HpkePublicKey> Recorders { get; init; } = [];

    /// <summary>True when the rule is about a type of command.</summary>
    public bool IsAbout(string type)
    {
        foreach (var one in Types)
        {
            if (one == AnyType || string.Equals(one, type, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The window that opens next after a moment; null when there are none.</summary>
    /// <param name="unixMs">Unix milliseconds.</param>
    /// <param name="opensAtUnixMs">When it opens.</param>
    public MaintenanceWindow? NextWindow(long unixMs, out long opensAtUnixMs)
    {
        MaintenanceWindow? next = null;
        opensAtUnixMs = long.MaxValue;
        foreach (var window in Windows)
        {
            var opening = window.NextOpening(unixMs);
            if (opening < opensAtUnixMs)
            {
                (next, opensAtUnixMs) = (window, opening);
            }
        }

        return next;
    }

    internal static bool TryRead(ref CborReader reader, [NotNullWhen(true)] out PolicyRule? rule)
    {
        rule = null;
        if (!reader.TryReadArrayHead(out var fields, 5)
            || fields < 4
            || !TextList.TryRead(ref reader, MaxTypes, MaxNameBytes, out var types)
            || !TextList.TryRead(ref reader, MaxRoles, MaxNameBytes, out var roles)
            || !reader.TryReadInt32(out var signatures, CoseSign.MaxSignatures)
            || signatures == 0
            || !reader.TryReadArrayHead(out var count, MaxWindows))
        {
            return false;
        }

        var windows = count == 0 ? [] : new MaintenanceWindow[count];
        for (var i = 0; i < count; i++)
        {
            if (!MaintenanceWindow.TryRead(ref reader, out windows[i]))
            {
                return false;
            }
        }

        HpkePublicKey[] recorders = [];
        if (fields == 5 && !TryReadRecorders(ref reader, out recorders))
        {
            return false;
        }

        rule = new PolicyRule(types, roles, signatures, windows) { Recorders = recorders };
        return true;
    }

    internal void Write(ref CborWriter writer)
    {
        if (Signatures is < 1 or > CoseSign.MaxSignatures)
        {
            throw new InvalidOperationException($"A rule asks for 1 to {CoseSign.MaxSignatures} signatures.");
        }

        // Without recorders it is what devices know that cannot record.
        writer.WriteArrayHead(Recorders.Count == 0 ? 4 : 5);
        TextList.Write(ref writer, Types, MaxTypes, MaxNameBytes);
        TextList.Write(ref writer, Roles, MaxRoles, MaxNameBytes);
        writer.WriteUInt64((ulong)Signatures);
        writer.WriteArrayHead(Windows.Count, MaxWindows);
        foreach (var window in Windows)
        {
            window.Write(ref writer);
        }

        if (Recorders.Count > 0)
        {
            writer.WriteArrayHead(Recorders.Count, RecordingFormat.MaxRecipients);
            foreach (var recorder in Recorders)
            {
                writer.WriteBytes(recorder.Point);
            }
        }
    }

    /// <summary>None twice, and at least one: a rule that records for nobody would record for the sake of it.</summary>
    private static bool TryReadRecorders(ref CborReader reader, out HpkePublicKey[] recorders)
    {
        recorders = [];
        if (!reader.TryReadArrayHead(out var count, RecordingFormat.MaxRecipients) || count == 0)
        {
            return false;
        }

        var read = new HpkePublicKey[count];
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadFixedBytes(WireLimits.PointBytes, out var point)
                || !HpkePublicKey.TryImport(point, out var key)
                || Array.IndexOf(read, key, 0, i) >= 0)
            {
                return false;
            }

            read[i] = key;
        }

        recorders = read;
        return true;
    }
}
