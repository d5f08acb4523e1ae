using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Messaging.Commands;
using Messaging.Crypto;
using Messaging.EndToEnd.Harness;
using Messaging.Epochs;
using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.EvilRelay.Harness;

/// <summary>
/// A fleet of real processes for all attacks: control, the relay's other side in the attacker's hands, and a device. An owner has taken it over, and
/// the attacker has kept what the server had before. At its end the honest server must know of everything that was refused.
/// </summary>
public sealed partial class EvilFleet : IAsyncLifetime
{
    public const string Name = "evil";
    internal static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan UntilRefused = TimeSpan.FromSeconds(20);

    /// <summary>The last attack may have cost the device its connection.</summary>
    private static readonly TimeSpan UntilToldInFull = TimeSpan.FromMinutes(3);
    private readonly ConcurrentQueue<byte[]> _down = new();
    private readonly ConcurrentDictionary<string, bool> _seen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _provoked = new(StringComparer.Ordinal);
    private SplitFleet? _fleet;
    private int _lines;

    internal SplitFleet Fleet => _fleet ?? throw new InvalidOperationException("The fleet has not started.");

    internal Owner Owner { get; } = new();

    internal StolenKeys Stolen { get; private set; } = null!;

    /// <summary>Gets what devices were to trust before the owner came.</summary>
    internal byte[] FirstTrust { get; private set; } = [];

    internal StoredDevice Device { get; private set; } = null!;

    internal PrincipalId DeviceId => Device.Id;

    /// <summary>Gets the device's boot, in which all of this happens.</summary>
    internal CommandFreshness Boot { get; private set; }

    /// <summary>Gets every frame that control has sent to the device, once, in order.</summary>
    internal IReadOnlyList<byte[]> Down => [.. _down];

    /// <summary>Gets the folder below which files may be pushed.</summary>
    internal string PushFolder => Directory.CreateDirectory(Fleet.Scratch["pushed"]).FullName;

    private string DownTopic => Topics.Down(DeviceId);

    private string UpTopic => Topics.Up(DeviceId);

