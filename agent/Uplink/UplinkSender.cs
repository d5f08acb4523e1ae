using Messaging.Agent.Configuration;
using Messaging.Agent.Hosting;
using Messaging.Agent.Spool;
using Messaging.Agent.Transport;
using Messaging.Agent.Uplink.Flow;
using Messaging.Wire;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Uplink;

/// <summary>
/// Sends what is in the spool, from the first record that the server has not confirmed, over one connection after the other. Only
/// the server's own acknowledgement counts: a relay's PUBACK may be lost with the relay. After a long time without a connection what is
/// collected now goes first, in an epoch of its own, and the history beside it at a bounded rate.
/// </summary>
internal sealed partial class UplinkSender
{
    private const long MaxUnackedBytes = 8 * 1024 * 1024;

    /// <summary>Publications that the relay has not answered.</summary>
    private const int MaxInFlight = 16;
    private const int MaxSessionsInFlight = 4;
    private static readonly TimeSpan AwayFirst = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AwayMaximum = TimeSpan.FromSeconds(30);
    private readonly SpoolStore _spool;
    private readonly UplinkFlow _flow;
    private readonly SendOrder _order;
    private readonly EpochFrames _frames;
    private readonly GapReporter _gaps;
    private readonly VolatileOutbox _volatileOutbox;
    private readonly TimeProvider _time;
    private readonly ILogger<UplinkSender> _logger;
    private readonly Signal _wake = new();
    private readonly ResendPolicy _resend;
    private readonly ResendPolicy _away;
    private readonly Lock _requestGate = new();
    private readonly HashSet<Kid> _requested = [];
    private IReadOnlyList<byte[]> _answers = [];
    private volatile bool _acked;
    private volatile bool _rewound;

    public UplinkSender(
        SpoolStore spool,
        SendOrder order,
        UplinkFlow flow,
        EpochFrames frames,
        GapReporter gaps,
        VolatileOutbox volatileOutbox,
        AgentOptions options,
        TimeProvider time,
        ILogger<UplinkSender> logger)
    {
        _spool = spool;
        _flow = flow;
        _order = order;
        _frames = frames;
        _gaps = gaps;
        _volatileOutbox = volatileOutbox;
        _time = time;
        _logger = logger;
        _resend = new ResendPolicy(options.Uplink.ResendAfter, options.Uplink.ResendMaximum, Jitter.Next);
        _away = new ResendPolicy(AwayFirst, AwayMaximum, Jitter.Next);
        _spool.Advanced += _wake.Set;
        _flow.Changed += _wake.Set;
    }

    /// <summary>Raised when control has the openings of all epochs that are in use, on a new connection or after it was away.</summary>
    public event Action? Introduced;

    /// <summary>True while control is not connected to the relay.</summary>
    public bool IsControlAway { get; private set; }

    public DateTimeOffset? LastAckAt { get; private set; }

    /// <summary>The server has confirmed something.</summary>
    public void Acked()
    {
        LastAckAt = _time.GetUtcNow();
        _acked = true;
        _wake.Set();
    }

    /// <summary>Records that were confirmed are not any more, and gaps go before them.</summary>
    public void Rewind()
    {
        _rewound = true;
        _wake.Set();
    }

    /// <summary>Control asks for the opening of an epoch.</summary>
    public void RequestEpoch(Kid kid)
    {
        lock (_requestGate)
        {
            if (_requested.Count < MaxInFlight)
            {
                _requested.Add(kid);
            }
        }

        _wake.Set();
    }

    /// <summary>Frames that control needs before it can take what it was sent: after them that goes again.</summary>
    public void Answer(IReadOnlyList<byte[]> frames)
    {
        lock (_requestGate)
        {
            _answers = frames;
        }

        _wake.Set();
    }

