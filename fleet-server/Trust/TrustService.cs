using System.Security.Cryptography;
using Messaging.FleetServer.Storage;
using Messaging.Rosters;
using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.FleetServer.Trust;

/// <inheritdoc cref="ITrustService"/>
/// <remarks>
/// Kept beside the keys as one file, so that root, roster and notice are always of one moment. The server signs its own notices. Rosters and
/// roots it signs only while it holds the root key.
/// </remarks>
internal sealed class TrustService : ITrustService, IDisposable
{
    private const string FileName = "trust.cbor";

    /// <summary>Devices seal to the newest; the one before is listed for those that rotate at the same moment.</summary>
    private const int ListedHpkeKeys = 2;

    private readonly FleetKeys _keys;
    private readonly TimeProvider _time;
    private readonly string _path;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile Published _published;
    private Action? _changed;
    private (IReadOnlyList<string> Endpoints, IReadOnlyList<byte[]> Pins)? _unpublished;

    /// <param name="keys">The fleet's keys.</param>
    /// <param name="folder">Where it is kept.</param>
    /// <exception cref="InvalidDataException">What is kept does not prove itself, or is of another server.</exception>
    public TrustService(FleetKeys keys, string folder, TimeProvider time)
    {
        _keys = keys;
        _time = time;
        _path = Path.Combine(folder, FileName);
        _published = Read() ?? Save(First());
        ForgetRootOfBefore();
        ForgetRenewal();
    }

    /// <summary>Whether a server has begun a fleet in the folder.</summary>
    public static bool IsIn(string folder) => File.Exists(Path.Combine(folder, FileName));

    public string FleetFingerprint => Convert.ToHexStringLower(_published.Trust.Bundle.Roots[^1].Fingerprint);

    public string ControlFingerprint => _keys.Server.Public.ToString();

    public string ServerId => _keys.ServerId.ToString();

    public ulong RootVersion => _published.Trust.Root.Version;

    public ulong RosterVersion => _published.Trust.Roster.Version;

    public ulong NoticeNumber => _published.Trust.Notice.Number;

    public ReadOnlyMemory<byte> Current => _published.Bytes;

    public FleetTrust Trust => _published.Trust;

    public bool IsNamed => IsThisServer(Trust);

    public bool HoldsRoot => _keys.Root is { } root && Trust.Root.Root.Keys.Contains(root.Public);

    /// <summary>Calls the handler after each change, when it is durable. It neither blocks nor throws.</summary>
    public void Subscribe(Action handler) => _changed += handler;

    public Task PublishAsync(NoticeAddresses addresses, CancellationToken cancellationToken) => RenewAsync(
        () => ([.. addresses.Endpoints.Select(Text)], addresses.TlsPins), cancellationToken);

    public Task RotateAsync(CancellationToken cancellationToken) => RenewAsync(
        () =>
        {
            _keys.AddHpke();
            return (_published.Trust.Notice.Endpoints, _published.Trust.Notice.TlsPins);
        },
        cancellationToken);

