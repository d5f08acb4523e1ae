using System.CommandLine;
using Messaging.Cli.Commands;
using Messaging.Cli.Hosting;
using Messaging.Cli.Keys;
using Messaging.Cli.Server;
using Messaging.Cli.Verbs;
using Messaging.Commands.Catalog;
using Messaging.Crypto;
using Messaging.Sessions;
using Messaging.Wire;

namespace Messaging.Cli.Sessions;

/// <summary>Opens a session: signs the command with a key of the roster, and has the server bring it.</summary>
internal sealed class SessionOpening
{
    /// <summary>How long the command may wait for the device.</summary>
    private static readonly TimeSpan Expiry = TimeSpan.FromMinutes(1);

    private readonly Argument<string> _device;
    private readonly Option<string> _key = new("--key") { Description = "Signs the command. The roster has to name it.", HelpName = "FILE", Required = true };
    private readonly CommonOptions _common;
    private readonly KeyOptions _keys;

    public SessionOpening(CommonOptions common, ITerminal terminal, Argument<string> device)
    {
        _common = common;
        _keys = new KeyOptions(terminal);
        _device = device;
    }

    public void AddTo(Command verb)
    {
        verb.Options.Add(_key);
        _keys.AddTo(verb);
    }

    /// <summary>Opens it, has it used, and returns how it ended.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="deviceOf">The device's id in its argument.</param>
    /// <param name="type">Of the command.</param>
    /// <param name="window">Bytes that may be on their way to this end.</param>
    /// <param name="encode">The arguments.</param>
    /// <param name="use">Once it is asked for.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="CliException">It cannot be opened, or cannot go on.</exception>
    public async Task<SessionEnd> RunAsync(
        ParseResult parsed,
        Func<string, string> deviceOf,
        string type,
        long window,
        Func<SessionId, HpkePublicKey, byte[]> encode,
        Func<SessionUser> use,
        CancellationToken ct)
    {
        using var fleet = await OpenFleetAsync(parsed, ct);
        using var own = HpkeKeyPair.Generate();
        var id = SessionId.Generate();
        var plan = Plan(Device(parsed, deviceOf), type, encode(id, own.Public), dryRun: false);
        await using var client = new SessionClient(
            new SessionOrder(plan.Device, id, plan.Id, plan.Arguments, own, window),
            (changed, cancel) => fleet.Api.ConnectSessionAsync(plan.Device, id, changed, cancel),
            cancel => fleet.Api.GetCommandAsync(plan.Device, plan.Id, cancel),
            TimeProvider.System);
        var command = await SignAsync(parsed, fleet, plan, ct);
        await client.ConnectAsync(ct);
        await fleet.Api.PostCommandAsync(plan.Device, command, ct);
        var user = use();
        try
        {
            return await client.RunAsync(user, ct);
        }
        finally
        {
            (user as IDisposable)?.Dispose();
        }
    }

    /// <summary>Has the device say what it would do, and returns that.</summary>
    /// <inheritdoc cref="RunAsync"/>
    public async Task<CommandReply> DryRunAsync(
        ParseResult parsed, Func<string, string> deviceOf, string type, Func<SessionId, HpkePublicKey, byte[]> encode, CancellationToken ct)
    {
        using var fleet = await OpenFleetAsync(parsed, ct);
        using var own = HpkeKeyPair.Generate();
        var plan = Plan(Device(parsed, deviceOf), type, encode(SessionId.Generate(), own.Public), dryRun: true);
        await fleet.Api.PostCommandAsync(plan.Device, await SignAsync(parsed, fleet, plan, ct), ct);
        var error = parsed.InvocationConfiguration.Error;
        return await new CommandFollower(
            cancel => fleet.Api.GetCommandAsync(plan.Device, plan.Id, cancel), null, new OutputPrinter(error, error, raw: null), TimeProvider.System, error).FollowAsync(ct);
    }

    private static CommandPlan Plan(PrincipalId device, string type, byte[] arguments, bool dryRun) => new(
        CommandId.Generate(), new CommandKind(new CommandType(type, "", Expiry) { IsBoundToBoot = true }, _ => arguments), arguments, device, Expiry, dryRun);

    private PrincipalId Device(ParseResult parsed, Func<string, string> deviceOf) =>
        PrincipalId.TryParse(deviceOf(parsed.GetRequiredValue(_device)).ToLowerInvariant(), out var device)
            ? device
            : throw new CliException("DEVICE has 32 hexadecimal digits; the dashboard shows them.", ExitCodes.Usage);

    private Task<FleetSession> OpenFleetAsync(ParseResult parsed, CancellationToken ct)
    {
        var settings = _common.Read(parsed);
        return FleetSession.OpenAsync(settings, settings.ReadToken(), Seen.Of(_common, parsed), parsed.InvocationConfiguration.Error, ct);
    }

    private async Task<Messaging.Commands.Command> SignAsync(ParseResult parsed, FleetSession fleet, CommandPlan plan, CancellationToken ct)
    {
        var keyFile = parsed.GetRequiredValue(_key);
        using var ring = _keys.Open(parsed, [keyFile]);
        var now = TimeProvider.System.GetUtcNow();
        var issuer = CommandIssuer.Find(fleet.Trust.Roster, ring.Keys[0].Public, plan.Kind.Type, now);
        if (issuer.Note is { } note)
        {
            Show.Note(parsed, TerminalText.Line($"fleetctl: note: {note}"));
        }

        var boot = (await fleet.Api.GetDeviceAsync(plan.Device, ct)).Boot?.Read();
        var sequence = await new CommandSequence(Seen.PlaceOfKey(_common, parsed, keyFile, ring.Keys[0].Public), TimeProvider.System).NextAsync(ct);
        return plan.Sign(ring.Keys[0], issuer.Principal.Id, sequence, fleet.Trust.Roster.Version, boot, TimeProvider.System.GetUtcNow());
    }
}
