using Messaging.FleetServer.Access;

namespace Messaging.FleetServer.Tests.Access;

public sealed class PasswordHasherTests : IDisposable
{
    private readonly PasswordHasher _hasher = new();

    public void Dispose() => _hasher.Dispose();

    [Fact]
    public async Task HashAsync_SamePasswordTwice_GivesOtherHashesThatBothVerify()
    {
        var first = await _hasher.HashAsync("correct horse", TestContext.Current.CancellationToken);
        var second = await _hasher.HashAsync("correct horse", TestContext.Current.CancellationToken);

        Assert.NotEqual(first, second);
        Assert.StartsWith("$argon2id$v=19$m=65536,t=3,p=1$", first, StringComparison.Ordinal);
        Assert.True(await Verify("correct horse", first));
        Assert.True(await Verify("correct horse", second));
        Assert.False(await Verify("correct horse ", first));
    }

    /// <summary>Made by Debian's argon2 command: <c>printf 'pässword' | argon2 somesalt12345678 -id -t 2 -k 19456 -p 1 -l 32 -e</c>.</summary>
    [Fact]
    public async Task VerifyAsync_HashOfAnotherImplementationWithOtherCost_UsesTheStoredCost()
    {
        const string Foreign = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQxMjM0NTY3OA$0NzsR37wWKZB91mfSwSGVCGAEC78KoxXvF5Vi3FzKxE";

        Assert.True(await Verify("pässword", Foreign));
        Assert.True(PasswordHasher.IsOutdated(Foreign));
    }

    [Fact]
    public async Task VerifyAsync_NoStoredHash_IsFalse() => Assert.False(await Verify("anything", null));

    [Theory]
    [InlineData("")]
    [InlineData("$argon2i$v=19$m=65536,t=3,p=1$c2FsdHNhbHRzYWx0c2E$aGFzaA")]
    [InlineData("$argon2id$v=19$m=65536,t=3$c2FsdA$aGFzaA")]
    [InlineData("$argon2id$v=19$m=65536,t=3,p=1$c2FsdA")]
    public async Task VerifyAsync_DamagedHash_IsAnErrorNotAnAnswer(string stored) =>
        await Assert.ThrowsAsync<FormatException>(() => Verify("x", stored));

    private Task<bool> Verify(string password, string? stored) => _hasher.VerifyAsync(password, stored, TestContext.Current.CancellationToken);
}