    public async Task<TrustVerdict> TakeAsync(TrustChange change, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var before = Trust;
            FleetRoot[] roots = [.. before.Bundle.Roots, .. CoSigned(change.Roots).Where(root => root.Content.Version > before.Root.Version)];
            roots = roots[Math.Max(0, roots.Length - TrustBundle.MaxRoots)..];
            var (endpoints, pins) = _unpublished ?? (before.Notice.Endpoints, before.Notice.TlsPins);
            var notice = Notice(roots[^1].Content, change.Roster.Content, before.Notice.Number, endpoints, pins);
            var verdict = before.Next(new TrustBundle(roots, change.Roster, ServerNotice.Sign(_keys.Server, notice)).Encode(), out var next);
            if (verdict == TrustVerdict.Applied && !IsThisServer(next))
            {
                // It names this server after another one, whose notice goes on.
                verdict = TrustVerdict.NoticeNotSigned;
            }

            if (verdict == TrustVerdict.Applied && next.Root.Version == before.Root.Version && next.Roster.Version == before.Roster.Version)
            {
                // Nothing is new but the notice.
                verdict = TrustVerdict.Known;
            }

            if (verdict == TrustVerdict.Applied)
            {
                _published = Save(next.Bundle);
                _unpublished = null;

                // Whatever becomes of the key, devices hear of it.
                _changed?.Invoke();
                ForgetRootOfBefore();
                ForgetRenewal();
            }

            return verdict;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    /// <summary>The root that takes the place of this server's needs its signature.</summary>
    private IReadOnlyList<FleetRoot> CoSigned(IReadOnlyList<FleetRoot> roots) =>
        HoldsRoot && roots is [var next] && next.Content.Version == Trust.Root.Version + 1 && !next.IsSignedBy(Trust.Root.Root)
            ? [next.WithSignatureOf(_keys.Root!) ?? next]
            : roots;

    /// <summary>A root key that signs nothing any more is worth something only to a thief, and to devices that have not heard of it.</summary>
    private void ForgetRootOfBefore()
    {
        if (_keys.Root is not null && !HoldsRoot)
        {
            _keys.ForgetRoot();
        }
    }

    private void ForgetRenewal()
    {
        if (_keys.AreRenewed && IsNamed)
        {
            _keys.ForgetRenewal();
        }
    }

    private bool IsThisServer(FleetTrust trust) => trust.Server.Identity.Equals(_keys.Server.Public);

    private static string Text(Uri endpoint) => endpoint.OriginalString.TrimEnd('/');

    private static PrincipalId NewFleetId() =>
        PrincipalId.TryRead(RandomNumberGenerator.GetBytes(PrincipalId.Size), out var id) ? id : throw new CryptographicException("No fleet id.");

    private static bool IsSame(NoticeContent left, NoticeContent right) =>
        left.RootVersion == right.RootVersion
        && left.RosterVersion == right.RosterVersion
        && left.HpkeKeys.SequenceEqual(right.HpkeKeys)
        && left.Endpoints.SequenceEqual(right.Endpoints, StringComparer.Ordinal)
        && left.TlsPins.Count == right.TlsPins.Count
        && left.TlsPins.Zip(right.TlsPins).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second));

    private async Task RenewAsync(Func<(IReadOnlyList<string> Endpoints, IReadOnlyList<byte[]> Pins)> addresses, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var (endpoints, pins) = addresses();
            if (!IsNamed)
            {
                // Nobody believes a notice of this server yet.
                _unpublished = (endpoints, pins);
                return;
            }

            var before = _published.Trust;
            var next = Notice(before.Root, before.Roster, before.Notice.Number, endpoints, pins);
            if (!IsSame(before.Notice, next))
            {
                _published = Save(before.Bundle with { Notice = ServerNotice.Sign(_keys.Server, next) });
                _changed?.Invoke();
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    private Published? Read()
    {
        if (!File.Exists(_path))
        {
            return null;
        }

        return TrustBundle.TryRead(File.ReadAllBytes(_path), out var bundle) && Verify(bundle) is { } read && (IsThisServer(read.Trust) || _keys.AreRenewed)
            ? read
            : throw new InvalidDataException($"{_path} is not what devices may trust this server by: it is damaged, or of another server. Restore it from a backup, with the keys beside it.");
    }

    /// <summary>Null when devices would refuse it.</summary>
    private static Published? Verify(TrustBundle bundle)
    {
        var bytes = bundle.Encode();
        FleetTrust.Begin(bytes, bundle.Roots[0].Fingerprint, out var trust);
        return trust is null ? null : new Published(trust, bytes);
    }

    private Published Save(TrustBundle bundle)
    {
        var verified = Verify(bundle) is { } proved && IsThisServer(proved.Trust)
            ? proved
            : throw new InvalidOperationException("What this server is about to publish does not prove itself.");
        DurableFile.Replace(_path, verified.Bytes);
        return verified;
    }

    /// <summary>A fleet whose root key is this server's, until an owner takes it over.</summary>
    private TrustBundle First()
    {
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        var key = _keys.Root ?? throw new InvalidOperationException("A fleet begins with a root key.");
        var role = new KeyRole(1, key.Public);
        var root = new RootContent(NewFleetId(), 1, now, role, role);
        var server = new RosterPrincipal(_keys.ServerId, _keys.Server.Public, [], [Roles.Server, Roles.Operator, Roles.Owner]);
        var time = new RosterPrincipal(PrincipalId.FromIdentityKey(_keys.Time.Public), _keys.Time.Public, [], [Roles.Time]);
        var roster = new RosterContent(root.FleetId, 1, 1, now, null, [server, time], Policy.Default, []);
        return new TrustBundle(
            [FleetRoot.Sign(root, key)], Roster.Sign(roster, key), ServerNotice.Sign(_keys.Server, Notice(root, roster, 0, [], [])));
    }

    /// <summary>Numbers follow the clock, so that a server that was restored from a backup does not use one again.</summary>
    private NoticeContent Notice(RootContent root, RosterContent roster, ulong last, IReadOnlyList<string> endpoints, IReadOnlyList<byte[]> pins)
    {
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        return new NoticeContent(
            root.FleetId,
            _keys.ServerId,
            Math.Max(last + 1, (ulong)now),
            now,
            root.Version,
            roster.Version,
            [.. _keys.PublishedHpke.Take(ListedHpkeKeys).Select(key => key.Public)],
            endpoints,
            pins);
    }

    /// <param name="Trust">Verified as a device would.</param>
    /// <param name="Bytes">The bundle.</param>
    private sealed record Published(FleetTrust Trust, byte[] Bytes);
}
