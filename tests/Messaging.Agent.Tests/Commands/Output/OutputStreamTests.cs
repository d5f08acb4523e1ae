using System.Text;
using Messaging.Agent.Commands.Output;
using Messaging.Commands;
using Messaging.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Agent.Tests.Commands.Output;

public sealed class OutputStreamTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<CommandOutput> _sent = [];
    private bool _isRefusing;

    [Fact]
    public void Write_IsSentAMomentLater_InOrderAndWithItsPlace()
    {
        using var stream = Stream(1000);

        Write(stream, OutputSource.Output, "one\n");
        Write(stream, OutputSource.Output, "two\n");
        Write(stream, OutputSource.Error, "bad\n");
        Assert.Empty(_sent);
        _time.Advance(TimeSpan.FromMilliseconds(250));
        Write(stream, OutputSource.Output, "three\n");
        stream.End();

        Assert.Equal(
            [(0, OutputSource.Output, "one\ntwo\n", null), (8, OutputSource.Error, "bad\n", null), (12, OutputSource.Output, "three\n", null), (18, OutputSource.Output, "", 18L)],
            _sent.Select(Shown));
    }

    [Fact]
    public void Leave_SendsTheRestAndTellsNoEnd()
    {
        using var stream = Stream(1000);
        Write(stream, OutputSource.Output, "half of");

        stream.Leave();
        stream.End();

        Assert.Equal([(0, OutputSource.Output, "half of", null)], _sent.Select(Shown));
    }

    [Fact]
    public void Write_OfMuch_IsSentAtOnceInPiecesThatFit()
    {
        using var stream = Stream(1 << 20);

        stream.Write(OutputSource.Output, new byte[(2 * CommandOutput.MaxBytes) + 10]);

        Assert.Equal([(0, CommandOutput.MaxBytes), (CommandOutput.MaxBytes, CommandOutput.MaxBytes)], _sent.Select(piece => (piece.Offset, piece.Bytes.Length)));
        stream.End();
        Assert.Equal((10, 65_546L), (_sent[2].Bytes.Length, _sent[3].Written!.Value));
    }

    [Fact]
    public void Write_BeyondTheLimit_IsCountedAndNotSent()
    {
        using var stream = Stream(1000);
        stream.Lower(5);

        Write(stream, OutputSource.Output, "123");
        Write(stream, OutputSource.Error, "4567890");
        Write(stream, OutputSource.Output, "more");
        stream.End();

        Assert.Equal([(0, OutputSource.Output, "123", null), (3, OutputSource.Error, "45", null), (5, OutputSource.Output, "", 14L)], _sent.Select(Shown));
    }

    [Fact]
    public void Write_OfBothInTurns_MakesFewPiecesAndLosesNothing()
    {
        using var stream = Stream(100_000);
        for (var i = 0; i < 1000; i++)
        {
            Write(stream, OutputSource.Output, $"out {i}\n");
            Write(stream, OutputSource.Error, $"err {i}\n");
        }

        stream.End();

        Assert.InRange(_sent.Count, 3, 9);
        var places = _sent.SkipLast(1).Select(piece => piece.Offset);
        Assert.Equal(places, _sent.SkipLast(1).Select((_, i) => _sent.Take(i).Sum(piece => piece.Bytes.Length)));
        foreach (var (source, word) in new[] { (OutputSource.Output, "out"), (OutputSource.Error, "err") })
        {
            var text = string.Concat(_sent.Where(piece => piece.Source == source).Select(piece => Encoding.UTF8.GetString(piece.Bytes.Span)));
            Assert.Equal(string.Concat(Enumerable.Range(0, 1000).Select(i => $"{word} {i}\n")), text);
        }
    }

    [Fact]
    public void Write_WhileTheDiskRefuses_ComesWhenItTakesItAgain()
    {
        using var stream = Stream(1000);
        _isRefusing = true;
        Write(stream, OutputSource.Output, "kept");
        _time.Advance(TimeSpan.FromSeconds(1));
        Write(stream, OutputSource.Output, " and more");
        _isRefusing = false;
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal([(0, OutputSource.Output, "kept and more", null)], _sent.Select(Shown));
    }

    [Fact]
    public void End_WithNothingWritten_SaysNothing()
    {
        using var stream = Stream(1000);

        stream.End();
        Write(stream, OutputSource.Output, "too late");
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Empty(_sent);
    }

    private static (int Offset, OutputSource Source, string Text, long? Written) Shown(CommandOutput piece) =>
        (piece.Offset, piece.Source, Encoding.UTF8.GetString(piece.Bytes.Span), piece.Written);

    private static void Write(OutputStream stream, OutputSource source, string text) => stream.Write(source, Encoding.UTF8.GetBytes(text));

    private OutputStream Stream(int limit) => new(
        CommandId.Generate(),
        limit,
        piece =>
        {
            if (!_isRefusing)
            {
                _sent.Add(piece);
            }

            return !_isRefusing;
        },
        _time);
}
