using System.Security.Cryptography;
using Messaging.FleetServer.Storage;
using Messaging.Rosters;
using Messaging.Wire;

namespace Messaging.FleetServer.Rosters;

/// <inheritdoc cref="IRosterService"/>
/// <remarks>The signed roster is kept beside the keys, so that its version only rises.</remarks>
internal sealed class RosterService : IRosterService, IDisposable
{
    private const string FileName = "roster.cose";

    /// <summary>Devices seal to the newest; the one before is listed for those that rotate at the same moment.</summary>
    private const int ListedHpkeKeys = 2;

    private readonly FleetKeys _keys;
    private readonly TimeProvider _time;
    private readonly string _path;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile Roster _current;
    private Action<Roster>? _published;

    /// <param name="keys">The fleet's keys.</param>
    /// <param name="folder">Where the roster is kept.</param>
    /// <exception cref="InvalidDataException">The kept roster is not one that the root key signed.</exception>
    public RosterService(FleetKeys keys, string folder, TimeProvider time)
    {
        _keys = keys;
        _time = time;
        _path = Path.Combine(folder, FileName);
        _current = Read() ?? Sign(NewFleetId(), 1, [], []);
    }

    public string FleetFingerprint => _keys.Root.Public.ToString();

    public string ControlFingerprint => _keys.Server.Public.ToString();

    public string ServerId => _keys.ServerId.ToString();

    public ulong Version => _current.Content.Version;

    public ReadOnlyMemory<byte> Current => _current.Bytes;

    /// <summary>Calls the handler after each new version, when it is durable. It neither blocks nor throws.</summary>
    public void Subscribe(Action<Roster> handler) => _published += handler;

    public Task PublishAsync(RosterAddresses addresses, CancellationToken cancellationToken) => RenewAsync(
        (content, _) => ([.. addresses.Endpoints.Select(Text)], addresses.TlsPins),
        cancellationToken);

    public Task RotateAsync(CancellationToken cancellationToken) => RenewAsync(
        (content, keys) =>
        {
            keys.AddHpke();
            return (content.Endpoints, content.TlsPins);
        },
        cancellationToken);

    public void Dispose() => _gate.Dispose();

    private static string Text(Uri endpoint) => endpoint.OriginalString.TrimEnd('/');

    private static PrincipalId NewFleetId() =>
        PrincipalId.TryRead(RandomNumberGenerator.GetBytes(PrincipalId.Size), out var id) ? id : throw new CryptographicException("No fleet id.");

    private static bool IsSame(RosterContent left, RosterContent right) =>
        left.Endpoints.SequenceEqual(right.Endpoints, StringComparer.Ordinal)
        && left.TlsPins.Count == right.TlsPins.Count
        && left.TlsPins.Zip(right.TlsPins).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second))
        && left.Principals.Count == right.Principals.Count
        && left.Principals.Zip(right.Principals).All(pair => IsSame(pair.First, pair.Second));

    private static bool IsSame(RosterPrincipal left, RosterPrincipal right) =>
        left.Id == right.Id
        && left.Identity.Equals(right.Identity)
        && left.HpkeKeys.SequenceEqual(right.HpkeKeys)
        && left.Roles.SequenceEqual(right.Roles, StringComparer.Ordinal);

    private async Task RenewAsync(
        Func<RosterContent, FleetKeys, (IReadOnlyList<string> Endpoints, IReadOnlyList<byte[]> Pins)> change, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var before = _current.Content;
            var (endpoints, pins) = change(before, _keys);
            var next = Content(before.FleetId, before.Version + 1, endpoints, pins);
            if (IsSame(before, next))
            {
                return;
            }

            _current = Sign(next);
            _published?.Invoke(_current);
        }
        finally
        {
            _gate.Release();
        }
    }

    private Roster? Read()
    {
        if (!File.Exists(_path))
        {
            return null;
        }

        return Roster.TryVerify(File.ReadAllBytes(_path), _keys.Root.Public.Fingerprint, out var roster)
            ? roster
            : throw new InvalidDataException($"{_path} is not a roster that this fleet's root key signed. Restore it from a backup.");
    }

    private Roster Sign(PrincipalId fleetId, ulong version, IReadOnlyList<string> endpoints, IReadOnlyList<byte[]> pins) =>
        Sign(Content(fleetId, version, endpoints, pins));

    private Roster Sign(RosterContent content)
    {
        var roster = Roster.Sign(_keys.Root, content);
        DurableFile.Replace(_path, roster.Bytes.Span);
        return roster;
    }

    private RosterContent Content(PrincipalId fleetId, ulong version, IReadOnlyList<string> endpoints, IReadOnlyList<byte[]> pins)
    {
        var server = new RosterPrincipal(
            _keys.ServerId, _keys.Server.Public, [.. _keys.PublishedHpke.Take(ListedHpkeKeys).Select(key => key.Public)], [Roles.Server]);
        var time = new RosterPrincipal(PrincipalId.FromIdentityKey(_keys.Time.Public), _keys.Time.Public, [], [Roles.Time]);
        return new RosterContent(fleetId, version, _time.GetUtcNow().ToUnixTimeMilliseconds(), [server, time], endpoints, pins);
    }
}
