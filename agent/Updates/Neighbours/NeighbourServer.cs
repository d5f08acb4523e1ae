using System.Net;
using System.Net.Sockets;
using Messaging.Agent.Configuration;
using Messaging.Agent.Uplink;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Updates.Neighbours;

/// <summary>Shares artifacts with the neighbours on each local network: answers who asks for one that is here, and gives it.</summary>
internal sealed partial class NeighbourServer(SharedArtifacts artifacts, UpdateOptions options, TimeProvider time, ILogger<NeighbourServer> logger)
{
    /// <summary>Questions a second that are looked at, and answers.</summary>
    private const int MostQuestions = 200;
    private const int MostAnswers = 20;
    private const int MostWaiting = 16;

    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>So that not all answer in the same moment.</summary>
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(100);

    private readonly ShareSlots _slots = new(options.ShareRate, time);
    private readonly TokenBucket _questions = new(MostQuestions, time);
    private readonly TokenBucket _answers = new(MostAnswers, time);
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _tasks = [];
    private readonly Dictionary<string, Sharing> _links = new(StringComparer.Ordinal);
    private string _problem = "";
    private int _waiting;

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            while (true)
            {
                Look(ct);
                await Task.Delay(LookInterval, time, ct);
            }
        }
        finally
        {
            foreach (var sharing in _links.Values)
            {
                sharing.Dispose();
            }

            Task[] left;
            lock (_gate)
            {
                left = [.. _tasks];
            }

            await Task.WhenAll(left);
        }
    }

    /// <summary>Networks come and go, and addresses are given anew; who is being served stays.</summary>
    private void Look(CancellationToken ct)
    {
        var problem = "";
        try
        {
            var links = LanLinks.Find(options.LanList());
            foreach (var (name, sharing) in _links)
            {
                if (sharing.HasEnded || !links.Exists(link => link.ToString() == name))
                {
                    sharing.Dispose();
                    _links.Remove(name);
                }
            }

            foreach (var link in links)
            {
                if (!_links.ContainsKey(link.ToString()))
                {
                    problem = Begin(link, ct) ?? problem;
                }
            }
        }
        catch (SocketException e)
        {
            problem = e.Message;
        }

        if (problem != _problem && problem.Length > 0)
        {
            LogProblem(problem);
        }

        _problem = problem;
    }

    private string? Begin(LanLink link, CancellationToken ct)
    {
        var sharing = new Sharing(link);
        try
        {
            sharing.Open(options.LanPort);
        }
        catch (SocketException e)
        {
            sharing.Dispose();
            return $"{link}: {e.Message}";
        }

        _links[link.ToString()] = sharing;
        LogSharing(link, sharing.Port);
        Keep(HearAsync(sharing, ct));
        Keep(AcceptAsync(sharing, ct));
        return null;
    }

    private void Keep(Task task)
    {
        lock (_gate)
        {
            _tasks.RemoveWhere(static done => done.IsCompleted);
            _tasks.Add(task);
        }
    }

    /// <summary>Until the network is gone or the agent ends.</summary>
    private async Task HearAsync(Sharing sharing, CancellationToken ct)
    {
        // One byte more tells too long from just right.
        var word = new byte[NeighbourWord.Bytes + 1];
        try
        {
            while (true)
            {
                var heard = await sharing.Ear.ReceiveFromAsync(word, SocketFlags.None, LanSockets.Group(sharing.Link, 0), ct);
                if (heard.RemoteEndPoint is IPEndPoint from && sharing.Link.Has(from.Address) && MayLook()
                    && NeighbourWord.TryReadQuestion(word.AsSpan(0, heard.ReceivedBytes), out var share)
                    && share >= Jitter.Next() * NeighbourWord.Everybody
                    && artifacts.Find(word.AsSpan(0, NeighbourWord.Bytes)) is { } artifact)
                {
                    if (!artifact.IsVerified)
                    {
                        Keep(VerifyAsync(artifact));
                    }
                    else if (MayAnswer())
                    {
                        Keep(AnswerAsync(sharing, from, NeighbourWord.Answer(NeighbourWord.Nonce(word), sharing.Port, artifact.Sha256), ct));
                    }
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Found out, and begun again, when the networks are looked at.
            sharing.HasEnded = true;
        }
    }

    private bool MayLook() => MayTake(_questions);

    private bool MayAnswer()
    {
        lock (_gate)
        {
            if (_waiting >= MostWaiting)
            {
                return false;
            }

            _waiting++;
        }

        return true;
    }

    private bool MayTake(TokenBucket bucket)
    {
        lock (_gate)
        {
            var isFree = bucket.Wait <= TimeSpan.Zero;
            bucket.Take(isFree ? 1 : 0);
            return isFree;
        }
    }

    private async Task AnswerAsync(Sharing sharing, IPEndPoint to, byte[] answer, CancellationToken ct)
    {
        try
        {
            await Task.Delay(LongestDelay * Jitter.Next(), time, ct);
            if (MayTake(_answers))
            {
                await sharing.Mouth.SendToAsync(answer, SocketFlags.None, to, ct);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // An answer that does not come is like one that is lost.
        }
        finally
        {
            lock (_gate)
            {
                _waiting--;
            }
        }
    }

    private Task VerifyAsync(SharedArtifact artifact) => Task.Run(() =>
    {
        try
        {
            artifacts.Verify(artifact);
            if (!artifact.IsVerified)
            {
                LogDamaged(artifact.Path);
            }
        }
        catch (IOException e)
        {
            LogUnreadable(artifact.Path, e.Message);
        }
    });

    private async Task AcceptAsync(Sharing sharing, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                var client = await sharing.Listener.AcceptAsync(ct);
                if (client.RemoteEndPoint is IPEndPoint from && sharing.Link.Has(from.Address) && _slots.TryEnter(from.Address))
                {
                    Keep(ServeAsync(client, from.Address, ct));
                }
                else
                {
                    client.Dispose();
                }
            }
            catch (SocketException) when (!sharing.HasEnded)
            {
                // It went away before it was taken, or there are no file descriptors now.
                await Task.Delay(Pause, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket client, IPAddress from, CancellationToken ct)
    {
        try
        {
            using (client)
            {
                await new ShareConnection(client, artifacts, _slots, time).RunAsync(ct);
            }
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
        {
            LogBroken(e, from);
        }
        finally
        {
            _slots.Leave(from);
        }
    }

    [LoggerMessage(EventId = 3350, Level = LogLevel.Information, Message = "Artifacts of updates are shared on {Link}, port {Port}")]
    private partial void LogSharing(LanLink link, int port);

    [LoggerMessage(EventId = 3351, Level = LogLevel.Warning, Message = "Artifacts of updates are not shared everywhere: {Problem}")]
    private partial void LogProblem(string problem);

    [LoggerMessage(EventId = 3352, Level = LogLevel.Warning, Message = "An artifact that was kept for neighbours is damaged, and deleted: {Path}")]
    private partial void LogDamaged(string path);

    [LoggerMessage(EventId = 3353, Level = LogLevel.Warning, Message = "An artifact that was kept for neighbours cannot be read: {Path}: {Problem}")]
    private partial void LogUnreadable(string path, string problem);

    [LoggerMessage(EventId = 3354, Level = LogLevel.Debug, Message = "The neighbour {Address} did not get all of its answer")]
    private partial void LogBroken(Exception exception, IPAddress address);

    /// <summary>What is open on one network.</summary>
    private sealed class Sharing(LanLink link) : IDisposable
    {
        private Socket? _ear;
        private Socket? _mouth;
        private Socket? _listener;

        public LanLink Link => link;

        public Socket Ear => _ear!;

        public Socket Mouth => _mouth!;

        public Socket Listener => _listener!;

        public int Port { get; private set; }

        /// <summary>It hears nothing any more.</summary>
        public bool HasEnded { get; set; }

        /// <exception cref="SocketException">It cannot be opened.</exception>
        public void Open(int port)
        {
            _ear = LanSockets.Ear(link, port);
            _mouth = LanSockets.Mouth(link);
            _listener = LanSockets.Listener(link, port, ShareSlots.MostConnections);
            Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        }

        public void Dispose()
        {
            HasEnded = true;
            _ear?.Dispose();
            _mouth?.Dispose();
            _listener?.Dispose();
        }
    }
}
