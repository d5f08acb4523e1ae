using Messaging.Updates.Metadata;

namespace Messaging.Tests.Updates.Metadata;

public sealed class TufNamesTests
{
    [Theory]
    [InlineData("snapshot", 3L, "3.snapshot.json")]
    [InlineData("timestamp", null, "timestamp.json")]
    [InlineData("../role", 1L, "1...%2Frole.json")]
    [InlineData("?#ü", null, "%3F%23%C3%BC.json")]
    public void File_AnyRole_IsOneSegment(string role, long? version, string expected) => Assert.Equal(expected, TufNames.File(role, version));

    [Theory]
    [InlineData("a.txt", null, "a.txt")]
    [InlineData("a.txt", "00ff", "00ff.a.txt")]
    [InlineData("x/y z/a?.txt", "00ff", "x/y%20z/00ff.a%3F.txt")]
    public void Target_AnyPath_KeepsItsFolders(string path, string? prefix, string expected) => Assert.Equal(expected, TufNames.Target(path, prefix));

    [Theory]
    [InlineData("a", true)]
    [InlineData("a/b/c..d/.e", true)]
    [InlineData("", false)]
    [InlineData("/a", false)]
    [InlineData("a/", false)]
    [InlineData("a//b", false)]
    [InlineData("..", false)]
    [InlineData("a/../b", false)]
    [InlineData("./a", false)]
    [InlineData("a\\b", false)]
    [InlineData("a\nb", false)]
    public void IsTarget_Paths_StayBelowTheirFolder(string path, bool expected) => Assert.Equal(expected, TufNames.IsTarget(path));
}
