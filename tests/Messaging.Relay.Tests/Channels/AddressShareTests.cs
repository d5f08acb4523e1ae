using System.Net;
using Messaging.Relay.Channels;
using Messaging.Relay.Limits;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Relay.Tests.Channels;

public sealed class AddressShareTests
{
    private const int Age = 30;
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void HalfOfAll_IsForEverybody_AndBeyondItThereIsAShareOfTheDay()
    {
        var share = new AddressShare(6200, TimeSpan.FromDays(Age), _time);
        Assert.Equal(100, share.Amount);
        Assert.True(share.TryTake(Address(1), 3100, held: 0));
        Assert.True(share.TryTake(Address(2), 100, held: 3101));
        Assert.False(share.TryTake(Address(2), 1, held: 3101));
        Assert.False(share.TryTake(Address(1), 1, held: 3101));
        Assert.True(share.TryTake(Address(1), 1, held: 3100));
        Assert.True(share.TryTake(null, 5000, held: 6000));
        _time.Advance(TimeSpan.FromDays(1));
        Assert.True(share.TryTake(Address(1), 100, held: 3101));
        Assert.False(share.TryTake(Address(1), 1, held: 3101));
    }

    [Fact]
    public void OneAddress_NeverFillsIt_HoweverLongItTries()
    {
        const long Limit = 1_000_000;
        var share = new AddressShare(Limit, TimeSpan.FromDays(Age), _time);
        var taken = new Queue<long>();
        for (var day = 0; day < 200; day++)
        {
            long today = 0;
            while (share.TryTake(Address(1), 500, taken.Sum() + today))
            {
                today += 500;
            }

            taken.Enqueue(today);
            Assert.InRange(taken.Sum(), Limit / 4, Limit - 1);
            Assert.True(share.TryTake(Address(2), 500, taken.Sum()));
            if (taken.Count > Age)
            {
                taken.Dequeue();
            }

            _time.Advance(TimeSpan.FromDays(1));
        }
    }

    [Fact]
    public void AddressesBeyondThoseThatAreRemembered_ShareOneEntry()
    {
        var share = new AddressShare(6200, TimeSpan.FromDays(Age), _time);
        for (var number = 0; number < 10_000; number++)
        {
            Assert.True(share.TryTake(Address(number), 1, held: 6000));
        }

        Assert.True(share.TryTake(Address(10_001), 100, held: 6000));
        Assert.False(share.TryTake(Address(10_002), 1, held: 6000));
        Assert.True(share.TryTake(Address(5), 99, held: 6000));
    }

    private static AddressKey? Address(int number) => AddressKey.Of(new IPAddress([10, (byte)(number >> 16), (byte)(number >> 8), (byte)number]));
}
