using Messaging.Cli.Storage;
using Messaging.Cli.Tests.Support;

namespace Messaging.Cli.Tests.Storage;

public sealed class DurableFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Create_WhereOneIs_FailsAndLeavesNothingBehind()
    {
        var path = _folder.Write("x", "old");

        Assert.Throws<IOException>(() => DurableFile.Create(path, "new"u8));

        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.EnumerateFiles(_folder.Path));
    }

    [Fact]
    public void Replace_WhatACrashLeftBehind_IsNoHindrance()
    {
        _folder.Write("x.new", "half");

        DurableFile.Replace(_folder.File("x"), "whole"u8);

        Assert.Equal("whole", File.ReadAllText(_folder.File("x")));
        Assert.False(File.Exists(_folder.File("x.new")));
    }
}
