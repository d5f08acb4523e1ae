using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Messaging.Agent.Configuration;
using Messaging.Agent.Files;
using Messaging.Agent.Twin;
using Messaging.Twin;

namespace Messaging.Agent.Local;

/// <summary>One program: reads its lines, answers each with a line in the same order, and hands it commands in between.</summary>
internal sealed class LocalConnection(Socket socket, LocalSender sender, LocalBatcher batcher, AppCalls calls, AppValues values, FileInbox? files, LocalOptions options, TimeProvider time)
    : IAppListener, IAppWatcher, IDisposable
{
    private const int MaxUnanswered = 256;

    /// <summary>Twice as many as there can be: a program that lets more of them wait does not read.</summary>
    private const int MaxNews = 2 * DesiredState.MaxProperties;

    /// <summary>A program that does not read is put off.</summary>
    private static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(10);
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly CancellationTokenSource _gone = new();
    private readonly Channel<Task<string>> _answers = Channel.CreateBounded<Task<string>>(MaxUnanswered);
    private readonly Channel<string> _news = Channel.CreateBounded<string>(MaxNews);

    /// <summary>Runs until the program goes, or cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, _gone.Token);
        var answering = AnswerAsync(both.Token);
        var telling = TellAsync(both.Token);
        try
        {
            await ReadAsync(both.Token);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // It went away, or the agent stops.
        }
        finally
        {
            calls.Leave(this);
            values.Leave(this);
            _answers.Writer.Complete();
            _news.Writer.Complete();
        }

        await answering;
        await telling;
    }

    public void Tell(string name, string? text)
    {
        if (!_news.Writer.TryWrite(text is null ? $"desired {name}" : $"desired {name} {text}"))
        {
            _gone.Cancel();
        }
    }

    public async Task<bool> SendAsync(string line, CancellationToken ct)
    {
        var bytes = Encoding.UTF8.GetBytes(line + '\n');
        var isHeld = false;
        try
        {
            using var limit = new CancellationTokenSource(WriteLimit, time);
            using var any = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token, _gone.Token);
            await _writing.WaitAsync(any.Token);
            isHeld = true;
            for (ReadOnlyMemory<byte> rest = bytes; rest.Length > 0;)
            {
                rest = rest[await socket.SendAsync(rest, SocketFlags.None, any.Token)..];
            }

            return true;
        }
        catch (ObjectDisposedException)
        {
            // It went away in this moment.
            return false;
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            // Half a line may be out: nothing more can follow it.
            await _gone.CancelAsync();
            return false;
        }
        finally
        {
            if (isHeld)
            {
                _writing.Release();
            }
        }
    }

    public void Dispose()
    {
        socket.Dispose();
        _gone.Dispose();
    }

    private async Task AnswerAsync(CancellationToken ct)
    {
        try
        {
            await foreach (var answer in _answers.Reader.ReadAllAsync(CancellationToken.None))
            {
                // What is on its way to the disk is answered also when the program has stopped sending.
                if (!await SendAsync(await answer, ct))
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // There is nobody to answer.
        }
    }

    private async Task TellAsync(CancellationToken ct)
    {
        try
        {
            await foreach (var line in _news.Reader.ReadAllAsync(ct))
            {
                if (!await SendAsync(line, ct))
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // There is nobody to tell.
        }
    }

    private async Task ReadAsync(CancellationToken ct)
    {
        var buffer = new byte[options.LineBytes + 1];
        var (length, isSkipping) = (0, false);
        var (second, lines) = (time.GetTimestamp(), 0);
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(length), SocketFlags.None, ct);
            if (read == 0)
            {
                return;
            }

            length += read;
            var start = 0;
            while (buffer.AsSpan(start, length - start).IndexOf((byte)'\n') is >= 0 and var end)
            {
                if (!isSkipping)
                {
                    await _answers.Writer.WriteAsync(await TakeAsync(buffer.AsMemory(start, end), ct), ct);
                    lines++;
                }

                isSkipping = false;
                start += end + 1;
                if (lines >= options.LinesPerSecond)
                {
                    var rest = TimeSpan.FromSeconds(1) - time.GetElapsedTime(second);
                    if (rest > TimeSpan.Zero)
                    {
                        await Task.Delay(rest, time, ct);
                    }

                    (second, lines) = (time.GetTimestamp(), 0);
                }
            }

            if (time.GetElapsedTime(second) >= TimeSpan.FromSeconds(1))
            {
                (second, lines) = (time.GetTimestamp(), 0);
            }

            buffer.AsSpan(start, length - start).CopyTo(buffer);
            length -= start;
            if (length == buffer.Length)
            {
                if (!isSkipping)
                {
                    await _answers.Writer.WriteAsync(Refused($"the line is longer than {options.LineBytes} bytes"), ct);
                }

                (length, isSkipping) = (0, true);
            }
        }
    }

    private async Task<Task<string>> TakeAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        string line;
        try
        {
            line = Strict.GetString(bytes.Span).TrimEnd('\r');
        }
        catch (DecoderFallbackException)
        {
            return Refused("the line is not UTF-8");
        }

        if (line.Contains('\0', StringComparison.Ordinal))
        {
            return Refused("the line has a zero character");
        }

        return LocalLine.Parse(line, out var request) is { } problem ? Refused(problem) : request switch
        {
            LocalRequest.Listen listen => Refused(calls.Listen(listen.Name, this)),
            LocalRequest.Output output => Refused(calls.Output(this, output.Id, output.Text) ? null : $"no command {output.Id} is with this program"),
            LocalRequest.Ended ended => Refused(calls.End(this, ended) ? null : $"no command {ended.Id} is with this program"),
            LocalRequest.File file => Refused(files is null ? "this agent takes no files (Local:Drop, Files:Enabled)" : files.Take(file, sender)),
            LocalRequest.Ping => Refused(null),
            LocalRequest.Get get => values.Get(get.Name) is { } text ? Task.FromResult("ok " + text) : Refused($"no value {get.Name} is wanted"),
            LocalRequest.Watch => Watch(),
            LocalRequest.Report report => Refused(values.Report(report.Name, report.Text, report.Error)),
            _ => AnswerOf(await batcher.AddAsync(request!, sender, ct)),
        };
    }

    private Task<string> Watch()
    {
        values.Watch(this);
        return Refused(null);
    }

    private static async Task<string> AnswerOf(Task<string?> problem) => Line(await problem);

    private static Task<string> Refused(string? problem) => Task.FromResult(Line(problem));

    private static string Line(string? problem) => problem is null ? "ok" : "error " + problem.ReplaceLineEndings(" ");
}
