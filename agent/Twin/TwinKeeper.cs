using System.Globalization;
using Messaging.Agent.Commands;
using Messaging.Agent.Configuration;
using Messaging.Agent.Events;
using Messaging.Agent.Status;
using Messaging.Agent.Uplink;
using Messaging.Twin;

namespace Messaging.Agent.Twin;

/// <summary>
/// Makes the device what it is to be like, and keeps it so: looks at each property at the start, after a change, after each command, when a program
/// says something, and every now and then; does something about what is another; and tells.
/// </summary>
internal sealed class TwinKeeper(
    TwinStore store, IEnumerable<ITwinSubject> subjects, TwinReporter reporter, AppValues values, RunningCommands commands, UplinkWriter writer, IEventSink events,
    AgentOptions options, TimeProvider time) : IStatusPart, IDisposable
{
    /// <summary>Several changes in a row are one report.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);
    private readonly long _began = time.GetTimestamp();
    private readonly ITwinSubject[] _subjects = [.. subjects.OrderBy(static one => (long)one.Kind)];
    private readonly Signal _wake = new();
    private readonly List<DeviceEvent> _news = [];
    private volatile bool _isNewEpoch;
    private List<TwinProperty> _properties = [];
    private TwinDocument? _document;
    private byte[] _digest = [];
    private long? _sentMs;
    private volatile TwinStatus? _status;

    /// <summary>Something may be another: it is looked at again.</summary>
    public void Changed() => _wake.Set();

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        values.Reported += Changed;
        commands.Ended += Changed;
        writer.EpochOpened += OnEpoch;
        while (true)
        {
            var next = await RoundAsync(ct);
            await _wake.WaitAsync(next, time, ct);
        }
    }

    public void Contribute(StatusBuilder status)
    {
        status.Twin = _status;
        if (store.WasLost)
        {
            status.Problems.Add(new StatusProblem("twin", "The desired state was damaged, and lost", "Set it again: fleetctl twin set.", null));
        }

        if (_status is { Problem: { } problem })
        {
            status.Problems.Add(new StatusProblem("twin", problem, "Mend what it says, or set another desired state: fleetctl twin show says more.", null));
        }
    }

    public void Dispose()
    {
        values.Reported -= Changed;
        commands.Ended -= Changed;
        writer.EpochOpened -= OnEpoch;
    }

    private long NowMs => (long)time.GetElapsedTime(_began).TotalMilliseconds;

    private void OnEpoch()
    {
        _isNewEpoch = true;
        Changed();
    }

    /// <summary>Looks at everything once.</summary>
    /// <returns>How long nothing has to be done.</returns>
    private async Task<TimeSpan> RoundAsync(CancellationToken ct)
    {
        Take();
        if (_document is null)
        {
            return Timeout.InfiniteTimeSpan;
        }

        if (_isNewEpoch)
        {
            _isNewEpoch = false;
            reporter.Again();
        }

        foreach (var subject in _subjects)
        {
            await subject.BeginAsync(ct);
        }

        var due = new List<TwinProperty>();
        foreach (var property in _properties)
        {
            if (Look(property).Acts)
            {
                due.Add(property);
            }
        }

        // Before anything is healed: whatever ends the agent now, it is counted once.
        TellNews();

        foreach (var property in due)
        {
            var problem = await ActAsync(property, ct);
            property.Status = PropertyMachine.Acted(property.Status, problem, NowMs, property.Subject.Limits);
            Look(property);
        }

        TellNews();
        _status = TwinStatus.Of(_document.State.Version, _properties);
        return Told() ?? Next();
    }

    private void Take()
    {
        if (store.Document is not { } document || document == _document)
        {
            return;
        }

        var before = _document?.State;
        foreach (var subject in _subjects)
        {
            subject.Take(document.State);
        }

        _properties = TwinProperties.Of(document.State, _subjects, before, _properties);
        if (before is null)
        {
            TwinProperties.Restore(_properties, document.State.Version, store.Told);
        }

        foreach (var property in _properties)
        {
            property.Status = PropertyMachine.Restarted(property.Status);
        }

        _document = document;
        _digest = document.State.Digest();
    }

    private PropertyStep Look(TwinProperty property)
    {
        var step = PropertyMachine.Next(property.Status, property.Subject.Look(property.Name), NowMs, property.Subject.Limits);
        property.Status = step.Status;
        switch (step.News)
        {
            case PropertyNews.Drifted:
                Report("twin.drifted", DeviceEvent.Warning, property, new("detail", step.Status.Detail));
                break;
            case PropertyNews.Healed:
                Report("twin.healed", DeviceEvent.Info, property, new("healed", step.Status.Healed.ToString(CultureInfo.InvariantCulture)));
                break;
            case PropertyNews.Failed:
                Report("twin.failed", DeviceEvent.Error, property, new("why", step.Status.Detail));
                break;
            default:
                break;
        }

        return step;
    }

    private void Report(string name, int severity, TwinProperty property, KeyValuePair<string, string> more) => _news.Add(new DeviceEvent(
        name, severity, [new("kind", TwinProperties.Word(property.Kind)), new("name", property.Name), more]));

    /// <summary>First what is kept, then the events: an agent that is killed between the two has them counted, and tells none twice.</summary>
    private void TellNews()
    {
        if (_news.Count == 0)
        {
            return;
        }

        TrySend();
        foreach (var happened in _news)
        {
            events.Report(happened);
        }

        _news.Clear();
    }

    private static async Task<string?> ActAsync(TwinProperty property, CancellationToken ct)
    {
        try
        {
            return await property.Subject.ActAsync(property.Name, ct);
        }
        catch (IOException e)
        {
            // The state folder's disk: it is what keeps the property from being right.
            return e.Message;
        }
    }

    /// <returns>Null when the server knows, or will; else after how long it is to be told.</returns>
    private TimeSpan? Told()
    {
        if (reporter.IsSent(TwinProperties.Report(_properties, NowMs), _document!.State.Version))
        {
            return null;
        }

        var since = _sentMs is { } sent ? TimeSpan.FromMilliseconds(NowMs - sent) : Settle;
        return since < Settle ? Settle - since : TrySend() ? null : Retry;
    }

    private bool TrySend()
    {
        _sentMs = NowMs;
        return reporter.TrySend(_document!.State, _digest, TwinProperties.Report(_properties, NowMs), _properties);
    }

    private TimeSpan Next()
    {
        var wait = options.Twin.Check;
        foreach (var property in _properties)
        {
            if (PropertyMachine.WakeMs(property.Status, property.Subject.Limits) is { } at)
            {
                var left = TimeSpan.FromMilliseconds(Math.Max(0, at - NowMs));
                wait = left < wait ? left : wait;
            }
        }

        // At least a moment: a clock that rounds down would have this look at once, again and again.
        return wait < TimeSpan.FromMilliseconds(10) ? TimeSpan.FromMilliseconds(10) : wait;
    }
}
