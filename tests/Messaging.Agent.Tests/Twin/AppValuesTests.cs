using Messaging.Agent.Local;
using Messaging.Agent.Twin;
using Messaging.Twin;

namespace Messaging.Agent.Tests.Twin;

public sealed class AppValuesTests
{
    private readonly AppValues _values = new();

    [Fact]
    public void Watch_Then_ToldEachValueAndEachChange()
    {
        var program = new Program();
        _values.Take([new("mode", AppValue.Of("auto")!), new("speed", AppValue.Of(3)!)]);

        _values.Watch(program);
        _values.Take([new("speed", AppValue.Of(4)!), new("on", AppValue.Of(true))]);
        _values.Leave(program);
        _values.Take([]);

        Assert.Equal(["mode \"auto\"", "speed 3", "speed 4", "on true", "mode "], program.Told);
    }

    [Fact]
    public void Report_OfTheSameValueInOtherDigits_IsTheSame()
    {
        _values.Take([new("speed", AppValue.Of(3)!), new("name", AppValue.Of("3")!)]);

        Assert.Null(_values.Report("speed", "3.0", null));
        Assert.Null(_values.Report("name", "3.0", null));

        Assert.Equal(_values.Of("speed").Wanted, _values.Of("speed").Reported);
        Assert.NotEqual(_values.Of("name").Wanted, _values.Of("name").Reported);
    }

    [Fact]
    public void Report_StaysUntilAnotherValueIsWanted()
    {
        _values.Take([new("speed", AppValue.Of(3)!)]);
        Assert.Null(_values.Report("speed", "3", null));
        _values.Take([new("speed", AppValue.Of(3)!)]);
        Assert.NotNull(_values.Of("speed").Reported);

        _values.Take([new("speed", AppValue.Of(4)!)]);

        Assert.Null(_values.Of("speed").Reported);
    }

    [Fact]
    public void Report_OfWhatIsNotWanted_IsRefused()
    {
        Assert.Equal("no value speed is wanted", _values.Report("speed", "3", null));
        _values.Take([new("speed", AppValue.Of(3)!)]);
        Assert.Contains("256 bytes", _values.Report("speed", new string('x', 257), null)!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("get pump.speed", "Get { Name = pump.speed }")]
    [InlineData("watch", "Watch { }")]
    [InlineData("report a 3", "Report { Name = a, Text = 3, Error =  }")]
    [InlineData("report a \"two words\"", "Report { Name = a, Text = two words, Error =  }")]
    [InlineData("report a error=\"too fast\"", "Report { Name = a, Text = , Error = too fast }")]
    [InlineData("report a 3 error=\"too fast\"", "Report { Name = a, Text = 3, Error = too fast }")]
    public void Parse_ALineOfValues_IsRead(string line, string expected)
    {
        Assert.Null(LocalLine.Parse(line, out var request));
        Assert.Equal(expected, request!.ToString());
    }

    [Theory]
    [InlineData("get")]
    [InlineData("get 1st")]
    [InlineData("watch now")]
    [InlineData("report a")]
    [InlineData("report a error=")]
    [InlineData("report ../a 3")]
    public void Parse_ALineThatIsNone_IsRefused(string line)
    {
        Assert.NotNull(LocalLine.Parse(line, out var request));
        Assert.Null(request);
    }

    private sealed class Program : IAppWatcher
    {
        public List<string> Told { get; } = [];

        public void Tell(string name, string? text) => Told.Add($"{name} {text}");
    }
}
