using System.Net;
using System.Net.Sockets;
using Messaging.Agent.Configuration;
using Messaging.Agent.Uplink;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Updates.Neighbours;

/// <summary>
/// Shares artifacts with the neighbours on each local network: answers who asks for one that is here, and gives it. A thread that waits, and one for each neighbour that is connected: what is asynchronous
/// takes twice the code.
/// </summary>
internal sealed partial class NeighbourServer(SharedArtifacts artifacts, UpdateOptions options, TimeProvider time, ILogger<NeighbourServer> logger)
{
    /// <summary>Questions a second that are looked at, and answers.</summary>
    private const int MostQuestions = 200;
    private const int MostAnswers = 20;
    private const int MostWaiting = 16;

    private const int StackBytes = 256 * 1024;

    /// <summary>How long the end of the agent may go unnoticed.</summary>
    private const int WaitMilliseconds = 500;
    private const int AnswerMilliseconds = 10;

    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(30);

    /// <summary>So that not all answer in the same moment.</summary>
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(100);

    private readonly ShareSlots _slots = new(options.ShareRate, time);
    private readonly TokenBucket _questions = new(MostQuestions, time);
    private readonly TokenBucket _answers = new(MostAnswers, time);
    private readonly List<LinkShare> _links = [];
    private readonly List<Answer> _waiting = [];
    private LanPoll _poll = new([]);
    private string _problem = "";

    /// <summary>Bytes of artifacts that neighbours have got since the start.</summary>
    public long Given => _slots.Given;

