using Messaging.Updates.Metadata;
using Messaging.Updates.Releases;

namespace Messaging.Updates.Repository;

/// <summary>What a target is, by its <c>custom</c> (messaging/spec/protocol.md, section 29).</summary>
public static class TargetKind
{
    /// <summary>The release that a target is; null when it does not say that it is one.</summary>
    /// <exception cref="TufException">It says so, and is none that a device would take: <see cref="TufFailure.Malformed"/>.</exception>
    public static Release? ReleaseOf(TargetFile target) => Has(target, "messaging"u8) ? Release.Read(target) : null;

    /// <summary>Whether it is a delta of a release.</summary>
    public static bool IsDelta(TargetFile target) => Has(target, "messaging-delta"u8);

    private static bool Has(TargetFile target, ReadOnlySpan<byte> member)
    {
        ArgumentNullException.ThrowIfNull(target);
        return !target.Custom.IsEmpty && TufJsonParser.Parse(target.Custom.Span, target.Path).Find(member) is not null;
    }
}
