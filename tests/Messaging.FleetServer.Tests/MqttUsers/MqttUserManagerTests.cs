using System.Text;
using System.Text.Json.Nodes;
using Messaging.FleetServer.MqttUsers;
using Messaging.FleetServer.Tests.Harness;
using Messaging.Relay.Users;

namespace Messaging.FleetServer.Tests.MqttUsers;

/// <summary>What the commands <c>mqtt-user</c> do to the file, and say.</summary>
public sealed class MqttUserManagerTests : IDisposable
{
    private const string Password = "a good password";
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Add_Alone_PrintsThePasswordOnce_AndKeepsItsHash()
    {
        var (code, output, about) = await AddAsync(Arguments("meters") with { Publish = ["meters/%c/#"], Topics = ["both"] });

        Assert.Equal(0, code);
        var password = output.Trim();
        Assert.Equal(32, password.Length);
        Assert.DoesNotContain(password, about, StringComparison.Ordinal);
        Assert.DoesNotContain(password, File.ReadAllText(_folder[MqttUserFile.Name]), StringComparison.Ordinal);
        var user = Assert.Single(Users());
        Assert.True(user.Password.Matches(Encoding.UTF8.GetBytes(password)));
        Assert.Equal(["meters/%c/#", "both"], user.Publish);
        Assert.Equal(["both"], user.Subscribe);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder[MqttUserFile.Name]));
        }
    }

    [Fact]
    public async Task Add_WithAPasswordOnStandardInput_PrintsNone()
    {
        var (code, output, _) = await AddAsync(Arguments("a") with { PasswordStdin = true }, Password + "\nmore\n");

        Assert.Equal((0, ""), (code, output));
        Assert.True(Assert.Single(Users()).Password.Matches(Encoding.UTF8.GetBytes(Password)));
    }

    [Fact]
    public async Task Add_NewHashes_HaveTheFullCost()
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();

        await new MqttUserManager(TextReader.Null, output, errors).AddAsync(Arguments("a"), TestContext.Current.CancellationToken);

        Assert.Equal(600_000, Assert.Single(Users()).Password.Iterations);
    }

    [Theory]
    [InlineData("a/b", "a", Password, "'/'")]
    [InlineData("", "a", Password, "name has")]
    [InlineData("0123456789abcdef0123456789abcdef", "a", Password, "of a device")]
    [InlineData("a", "a/#/b", Password, "no filter")]
    [InlineData("a", "m1/#", Password, "not for users")]
    [InlineData("a", "$share/g/x", Password, "without $share")]
    [InlineData("a", "a", "short", "12 characters")]
    [InlineData("a", "a", "", "12 characters")]
    public async Task Add_Wrong_SaysWhatAndMakesNothing(string name, string filter, string password, string says)
    {
        var (code, output, errors) = await AddAsync(Arguments(name) with { Topics = [filter], PasswordStdin = true }, password);

        Assert.Equal((2, ""), (code, output));
        Assert.Contains(says, errors, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder[MqttUserFile.Name]));
    }

    [Fact]
    public async Task Add_Twice_IsRefused()
    {
        await AddAsync(Arguments("a"));

        var (code, output, errors) = await AddAsync(Arguments("a"));

        Assert.Equal((1, ""), (code, output));
        Assert.Contains("mqtt-user set", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Set_ChangesWhatIsNamed_AndNothingElse()
    {
        await AddAsync(Arguments("a") with { Publish = ["p"], Subscribe = ["s"], PasswordStdin = true }, Password);

        Assert.Equal(0, (await SetAsync(Arguments("a") with { Subscribe = ["s/#", "t"] })).Code);
        Assert.Equal(["p"], Users()[0].Publish);
        Assert.Equal(["s/#", "t"], Users()[0].Subscribe);
        Assert.Equal(0, (await SetAsync(Arguments("a") with { NoPublish = true })).Code);
        Assert.Equal([], Users()[0].Publish);
        Assert.Equal(["s/#", "t"], Users()[0].Subscribe);
        Assert.True(Users()[0].Password.Matches(Encoding.UTF8.GetBytes(Password)));

        var (_, output, _) = await SetAsync(Arguments("a") with { NewPassword = true });

        Assert.True(Users()[0].Password.Matches(Encoding.UTF8.GetBytes(output.Trim())));
        Assert.Equal(["s/#", "t"], Users()[0].Subscribe);
    }

    [Fact]
    public async Task Set_Wrong_SaysWhat()
    {
        await AddAsync(Arguments("a"));

        Assert.Contains("Nothing is to be changed", (await SetAsync(Arguments("a"))).Errors, StringComparison.Ordinal);
        Assert.Contains("do not go with", (await SetAsync(Arguments("a") with { NoPublish = true, Topics = ["x"] })).Errors, StringComparison.Ordinal);
        Assert.Contains("give one", (await SetAsync(Arguments("a") with { NewPassword = true, PasswordStdin = true })).Errors, StringComparison.Ordinal);
        var (code, _, errors) = await SetAsync(Arguments("b") with { NoPublish = true });
        Assert.Equal(1, code);
        Assert.Contains("no user b", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Remove_LeavesTheOthers()
    {
        await AddAsync(Arguments("a"));
        await AddAsync(Arguments("b"));

        Assert.Equal(0, (await RunAsync(manager => manager.RemoveAsync(_folder.Path, "a", TestContext.Current.CancellationToken))).Code);
        Assert.Equal("b", Assert.Single(Users()).Name);
        Assert.Equal(1, (await RunAsync(manager => manager.RemoveAsync(_folder.Path, "a", TestContext.Current.CancellationToken))).Code);
    }

    [Fact]
    public async Task List_ShowsWhatTheyMay_AndNothingOfPasswords()
    {
        await AddAsync(Arguments("b") with { Publish = ["x/+"] });
        await AddAsync(Arguments("a"));

        var (_, text, _) = await RunAsync(manager => manager.ListAsync(_folder.Path, json: false));
        var (_, json, _) = await RunAsync(manager => manager.ListAsync(_folder.Path, json: true));

        Assert.Equal("a\n  publish:   nothing\n  subscribe: nothing\nb\n  publish:   x/+\n  subscribe: nothing\n", text);
        var users = JsonNode.Parse(json)!["users"]!.AsArray();
        Assert.Equal(["a", "b"], users.Select(static user => (string?)user!["name"]));
        Assert.Equal("x/+", (string?)users[1]!["publish"]![0]);
        Assert.Equal(["name", "publish", "subscribe"], users[0]!.AsObject().Select(static pair => pair.Key));
    }

    [Fact]
    public async Task File_Damaged_IsNotWrittenOver()
    {
        await AddAsync(Arguments("a"));
        var damaged = File.ReadAllText(_folder[MqttUserFile.Name])[..^10];
        File.WriteAllText(_folder[MqttUserFile.Name], damaged);

        var (code, _, errors) = await AddAsync(Arguments("b"));

        Assert.Equal(1, code);
        Assert.Contains("Restore it from a backup", errors, StringComparison.Ordinal);
        Assert.Equal(damaged, File.ReadAllText(_folder[MqttUserFile.Name]));
    }

    [Fact]
    public async Task Folder_Missing_IsSaid()
    {
        var (code, _, errors) = await AddAsync(new MqttUserArguments(_folder["nowhere"], "a"));

        Assert.Equal(1, code);
        Assert.Contains("There is no folder", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_AtOnce_LoseNothing()
    {
        await Task.WhenAll(Enumerable.Range(0, 12).Select(number => Task.Run(() => AddAsync(Arguments($"u{number}")))));

        Assert.Equal(12, Users().Count);
    }

    private MqttUserArguments Arguments(string name) => new(_folder.Path, name);

    private IReadOnlyList<MqttUser> Users() => MqttUserFile.Read(_folder[MqttUserFile.Name])!;

    private static Task<(int Code, string Output, string Errors)> AddAsync(MqttUserArguments arguments, string input = "") =>
        RunAsync(manager => manager.AddAsync(arguments, TestContext.Current.CancellationToken), input);

    private static Task<(int Code, string Output, string Errors)> SetAsync(MqttUserArguments arguments) =>
        RunAsync(manager => manager.SetAsync(arguments, TestContext.Current.CancellationToken));

    private static async Task<(int Code, string Output, string Errors)> RunAsync(Func<MqttUserManager, Task<int>> act, string input = "")
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        using var reader = new StringReader(input);
        var code = await act(new MqttUserManager(reader, output, errors) { Iterations = MqttPassword.MinIterations });
        return (code, output.ToString(), errors.ToString());
    }
}
