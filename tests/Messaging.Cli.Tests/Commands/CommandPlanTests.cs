using Messaging.Cli.Commands;
using Messaging.Cli.Hosting;
using Messaging.Cli.Server;
using Messaging.Commands;
using Messaging.Crypto;
using Messaging.Wire;

namespace Messaging.Cli.Tests.Commands;

public sealed class CommandPlanTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);
    private readonly IdentityKey _key = IdentityKey.Generate();
    private readonly PrincipalId _device = PrincipalId.Parse("000102030405060708090a0b0c0d0e0f");

    private PrincipalId Issuer => PrincipalId.FromIdentityKey(_key.Public);

    public void Dispose() => _key.Dispose();

    [Fact]
    public void Sign_ADangerousCommand_IsBoundToTheBoot()
    {
        var boot = BootId.Generate();
        var plan = Plan("restart-unit", """{"unit":"nginx"}""");

        var signed = plan.Sign(_key, Issuer, 42, 7, (boot, 1_000), Now);

        Assert.True(Command.TryParse(signed.Bytes.Span, out var read));
        Assert.True(read.Verify(_key.Public));
        var content = read.Content;
        Assert.Equal((plan.Id, Issuer, 42UL, "restart-unit", false), (content.Id, content.IssuerId, content.IssuerSeq, content.Type, content.Idempotent));
        Assert.Equal(new CommandTarget(CommandTargetKind.Device, _device, 7), content.Target);
        Assert.Equal((Now.ToUnixTimeMilliseconds(), Now.AddMinutes(10).ToUnixTimeMilliseconds()), (content.IssuedAtUnixMs, content.ExpiresAtUnixMs));
        Assert.Equal(new CommandFreshness(boot, 1_000 + 600_000 + 5_000), content.Freshness);
        Assert.True(RestartUnitArguments.TryDecode(content.Arguments.Span, out _));
    }

    [Fact]
    public void Sign_AHarmlessCommand_NeedsNoBoot()
    {
        var signed = Plan("ping", null).Sign(_key, Issuer, 1, 1, null, Now);

        Assert.Null(signed.Content.Freshness);
        Assert.True(signed.Content.Idempotent);
    }

    [Fact]
    public void Sign_ADangerousCommandWithoutABoot_IsRefused()
    {
        var refused = Assert.Throws<CliException>(() => Plan("reboot", null).Sign(_key, Issuer, 1, 1, null, Now));
        Assert.Contains("has not been there yet", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ABootThatMakesNoSense_IsNone()
    {
        Assert.Equal(5, new BootReply("000102030405060708090a0b0c0d0e0f", 5).Read()!.Value.UptimeMs);
        Assert.Null(new BootReply(null, 5).Read());
        Assert.Null(new BootReply("x", 5).Read());
        Assert.Null(new BootReply("000102030405060708090a0b0c0d0e0f", -1).Read());
        Assert.Null(new BootReply("000102030405060708090a0b0c0d0e0f", long.MaxValue).Read());
    }

    private CommandPlan Plan(string type, string? json)
    {
        var kind = CommandCatalog.Find(type)!;
        return new CommandPlan(CommandId.Generate(), kind, CommandArguments.Encode(kind, json), _device, TimeSpan.FromMinutes(10));
    }
}
