using System.Net;
using System.Text;
using Messaging.Relay.Limits;
using Messaging.Relay.Mqtt.Protocol;
using Messaging.Relay.Tests.Support;
using Messaging.Relay.Users;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Relay.Tests.Users;

public sealed class UserAuthenticationTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly UserAuthentication _authentication;

    public UserAuthenticationTests() => _authentication = new UserAuthentication(Some.DirectoryOf(Some.User("a"), Some.User("b")), _time);

    public void Dispose() => _authentication.Dispose();

    [Fact]
    public async Task Password_Right_IsTaken()
    {
        Assert.Equal(ReasonCode.Success, await TryAsync("a", Some.PasswordOf("a")));
        Assert.Equal(ReasonCode.BadUserNameOrPassword, await TryAsync("a", Some.PasswordOf("b")));
        Assert.Equal(ReasonCode.BadUserNameOrPassword, await TryAsync("A", Some.PasswordOf("a")));
    }

    [Fact]
    public async Task Credentials_Missing_CostNoHash()
    {
        Assert.Equal(ReasonCode.NotAuthorized, (await _authentication.AuthenticateAsync(Address(1), null, null, Wait.Timeout)).Reason);
        Assert.Equal(ReasonCode.NotAuthorized, (await _authentication.AuthenticateAsync(Address(1), "a"u8.ToArray(), null, Wait.Timeout)).Reason);
        Assert.Equal(ReasonCode.NotAuthorized, await TryAsync("a", ""));
        Assert.Equal(ReasonCode.NotAuthorized, await TryAsync("", "x"));
        Assert.Equal(ReasonCode.NotAuthorized, await TryAsync("a", new string('x', MqttUserRules.MaxPasswordBytes + 1)));
        Assert.Equal(0, _authentication.Hashes);
    }

    [Fact]
    public async Task User_Unknown_CostsWhatAWrongPasswordCosts()
    {
        Assert.Equal(ReasonCode.BadUserNameOrPassword, await TryAsync("nobody", "a wrong password"));

        Assert.Equal(1, _authentication.Hashes);
    }

    [Fact]
    public async Task FiveThousandDevices_OfOneUser_CostOneHash()
    {
        var all = await Task.WhenAll(Enumerable.Range(0, 5000).Select(device => TryAsync("a", Some.PasswordOf("a"), device % 200)));

        Assert.All(all, reason => Assert.Equal(ReasonCode.Success, reason));
        Assert.Equal(1, _authentication.Hashes);

        _time.Advance(KnownCredentials.Life + TimeSpan.FromSeconds(1));
        Assert.Equal(ReasonCode.Success, await TryAsync("a", Some.PasswordOf("a")));
        Assert.Equal(2, _authentication.Hashes);
    }

    [Fact]
    public async Task Device_WithTheSameWrongPassword_CostsOneHash_AndLocksNobodyOut()
    {
        for (var time = 0; time < 100; time++)
        {
            Assert.Equal(ReasonCode.BadUserNameOrPassword, await TryAsync("a", "a wrong password"));
        }

        Assert.Equal(1, _authentication.Hashes);
        Assert.Equal(ReasonCode.Success, await TryAsync("b", Some.PasswordOf("b")));
    }

    [Fact]
    public async Task Guessing_FromOneAddress_IsSlowed()
    {
        var reasons = new List<ReasonCode>();
        for (var guess = 0; guess < 100; guess++)
        {
            reasons.Add(await TryAsync("a", $"guess {guess}"));
        }

        Assert.Equal(FailureLimits.AddressBurst, reasons.Count(reason => reason == ReasonCode.BadUserNameOrPassword));
        Assert.Equal(FailureLimits.AddressBurst, _authentication.Hashes);
        Assert.Equal(ReasonCode.ConnectionRateExceeded, reasons[^1]);

        // Others, and the same one later.
        Assert.Equal(ReasonCode.Success, await TryAsync("a", Some.PasswordOf("a"), from: 2));
        _time.Advance(FailureLimits.AddressForget * 2);
        Assert.Equal(ReasonCode.Success, await TryAsync("b", Some.PasswordOf("b")));
    }

    [Fact]
    public async Task Guessing_AtOneName_KeepsItsOwnerNotOut()
    {
        Assert.Equal(ReasonCode.Success, await TryAsync("a", Some.PasswordOf("a"), from: 1000));
        _time.Advance(KnownCredentials.Life + TimeSpan.FromSeconds(1));
        for (var guess = 0; guess < FailureLimits.NameBurst; guess++)
        {
            Assert.Equal(ReasonCode.BadUserNameOrPassword, await TryAsync("a", $"guess {guess}", from: guess));
        }

        Assert.Equal(ReasonCode.ConnectionRateExceeded, await TryAsync("a", "one more", from: 500));
        Assert.Equal(ReasonCode.Success, await TryAsync("a", Some.PasswordOf("a"), from: 1000));
    }

    [Fact]
    public async Task Guessing_ManyAtOnce_SlipsNotThrough()
    {
        var all = await Task.WhenAll(Enumerable.Range(0, 60).Select(guess => TryAsync("a", $"guess {guess}")));

        // Those that are looked at when the last allowed one fails go on.
        Assert.InRange(all.Count(reason => reason == ReasonCode.BadUserNameOrPassword), 1, FailureLimits.AddressBurst + Environment.ProcessorCount);
    }

    [Fact]
    public async Task Password_Changed_CountsAtOnce()
    {
        var folder = Directory.CreateTempSubdirectory("users-test-");
        var path = Path.Combine(folder.FullName, MqttUserFile.Name);
        Some.Write(path, Some.User("a"));
        var directory = Some.Directory(path);
        directory.Load();
        using var authentication = new UserAuthentication(directory, _time);
        Assert.Equal(ReasonCode.Success, (await authentication.AuthenticateAsync(Address(1), "a"u8.ToArray(), Encoding.UTF8.GetBytes(Some.PasswordOf("a")), Wait.Timeout)).Reason);

        Some.Write(path, Some.User("a", password: "another password"));
        directory.Reload();

        Assert.Equal(ReasonCode.BadUserNameOrPassword, (await authentication.AuthenticateAsync(Address(1), "a"u8.ToArray(), Encoding.UTF8.GetBytes(Some.PasswordOf("a")), Wait.Timeout)).Reason);
        Assert.Equal(ReasonCode.Success, (await authentication.AuthenticateAsync(Address(1), "a"u8.ToArray(), "another password"u8.ToArray(), Wait.Timeout)).Reason);
        folder.Delete(recursive: true);
    }

    [Fact]
    public void File_BrokenOrGone_KeepsWhatWasInForce()
    {
        var folder = Directory.CreateTempSubdirectory("users-test-");
        var path = Path.Combine(folder.FullName, MqttUserFile.Name);
        Some.Write(path, Some.User("a"));
        var directory = Some.Directory(path);
        directory.Load();

        Some.WriteBytes(path, "{"u8.ToArray());
        directory.Reload();
        Assert.NotNull(directory.Current!.Find("a"));
        File.Delete(path);
        directory.Reload();
        Assert.NotNull(directory.Current!.Find("a"));
        Some.Write(path, Some.User("b"));
        directory.Reload();
        Assert.Null(directory.Current!.Find("a"));
        Assert.NotNull(directory.Current.Find("b"));
        Some.WriteBytes(path, "{"u8.ToArray());
        Assert.Throws<InvalidDataException>(Some.Directory(path).Load);
        folder.Delete(recursive: true);
    }

    private static AddressKey Address(int number) => AddressKey.Of(new IPEndPoint(IPAddress.Parse($"192.0.{number / 250}.{number % 250}"), 1))!.Value;

    private async Task<ReasonCode> TryAsync(string name, string password, int from = 1) =>
        (await _authentication.AuthenticateAsync(Address(from), Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(password), Wait.Timeout)).Reason;
}
