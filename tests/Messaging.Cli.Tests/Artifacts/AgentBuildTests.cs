using Messaging.Cli.Artifacts;
using Messaging.Cli.Tests.Support;
using Messaging.Updates.Releases;

namespace Messaging.Cli.Tests.Artifacts;

public sealed class AgentBuildTests : IDisposable
{
    private const int Chunk = 1024 * 1024;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>This program is started by the loader that begins the trimmed build.</summary>
    [Fact]
    public void Of_AProgramOfDotNetsLoader_IsTrimmed() => Assert.Equal(Release.TrimmedBuild, AgentBuild.Of(Environment.ProcessPath!));

    [Fact]
    public void Of_NativeCode_IsThat() => Assert.Equal(Release.NativeBuild, AgentBuild.Of("/bin/sh"));

    [Fact]
    public void Of_WhatIsNoProgram_IsNotKnown() => Assert.Null(AgentBuild.Of(_folder.Write("file", "content")));

    /// <summary>Wherever the reads break off.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(31)]
    [InlineData(32)]
    public void Of_ALoaderAcrossTwoReads_IsTrimmed(int before)
    {
        var loader = File.ReadAllBytes(Environment.ProcessPath!);
        var bundle = loader.AsSpan(loader.AsSpan().IndexOf((byte[])[0x8b, 0x12, 0x02, 0xb9, 0x6a, 0x61, 0x20, 0x38]), 32);
        var program = new byte[Chunk * 2];
        loader.AsSpan(0, 64).CopyTo(program);
        bundle.CopyTo(program.AsSpan(Chunk - before));
        var path = _folder.File("program");
        File.WriteAllBytes(path, program);

        Assert.Equal(Release.TrimmedBuild, AgentBuild.Of(path));
    }
}
