using Messaging.Commands;
using Messaging.Crypto;
using Messaging.Fuzz;
using Messaging.Rosters;
using Messaging.Trust;

namespace Messaging.Tests.Trust;

public sealed class RecorderTests
{
    [Fact]
    public void Recorders_WrittenAndRead_AreThoseOfTheirRule()
    {
        using var auditor = HpkeKeyPair.Generate();
        var policy = new Policy([
            new PolicyRule([CommandTypes.Push], [Roles.Owner], 1, []),
            new PolicyRule([CommandTypes.Shell], [Roles.Operator], 1, []) { Recorders = [auditor.Public] },
        ]);

        Assert.True(Roster.TryReadPayload(Roster.Payload(Samples.Roster with { Policy = policy }), out var read));

        Assert.Equal(auditor.Public, Assert.Single(read.Policy.RuleFor(CommandTypes.Shell).Recorders));
        Assert.Empty(read.Policy.RuleFor(CommandTypes.Push).Recorders);
        Assert.Empty(Policy.Default.RuleFor(CommandTypes.Shell).Recorders);
    }

    [Fact]
    public void Payload_OfARuleThatRecordsNothing_IsWhatOlderDevicesKnow()
    {
        var payload = Roster.Payload(Samples.Roster with { Policy = new Policy([new PolicyRule([], [], 1, [])]) });

        Assert.True(payload.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x81, 0x84, 0x80, 0x80, 0x01, 0x80]) > 0);
    }
}