    /// <summary>Sends until the connection ends.</summary>
    /// <exception cref="RelayRefusedException">It broke.</exception>
    public async Task RunAsync(IRelayConnection connection, CancellationToken ct, LoopBeat? beat = null)
    {
        beat?.Busy();
        var pass = new SenderPass();
        _order.SplitHistory(pass);
        _volatileOutbox.Clear();
        pass.WasHeld = _flow.IsBulkHeld;
        _resend.Reset();
        _away.Reset();
        await BeginPassAsync(connection, pass, ct);
        var volatiles = SendVolatilesAsync(connection, ct);
        var sessions = SendSessionsAsync(connection, ct);
        try
        {
            while (true)
            {
                beat?.Busy();
                TakeAck(pass);
                if (await SendAnswersAsync(connection, ct) || _rewound || _order.IsReleased(pass))
                {
                    await BeginPassAsync(connection, pass, ct);
                }

                await AnswerRequestsAsync(connection, ct);
                await FillAsync(connection, pass, ct);
                if (IsControlAway)
                {
                    var away = _away.Next();
                    beat?.IdleFor(away);
                    await Task.Delay(away, _time, ct);
                    _away.Resent();

                    // Who comes back is asked soon for what was lost while it was away.
                    _resend.Reset();
                    beat?.Busy();
                    await BeginPassAsync(connection, pass, ct);
                }
                else if (pass.Unacked.Count == 0)
                {
                    beat?.Idle();
                    await _wake.WaitAsync(_order.Wait(pass), _time, ct);
                }
                else if (_time.GetElapsedTime(pass.ProgressAt) is var idle && pass.Patience - idle is var left && left > TimeSpan.Zero)
                {
                    beat?.IdleFor(left);
                    await _wake.WaitAsync(UplinkFlow.Sooner(_order.Wait(pass), left), _time, ct);
                }
                else
                {
                    Log.Resending(_logger, pass.Unacked.Count);
                    _resend.Resent();
                    await BeginPassAsync(connection, pass, ct);
                }
            }
        }
        finally
        {
            beat?.Idle();
            await volatiles.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await sessions.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var publication in pass.InFlight)
            {
                await ((Task)publication).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>From the first record that is not confirmed, with the openings of all epochs concerned before it.</summary>
    private async Task BeginPassAsync(IRelayConnection connection, SenderPass pass, CancellationToken ct)
    {
        _rewound = false;
        pass.Restart(_time.GetTimestamp(), _resend.Next());
        IsControlAway = false;
        foreach (var epoch in _spool.EpochsToOpen())
        {
            if (!await AnnounceAsync(connection, epoch, ct))
            {
                return;
            }

            pass.Announced.Add(epoch.Id);
        }

        foreach (var frame in _gaps.Frames)
        {
            if (!Judge(await connection.PublishAsync(frame, ct)))
            {
                return;
            }
        }

        Introduced?.Invoke();
    }

    private async Task FillAsync(IRelayConnection connection, SenderPass pass, CancellationToken ct)
    {
        while (!IsControlAway && pass.Unacked.Count < SendOrder.MaxUnacked && pass.UnackedBytes < MaxUnackedBytes
            && _order.TryNext(pass, out var record, out var frame))
        {
            if (pass.Announced.Add(record.Key.Epoch) && _spool.TryFindEpoch(record.Key.Epoch, out var epoch)
                && !await AnnounceAsync(connection, epoch, ct))
            {
                return;
            }

            if (pass.Unacked.Count == 0)
            {
                pass.ProgressAt = _time.GetTimestamp();
            }

            var isFile = SenderPass.IsFile(record.Key);
            var began = _time.GetTimestamp();
            pass.Sent(record, frame.Length);
            pass.InFlight.Enqueue(connection.PublishAsync(frame, ct));
            if (isFile)
            {
                // Alone: what is collected meanwhile never waits behind more than one chunk.
                await DrainAsync(pass);
                _order.SentFile(frame.Length, _time.GetElapsedTime(began));
                TakeAck(pass);
            }
            else if (pass.InFlight.Count >= MaxInFlight)
            {
                Judge(await pass.InFlight.Dequeue());
                TakeAck(pass);
            }
        }

        await DrainAsync(pass);
    }

    private async Task DrainAsync(SenderPass pass)
    {
        while (pass.InFlight.TryDequeue(out var publication))
        {
            Judge(await publication);
        }
    }

    private bool TakeAck(SenderPass pass)
    {
        if (!_acked)
        {
            return false;
        }

        _acked = false;
        var news = pass.Settle(record => _spool.IsAcked(record));
        if (news)
        {
            // Whoever confirms is there: what is lost now has not been waited for in vain before.
            _resend.Reset();
            _away.Reset();
            pass.ProgressAt = _time.GetTimestamp();
            pass.Patience = _resend.Next();
        }

        return news;
    }

    private async Task AnswerRequestsAsync(IRelayConnection connection, CancellationToken ct)
    {
        Kid[] kids;
        lock (_requestGate)
        {
            kids = new Kid[_requested.Count];
            _requested.CopyTo(kids);
            _requested.Clear();
        }

        foreach (var kid in kids)
        {
            if (_spool.TryFindEpoch(kid, out var epoch))
            {
                await AnnounceAsync(connection, epoch, ct);
            }
        }
    }

    private async Task<bool> SendAnswersAsync(IRelayConnection connection, CancellationToken ct)
    {
        IReadOnlyList<byte[]> answers;
        lock (_requestGate)
        {
            answers = _answers;
            _answers = [];
        }

        foreach (var answer in answers)
        {
            Judge(await connection.PublishAsync(answer, ct));
        }

        return answers.Count > 0;
    }

    private async Task<bool> AnnounceAsync(IRelayConnection connection, SpoolEpoch epoch, CancellationToken ct)
    {
        var passed = true;
        foreach (var frame in _frames.For(epoch))
        {
            passed &= Judge(await connection.PublishAsync(frame, ct));
        }

        return passed;
    }

    private async Task SendVolatilesAsync(IRelayConnection connection, CancellationToken ct)
    {
        await foreach (var frame in _volatileOutbox.Frames.ReadAllAsync(ct))
        {
            await connection.PublishAsync(frame, ct);
        }
    }

    /// <summary>Beside everything else: somebody waits for each of these.</summary>
    private async Task SendSessionsAsync(IRelayConnection connection, CancellationToken ct)
    {
        var outbox = _volatileOutbox.Sessions;
        var inFlight = new Queue<Task<PublishOutcome>>();
        outbox.Open();
        try
        {
            await foreach (var frame in outbox.Frames.ReadAllAsync(ct))
            {
                inFlight.Enqueue(connection.PublishAsync(frame, ct));
                if (inFlight.Count >= MaxSessionsInFlight)
                {
                    await inFlight.Dequeue();
                }

                outbox.Taken();
            }
        }
        finally
        {
            outbox.Close();
            foreach (var publication in inFlight)
            {
                await ((Task)publication).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private bool Judge(PublishOutcome outcome)
    {
        if (outcome != PublishOutcome.Passed && !IsControlAway)
        {
            IsControlAway = true;
            Log.ControlAway(_logger, outcome);
        }

        return outcome == PublishOutcome.Passed;
    }
}
