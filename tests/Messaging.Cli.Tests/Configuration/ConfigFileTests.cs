using Messaging.Cli.Configuration;
using Messaging.Cli.Hosting;
using Messaging.Cli.Tests.Support;

namespace Messaging.Cli.Tests.Configuration;

public sealed class ConfigFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private ConfigFile File => new(_folder.File("fleetctl/config.json"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_WithoutAFile_IsEmpty() => Assert.Equal(new StoredConfiguration(), File.Load());

    [Fact]
    public void Save_ThenLoaded_IsTheSameInAPrivateFile()
    {
        var stored = new StoredConfiguration("https://fleet.example/", "/home/x/token", new string('a', 64), null);

        File.Save(stored);

        Assert.Equal(stored, File.Load());
        Assert.Equal(TemporaryFolder.OwnerFile, System.IO.File.GetUnixFileMode(File.Path));
        Assert.Equal(TemporaryFolder.OwnerFile | UnixFileMode.UserExecute, System.IO.File.GetUnixFileMode(File.Folder));
        Assert.Equal([File.Path], Directory.EnumerateFiles(File.Folder));
        File.Save(stored with { Fleet = null });
        Assert.Null(File.Load().Fleet);
    }

    [Fact]
    public void Load_WhatIsNone_IsRefused()
    {
        Directory.CreateDirectory(File.Folder);
        foreach (var content in new[] { "", "null", "[]", "{", """{"url":1}""", """{"urll":"https://x"}""", """{"url":"https://x","url":"https://y"}""", """{"url":"https://x",}""" })
        {
            System.IO.File.WriteAllText(File.Path, content);

            var refused = Assert.Throws<CliException>(() => File.Load());

            Assert.Contains("no configuration", refused.Message, StringComparison.Ordinal);
            Assert.Equal(ExitCodes.Usage, refused.Code);
        }
    }
}
