using System.Net;
using Messaging.FleetServer.Access;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.FleetServer.Tests.Access;

public sealed class LoginThrottleTests
{
    private static readonly IPAddress Home = IPAddress.Parse("192.0.2.1");
    private readonly FakeTimeProvider _time = new();
    private readonly LoginThrottle _throttle;

    public LoginThrottleTests() => _throttle = new LoginThrottle(_time);

    [Fact]
    public void Begin_AddressThatFailedTenTimes_IsRefusedForAWhile()
    {
        var verdicts = Enumerable.Range(0, LoginThrottle.AddressBurst + 1).Select(i => _throttle.Begin(Home, $"account {i}")).ToList();

        Assert.All(verdicts[..^1], verdict => Assert.False(verdict.Refused));
        Assert.True(verdicts[^1].Refused);
        Assert.InRange(verdicts[^1].RetryAfter, TimeSpan.FromSeconds(1), LoginThrottle.AddressRefill);
        _time.Advance(verdicts[^1].RetryAfter);
        Assert.False(_throttle.Begin(Home, "account").Refused);
    }

    [Fact]
    public void Begin_AddressThatSucceeds_IsNeverRefused()
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.False(_throttle.Begin(Home, "owner").Refused);
            _throttle.Succeeded(Home, "owner");
        }
    }

    [Fact]
    public void Begin_AccountGuessedFromManyAddresses_IsSlowedButNeverRefused()
    {
        var delays = Enumerable.Range(1, 200).Select(i => _throttle.Begin(new IPAddress([10, 0, 0, (byte)i]), "owner").Delay).ToList();

        Assert.All(delays[..LoginThrottle.AccountBurst], delay => Assert.Equal(TimeSpan.Zero, delay));
        Assert.Equal(LoginThrottle.FirstDelay, delays[LoginThrottle.AccountBurst]);
        Assert.Equal(LoginThrottle.LongestDelay, delays[^1]);
        Assert.False(_throttle.Begin(Home, "owner").Refused);
    }

    [Fact]
    public void Begin_OwnerAtAnAddressWhereItSignedInBefore_IsNotSlowedByStrangers()
    {
        _throttle.Begin(Home, "owner");
        _throttle.Succeeded(Home, "owner");
        for (var i = 1; i < 200; i++)
        {
            _throttle.Begin(new IPAddress([10, 0, 0, (byte)i]), "owner");
        }

        Assert.Equal(TimeSpan.Zero, _throttle.Begin(Home, "owner").Delay);
    }

    [Fact]
    public void Begin_OtherAccount_IsNotSlowedByTheGuessedOne()
    {
        for (var i = 1; i < 200; i++)
        {
            _throttle.Begin(new IPAddress([10, 0, 0, (byte)i]), "owner");
        }

        Assert.Equal(TimeSpan.Zero, _throttle.Begin(Home, "other").Delay);
    }

    [Theory]
    [InlineData("2001:db8::1", "2001:db8::ffff:2")]
    [InlineData("192.0.2.9", "::ffff:192.0.2.9")]
    public void Begin_AddressesOfOneCustomer_CountAsOne(string first, string second)
    {
        for (var i = 0; i < LoginThrottle.AddressBurst; i++)
        {
            _throttle.Begin(IPAddress.Parse(first), $"account {i}");
        }

        Assert.True(_throttle.Begin(IPAddress.Parse(second), "account").Refused);
    }
}
