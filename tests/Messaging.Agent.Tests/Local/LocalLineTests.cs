using CsCheck;
using Messaging.Agent.Collect;
using Messaging.Agent.Local;

namespace Messaging.Agent.Tests.Local;

public sealed class LocalLineTests
{
    [Fact]
    public void Parse_Metric_HasNameValueUnitKindAndAttributes()
    {
        var metric = Assert.IsType<LocalRequest.Metric>(Parse("metric tank.level 12.5 unit=% kind=gauge tank=north site=\"plant 2\""));

        Assert.Equal(new MetricDefinition("tank.level", "%", InstrumentKind.Gauge), metric.Definition);
        Assert.Equal(12.5, metric.Value);
        Assert.Equal([new("tank", "north"), new("site", "plant 2")], metric.Attributes);
    }

    [Fact]
    public void Parse_MetricWithoutMore_IsAGaugeWithoutUnit() =>
        Assert.Equal(new MetricDefinition("x", "1", InstrumentKind.Gauge), Assert.IsType<LocalRequest.Metric>(Parse("metric  x\t-1e3 ")).Definition);

    [Fact]
    public void Parse_Event_HasItsSeverityAndAttributes()
    {
        var happened = Assert.IsType<LocalRequest.Event>(Parse("event door.opened severity=warn by=\"a \\\"b\\\" \\\\ \\n c\""));

        Assert.Equal(("door.opened", 13), (happened.Name, happened.Severity));
        Assert.Equal([new("by", "a \"b\" \\ \n c")], happened.Attributes);
    }

    [Fact]
    public void Parse_Log_HasItsTextAndSource()
    {
        var log = Assert.IsType<LocalRequest.Log>(Parse("log error \"pump = stuck\" source=plc line=4"));

        Assert.Equal((17, "plc", "pump = stuck"), (log.Severity, log.Source, log.Body));
        Assert.Equal([new("line", "4")], log.Attributes);
    }

    [Theory]
    [InlineData("", "the line is empty")]
    [InlineData("   ", "the line is empty")]
    [InlineData("metrics x 1", "'metrics' is no request, or has the wrong number of words")]
    [InlineData("listen", "'listen' is no request, or has the wrong number of words")]
    [InlineData("listen a/b", "listen takes a name: letters, digits, dots, - and _")]
    [InlineData("metric x", "metric takes a name and a value")]
    [InlineData("metric 1x 1", "'1x' is no name: letters, digits, dots, - and _")]
    [InlineData("metric x NaN", "'NaN' is no number")]
    [InlineData("metric x 1,5", "'1,5' is no number")]
    [InlineData("metric x 1 kind=sum", "'sum' is none of gauge, counter, updowncounter")]
    [InlineData("metric x 1 Cel", "'Cel' is not key=value; a text with blanks stands in quotes")]
    [InlineData("metric x 1 a=1 a=2", "a is there twice")]
    [InlineData("metric x 1 local.uid=0", "attributes that begin with local. are the agent's")]
    [InlineData("event x severity=bad", "'bad' is none of trace, debug, info, warn, error, fatal")]
    [InlineData("log info two words", "'words' is not key=value; a text with blanks stands in quotes")]
    [InlineData("log info \"open", "a quote is not closed, or a \\ stands before what it may not")]
    [InlineData("log info \"\\x\"", "a quote is not closed, or a \\ stands before what it may not")]
    public void Parse_WhatIsWrong_IsRefusedWithAReason(string line, string reason)
    {
        Assert.Equal(reason, LocalLine.Parse(line, out var request));
        Assert.Null(request);
    }

    [Fact]
    public void Parse_TooManyWords_IsRefused() =>
        Assert.Equal("more than 80 words", LocalLine.Parse("metric x 1 " + string.Join(' ', Enumerable.Range(0, 100).Select(i => $"k{i}=1")), out _));

    [Fact]
    public void Parse_AnyText_NeverThrows() => Gen.String.Sample(text =>
    {
        foreach (var line in new[] { text, "metric " + text, "event " + text, "log info " + text, "metric x 1 " + text })
        {
            Assert.NotEqual(LocalLine.Parse(line, out var request) is null, request is null);
        }
    });

    [Fact]
    public void Quote_AnyText_IsReadBackAsOneWord() => Gen.String.Sample(text =>
    {
        Assert.True(LineTokens.TrySplit(LineTokens.Quote(text), out var tokens, out _));
        Assert.Equal(new string([.. text.Select(c => c is (< ' ' and not ('\n' or '\t')) or '\u007f' ? ' ' : c)]), Assert.Single(tokens).Text);
    });

    private static LocalRequest Parse(string line)
    {
        Assert.Null(LocalLine.Parse(line, out var request));
        return request!;
    }
}
