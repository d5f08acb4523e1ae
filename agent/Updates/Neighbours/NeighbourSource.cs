using System.Net;
using Messaging.Agent.Updates.Fetching;
using Messaging.Agent.Uplink;
using Messaging.Updates;
using Messaging.Updates.Metadata;
using Messaging.Updates.Releases;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Updates.Neighbours;

/// <summary>
/// Brings what is fetched here from neighbours, as far as they have it. None of them is trusted: who brings something wrong, or nothing, is passed over, and after a few of those nobody is asked.
/// </summary>
internal sealed partial class NeighbourSource(NeighbourFinder finder, TimeProvider time, ILogger<NeighbourSource> logger)
{
    /// <summary>A neighbour that gives less than 32 KiB a second is none: a repository is asked.</summary>
    public static readonly DownloadPace Pace = new(TimeSpan.FromSeconds(10), 320 * 1024);

    /// <summary>Of those that are asked at once, and of those who brought something wrong for one target.</summary>
    private const int MostFaults = 3;

    /// <summary>How often it is waited for neighbours that have no room.</summary>
    private const int MostTurns = 6;

    private static readonly TimeSpan Connecting = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan BusyPause = TimeSpan.FromSeconds(10);
    private static readonly Uri Address = new("http://neighbour");
    private readonly List<IPAddress> _wrong = [];
    private string _target = "";

    /// <summary>What brings it from where it can be had, to the file.</summary>
    public delegate Task Bringer(HttpRepository neighbour, string url, CancellationToken ct);

    /// <summary>Asks, and brings.</summary>
    /// <param name="target">What it must be.</param>
    /// <param name="bring">Called for one neighbour after the other. What was brought stays, as far as it can be right.</param>
    /// <param name="ct">Interrupts it.</param>
    /// <returns>True: all of it is there, and right.</returns>
    /// <exception cref="UpdateFailedException">It cannot be stored.</exception>
    public async Task<bool> TryAsync(TargetFile target, Bringer bring, CancellationToken ct)
    {
        if (target.Hashes.Sha256 is not { } sha256)
        {
            return false;
        }

        var id = Convert.ToHexStringLower(sha256);
        if (_target != id)
        {
            _target = id;
            _wrong.Clear();
        }

        var tried = new List<IPAddress>(_wrong);
        for (var turn = 0; turn < MostTurns && tried.Count < MostFaults; turn++)
        {
            var (isBusy, isFault) = (false, false);
            foreach (var neighbour in await finder.FindAsync(sha256, tried, ct))
            {
                using var http = Client(neighbour);
                try
                {
                    await bring(new HttpRepository(Address, http), id, ct);
                    LogBrought(target.Path, neighbour.EndPoint);
                    return true;
                }
                catch (BusyException)
                {
                    isBusy = true;
                }
                catch (Exception e) when (e is TufException or IOException)
                {
                    Refuse(neighbour, tried, e);
                    isFault = true;
                }

                if (tried.Count >= MostFaults)
                {
                    return false;
                }
            }

            // Behind one that is no good there may be others; for one that has no room it is waited.
            if (isBusy)
            {
                await Task.Delay(BusyPause * (0.5 + Jitter.Next()), time, ct);
            }
            else if (!isFault)
            {
                return false;
            }
        }

        return false;
    }

    private void Refuse(Neighbour neighbour, List<IPAddress> tried, Exception e)
    {
        tried.Add(neighbour.EndPoint.Address);
        if (e is TufException wrong)
        {
            // Whoever brought some of it before may be the one.
            _wrong.Clear();
            _wrong.AddRange(tried);
            LogFault(neighbour.EndPoint, UpdateReasons.Of(wrong.Failure), e.Message);
        }
        else
        {
            LogFault(neighbour.EndPoint, UpdateReasons.Unreachable, e.Message);
        }
    }

    /// <summary>Nothing goes over the proxy or to the count of the day's bytes: it does not leave the link.</summary>
    private static HttpClient Client(Neighbour neighbour) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = Connecting,
        MaxResponseHeadersLength = 4,
        ConnectCallback = (_, ct) => LanSockets.ConnectAsync(neighbour, ct),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    [LoggerMessage(EventId = 3360, Level = LogLevel.Information, Message = "{Target} came from the neighbour {Address}")]
    private partial void LogBrought(string target, IPEndPoint address);

    [LoggerMessage(EventId = 3361, Level = LogLevel.Warning, Message = "The neighbour {Address} is passed over ({Reason}): {Detail}")]
    private partial void LogFault(IPEndPoint address, string reason, string detail);
}
