using System.Diagnostics.CodeAnalysis;
using Messaging.Agent.Configuration;
using Messaging.Agent.Downlink;
using Messaging.Agent.Identity;
using Messaging.Agent.Status;
using Messaging.Agent.Transport.Dialing;
using Messaging.Agent.Uplink;
using Messaging.Trust;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Trust;

/// <summary>
/// Asks the fleet's homes for newer trust, in case the server does not bring it: it may be gone, or a thief's. All of them each time; one that
/// does not answer, or not with what the fleet has signed, keeps none of the others from being asked.
/// </summary>
internal sealed partial class TrustFetcher : IStatusPart
{
    private static readonly TimeSpan Connect = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);
    private readonly FleetTrustStore _fleet;
    private readonly TrustReceiver _receiver;
    private readonly SecurityLog _security;
    private readonly DeviceMembership _membership;
    private readonly ControlWord _control;
    private readonly Dialer _dialer;
    private readonly TimeProvider _time;
    private readonly ILogger<TrustFetcher> _logger;
    private readonly AskPlan _plan;
    private readonly long _began;
    private volatile TrustStatus _status = new(null, []);

    public TrustFetcher(
        FleetTrustStore fleet,
        TrustReceiver receiver,
        SecurityLog security,
        DeviceMembership membership,
        ControlWord control,
        Dialer dialer,
        AgentOptions options,
        TimeProvider time,
        ILogger<TrustFetcher> logger)
    {
        _fleet = fleet;
        _receiver = receiver;
        _security = security;
        _membership = membership;
        _control = control;
        _dialer = dialer;
        _time = time;
        _logger = logger;
        _plan = new AskPlan(options.Trust.AskInterval, options.Trust.AskIntervalSilent);
        _began = time.GetTimestamp();
    }

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var askedAt = 0L;
        var draw = Jitter.Next();
        while (true)
        {
            TimeSpan? asked = askedAt == 0 ? null : _time.GetElapsedTime(askedAt);
            var (running, silence) = (_time.GetElapsedTime(_began), _control.Silence);
            if (_plan.Due(asked, running, silence, draw) is var due && due > TimeSpan.Zero)
            {
                _status = new TrustStatus(_time.GetUtcNow() + due, _status.Homes);
                await Task.Delay(_plan.Wait(asked, running, silence, draw), _time, ct);
                continue;
            }

            await AskAsync(ct);
            (askedAt, draw) = (_time.GetTimestamp(), Jitter.Next());
        }
    }

    /// <summary>Asks each home once.</summary>
    public async Task AskAsync(CancellationToken ct)
    {
        _status = new TrustStatus(null, _status.Homes);
        var answers = new List<HomeStatus>();
        using var client = new TrustClient(_dialer, Connect, Timeout);
        foreach (var home in Homes(_fleet.Current.Roster.Homes, _membership.BaseUrl))
        {
            string outcome;
            try
            {
                outcome = IsAddress(home, out var address) ? Take(home, await client.GetAsync(address, ct)) : "is no address that begins with https:// or http://";
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !ct.IsCancellationRequested)
            {
                outcome = Explain(home, e);
            }

            answers.Add(new HomeStatus(home, _time.GetUtcNow(), outcome));
        }

        _status = new TrustStatus(null, answers);
    }

    public void Contribute(StatusBuilder status) => status.Trust = _status;

    /// <summary>Those that the owners name, then the server that let this device in; each once.</summary>
    internal static List<string> Homes(IReadOnlyList<string> named, string server)
    {
        var homes = new List<string>();
        foreach (var one in named)
        {
            Add(homes, one);
        }

        Add(homes, server);
        return homes;
    }

    private static void Add(List<string> homes, string one)
    {
        var home = one.TrimEnd('/');
        if (!homes.Contains(home))
        {
            homes.Add(home);
        }
    }

    private static bool IsAddress(string home, [NotNullWhen(true)] out Uri? address) =>
        Uri.TryCreate(home, UriKind.Absolute, out address) && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp);

    /// <summary>What comes of an answer, for the status.</summary>
    private string Take(string home, byte[] bytes) =>
        !_receiver.TryReceive(bytes, out var verdict) ? "something newer, which the disk refused" : verdict switch
        {
            TrustVerdict.Applied => Taken(home),
            TrustVerdict.Known => "nothing new",
            TrustVerdict.Older => "something older",
            _ => Forged(home, TrustReceiver.Word(verdict)),
        };

    /// <summary>Why there is none.</summary>
    private string Explain(string home, Exception e)
    {
        if (e is HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded })
        {
            // Longer than a bundle can be.
            var word = TrustReceiver.Word(TrustVerdict.Malformed);
            _security.Count(word);
            return Forged(home, word);
        }

        var trouble = e is HttpRequestException { StatusCode: { } code } ? $"answers {(int)code}" : "cannot be reached: " + e.GetBaseException().Message;
        Log.NotReached(_logger, home, trouble);
        return trouble;
    }

    private string Taken(string home)
    {
        var now = _fleet.Current;
        var what = $"root {now.Root.Version}, roster {now.Roster.Version}";
        Log.Taken(_logger, home, what);
        return "something newer, which was taken";
    }

    private string Forged(string home, string word)
    {
        Log.Forged(_logger, home, word);
        return "refused: " + word;
    }
}
