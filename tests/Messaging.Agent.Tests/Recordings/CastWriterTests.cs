using System.Buffers;
using System.Text;
using System.Text.Json;
using Messaging.Agent.Recordings;
using Messaging.Sessions;

namespace Messaging.Agent.Tests.Recordings;

public sealed class CastWriterTests
{
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly CastWriter _cast = new();

    [Fact]
    public void Begin_WritesTheHeaderOfVersion2()
    {
        CastWriter.Begin(_output, new TerminalSize(132, 43), "xterm-256color", "shell", 1_795_000_000_999);

        var header = JsonDocument.Parse(Text()).RootElement;
        Assert.Equal((2, 132, 43, 1_795_000_000L), (header.GetProperty("version").GetInt32(), header.GetProperty("width").GetInt32(), header.GetProperty("height").GetInt32(), header.GetProperty("timestamp").GetInt64()));
        Assert.Equal("xterm-256color", header.GetProperty("env").GetProperty("TERM").GetString());
        Assert.EndsWith("\n", Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Begin_WithoutAClock_HasNoTimestamp()
    {
        CastWriter.Begin(_output, new TerminalSize(80, 24), "dumb", "shell", null);

        Assert.False(JsonDocument.Parse(Text()).RootElement.TryGetProperty("timestamp", out _));
    }

    [Fact]
    public void Output_OfEveryByte_IsWhatJsonReadsBack()
    {
        byte[] all = [.. Enumerable.Range(0, 128).Select(static one => (byte)one)];

        _cast.Output(_output, 1_000_007, all);

        Assert.Equal((1.000007m, "o", Encoding.ASCII.GetString(all)), Assert.Single(Events()));
    }

    [Theory]
    [InlineData("ä", 1)]
    [InlineData("€", 1)]
    [InlineData("€", 2)]
    [InlineData("🙂", 1)]
    [InlineData("🙂", 2)]
    [InlineData("🙂", 3)]
    public void Output_OfACharacterInTwoPieces_IsOneCharacter(string character, int at)
    {
        var bytes = Encoding.UTF8.GetBytes("<" + character + ">");

        _cast.Output(_output, 1, bytes.AsSpan(0, at + 1));
        _cast.Output(_output, 2, bytes.AsSpan(at + 1));
        _cast.End(_output, 3);

        Assert.Equal(["<", character + ">"], Events().Select(static one => one.Text));
    }

    [Fact]
    public void Output_ByteByByte_IsTheSameText()
    {
        const string Said = "grüße, 世界 🙂!\r\n\u001b[1m\"\\";
        foreach (var one in Encoding.UTF8.GetBytes(Said))
        {
            _cast.Output(_output, 1, [one]);
        }

        Assert.Equal(Said, string.Concat(Events().Select(static one => one.Text)));
    }

    [Theory]
    [InlineData(new byte[] { 0xff, (byte)'a' }, "\uFFFDa")]
    [InlineData(new byte[] { 0xe2, 0x82, (byte)'a' }, "\uFFFDa")]
    [InlineData(new byte[] { 0xc3, 0xe2, 0x82, 0xac }, "\uFFFD€")]
    [InlineData(new byte[] { 0xed, 0xa0, 0x80 }, "\uFFFD\uFFFD\uFFFD")]
    [InlineData(new byte[] { 0xe2, 0x82 }, "\uFFFD")]
    public void Output_OfWhatIsNoUtf8_IsReplacedInAnyPieces(byte[] bytes, string expected)
    {
        for (var at = 0; at <= bytes.Length; at++)
        {
            _output.ResetWrittenCount();
            var cast = new CastWriter();
            cast.Output(_output, 1, bytes.AsSpan(0, at));
            cast.Output(_output, 2, bytes.AsSpan(at));
            cast.End(_output, 3);

            Assert.Equal(expected, string.Concat(Events().Select(static one => one.Text)));
        }
    }

    [Fact]
    public void Resize_IsAnEvent()
    {
        CastWriter.Resize(_output, 61_500_000, new TerminalSize(100, 50));

        Assert.Equal((61.5m, "r", "100x50"), Assert.Single(Events()));
    }

    private string Text() => Encoding.UTF8.GetString(_output.WrittenSpan);

    private List<(decimal At, string Kind, string Text)> Events() =>
    [
        .. Text().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonDocument.Parse(line).RootElement)
            .Select(static one => (one[0].GetDecimal(), one[1].GetString()!, one[2].GetString()!)),
    ];
}
