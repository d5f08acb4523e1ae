using System.Text;
using CsCheck;
using Messaging.Agent.Logs.Files;

namespace Messaging.Agent.Tests.Logs.Files;

public sealed class LineSplitterTests
{
    [Fact]
    public void TryNext_LinesWithAnyEnding_AreCut() =>
        Assert.Equal(["a", "", "b", "c\rd"], Split("a\n\r\nb\r\nc\rd\n"u8, 100));

    [Fact]
    public void TryNext_NoNewlineYet_Waits() => Assert.Equal(["a"], Split("a\nhalf"u8, 100));

    [Fact]
    public void TryNext_NoNewlineButComplete_IsABeginning() => Assert.Equal(["a", "half|Begin"], Split("a\nhalf"u8, 100, isComplete: true));

    [Fact]
    public void TryNext_LineThatIsTooLong_IsCutIntoMarkedParts() =>
        Assert.Equal(["0123|Begin", "4567|Middle", "89|End", "x"], Split("0123456789\nx\n"u8, 4));

    [Fact]
    public void TryNext_LineOfExactlyTheLimit_IsWhole() => Assert.Equal(["0123", "4567"], Split("0123\n4567\n"u8, 4));

    [Fact]
    public void TryNext_RestOfACutLine_IsItsEnd() => Assert.Equal(["0123|Begin", "4567|End", "x"], Split("01234567\nx\n"u8, 4));

    [Fact]
    public void TryNext_NewlineRightAfterAPart_IsNotALineOfItsOwn()
    {
        Assert.True(new LineSplitter(4).TryNext("\nx\n"u8, insideLine: true, isComplete: false, out var line));

        Assert.Equal(new SplitLine(null, 1, false, LinePart.End), line);
    }

    [Fact]
    public void TryNext_CutNeverSplitsACharacter() =>
        Assert.Equal(["aä|Begin", "öü|Middle", "€|Middle", "😀|Middle", "z|End"], Split("aäöü€😀z\n"u8, 4));

    [Fact]
    public void TryNext_InvalidUtf8_BecomesReplacementCharacters() =>
        Assert.Equal(["a\uFFFDb", "\uFFFD\uFFFD"], Split([(byte)'a', 0xFF, (byte)'b', 10, 0xC3, 0x28 + 0x98, 10], 100));

    [Fact]
    public void TryNext_ZerosBeforeALine_AreTheHoleThatATruncationLeft() =>
        Assert.Equal(["after", "in\uFFFDside"], Split("\0\0\0\0\0\0\0\0after\nin\0side\n"u8, 4 + 96));

    [Fact]
    public void TryNext_AnyBytesInAnyBlocks_LosesNothingAndStaysWithinTheLimit() => Gen.Select(
        Gen.OneOf(Gen.Byte[1, 255], Gen.Const((byte)'\n'), Gen.Const((byte)'\r')).Array[0, 300],
        Gen.Int[4, 40],
        Gen.Int[1, 50]).Sample((content, limit, step) =>
        {
            var (whole, parts) = (new StringBuilder(), new StringBuilder());
            Feed(content, limit, content.Length, (text, _) => whole.Append(text).Append('\n'));
            Feed(content, limit, step, (text, bytes) =>
            {
                Assert.True(bytes <= limit + 2);
                parts.Append(text).Append('\n');
            });
            Assert.Equal(whole.ToString(), parts.ToString());
        });

    /// <summary>As the pump does it: what was not taken is offered again with what follows.</summary>
    private static void Feed(byte[] content, int limit, int step, Action<string, int> take)
    {
        var splitter = new LineSplitter(limit);
        var (offset, insideLine) = (0, false);
        for (var end = Math.Min(step, content.Length); ; end = Math.Min(content.Length, end + step))
        {
            while (splitter.TryNext(content.AsSpan(offset, end - offset), insideLine, end == content.Length, out var line))
            {
                Assert.True(line.Bytes > 0);
                offset += line.Bytes;
                insideLine = line.InsideLine;
                if (line.Text is not null)
                {
                    take(line.Text, line.Bytes);
                }
            }

            if (end == content.Length)
            {
                Assert.Equal(content.Length, offset);
                return;
            }
        }
    }

    private static List<string> Split(ReadOnlySpan<byte> bytes, int limit, bool isComplete = false)
    {
        var splitter = new LineSplitter(limit);
        var lines = new List<string>();
        var insideLine = false;
        while (!bytes.IsEmpty && splitter.TryNext(bytes, insideLine, isComplete, out var line))
        {
            bytes = bytes[line.Bytes..];
            insideLine = line.InsideLine;
            if (line.Text is not null)
            {
                lines.Add(line.Part == LinePart.Whole ? line.Text : $"{line.Text}|{line.Part}");
            }
        }

        return lines;
    }
}
