using Messaging.FleetServer.Files;

namespace Messaging.FleetServer.Tests.Files;

public sealed class DownloadNameTests
{
    [Theory]
    [InlineData("Foto ✓.jpg", "Foto ✓.jpg")]
    [InlineData("..", "file")]
    [InlineData(" . ", "file")]
    [InlineData("../../etc/passwd", "_.._etc_passwd")]
    [InlineData("a\"b;c\r\nd", "a_b_c__d")]
    [InlineData("photo\u202Egpj.exe", "photo_gpj.exe")]
    [InlineData("C:\\x", "C__x")]
    public void Of_AnyName_CanBeSavedUnder(string name, string expected) => Assert.Equal(expected, DownloadName.Of(name));
}
