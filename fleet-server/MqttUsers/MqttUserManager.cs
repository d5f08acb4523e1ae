using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Messaging.FleetServer.Hosting;
using Messaging.FleetServer.Validation;
using Messaging.Relay.Users;

namespace Messaging.FleetServer.MqttUsers;

/// <summary>What the commands <c>mqtt-user</c> do.</summary>
internal sealed class MqttUserManager(TextReader input, TextWriter output, TextWriter errors)
{
    /// <summary>Characters of a password that somebody has thought of.</summary>
    public const int MinPasswordLength = 12;

    /// <summary>Bytes of one that is generated.</summary>
    private const int GeneratedBytes = 24;

    /// <summary>Rounds of new hashes; tests take fewer.</summary>
    public int Iterations { get; init; } = MqttPassword.DefaultIterations;

    public Task<int> AddAsync(MqttUserArguments arguments, CancellationToken cancellationToken) => TryAsync(async () =>
    {
        RequireName(arguments.Name);
        var (publish, subscribe) = Filters(arguments);
        var (password, shown) = await PasswordAsync(arguments.PasswordStdin, cancellationToken);
        await MqttUserStore.ChangeAsync(
            Folder(arguments.DataFolder),
            users =>
            {
                if (!users.TryAdd(arguments.Name, new MqttUser(arguments.Name, password, publish, subscribe)))
                {
                    throw new InvalidDataException($"There is a user {arguments.Name} already: change it with fleet-server mqtt-user set.");
                }
            },
            cancellationToken);
        await SayAsync(arguments.Name, publish, subscribe, shown);
    });

    public Task<int> SetAsync(MqttUserArguments arguments, CancellationToken cancellationToken) => TryAsync(async () =>
    {
        RequireName(arguments.Name);
        var (publish, subscribe) = Filters(arguments);
        var changesPublish = arguments.NoPublish || publish.Count > 0;
        var changesSubscribe = arguments.NoSubscribe || subscribe.Count > 0;
        if ((arguments.NoPublish && publish.Count > 0) || (arguments.NoSubscribe && subscribe.Count > 0))
        {
            throw new InvalidInputException("", "--no-publish and --no-subscribe do not go with filters for the same.");
        }

        if (arguments.NewPassword && arguments.PasswordStdin)
        {
            throw new InvalidInputException("", "--new-password and --password-stdin are two ways to one thing: give one.");
        }

        var isNew = arguments.NewPassword || arguments.PasswordStdin;
        if (!isNew && !changesPublish && !changesSubscribe)
        {
            throw new InvalidInputException("", "Nothing is to be changed: give --publish, --subscribe, --topic, --new-password or --password-stdin.");
        }

        var (password, shown) = isNew ? await PasswordAsync(arguments.PasswordStdin, cancellationToken) : (null, null);
        MqttUser? changed = null;
        await MqttUserStore.ChangeAsync(
            Folder(arguments.DataFolder),
            users =>
            {
                var user = users.GetValueOrDefault(arguments.Name) ?? throw Unknown(arguments.Name);
                users[arguments.Name] = changed = user with
                {
                    Password = password ?? user.Password,
                    Publish = changesPublish ? publish : user.Publish,
                    Subscribe = changesSubscribe ? subscribe : user.Subscribe,
                };
            },
            cancellationToken);
        await SayAsync(arguments.Name, changed!.Publish, changed.Subscribe, shown);
    });

    public Task<int> RemoveAsync(string? dataFolder, string name, CancellationToken cancellationToken) => TryAsync(async () =>
    {
        await MqttUserStore.ChangeAsync(
            Folder(dataFolder),
            users =>
            {
                if (!users.Remove(name))
                {
                    throw Unknown(name);
                }
            },
            cancellationToken);
        await errors.WriteLineAsync($"The user {name} is gone; a running server ends its connections now.");
    });

