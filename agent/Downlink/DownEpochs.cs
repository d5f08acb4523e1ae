using System.Security.Cryptography;
using Messaging.Agent.Clock;
using Messaging.Agent.Identity;
using Messaging.Agent.Trust;
using Messaging.Epochs;
using Messaging.Rosters;
using Messaging.Wire;

namespace Messaging.Agent.Downlink;

/// <summary>
/// The epochs in which control speaks to this device: strictly rising for each server, over restarts too, and the two before the newest stay
/// open for what is late. Those of a server that the roster does not name any more are closed. Used by one thread at a time.
/// </summary>
internal sealed class DownEpochs(KeyStore keys, FleetTrustStore fleet, TrustStore trust, TrustedClock clock) : IDisposable
{
    private const int MaxOpen = 3;
    private readonly List<DownEpoch> _open = [];
    private IReadOnlyList<ServerEpoch> _newest = trust.Trust.DownEpochs;

    /// <summary>Null when it is accepted or known; else the word it is counted under.</summary>
    public string? Open(ReadOnlySpan<byte> bytes, in Frame frame)
    {
        if (ServerOf(frame.SenderId) is not { } sender)
        {
            return "epoch-unknown-sender";
        }

        var hash = SHA256.HashData(bytes);
        foreach (var epoch in _open)
        {
            if (epoch.OpenFrameHash.AsSpan().SequenceEqual(hash))
            {
                return null;
            }
        }

        // The signature and the number come before the costly part.
        if (!EpochHeader.TryRead(bytes, sender.Identity, sender.Id, out var header, out var error))
        {
            return Word(error);
        }

        var server = KeyId(sender);
        if (Newest(server) is { } newest && header.Parameters.EpochNo <= newest.Number)
        {
            // Control repeats its newest opening until it knows that this device was restarted: that is no replay by anybody.
            return header.EpochId == newest.Id ? null : "epoch-replayed";
        }

        if (!EpochReceiver.TryOpen(bytes, sender.Identity, sender.Id, keys.Keys.Opening, out var receiver, out error))
        {
            return Word(error);
        }

        Add(new DownEpoch(server, receiver, hash));
        if (header.Parameters.ClaimedUnixMs is { } claimed)
        {
            clock.State(sender.Id, claimed);
        }

        return null;
    }

    /// <summary>Whom the roster names as a server; null when it is none, or none any more.</summary>
    public RosterPrincipal? ServerOf(PrincipalId sender) =>
        fleet.Current.Roster.Find(sender) is { } found && found.HasRole(Roles.Server) ? found : null;

    /// <summary>An epoch that this server has opened with the key that the roster gives it now.</summary>
    public DownEpoch? Find(RosterPrincipal server, Kid kid)
    {
        for (var i = _open.Count - 1; i >= 0; i--)
        {
            if (_open[i].Receiver.SenderId == server.Id && _open[i].Receiver.Id.Kid == kid)
            {
                return _open[i].Server == KeyId(server) ? _open[i] : null;
            }
        }

        return null;
    }

    public void Dispose() => _open.ForEach(epoch => epoch.Dispose());

    private static PrincipalId KeyId(RosterPrincipal server) => PrincipalId.FromIdentityKey(server.Identity);

    private static string Word(EpochError error) => error switch
    {
        EpochError.BadSignature => "epoch-bad-signature",
        EpochError.WrongSender => "epoch-wrong-sender",
        EpochError.NotARecipient => "epoch-not-for-this-device",
        EpochError.NotSealedForThis => "epoch-not-authentic",
        _ => "epoch-malformed",
    };

    private ServerEpoch? Newest(PrincipalId server)
    {
        foreach (var one in _newest)
        {
            if (one.Server == server || one.Server.IsEmpty)
            {
                return one;
            }
        }

        return null;
    }

    private void Add(DownEpoch epoch)
    {
        _open.Add(epoch);
        while (_open.Count > MaxOpen)
        {
            _open[0].Dispose();
            _open.RemoveAt(0);
        }

        var newest = new List<ServerEpoch>();
        foreach (var one in _newest)
        {
            if (one.Server != epoch.Server && IsNamed(one.Server))
            {
                newest.Add(one);
            }
        }

        newest.Add(new ServerEpoch(epoch.Server, epoch.Receiver.EpochNo, epoch.Receiver.Id));
        _newest = newest;
        try
        {
            trust.KeepDownEpochs(newest);
        }
        catch (IOException)
        {
            // A disk that takes nothing runs no command either (the journal); acknowledgements may still come in.
        }
    }

    private bool IsNamed(PrincipalId key)
    {
        foreach (var principal in fleet.Current.Roster.Principals)
        {
            if (principal.HasRole(Roles.Server) && KeyId(principal) == key)
            {
                return true;
            }
        }

        return false;
    }
}
