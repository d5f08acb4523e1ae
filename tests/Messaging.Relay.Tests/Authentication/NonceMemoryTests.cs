using Messaging.Relay.Authentication;
using Messaging.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Relay.Tests.Authentication;

public sealed class NonceMemoryTests
{
    private static readonly PrincipalId Someone = PrincipalId.Parse("00112233445566778899aabbccddeeff");
    private static readonly PrincipalId SomeoneElse = PrincipalId.Parse("ffeeddccbbaa99887766554433221100");
    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));
    private readonly NonceMemory _memory;

    public NonceMemoryTests() => _memory = new NonceMemory(_time);

    private long Now => _time.GetUtcNow().ToUnixTimeSeconds();

    [Fact]
    public void TryUse_SecondTime_IsFalseAsLongAsTheTokenCouldPass()
    {
        var issuedAt = Now + RelayToken.ToleranceSeconds;
        Assert.True(_memory.TryUse(Someone, Nonce(1), issuedAt));

        _time.Advance(TimeSpan.FromSeconds(2 * RelayToken.ToleranceSeconds));

        Assert.False(_memory.TryUse(Someone, Nonce(1), issuedAt));
    }

    [Fact]
    public void TryUse_SameNonceOfSomeoneElse_IsTrue()
    {
        _memory.TryUse(Someone, Nonce(1), Now);

        Assert.True(_memory.TryUse(SomeoneElse, Nonce(1), Now));
    }

    [Fact]
    public void TryUse_TooMany_IsFalseUntilTheOldOnesAreOver()
    {
        for (var index = 0; index < NonceMemory.MaxPerPrincipal; index++)
        {
            Assert.True(_memory.TryUse(Someone, Nonce(index), Now));
        }

        Assert.False(_memory.TryUse(Someone, Nonce(-1), Now));
        Assert.True(_memory.TryUse(SomeoneElse, Nonce(-1), Now));
        _time.Advance(TimeSpan.FromSeconds(RelayToken.ToleranceSeconds + 1));
        Assert.True(_memory.TryUse(Someone, Nonce(-1), Now));
    }

    private static byte[] Nonce(int number) => [.. BitConverter.GetBytes(number), .. new byte[12]];
}