    public async ValueTask InitializeAsync()
    {
        _fleet = await SplitFleet.Start(evil: true);
        Device = StoredDevice.Read(Fleet.ControlData, Fleet.DeviceId);
        Stolen = StolenKeys.Read(Path.Combine(Fleet.ControlData, "keys"));
        FirstTrust = await Fleet.Api.Http.GetByteArrayAsync("/api/v1/trust");
        PassOn();
        await StartAgent();

        // The attacker knows an opening that no process of the agent which is attacked has heard.
        Fleet.Agent.Terminate();
        await Fleet.Agent.WaitForExit(Deadline);
        await StartAgent();
        await Eventually.Is("control speaks in another epoch", Deadline, () => Task.FromResult(Down.Count(Frames.IsOpening) > 1));
        Boot = BootOf(await Status());
        await Change(Owner.TakeOver);
        await Until("the device is the owner's", static status => Enrolment(status, "rootVersion") == 2);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_fleet is not null && _provoked.Count > 0)
            {
                await AssertTheServerKnows();
            }
        }
        finally
        {
            if (_fleet is not null)
            {
                await _fleet.DisposeAsync();
            }

            Stolen?.Dispose();
            Owner.Dispose();
        }
    }

    internal static ulong Enrolment(JsonNode status, string name) => status["enrolment"]![name]!.GetValue<ulong>();

    internal static long Spooled(JsonNode status) => status["spool"]!["unackedRecords"]!.GetValue<long>();

    /// <summary>The relay does what relays do, and the attacker takes notes.</summary>
    internal void PassOn() => Meddle(static (_, _) => true);

    /// <summary>The attacker decides on each frame to or from the device whether it goes on.</summary>
    /// <param name="passes">Gets whether it goes to the device, and the frame.</param>
    internal void Meddle(Func<bool, byte[], bool> passes) => MeddleWith((isDown, publish) => passes(isDown, publish.Payload) ? [publish] : []);

    /// <summary>The attacker decides what goes on instead of each frame to or from the device.</summary>
    internal void MeddleWith(Func<bool, MqttPublish, IEnumerable<MqttPublish>> attack) => Fleet.Evil!.Attack = publish =>
    {
        var isDown = publish.Topic == DownTopic;
        if (!isDown && publish.Topic != UpTopic)
        {
            return [publish];
        }

        if (isDown && _seen.TryAdd(Convert.ToHexString(publish.Payload), true))
        {
            _down.Enqueue(publish.Payload);
        }

        return attack(isDown, publish);
    };

    /// <summary>The key ids of the three newest epochs of control: a device takes records of no others.</summary>
    internal IReadOnlyList<Kid> OpenKids() => [.. Down.Where(Frames.IsOpening).Select(Header).TakeLast(3).Select(static header => header.EpochId.Kid)];

    /// <summary>What control says in the opening of its newest epoch.</summary>
    internal EpochParameters NewestEpoch() => Header(Down.Last(Frames.IsOpening)).Parameters;

    internal Task Inject(params IEnumerable<byte[]> frames) =>
        Fleet.Evil!.InjectDown(frames.Select(frame => new MqttPublish(0, DownTopic, 0, [], frame)));

    /// <summary>A script that the owner, or somebody of the roster, wants to have run on the device.</summary>
    internal Command Command(string script, IdentityKey? by = null, long lifetimeMs = 600_000) => Owner.Command(DeviceId, Boot, script, by, lifetimeMs);

    /// <summary>Hands something to control that the owner has signed.</summary>
    internal async Task<string> Post(Command command)
    {
        using var content = new ByteArrayContent(command.Bytes.ToArray());
        content.Headers.ContentType = new("application/cbor");
        using var response = await Fleet.Api.Http.PostAsync($"/api/v1/devices/{Fleet.DeviceId}/commands/signed", content);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return command.Content.Id.ToString();
    }

    internal async Task<JsonNode> Ended(string command) => await Fleet.Api.WaitForCommand(Fleet.DeviceId, command, Deadline);

    /// <summary>A command that the owner has signed, to its end.</summary>
    internal async Task<string> Run(Command command) => (await Ended(await Post(command)))["state"]!.GetValue<string>();

    /// <summary>What the owner changes is known to the server; returns the roster's version.</summary>
    internal async Task<ulong> Change(Func<FleetTrust, TrustChange> change)
    {
        var trust = await Trust();
        var next = change(trust);
        using var content = new ByteArrayContent(next.Encode());
        content.Headers.ContentType = new("application/cbor");
        using var response = await Fleet.Api.Http.PostAsync("/api/v1/trust", content);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return next.Roster.Content.Version;
    }

    /// <summary>What the server shows, verified.</summary>
    internal async Task<FleetTrust> Trust()
    {
        Assert.True(TrustBundle.TryRead(FirstTrust, out var first));
        Assert.Equal(TrustVerdict.Applied, FleetTrust.Begin(await Fleet.Api.Http.GetByteArrayAsync("/api/v1/trust"), first.Roots[0].Fingerprint, out var trust));
        return trust!;
    }

    /// <summary>The server's finding of a kind and subject.</summary>
    internal Task<JsonNode> Finding(string kind, string subject) => Eventually.Get(
        $"the server finds {kind} {subject}",
        UntilToldInFull,
        async () => (await Fleet.Api.Get("/api/v1/audit/findings?limit=500"))["items"]!,
        found => found.AsArray().Any(one => one!["kind"]!.GetValue<string>() == kind && one["subject"]!.GetValue<string>() == subject));

    /// <summary>fleetctl where the owner works: its exit code and what it says.</summary>
    internal Task<(int Code, string Output)> FleetCtl(params string[] arguments)
    {
        Assert.True(TrustBundle.TryRead(FirstTrust, out var first));
        return ChildProcess.Run(
            Repository.FleetCtl,
            [
                .. arguments, "--url", Fleet.Url, "--token-file", Fleet.TokenFile, "--fleet", Convert.ToHexStringLower(first.Roots[0].Fingerprint),
                "--config", Path.Combine(Fleet.Scratch["owner"], "fleetctl.json"),
            ],
            Deadline);
    }

    /// <summary>How often the script "count" has run.</summary>
    internal int Runs() => File.Exists(Fleet.CountedRuns) ? File.ReadAllLines(Fleet.CountedRuns).Length : 0;

    /// <summary>Lines for the device to send, whose beginning no others have.</summary>
    internal async Task<string> Append(int count)
    {
        var prefix = $"attack {++_lines:D2} ";
        await File.AppendAllLinesAsync(Fleet.FollowedFile, Enumerable.Range(0, count).Select(i => $"{prefix}{i:D3}"));
        return prefix;
    }

    /// <summary>Waits until the server has all of them; it must have each once.</summary>
    internal async Task AssertStoredOnce(string prefix, int count)
    {
        var stored = await Eventually.Get($"all of '{prefix}' is stored", Deadline, () => Fleet.Api.LogBodies(Fleet.DeviceId, prefix), lines => lines.Count >= count);
        Assert.Equal(Enumerable.Range(0, count).Select(i => $"{prefix}{i:D3}"), stored.Order(StringComparer.Ordinal));
    }

    /// <summary>
    /// An attack that the device refuses under this word, so many times at least. On a busy machine it may lose its connection, and what was on its way with that:
    /// then it is attacked again.
    /// </summary>
    internal async Task Refused(string reason, Func<Task> attack, long times = 1)
    {
        var before = (await Refusals()).GetValueOrDefault(reason);
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            await attack();
            try
            {
                await Eventually.Get($"the device refuses {reason}, {times} times", UntilRefused, Refusals, now => now.GetValueOrDefault(reason) >= before + times);
                break;
            }
            catch (TimeoutException) when (TimeProvider.System.GetElapsedTime(began) < Deadline)
            {
                // Once more.
            }
        }

        _provoked[reason] = before + times;
    }

    /// <summary>What the running agent says that it has refused.</summary>
    internal async Task<Refusals> Refusals() => new((await Status())["problems"]!.AsArray()
        .Where(static problem => problem!["area"]!.GetValue<string>() == "security")
        .Select(static problem => Refusal().Match(problem!["what"]!.GetValue<string>()))
        .Select(static match => KeyValuePair.Create(match.Groups["reason"].Value, long.Parse(match.Groups["count"].Value))));

    internal Task<JsonNode> Until(string what, Predicate<JsonNode> condition) => Eventually.Get(what, Deadline, Status, condition);

    /// <summary>The agent's status, asked of its socket: quicker than by a process.</summary>
    internal async Task<JsonNode> Status()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(Fleet.Scratch["agent"], "agent.sock")));
            await using var stream = new NetworkStream(socket);
            return (await JsonNode.ParseAsync(stream))!;
        }
        catch (Exception e) when (e is SocketException or JsonException)
        {
            throw new HttpRequestException($"The agent does not tell its status: {e.Message}\n{Fleet.Agent.Output}", e);
        }
    }

    private async Task StartAgent()
    {
        await Fleet.StartAgent(
            "Trust:AskInterval=1s", "Trust:AskIntervalSilent=1s", "Commands:Allow=ping,collect,set-intervals,rotate-keys,run-script,shell,push", "Commands:WritePaths=" + PushFolder,
            "Sessions:KeepFree=0");
        await Until("the device knows the time", static status => status["time"]?["beaconAge"] is not null);
    }

    private static CommandFreshness BootOf(JsonNode status) =>
        BootId.TryParse(status["time"]!["bootId"]!.GetValue<string>(), out var boot)
            ? new CommandFreshness(boot, status["time"]!["uptime"]!.GetValue<ulong>() + 3_600_000)
            : throw new InvalidDataException("The status names no boot.");

    private EpochHeader Header(byte[] opening) =>
        EpochHeader.TryRead(opening, Stolen.Server.Public, Stolen.ServerId, out var header, out var error) ? header : throw new InvalidDataException(error.ToString());

    /// <summary>The device tells the honest server what it refused.</summary>
    private async Task AssertTheServerKnows()
    {
        PassOn();
        await Eventually.Get(
            "the server knows of every refusal",
            UntilToldInFull,
            async () =>
            {
                var known = (await Fleet.Api.Get($"/api/v1/devices/{Fleet.DeviceId}"))["rejections"]!.AsArray()
                    .Where(static one => one!["side"]!.GetValue<string>() == "device")
                    .ToDictionary(static one => one!["reason"]!.GetValue<string>(), static one => one!["count"]!.GetValue<long>(), StringComparer.Ordinal);
                return string.Join(", ", _provoked.Where(one => known.GetValueOrDefault(one.Key) < one.Value).Select(one => $"{known.GetValueOrDefault(one.Key)} of {one.Value} {one.Key}"));
            },
            static missing => missing.Length == 0);
    }

    [GeneratedRegex("^(?<count>[0-9]+) times refused: (?<reason>[a-z-]+)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Refusal();
}
