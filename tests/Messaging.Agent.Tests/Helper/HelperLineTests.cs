using System.Text;
using Messaging.Agent.Helper;

namespace Messaging.Agent.Tests.Helper;

/// <summary>The two lines of the helper's protocol.</summary>
public sealed class HelperLineTests
{
    [Theory]
    [InlineData("restart-unit my-app.service 90\n")]
    [InlineData("restart-unit dev-disk\\x2dby@a:1.mount 3600\n")]
    [InlineData("reboot\n")]
    public void Request_AsItIsWritten_IsReadBack(string line) => Assert.Equal(line, Encoding.ASCII.GetString(HelperRequest.Parse(Encoding.ASCII.GetBytes(line))!.Format()));

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("reboot")]
    [InlineData("reboot\n\n")]
    [InlineData("reboot\nreboot\n")]
    [InlineData("reboot \n")]
    [InlineData(" reboot\n")]
    [InlineData("Reboot\n")]
    [InlineData("reboot now\n")]
    [InlineData("reboot\r\n")]
    [InlineData("reboot\0\n")]
    [InlineData("power-off\n")]
    [InlineData("restart-unit\n")]
    [InlineData("restart-unit my-app.service\n")]
    [InlineData("restart-unit my-app.service 0\n")]
    [InlineData("restart-unit my-app.service 3601\n")]
    [InlineData("restart-unit my-app.service -1\n")]
    [InlineData("restart-unit my-app.service 1.5\n")]
    [InlineData("restart-unit my-app.service 99999999999\n")]
    [InlineData("restart-unit my-app.service 90 90\n")]
    [InlineData("restart-unit  my-app.service 90\n")]
    [InlineData("restart-unit my-app 90\n")]
    [InlineData("restart-unit .service 90\n")]
    [InlineData("restart-unit *.service 90\n")]
    [InlineData("restart-unit ../../etc/passwd.service 90\n")]
    [InlineData("restart-unit my;app.service 90\n")]
    [InlineData("restart-unit my\tapp.service 90\n")]
    [InlineData("restart-unit café.service 90\n")]
    public void Request_OfAnythingElse_IsNone(string line) => Assert.Null(HelperRequest.Parse(Encoding.UTF8.GetBytes(line)));

    [Fact]
    public void Request_LongerThanAnyIs_IsNone()
    {
        Assert.Null(HelperRequest.Parse(Encoding.ASCII.GetBytes($"restart-unit {new string('a', 260)}.service 90\n")));
        Assert.Null(HelperRequest.Parse(Encoding.ASCII.GetBytes(new string('a', HelperRequest.MaxBytes) + "\n")));
    }

    [Fact]
    public void Request_OfATimeThatIsNoWholeSeconds_IsRoundedUpAndBounded()
    {
        Assert.Equal("restart-unit a.service 1", new HelperRequest.RestartUnit("a.service", TimeSpan.FromMilliseconds(10)).ToString());
        Assert.Equal("restart-unit a.service 3600", new HelperRequest.RestartUnit("a.service", TimeSpan.FromDays(1)).ToString());
    }

    [Theory]
    [InlineData(0, "done", "done done\n")]
    [InlineData(1, "no\nway", "refused no way\n")]
    [InlineData(2, "org.x.Error some text", "failed org.x.Error some text\n")]
    [InlineData(3, "later", "late later\n")]
    [InlineData(4, "no bus", "unavailable no bus\n")]
    public void Answer_AsItIsWritten_IsReadBack(int outcome, string text, string line)
    {
        var answer = new HelperAnswer((HelperOutcome)outcome, text);

        Assert.Equal(line, Encoding.UTF8.GetString(answer.Format()));
        Assert.Equal(answer with { Text = text.Replace('\n', ' ') }, HelperAnswer.Parse(answer.Format()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("done")]
    [InlineData("done\n")]
    [InlineData("perhaps yes\n")]
    public void Answer_OfAnythingElse_IsNone(string line) => Assert.Null(HelperAnswer.Parse(Encoding.UTF8.GetBytes(line)));

    [Fact]
    public void Answer_WithALongText_IsCut() =>
        Assert.Equal(HelperAnswer.MaxBytes, new HelperAnswer(HelperOutcome.Failed, new string('x', 10_000)).Format().Length);
}
