using Messaging.Agent.Events;
using Messaging.Agent.Uplink;
using Messaging.Trust;

namespace Messaging.Agent.Trust;

/// <summary>
/// Takes what is said to be newer trust, whoever brings it: the relay or a home. It proves itself or changes nothing, and what does not prove
/// itself is counted.
/// </summary>
internal sealed class TrustReceiver(FleetTrustStore fleet, SecurityLog security, IEventSink events)
{
    /// <summary>False when it is newer and the disk refused it.</summary>
    public bool TryReceive(ReadOnlySpan<byte> bundle, out TrustVerdict verdict)
    {
        try
        {
            verdict = fleet.Apply(bundle);
        }
        catch (IOException e)
        {
            // Whoever brought it brings it again, for this device still uses the older one.
            events.Report(new DeviceEvent(AgentEvents.StateLost, DeviceEvent.Error, [new("file", "fleet"), new("reason", e.Message)]));
            verdict = TrustVerdict.Applied;
            return false;
        }

        if (verdict == TrustVerdict.Applied)
        {
            var now = fleet.Current;
            events.Report(new DeviceEvent(
                AgentEvents.TrustChanged,
                DeviceEvent.Info,
                [
                    new("root", now.Root.Version.ToString()),
                    new("roster", now.Roster.Version.ToString()),
                    new("server", now.Server.Id.ToString()),
                    new("notice", now.Notice.Number.ToString()),
                ]));
        }
        else if (IsForged(verdict))
        {
            security.Count(Word(verdict));
        }

        return true;
    }

    /// <summary>The word that it is counted under.</summary>
    public static string Word(TrustVerdict verdict) => verdict switch
    {
        TrustVerdict.Older => "trust-older",
        TrustVerdict.UnknownRoot => "trust-unknown-root",
        TrustVerdict.RootNotSigned => "trust-root-not-signed",
        TrustVerdict.RosterNotSigned => "trust-roster-not-signed",
        TrustVerdict.NoticeNotSigned => "trust-notice-not-signed",
        _ => "trust-malformed",
    };

    /// <summary>What is older was once true: whether it may be met depends on where it comes from.</summary>
    private static bool IsForged(TrustVerdict verdict) => verdict is not (TrustVerdict.Known or TrustVerdict.Older);
}
