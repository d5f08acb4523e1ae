using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using Messaging.Relay;
using Messaging.Relay.Limits;
using Microsoft.AspNetCore.Connections;

namespace Messaging.FleetServer.Hosting.Limits;

/// <summary>
/// Bounds the connections of the HTTP listener, before their TLS handshake: in all, so that memory is bounded, and of one address, so that one stranger leaves
/// places for others. A trusted proxy is many people, and has the first bound alone.
/// </summary>
internal sealed partial class HttpConnectionLimit
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<AddressKey, int> _addresses = new();
    private readonly HashSet<AddressKey> _proxies;
    private readonly Counter<long> _refused;
    private readonly int _max;
    private readonly int _maxPerAddress;
    private readonly TimeProvider _time;
    private readonly ILogger<HttpConnectionLimit> _logger;
    private int _open;
    private long _silentUntil;

    /// <param name="max">Open connections at most.</param>
    /// <param name="maxPerAddress">Of one address.</param>
    /// <param name="proxies">Addresses that are many people.</param>
    /// <param name="meters">Where refusals are counted.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Is told of refusals, once a minute.</param>
    public HttpConnectionLimit(int max, int maxPerAddress, IEnumerable<IPAddress> proxies, IMeterFactory meters, TimeProvider time, ILogger<HttpConnectionLimit> logger)
    {
        (_max, _maxPerAddress, _time, _logger) = (max, maxPerAddress, time, logger);
        _proxies = [.. proxies.Select(static one => AddressKey.Of(new IPEndPoint(one, 0))).OfType<AddressKey>()];
        _refused = meters.Create(RelayMeter.Name).CreateCounter<long>("messaging.http.connections.refused", "{connection}", "Connections of the HTTP listener that found no place.");
        _silentUntil = time.GetTimestamp();
    }

    /// <summary>Connections that are open.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Lets a connection pass, or ends it.</summary>
    public async Task InvokeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var address = AddressKey.Of(connection.RemoteEndPoint) is { } key && !_proxies.Contains(key) ? key : (AddressKey?)null;
        var all = Interlocked.Increment(ref _open);
        var mine = address is { } one ? _addresses.AddOrUpdate(one, 1, static (_, count) => count + 1) : 0;
        try
        {
            if (all > _max || mine > _maxPerAddress)
            {
                Refuse(connection, all > _max ? "total" : "address");
                return;
            }

            await next(connection);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
            if (address is { } left)
            {
                Leave(left);
            }
        }
    }

    private void Leave(AddressKey address)
    {
        // Nothing is kept of an address that has no connection.
        while (_addresses.TryGetValue(address, out var count))
        {
            if (count == 1 ? _addresses.TryRemove(KeyValuePair.Create(address, 1)) : _addresses.TryUpdate(address, count - 1, count))
            {
                return;
            }
        }
    }

    private void Refuse(ConnectionContext connection, string bound)
    {
        _refused.Add(1, KeyValuePair.Create<string, object?>("bound", bound));
        var (now, silentUntil) = (_time.GetTimestamp(), Volatile.Read(ref _silentUntil));
        if (now >= silentUntil && Interlocked.CompareExchange(ref _silentUntil, now + (long)(Quiet.TotalSeconds * _time.TimestampFrequency), silentUntil) == silentUntil)
        {
            LogRefused(_logger, connection.RemoteEndPoint, bound == "total" ? _max : _maxPerAddress, bound == "total" ? "in all" : "of one address");
        }

        connection.Abort(new ConnectionAbortedException("There is no place for one more connection."));
    }

    [LoggerMessage(1120, LogLevel.Warning, "HTTP connections are refused, now one from {Remote}: {Max} {Bound} are open. This is said at most once a minute")]
    private static partial void LogRefused(ILogger logger, EndPoint? remote, int max, string bound);
}
