using Messaging.Agent.Logs.Files;
using Messaging.Agent.Tests.Support;

namespace Messaging.Agent.Tests.Logs.Files;

public sealed class FileGlobTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public FileGlobTests()
    {
        foreach (var file in new[] { "a.log", "b.log", "b.txt", ".hidden.log", "old.log.gz", "one/x.log", "two/x.log", "two/deep/x.log", "[odd].log" })
        {
            _folder.Write(file, "");
        }
    }

    [Theory]
    [InlineData("*.log", "[odd].log a.log b.log")]
    [InlineData("?.log", "a.log b.log")]
    [InlineData("*", "[odd].log a.log b.log b.txt")]
    [InlineData(".*.log", ".hidden.log")]
    [InlineData("*/x.log", "one/x.log two/x.log")]
    [InlineData("t*/*/*.log", "two/deep/x.log")]
    [InlineData("nowhere/*.log", "")]
    [InlineData("a.log", "a.log")]
    [InlineData("absent.log", "absent.log")]
    [InlineData("[odd].log", "[odd].log")]
    public void Find_Pattern_GivesTheMatchingFiles(string pattern, string expected)
    {
        var paths = new List<string>();
        new FileGlob(_folder.File(pattern)).Find(paths);

        Assert.Equal(expected, string.Join(' ', paths.Select(p => Path.GetRelativePath(_folder.Path, p)).Order(StringComparer.Ordinal)));
    }

    public void Dispose() => _folder.Dispose();
}
