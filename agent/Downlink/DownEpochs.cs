using System.Security.Cryptography;
using Messaging.Agent.Clock;
using Messaging.Agent.Identity;
using Messaging.Agent.Trust;
using Messaging.Epochs;
using Messaging.Rosters;
using Messaging.Wire;

namespace Messaging.Agent.Downlink;

/// <summary>
/// The epochs in which control speaks to this device: strictly rising, over restarts too, and the two before the newest stay open for
/// what is late. Used by one thread at a time.
/// </summary>
internal sealed class DownEpochs(KeyStore keys, FleetTrustStore fleet, TrustStore trust, TrustedClock clock) : IDisposable
{
    private const int MaxOpen = 3;
    private readonly List<DownEpoch> _open = [];
    private ulong _highest = trust.Trust.DownEpochNo;

    /// <summary>Null when it is accepted or known; else the word it is counted under.</summary>
    public string? Open(ReadOnlySpan<byte> bytes, in Frame frame)
    {
        var hash = SHA256.HashData(bytes);
        if (_open.Any(epoch => epoch.OpenFrameHash.AsSpan().SequenceEqual(hash)))
        {
            return null;
        }

        if (fleet.Current.Roster.Find(frame.SenderId) is not { } sender || !sender.HasRole(Roles.Server))
        {
            return "epoch-unknown-sender";
        }

        // The signature and the number come before the costly part.
        if (!EpochHeader.TryRead(bytes, sender.Identity, sender.Id, out var header, out var error))
        {
            return Word(error);
        }

        if (header.Parameters.EpochNo <= _highest)
        {
            // Control repeats its newest opening until it knows that this device was restarted: that is no replay by anybody.
            return header.EpochId == trust.Trust.DownEpochId ? null : "epoch-replayed";
        }

        if (!EpochReceiver.TryOpen(bytes, sender.Identity, sender.Id, keys.Keys.Opening, out var receiver, out error))
        {
            return Word(error);
        }

        Add(new DownEpoch(receiver, hash));
        if (header.Parameters.ClaimedUnixMs is { } claimed)
        {
            clock.State(sender.Id, claimed);
        }

        return null;
    }

    public DownEpoch? Find(PrincipalId sender, Kid kid) =>
        _open.LastOrDefault(epoch => epoch.Receiver.SenderId == sender && epoch.Receiver.Id.Kid == kid);

    public void Dispose() => _open.ForEach(epoch => epoch.Dispose());

    private static string Word(EpochError error) => error switch
    {
        EpochError.BadSignature => "epoch-bad-signature",
        EpochError.WrongSender => "epoch-wrong-sender",
        EpochError.NotARecipient => "epoch-not-for-this-device",
        EpochError.NotSealedForThis => "epoch-not-authentic",
        _ => "epoch-malformed",
    };

    private void Add(DownEpoch epoch)
    {
        _highest = epoch.Receiver.EpochNo;
        _open.Add(epoch);
        while (_open.Count > MaxOpen)
        {
            _open[0].Dispose();
            _open.RemoveAt(0);
        }

        try
        {
            trust.RaiseDownEpoch(_highest, epoch.Receiver.Id);
        }
        catch (IOException)
        {
            // A disk that takes nothing runs no command either (the journal); acknowledgements may still come in.
        }
    }
}