    /// <summary>Runs until cancelled.</summary>
    public Task RunAsync(CancellationToken ct)
    {
        Look();
        return Task.Factory.StartNew(() => Run(ct), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private void Run(CancellationToken ct)
    {
        try
        {
            var looked = time.GetTimestamp();
            while (!ct.IsCancellationRequested)
            {
                if (time.GetElapsedTime(looked) >= LookInterval)
                {
                    Look();
                    looked = time.GetTimestamp();
                }

                _poll.Wait(_waiting.Count > 0 ? AnswerMilliseconds : WaitMilliseconds);
                for (var i = 0; i < _links.Count; i++)
                {
                    Serve(_links[i], _poll.IsReady(2 * i), _poll.IsReady((2 * i) + 1), ct);
                }

                AnswerDue();
            }
        }
        finally
        {
            _links.ForEach(static share => share.Dispose());
        }
    }

    /// <summary>Networks come and go, and addresses are given anew; who is being served stays.</summary>
    private void Look()
    {
        var problem = "";
        try
        {
            var links = LanLinks.Find(options.LanList());
            for (var i = _links.Count - 1; i >= 0; i--)
            {
                if (IndexOf(links, _links[i].Link) is var at and >= 0)
                {
                    links.RemoveAt(at);
                }
                else
                {
                    _links[i].Dispose();
                    _links.RemoveAt(i);
                }
            }

            foreach (var link in links)
            {
                try
                {
                    var share = new LinkShare(link, options.LanPort);
                    _links.Add(share);
                    LogSharing(link, share.Port);
                }
                catch (SocketException e)
                {
                    problem = string.Concat(link.ToString(), ": ", e.Message);
                }
            }
        }
        catch (SocketException e)
        {
            problem = e.Message;
        }

        var sockets = new Socket[_links.Count * 2];
        for (var i = 0; i < _links.Count; i++)
        {
            (sockets[2 * i], sockets[(2 * i) + 1]) = (_links[i].Ear, _links[i].Listener);
        }

        _poll = new LanPoll(sockets);
        if (problem.Length > 0 && problem != _problem)
        {
            LogProblem(problem);
        }

        _problem = problem;
    }

    private static int IndexOf(List<LanLink> links, LanLink link)
    {
        for (var i = 0; i < links.Count; i++)
        {
            if (links[i].Is(link))
            {
                return i;
            }
        }

        return -1;
    }

    private void Serve(LinkShare share, bool isAsked, bool isConnected, CancellationToken ct)
    {
        try
        {
            if (isAsked)
            {
                Hear(share);
            }

            if (isConnected)
            {
                Accept(share, ct);
            }
        }
        catch (SocketException e)
        {
            // It went away before it was taken; or the network did, and is looked for again.
            LogBroken(e, share.Link);
        }
    }

    private void Hear(LinkShare share)
    {
        // One byte more tells too long from just right.
        Span<byte> word = stackalloc byte[NeighbourWord.Bytes + 1];
        word = word[..LanSockets.Receive(share.Ear, share.Link, word, out var asker)];
        if (!share.Link.Has(asker.Address) || _waiting.Count >= MostWaiting || _questions.Wait > TimeSpan.Zero)
        {
            return;
        }

        _questions.Take(1);
        if (!NeighbourWord.TryReadQuestion(word, out var of) || of < Jitter.Next() * NeighbourWord.Everybody || artifacts.Find(word) is not { } artifact)
        {
            return;
        }

        if (artifact.IsVerified)
        {
            var due = time.GetTimestamp() + (long)(LongestDelay.TotalSeconds * Jitter.Next() * time.TimestampFrequency);
            _waiting.Add(new Answer(share, asker, NeighbourWord.Answer(NeighbourWord.Nonce(word), share.Port, artifact.Sha256), due));
        }
        else
        {
            Start(() => Verify(artifact));
        }
    }

    private void AnswerDue()
    {
        for (var i = _waiting.Count - 1; i >= 0; i--)
        {
            var answer = _waiting[i];
            if (answer.Due <= time.GetTimestamp())
            {
                _waiting.RemoveAt(i);
                if (_answers.Wait <= TimeSpan.Zero && _links.Contains(answer.Share))
                {
                    _answers.Take(1);
                    LanSockets.TrySend(answer.Share.Mouth, answer.Word, answer.To);
                }
            }
        }
    }

    private void Accept(LinkShare share, CancellationToken ct)
    {
        var client = share.Listener.Accept();
        if (client.RemoteEndPoint is IPEndPoint from && share.Link.Has(from.Address) && _slots.TryEnter(from.Address))
        {
            Start(() => Serve(client, from.Address, share.Link, ct));
        }
        else
        {
            client.Dispose();
        }
    }

    private void Serve(Socket client, IPAddress from, LanLink link, CancellationToken ct)
    {
        try
        {
            new ShareConnection(client, artifacts, _slots, time, ct).Run();
            client.Dispose();
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
        {
            // What the kernel holds for who does not take it goes with it.
            client.Close(0);
            LogBroken(e, link);
        }
        finally
        {
            _slots.Leave(from);
        }
    }

    private void Verify(SharedArtifact artifact)
    {
        try
        {
            artifacts.Verify(artifact);
            if (!artifact.IsVerified)
            {
                LogDamaged(artifact.Path, "it is not what it was, and deleted");
            }
        }
        catch (IOException e)
        {
            LogDamaged(artifact.Path, e.Message);
        }
    }

    private static void Start(Action work) => new Thread(() => work(), StackBytes) { IsBackground = true, Name = "neighbour" }.Start();

    [LoggerMessage(EventId = 3350, Level = LogLevel.Information, Message = "Artifacts of updates are shared on {Link}, port {Port}")]
    private partial void LogSharing(LanLink link, int port);

    [LoggerMessage(EventId = 3351, Level = LogLevel.Warning, Message = "Artifacts of updates are not shared everywhere: {Problem}")]
    private partial void LogProblem(string problem);

    [LoggerMessage(EventId = 3352, Level = LogLevel.Warning, Message = "An artifact that was kept for neighbours is of no use: {Path}: {Problem}")]
    private partial void LogDamaged(string path, string problem);

    [LoggerMessage(EventId = 3353, Level = LogLevel.Debug, Message = "A neighbour on {Link} did not get all of its answer")]
    private partial void LogBroken(Exception exception, LanLink link);

    /// <summary>One that is given in a moment.</summary>
    private sealed class Answer(LinkShare share, IPEndPoint to, byte[] word, long due)
    {
        public LinkShare Share => share;

        public IPEndPoint To => to;

        public byte[] Word => word;

        public long Due => due;
    }
}
