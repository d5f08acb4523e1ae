using System.Net;
using Messaging.Relay.Limits;
using Messaging.Relay.Mqtt.Access;
using Messaging.Relay.Users;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Relay.Tests.Users;

/// <summary>What is remembered of strangers is bounded.</summary>
public sealed class TablesTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void KnownCredentials_OfManyGuesses_AreBounded_AndTheRightOnesStay()
    {
        var known = new KnownCredentials(_time);
        var right = known.Mark("u", "right"u8, MqttPassword.Nobody);
        known.Add(right, isRight: true);

        for (var guess = 0; guess < 3 * KnownCredentials.MaxEntries; guess++)
        {
            known.Add((UInt128)(uint)guess, isRight: false);
        }

        Assert.InRange(known.Count, KnownCredentials.MaxEntries / 2, KnownCredentials.MaxEntries + 1);
        Assert.True(known.Find(right));
    }

    [Fact]
    public void FailureLimits_OfManyAddressesAndNames_AreBounded()
    {
        var limits = new FailureLimits(_time);

        for (var number = 0; number < 3 * FailureLimits.MaxEntries; number++)
        {
            var address = AddressKey.Of(new IPEndPoint(new IPAddress(number + 1), 1))!.Value;
            limits.Failed(address, $"name {number}");
            limits.Succeeded(address, $"name {number}");
        }

        Assert.InRange(limits.Count, 3 * FailureLimits.MaxEntries / 2, 3 * FailureLimits.MaxEntries);
    }

    [Theory]
    [InlineData("a client", "a client")]
    [InlineData("one\r\nfail: another line", "one??fail: another line")]
    [InlineData("a\u2028b\u0007", "a?b?")]
    public void ShownText_BeginsNoLine(string text, string shown) => Assert.Equal(shown, ShownText.Of(System.Text.Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void ShownText_IsShort() => Assert.Equal(256, ShownText.Of(new byte[60_000].Select(static _ => (byte)'x').ToArray()).Length);
}
