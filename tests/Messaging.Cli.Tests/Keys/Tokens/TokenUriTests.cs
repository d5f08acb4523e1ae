using Messaging.Cli.Hosting;
using Messaging.Cli.Keys.Tokens;

namespace Messaging.Cli.Tests.Keys.Tokens;

public sealed class TokenUriTests
{
    [Fact]
    public void Parse_EverythingNamed_IsTaken()
    {
        var uri = TokenUri.Parse("pkcs11:token=My%20Fleet;serial=1;manufacturer=A;model=B;object=alice%3B;id=%00%ffz;type=private?module-path=/usr/lib/x.so");

        Assert.Equal(("My Fleet", "1", "A", "B", "alice;", "/usr/lib/x.so"), (uri.Token, uri.Serial, uri.Manufacturer, uri.Model, uri.Object, uri.Module));
        Assert.Equal<byte>([0, 255, (byte)'z'], uri.Id!);
    }

    [Fact]
    public void Parse_NothingNamed_MayBeAny()
    {
        var uri = TokenUri.Parse("pkcs11:");

        Assert.Equal((null, null, "p11-kit-proxy.so"), (uri.Token, uri.Id, uri.Module));
    }

    [Theory]
    [InlineData("Fleet", "a1", "alice", new byte[] { 1, 254 })]
    [InlineData("Flotte ü;?&%=/", "1 2", "ä;b", null)]
    [InlineData("Fleet", "a1", null, new byte[] { 37 })]
    public void Of_Parsed_IsTheSame(string token, string serial, string? label, byte[]? id)
    {
        var uri = TokenUri.Parse(TokenUri.Of(token, serial, label, id, "/usr/lib/with space.so"));

        Assert.Equal((token, serial, label, "/usr/lib/with space.so"), (uri.Token, uri.Serial, uri.Object, uri.Module));
        Assert.Equal(id, uri.Id);
    }

    [Theory]
    [InlineData("pkcs11:token", "no NAME=VALUE")]
    [InlineData("pkcs11:=x", "no NAME=VALUE")]
    [InlineData("pkcs11:token=a;token=b", "there twice")]
    [InlineData("pkcs11:id=%0", "two hexadecimal digits")]
    [InlineData("pkcs11:id=%zz", "two hexadecimal digits")]
    [InlineData("pkcs11:id=", "id is empty")]
    [InlineData("pkcs11:token=%ff", "no UTF-8")]
    [InlineData("pkcs11:slot-id=3", "not heeded here")]
    [InlineData("pkcs11:type=cert", "not heeded here")]
    [InlineData("pkcs11:token=a?module-path=x.so", "absolute path")]
    [InlineData("pkcs11:token=a?module-name=x", "not heeded here")]
    [InlineData("pkcs11:token=a?pin-value=1234", "PIN does not belong into an argument")]
    [InlineData("pkcs11:token=a?pin-source=/x", "PIN does not belong into an argument")]
    public void Parse_WhatIsNotHeeded_IsRefused(string text, string why)
    {
        var refused = Assert.Throws<CliException>(() => TokenUri.Parse(text));

        Assert.Equal(ExitCodes.Usage, refused.Code);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }
}