    public Task<int> ListAsync(string? dataFolder, bool json) => TryAsync(async () =>
    {
        var list = MqttUserList.Of(MqttUserStore.Read(Folder(dataFolder)));
        if (json)
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(list, MqttUserJson.Plain.MqttUserList));
            return;
        }

        foreach (var user in list.Users)
        {
            await output.WriteLineAsync(user.Name);
            await output.WriteLineAsync($"  publish:   {Shown(user.Publish)}");
            await output.WriteLineAsync($"  subscribe: {Shown(user.Subscribe)}");
        }

        if (list.Users.Count == 0)
        {
            await errors.WriteLineAsync("There are no users of MQTT. fleet-server mqtt-user add makes one.");
        }
    });

    private static string Folder(string? dataFolder) => Path.GetFullPath(dataFolder ?? FleetServerDefaults.DataFolder);

    private static string Shown(IReadOnlyList<string> filters) => filters.Count == 0 ? "nothing" : string.Join(' ', filters);

    private static InvalidDataException Unknown(string name) => new($"There is no user {name}: fleet-server mqtt-user list shows all.");

    private static void RequireName(string name)
    {
        if (MqttUserRules.NameProblem(name) is { } problem)
        {
            throw new InvalidInputException("name", problem);
        }
    }

    private static (IReadOnlyList<string> Publish, IReadOnlyList<string> Subscribe) Filters(MqttUserArguments arguments)
    {
        string[] publish = [.. arguments.Publish.Concat(arguments.Topics).Distinct(StringComparer.Ordinal)];
        string[] subscribe = [.. arguments.Subscribe.Concat(arguments.Topics).Distinct(StringComparer.Ordinal)];
        foreach (var filter in publish.Concat(subscribe))
        {
            if (MqttUserRules.FilterProblem(filter) is { } problem)
            {
                throw new InvalidInputException("filter", problem);
            }
        }

        return publish.Length > MqttUserRules.MaxFilters || subscribe.Length > MqttUserRules.MaxFilters
            ? throw new InvalidInputException("filter", $"A user has {MqttUserRules.MaxFilters} filters for each at most; '+' and '#' say many at once.")
            : (publish, subscribe);
    }

    /// <returns>The password, hashed, and when it was generated, itself: to be shown once.</returns>
    private async Task<(MqttPassword Password, string? Shown)> PasswordAsync(bool isRead, CancellationToken cancellationToken)
    {
        if (!isRead)
        {
            var generated = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(GeneratedBytes));
            return (MqttPassword.Create(Encoding.UTF8.GetBytes(generated), Iterations), generated);
        }

        var line = await input.ReadLineAsync(cancellationToken) ?? "";
        var bytes = Encoding.UTF8.GetBytes(line);
        return line.Length < MinPasswordLength || bytes.Length > MqttUserRules.MaxPasswordBytes
            ? throw new InvalidInputException("password", $"The first line of standard input is the password: {MinPasswordLength} characters at least, {MqttUserRules.MaxPasswordBytes} bytes at most.")
            : (MqttPassword.Create(bytes, Iterations), null);
    }

    /// <summary>The password alone on standard output; for people, the rest beside it.</summary>
    private async Task SayAsync(string name, IReadOnlyList<string> publish, IReadOnlyList<string> subscribe, string? password)
    {
        if (password is not null)
        {
            await output.WriteLineAsync(password);
        }

        await errors.WriteLineAsync($"{name} may publish: {Shown(publish)}; subscribe: {Shown(subscribe)}");
        if (password is not null)
        {
            await errors.WriteLineAsync("The password is shown this once; the server keeps its hash alone.");
        }
    }

    private async Task<int> TryAsync(Func<Task> act)
    {
        try
        {
            PrivateFiles.Always();
            await act();
            return 0;
        }
        catch (InvalidInputException error)
        {
            await errors.WriteLineAsync($"fleet-server: {error.Message}");
            return CommandLine.WrongOptions;
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync($"fleet-server: {error.Message}");
            return 1;
        }
    }
}
