using Messaging.Agent.Configuration;
using Messaging.Agent.Sessions;
using Messaging.Agent.Uplink;
using Messaging.Crypto;
using Messaging.Sessions;
using Messaging.Wire;

namespace Messaging.Agent.Tests.Transfers;

/// <summary>The agent's own session on one end and a client on the other, with a line between them that a test cuts.</summary>
internal sealed class SessionLine : IDisposable
{
    private static readonly byte[] Accept = [1, 2, 3];
    private readonly SessionOutbox _outbox = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly SessionLink _client;
    private readonly Session _session;
    private readonly Task<SessionEnd> _running;
    private readonly long _began = TimeProvider.System.GetTimestamp();

    public SessionLine(Func<SessionBody> start)
    {
        using var device = HpkeKeyPair.Generate();
        using var client = HpkeKeyPair.Generate();
        var id = SessionId.Generate();
        var link = new SessionLink(SessionKeys.Derive(device, client.Public, Accept), isDevice: true, FileStart.Window, 0);
        _client = new SessionLink(SessionKeys.Derive(client, device.Public, Accept), isDevice: false, FileStart.Window, 0);
        _session = new Session(PrincipalId.Parse(new string('1', 32)), id, link, Accept, new SessionLimits(new SessionOptions()), _outbox, new SecurityLog(), TimeProvider.System);
        _outbox.Opened += _session.Reconnected;
        _outbox.HasGivenRoom += _session.Wake;
        _outbox.Open();
        _running = _session.RunAsync(start, _stop.Token);
    }

    /// <summary>What the client was told.</summary>
    public List<SessionMessage> Came { get; } = [];

    public bool IsDone => _session.IsDone;

    private long Now => (long)TimeProvider.System.GetElapsedTime(_began).TotalMilliseconds;

    public void Say(SessionMessage message) => _client.Send(message);

    public void Leave(SessionEndReason reason) => Say(new SessionMessage(SessionMessageKind.End, new SessionEnd(reason, null, "").Encode()));

    /// <summary>Everything that is on its way is lost, and there is a new connection.</summary>
    public void Cut()
    {
        _outbox.Close();
        _outbox.Open();
        _client.Reconnected(Now);
    }

    public void StopAgent() => _stop.Cancel();

    /// <summary>Carries packets until the condition holds.</summary>
    public async Task Until(Func<bool> condition)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            deadline.Token.ThrowIfCancellationRequested();
            while (_client.Next(Now) is { } packet)
            {
                _session.Receive(packet);
            }

            if (!_outbox.Frames.TryRead(out var bytes))
            {
                // What comes next, or the moment in which this end has something to say.
                var wait = Math.Clamp(_client.NextAt - Now, 1, 20);
                await Task.WhenAny(_outbox.Frames.WaitToReadAsync(deadline.Token).AsTask(), _running, Task.Delay(TimeSpan.FromMilliseconds(wait), TimeProvider.System, deadline.Token));
                continue;
            }

            _outbox.Taken();
            Assert.True(Frame.TryRead(bytes, out var frame));
            if (frame.Body[0] == (byte)SessionPacketKind.Sealed)
            {
                Take(frame.Body);
            }
        }
    }

    /// <summary>How the session ended, and what the client was told of that.</summary>
    public async Task<SessionEnd> End()
    {
        await Until(() => _running.IsCompleted);
        return await _running;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _client.Dispose();
        _stop.Dispose();
    }

    private void Take(ReadOnlySpan<byte> packet)
    {
        _client.Receive(packet, Now, out var message);
        if (message is null)
        {
            return;
        }

        Came.Add(message);
        _client.Took(message, Now);
    }
}
