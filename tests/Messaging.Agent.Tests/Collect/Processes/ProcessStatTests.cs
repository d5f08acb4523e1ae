using System.Text;
using Messaging.Agent.Collect.Processes;

namespace Messaging.Agent.Tests.Collect.Processes;

public sealed class ProcessStatTests
{
    [Fact]
    public void TryParse_NameWithBlanksAndParentheses_IsReadWhole()
    {
        var ok = Parse("42 (a) (b c) S 1 42 42 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 1 0 9876 1000000 321 18446744073709551615 1", out var stat, out var name);

        Assert.True(ok);
        Assert.Equal("a) (b c", name);
        Assert.Equal(new ProcessStat((byte)'S', 300, 9876, 321), stat);
    }

    [Theory]
    [InlineData("")]
    [InlineData("42 (x")]
    [InlineData("42 (x) S 1 2")]
    [InlineData("42 )x( S 1 42 42 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 1 0 9876 1000000 321")]
    public void TryParse_CutOff_IsRefused(string text) => Assert.False(Parse(text, out _, out _));

    private static bool Parse(string text, out ProcessStat stat, out string name)
    {
        var ok = ProcessStat.TryParse(Encoding.UTF8.GetBytes(text), out stat, out var bytes);
        name = Encoding.UTF8.GetString(bytes);
        return ok;
    }
}
