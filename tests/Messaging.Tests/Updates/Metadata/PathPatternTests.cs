using System.Text.RegularExpressions;
using CsCheck;
using Messaging.Updates.Metadata;

namespace Messaging.Tests.Updates.Metadata;

public sealed class PathPatternTests
{
    // The first rows are those of the specification.
    [Theory]
    [InlineData("targets/*.tgz", "targets/foo.tgz", true)]
    [InlineData("targets/*.tgz", "targets/foo.txt", false)]
    [InlineData("foo-version-?.tgz", "foo-version-2.tgz", true)]
    [InlineData("foo-version-?.tgz", "foo-version-alpha.tgz", false)]
    [InlineData("*.tgz", "foo.tgz", true)]
    [InlineData("*.tgz", "targets/foo.tgz", false)]
    [InlineData("foo.tgz", "foo.tgz", true)]
    [InlineData("foo.tgz", "foo.tgz2", false)]
    [InlineData("*", "a/b", false)]
    [InlineData("*/*", "a/b", true)]
    [InlineData("*/*", "a/b/c", false)]
    [InlineData("a?b", "a/b", false)]
    [InlineData("**", "a/b", false)]
    [InlineData("a*", "a", true)]
    [InlineData("README.md", "README.MD", false)]
    [InlineData("[ab]", "a", false)]
    [InlineData("[ab]", "[ab]", true)]
    [InlineData(".*", "x", false)]
    [InlineData("", "a", false)]
    [InlineData("a*b*c/d", "axbxbxc/d", true)]
    public void Matches_PatternsAndPaths_AsTheSpecificationSays(string pattern, string path, bool expected) =>
        Assert.Equal(expected, PathPattern.Matches(pattern, path));

    [Fact]
    public void Matches_AnyPatternAndPath_AsARegularExpressionDoes()
    {
        var pattern = Gen.OneOf('a', 'b', '/', '*', '?').Array[0, 8].Select(static chars => new string(chars));
        var path = Gen.OneOf('a', 'b', '/').Array[0, 8].Select(static chars => new string(chars));

        Gen.Select(pattern, path).Sample(
            static (pattern, path) =>
            {
                var regex = $"^{pattern.Replace("*", "[^/]*", StringComparison.Ordinal).Replace("?", "[^/]", StringComparison.Ordinal)}$";
                Assert.Equal(Regex.IsMatch(path, regex, RegexOptions.None, TimeSpan.FromSeconds(10)), PathPattern.Matches(pattern, path));
            },
            iter: 20_000);
    }

    [Fact]
    public void Matches_ManyStars_TakesNoLongTime()
    {
        var pattern = string.Concat(Enumerable.Repeat("*a", 500)) + "b";

        Assert.False(PathPattern.Matches(pattern, new string('a', 1000)));
    }
}
