using Messaging.Agent.Transport;
using Messaging.Crypto;
using Messaging.FleetServer.Devices;
using Messaging.FleetServer.Relaying;
using Messaging.Wire;

namespace Messaging.Outage.Tests.Harness;

/// <summary>
/// What is between the two ends: hands frames over as a relay does, and like one leaves no more of them unacknowledged with control than its
/// window takes.
/// </summary>
internal sealed class DirectLink(PrincipalId device, TimeProvider time) : IRelayConnector, IRelayConnection, IRelayPublisher, IDisposable
{
    private const int Window = 200;
    private readonly SemaphoreSlim _window = new(Window);
    private readonly SemaphoreSlim _down = new(1);
    private Func<ReadOnlyMemory<byte>, Task>? _receive;

    /// <summary>Gets or sets where frames go.</summary>
    public IUplinkReceiver? Control { get; set; }

    /// <summary>Gets or sets who is told that the device is there.</summary>
    public IDeviceDirectory? Devices { get; set; }

    public CancellationToken Ended => CancellationToken.None;

    public string? EndReason => null;

    public bool WasOrderly => true;

    public TimeSpan? RetryAfter => null;

    public Task<IRelayConnection> ConnectAsync(
        RelayEndpoint endpoint, ConnectTerms terms, IdentityKey identity, Func<ReadOnlyMemory<byte>, Task> receive, CancellationToken ct)
    {
        _receive = receive;
        return Task.FromResult<IRelayConnection>(this);
    }

    public async Task<PublishOutcome> PublishAsync(ReadOnlyMemory<byte> frame, CancellationToken ct)
    {
        await _window.WaitAsync(ct);

        // Control's own link to a relay is not there, and takes every device for gone each time that it fails.
        Devices!.ChangePresence(device, static presence => presence.Connected ? presence : presence.Connect(1, "test"));
        Control!.Receive(new UplinkMessage(device, frame.ToArray(), time.GetUtcNow(), () =>
        {
            _window.Release();
            return Task.CompletedTask;
        }));
        return PublishOutcome.Passed;
    }

    public async Task<PublishResult> PublishAsync(string topic, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        if (_receive is not { } receive)
        {
            return PublishResult.NobodyThere;
        }

        await _down.WaitAsync(cancellationToken);
        try
        {
            await receive(payload.ToArray());
            return PublishResult.Passed;
        }
        finally
        {
            _down.Release();
        }
    }

    /// <summary>The device has gone.</summary>
    public ValueTask DisposeAsync()
    {
        _receive = null;
        return ValueTask.CompletedTask;
    }

    public void Dispose()
    {
        _window.Dispose();
        _down.Dispose();
    }
}
