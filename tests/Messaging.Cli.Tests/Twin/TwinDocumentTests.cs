using System.Text;
using System.Text.Json;
using Messaging.Cli.Hosting;
using Messaging.Cli.Twin;
using Messaging.Twin;

namespace Messaging.Cli.Tests.Twin;

public sealed class TwinDocumentTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("twin").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Read_JsonAndIniOfTheSame_AreTheSame()
    {
        File.WriteAllText(Path.Combine(_folder, "app.conf"), "a=1\n");
        var json = Read("twin.json", """
            {
              // A remark is allowed, and a comma at the end.
              "settings": { "Intervals:cpu": "30s" },
              "files": { "/etc/app/app.conf": { "from": "app.conf", "mode": "0600" }, "/etc/app/b": { "text": "b" } },
              "units": ["app.service"],
              "app": { "mode": "auto", "on": true, "pump.speed": 2.5, "name": "7" },
            }
            """);
        var ini = Read("twin.ini", """
            [settings]
            Intervals:cpu = 30s
            [files]
            /etc/app/app.conf = app.conf 0600
            /etc/app/b = b.txt
            # A remark.
            [units]
            app.service
            [app]
            mode = auto
            on = true
            pump.speed = 2.5
            name = "7"
            """, ("b.txt", "b"));

        Assert.Equal(json.Encode(), ini.Encode());
        Assert.Equal((8UL, 0x180, 0x1a4), (json.Version, json.Files[0].Mode, json.Files[1].Mode));
        Assert.Equal("a=1\n", Encoding.UTF8.GetString(json.Files[0].Bytes.Span));
    }

    [Theory]
    [InlineData("version = 12\n", 12)]
    [InlineData("{\"version\":12}", 12)]
    [InlineData("{}", 8)]
    public void Read_AVersion_IsWhatStandsThereOrTheNext(string text, ulong version) => Assert.Equal(version, Read("twin", text).Version);

    [Theory]
    [InlineData("{", "is not JSON")]
    [InlineData("[]", "line 1: there are [settings]")]
    [InlineData("{\"setings\":{}}", "setings")]
    [InlineData("{\"files\":{\"/a\":{\"mode\":\"0999\",\"text\":\"\"}}}", "is no mode")]
    [InlineData("{\"files\":{\"/a\":{}}}", "content is missing")]
    [InlineData("{\"files\":{\"/a\":7}}", "a file is an object")]
    [InlineData("{\"app\":{\"a\":1e300}}", "10^15")]
    [InlineData("[app]\na", "line 2: write it as name = value")]
    [InlineData("[app]\na = 1\na = 2", "line 3: a is there twice")]
    [InlineData("[units]\nnginx", "is no name of a unit")]
    [InlineData("verson = 3", "version = NUMBER")]
    public void Read_WhatIsWrong_IsSaidWithItsPlace(string text, string what) =>
        Assert.Contains(what, Assert.Throws<CliException>(() => Read("twin", text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_NotUtf8_IsRefused()
    {
        var path = Path.Combine(_folder, "twin");
        File.WriteAllBytes(path, [0x7b, 0xff, 0x7d]);

        Assert.Contains("is not UTF-8", Assert.Throws<CliException>(() => TwinDocument.Read(path, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_OfADifference_SayWhatComesGoesAndChanges()
    {
        var before = new DesiredState(1, [new("Intervals:cpu", "30s"), new("Intervals:disk", "1m")], [new("/a", 0x1a4, "x"u8.ToArray())], ["a.service"], []);
        var after = new DesiredState(2, [new("Intervals:cpu", "10s")], [new("/a", 0x180, "x"u8.ToArray())], ["a.service"], [new("mode", AppValue.Of("auto")!)]);

        Assert.Equal(
            [
                "+ app mode = \"auto\"",
                "~ file /a = 1 bytes, mode 0644, sha256 2d711642b726b044 -> 1 bytes, mode 0600, sha256 2d711642b726b044",
                "~ setting Intervals:cpu = 30s -> 10s",
                "- setting Intervals:disk = 1m",
            ],
            TwinDifference.Lines(before, after));
        Assert.Equal(["+ unit a.service"], TwinDifference.Lines(null, new DesiredState(1, [], [], ["a.service"], [])));
    }

    [Fact]
    public void Of_WhatTheServerShows_IsWhatWasRead()
    {
        using var document = JsonDocument.Parse("""{"version":3,"settings":{},"files":{"/a":{"content":"AQI=","mode":420}},"units":[],"app":{"on":true}}""");

        var state = TwinDocument.Of(document.RootElement);

        Assert.Equal((3UL, "/a", "true"), (state.Version, state.Files[0].Path, state.App[0].Value.Text));
    }

    private DesiredState Read(string name, string text, params (string Name, string Text)[] beside)
    {
        foreach (var (other, content) in beside)
        {
            File.WriteAllText(Path.Combine(_folder, other), content);
        }

        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return TwinDocument.Read(path, 8);
    }
}
