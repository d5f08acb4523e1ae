using Messaging.Agent.Clock;
using Messaging.Agent.Configuration;
using Messaging.Agent.Events;
using Messaging.Agent.Identity;
using Messaging.Agent.Spool;
using Messaging.Enrolment;
using Messaging.Streams;

namespace Messaging.Agent.Uplink;

/// <summary>
/// Replaces the device's keys. Each step is on disk before the next: from the moment the new keys exist until the server has
/// confirmed them, the old and the new ones both work, wherever a crash comes in between. Thread-safe.
/// </summary>
internal sealed class KeyRotator(
    KeyStore keys, UplinkWriter writer, SpoolStore spool, TrustedClock clock, AgentOptions options, IEventSink events, TimeProvider time)
{
    /// <summary>Nothing older than this is delivered, so that nothing needs the keys from before it.</summary>
    private static readonly TimeSpan LongestOffline = TimeSpan.FromDays(90);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);
    private readonly Lock _gate = new();
    private TaskCompletionSource<string?>? _waiting;
    private SpoolRecord? _sent;

    /// <summary>Runs until cancelled: rotates when it is time, and repeats what is not confirmed.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                Tick();
            }
            catch (IOException e)
            {
                events.Report(new DeviceEvent(AgentEvents.KeysRefused, DeviceEvent.Warning, [new("reason", e.Message)]));
            }
        }
        while (await timer.WaitForNextTickAsync(ct));
    }

    /// <summary>The number of the change that the server has not confirmed yet; null: none.</summary>
    public ulong? PendingKeyNo => keys.Keys.Pending?.KeyNo;

    /// <summary>Begins a change, or joins the one that is pending.</summary>
    /// <returns>Null once the new keys are in use, else why the server refused them.</returns>
    /// <exception cref="IOException">The new keys cannot be stored; nothing changed.</exception>
    public Task<string?> RotateAsync(bool withIdentity)
    {
        Task<string?> result;
        lock (_gate)
        {
            _waiting ??= new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
            result = _waiting.Task;
        }

        keys.Change(current => current.Pending is null ? current.Stage(withIdentity) : current);
        lock (_gate)
        {
            Send();
        }

        return result;
    }

    /// <summary>The server's answer.</summary>
    public void Receive(KeyUpdateReceipt receipt)
    {
        if (keys.Keys.Pending is not { } pending || pending.KeyNo != receipt.KeyNo)
        {
            return;
        }

        try
        {
            keys.Change(current => current.Pending?.KeyNo != receipt.KeyNo ? current
                : receipt.Accepted ? current.Promote(clock.LowerBoundUnixMs)
                : current.Abandon());
        }
        catch (IOException e)
        {
            // Both keys go on working; the update is sent again, and so is the receipt.
            events.Report(new DeviceEvent(AgentEvents.KeysRefused, DeviceEvent.Warning, [new("reason", e.Message)]));
            return;
        }

        events.Report(receipt.Accepted
            ? new DeviceEvent(AgentEvents.KeysChanged, DeviceEvent.Info, [new("keyNo", receipt.KeyNo.ToString())])
            : new DeviceEvent(AgentEvents.KeysRefused, DeviceEvent.Warning, [new("keyNo", receipt.KeyNo.ToString()), new("reason", receipt.Reason)]));
        lock (_gate)
        {
            _waiting?.TrySetResult(receipt.Accepted ? null : receipt.Reason);
            _waiting = null;
            _sent = null;
        }
    }

    private void Tick()
    {
        var now = clock.LowerBoundUnixMs;
        var current = keys.Change(all => all.Hpke.Any(entry => entry.RetiredAtUnixMs < now - LongestOffline.TotalMilliseconds)
            ? all.Expire(now - (long)LongestOffline.TotalMilliseconds)
            : all);
        if (current.Pending is null && now - current.ChangedAtUnixMs >= options.Uplink.KeyRotation.TotalMilliseconds)
        {
            keys.Change(all => all.Stage(withIdentity: false));
        }

        lock (_gate)
        {
            Send();
        }
    }

    /// <summary>Again only when the server has the last one and its receipt has not come: that one was lost.</summary>
    private void Send()
    {
        var current = keys.Keys;
        if (current.Pending is not { } pending || (_sent is { } sent && !spool.IsAcked(sent)))
        {
            return;
        }

        var update = KeyUpdate.Sign(current.Identity, current.DeviceId, pending.KeyNo, pending.Hpke.Public, pending.Identity);
        _sent = writer.TryAppend(StreamId.Events, RecordType.KeyUpdate, update, [], durable: true, out var record) ? record : null;
    }
}
