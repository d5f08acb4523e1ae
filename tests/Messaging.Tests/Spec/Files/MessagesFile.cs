using System.Text.Json;
using System.Text.Json.Nodes;
using Messaging.Acks;
using Messaging.Commands;
using Messaging.Enrolment;
using Messaging.Files;
using Messaging.Fuzz;
using Messaging.Streams;
using Messaging.Telemetry;
using Messaging.Time;
using Messaging.Twin;
using Messaging.Wire;

namespace Messaging.Tests.Spec.Files;

/// <summary>The messages that are neither signed nor sealed by themselves.</summary>
internal sealed class MessagesFile : VectorDocument
{
    private static readonly Dictionary<string, Func<byte[], bool>> Decoders = new(StringComparer.Ordinal)
    {
        ["ack"] = static data => AckRecord.TryDecode(data, out _),
        ["gap"] = static data => Gap.TryDecode(data, out _),
        ["epoch-request"] = static data => EpochRequest.TryDecode(data, out _),
        ["ack-request"] = static data => AckRequest.TryDecode(data),
        ["pause"] = static data => Pause.TryDecode(data, out _),
        ["series-request"] = static data => SeriesRequest.TryDecode(data, out _),
        ["series-answer"] = static data => SeriesAnswer.TryDecode(data, out _),
        ["watch"] = static data => Watch.TryDecode(data, out _),
        ["command-report"] = static data => CommandReport.TryDecode(data, out _),
        ["command-output"] = static data => CommandOutput.TryDecode(data, out _),
        ["args:none"] = static data => EmptyArguments.TryDecode(data),
        ["args:collect"] = static data => CollectArguments.TryDecode(data, out _),
        ["args:set-intervals"] = static data => SetIntervalsArguments.TryDecode(data, out _),
        ["args:restart-unit"] = static data => RestartUnitArguments.TryDecode(data, out _),
        ["args:run-script"] = static data => RunScriptArguments.TryDecode(data, out _),
        ["args:gpio-set"] = static data => GpioSetArguments.TryDecode(data, out _),
        ["args:pwm-set"] = static data => PwmSetArguments.TryDecode(data, out _),
        ["args:app"] = static data => AppArguments.TryDecode(data, out _),
        ["args:cancel"] = static data => CancelArguments.TryDecode(data, out _),
        ["args:run-inline"] = static data => RunInlineArguments.TryDecode(data, out _),
        ["args:file-read"] = static data => FileReadArguments.TryDecode(data, out _),
        ["args:file-write"] = static data => FileWriteArguments.TryDecode(data, out _),
        ["args:packages"] = static data => PackagesArguments.TryDecode(data, out _),
        ["args:desired-set"] = static data => DesiredState.TryDecode(data, out _),
        ["twin-report"] = static data => TwinReport.TryDecode(data, out _),
        ["device-info"] = static data => DeviceInfo.TryDecode(data, out _),
        ["file-manifest"] = static data => FileManifest.TryDecode(data, out _),
        ["file-chunk"] = static data => FileChunk.TryDecode(data, out _),
        ["file-end"] = static data => FileEnd.TryDecode(data, out _),
        ["file-request"] = static data => FileRequest.TryDecode(data, out _),
        ["file-receipt"] = static data => FileReceipt.TryDecode(data, out _),
        ["key-update-receipt"] = static data => KeyUpdateReceipt.TryDecode(data, out _),
        ["relay-hello"] = static data => RelayHello.TryDecode(data, out _),
        ["relay-challenge"] = static data => RelayChallenge.TryDecode(data, out _),
        ["directory-update"] = static data => DirectoryUpdate.TryDecode(data, out _),
        ["directory-ack"] = static data => DirectoryAck.TryDecode(data, out _),
        ["presence-event"] = static data => PresenceEvent.TryDecode(data, out _),
        ["relay-stats"] = static data => RelayStats.TryDecode(data, out _),
        ["time-request"] = static data => TimeRequest.TryDecode(data, out _),
    };

    /// <summary>What the hand-made refused messages differ from by one thing each.</summary>
    private static readonly (string Type, string Hex)[] Bases =
    [
        ("ack", "83010181825044444444444444444444444444444444" + "82820101820201"),
        ("gap", "86015044444444444444444444444444444444" + "0101056571756f7461"),
        ("pause", "84015044444444444444444444444444444444" + "1903e801"),
        ("series-request", "830150444444444444444444444444444444448204" + "19ffff"),
        ("series-answer", "8401504444444444444444444444444444444481" + "8619ffff61786131008000" + "80"),
        ("watch", "82011a000927c0"),
        ("command-report", "8a015044444444444444444444444444444444" + "0000f61903e8f66040f4"),
        ("command-report", "8a015044444444444444444444444444444444" + "0000f6f61a7fffffff6040f4"),
        ("command-output", "860150" + "44444444444444444444444444444444" + "00004161f6"),
        ("command-output", "860150" + "44444444444444444444444444444444" + "05004005"),
        ("args:run-script", "836161808518" + "5af6f6f6f6"),
        ("args:run-inline", "84672f62696e2f7368416180f6"),
        ("args:file-read", "83622f610019c000"),
        ("args:file-write", "84622f6118c04161f6"),
        ("args:packages", "8500818262616263312d31f4f4f6"),
        ("args:packages", "850280f4f4f6"),
        ("args:packages", "850380f4f4f6"),
        ("args:desired-set", "8501808082" + "63612e62" + "63612e63" + "80"),
        ("args:desired-set", "85018081" + "83622f611901ff40" + "8080"),
        ("args:desired-set", "8501808080" + "8182616182016137"),
        ("twin-report", TwinHex("01", "63613a62", "01", "19ffff")),
        ("directory-update", "8401050380"),
        ("directory-ack", "83010603"),
        ("presence-event", "8501f50c00656d71747435"),
        ("presence-event", "8501f50c007820" + new string('7', 64)),
        ("key-update-receipt", "840102f460"),
        ("time-request", "85015044444444444444444444444444444444" + "05f583070405"),
        ("file-manifest", FileManifestHex("19 1000", "61 61", "63 61 2f 62", "00")),
        ("file-chunk", "850150" + "44444444444444444444444444444444" + "00f54100"),
        ("file-receipt", "850150" + "44444444444444444444444444444444" + "006082820001820304"),
    ];

    public override string Name => "messages.json";

    public override JsonObject Build() => new()
    {
        ["description"] = "value: the fields as in the specification, byte strings as hex:..., for people. hex: the message.",
        ["accepted"] = Array(Accepted().Select(static one => new JsonObject
        {
            ["type"] = one.Type,
            ["value"] = one.Value,
            ["hex"] = Hex(one.Message),
        })),
        ["refused"] = Array(Accepted().DistinctBy(static one => one.Type).SelectMany(static one => Broken(one.Message).Select(broken => new JsonObject
        {
            ["type"] = one.Type,
            ["why"] = broken.Why,
            ["hex"] = Hex(broken.Message),
        })).Concat(Refused().Select(static one => new JsonObject { ["type"] = one.Type, ["why"] = one.Why, ["hex"] = one.Hex }))),
    };

    public override void Verify(JsonElement file)
    {
        Assert.All(Bases, static one => Assert.True(Decoders[one.Type](Convert.FromHexString(one.Hex)), one.Hex));
        Assert.Equal(Decoders.Keys.Order(StringComparer.Ordinal), Each(file, "accepted").Select(static one => one.GetProperty("type").GetString()!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        foreach (var one in Each(file, "accepted"))
        {
            Assert.True(Decoders[one.GetProperty("type").GetString()!](Bytes(one, "hex")), one.ToString());
            Assert.Equal(one.GetProperty("value").GetString(), CborText.Of(Bytes(one, "hex")));
        }

        foreach (var one in Each(file, "refused"))
        {
            Assert.False(Decoders[one.GetProperty("type").GetString()!](Bytes(one, "hex")), one.ToString());
        }
    }

    private static IEnumerable<(string Type, string Value, byte[] Message)> Accepted() => Messages().Select(static one => (one.Type, CborText.Of(one.Message), one.Message));

    private static IEnumerable<(string Type, byte[] Message)> Messages()
    {
        yield return ("ack", Samples.Ack.Encode());
        yield return ("ack", new AckRecord(0, []).Encode());
        yield return ("gap", new Gap(Samples.Epoch(0x41), StreamId.Logs, 5, 1UL << 32, "quota").Encode());
        yield return ("epoch-request", new EpochRequest(Samples.Epoch(0x41).Kid).Encode());
        yield return ("ack-request", AckRequest.Encode());
        yield return ("pause", new Pause(Samples.Boot(0x21), 90_061_000, PauseCause.Operator).Encode());
        yield return ("pause", new Pause(Samples.Boot(0x21), 0, PauseCause.ServerBusy).Encode());
        yield return ("series-request", Samples.SeriesRequest.Encode());
        yield return ("series-request", new SeriesRequest(Samples.Epoch(0x41), []).Encode());
        yield return ("series-answer", Samples.SeriesAnswer.Encode());
        yield return ("series-answer", new SeriesAnswer(Samples.Epoch(0x41), [], []).Encode());
        yield return ("watch", new Watch(TimeSpan.FromSeconds(50)).Encode());
        yield return ("command-report", Samples.Report.Encode());
        yield return ("command-report", (Samples.Report with { State = CommandState.Running, UnixMs = null, ProgressPermille = 500, ExitCode = null, OutputTruncated = true }).Encode());
        foreach (var output in Samples.Output)
        {
            yield return ("command-output", output.Encode());
        }

        yield return ("args:none", EmptyArguments.Encode());
        yield return ("args:collect", new CollectArguments(["cpu", "memory"]).Encode());
        yield return ("args:collect", new CollectArguments([]).Encode());
        yield return ("args:set-intervals", new SetIntervalsArguments([new("cpu", TimeSpan.FromSeconds(2)), new("disks", TimeSpan.Zero)]).Encode());
        yield return ("args:restart-unit", new RestartUnitArguments("ssh.service").Encode());
        yield return ("args:run-script", new RunScriptArguments("backup", ["--all", ""]).Encode());
        yield return ("args:gpio-set", new GpioSetArguments("pump", true, TimeSpan.FromMilliseconds(1500)).Encode());
        yield return ("args:gpio-set", new GpioSetArguments("pump", false, null).Encode());
        yield return ("args:pwm-set", new PwmSetArguments("fan", 1000).Encode());
        yield return ("args:app", new AppArguments("plc", ["set", "4"], new byte[] { 1, 2, 3 }).Encode());
        yield return ("args:app", new AppArguments("plc", [], default).Encode());
        yield return ("args:run-script", new RunScriptArguments("backup", [], Samples.Limits).Encode());
        yield return ("args:run-script", new RunScriptArguments("backup", [], new RunLimits(null, null, null, null, 0)).Encode());
        yield return ("args:cancel", CancelArguments.Encode(Samples.Command.Id));
        yield return ("args:run-inline", new RunInlineArguments("/bin/sh", "echo hello\n"u8.ToArray(), ["a"], Samples.Limits).Encode());
        yield return ("args:run-inline", new RunInlineArguments("/usr/bin/python3", "pass"u8.ToArray(), [], RunLimits.None).Encode());
        yield return ("args:file-read", new FileReadArguments("/etc/my-app/app.conf", 0, FileReadArguments.MaxBytes).Encode());
        yield return ("args:file-write", new FileWriteArguments("/etc/my-app/app.conf", 0x1a4, "a=1\n"u8.ToArray(), null).Encode());
        yield return ("args:file-write", new FileWriteArguments("/etc/my-app/app.conf", 0x1a4, "a=1\n"u8.ToArray(), ReadOnlyMemory<byte>.Empty).Encode());
        yield return ("args:file-write", new FileWriteArguments("/etc/my-app/app.conf", 0x180, default, Samples.Bytes(32, 0xa4)).Encode());
        yield return ("args:packages", Samples.Packages.Encode());
        yield return ("args:packages", new PackagesArguments(PackageAction.Upgrade, [], false, true, RunLimits.None).Encode());
        yield return ("args:packages", new PackagesArguments(PackageAction.Refresh, [], false, false, RunLimits.None).Encode());
        yield return ("args:desired-set", Samples.Desired.Encode());
        yield return ("args:desired-set", new DesiredState(2, [], [], [], []).Encode());
        yield return ("twin-report", Samples.Twin.Encode());
        yield return ("twin-report", new TwinReport(1, 2, Samples.Bytes(32, 0xb1), null, []).Encode());
        yield return ("device-info", Samples.Info.Encode());
        yield return ("file-manifest", Samples.File.Encode());
        yield return ("file-manifest", (Samples.File with { Size = 0, ChunkSize = FileManifest.MinChunkSize, MediaType = MediaType.Unknown, UnixMs = null, Attributes = [] }).Encode());
        yield return ("file-chunk", new FileChunk(Samples.File.Id, 2, true, Samples.Bytes(1, 0x7a)).Encode());
        yield return ("file-chunk", new FileChunk(Samples.File.Id, 0, true, default).Encode());
        yield return ("file-end", new FileEnd(Samples.File.Id, "source-changed").Encode());
        yield return ("file-request", new FileRequest(Samples.File.Id).Encode());
        yield return ("file-receipt", new FileReceipt(Samples.File.Id, FileReceiptState.Receiving, "", [(0, 0), (2, 9)]).Encode());
        yield return ("file-receipt", new FileReceipt(Samples.File.Id, FileReceiptState.Stored, "", []).Encode());
        yield return ("file-receipt", new FileReceipt(Samples.File.Id, FileReceiptState.Ended, "too-large", []).Encode());
        yield return ("key-update-receipt", new KeyUpdateReceipt(2, true, "").Encode());
        yield return ("key-update-receipt", new KeyUpdateReceipt(2, false, "old number").Encode());
        yield return ("relay-hello", new RelayHello(Samples.DeviceId, Samples.Bytes(16, 0xc1)).Encode());
        yield return ("relay-challenge", new RelayChallenge(Samples.Bytes(32, 0xd1), Samples.Bytes(32, 0xe1)).Encode());
        yield return ("relay-challenge", new RelayChallenge(Samples.Bytes(32, 0xd1), null).Encode());
        yield return ("directory-update", new DirectoryUpdate(5, DirectoryUpdateKind.Delta, [
            new DirectoryEntry(Samples.DeviceId, Samples.Device.Public.Point.ToArray(), DirectoryStatus.Active, [Samples.ServerId]),
            new DirectoryEntry(Samples.ServerId, Samples.Server.Public.Point.ToArray(), DirectoryStatus.Revoked, [])]).Encode());
        yield return ("directory-update", new DirectoryUpdate(6, DirectoryUpdateKind.SnapshotBegin, []).Encode());
        yield return ("directory-ack", new DirectoryAck(6, DirectoryUpdateKind.SnapshotEnd).Encode());
        yield return ("presence-event", new PresenceEvent(true, 12, 1_795_000_000_000, "mqtt5+tls").Encode());
        yield return ("relay-stats", new RelayStats([new("refused.auth", 3), new("published", ulong.MaxValue)]).Encode());
        yield return ("time-request", Samples.TimeRequest.Encode());
        yield return ("time-request", (Samples.TimeRequest with { IsWanted = false, Seen = null }).Encode());
    }

    private static IEnumerable<(string Why, byte[] Message)> Broken(byte[] message)
    {
        yield return ("empty", []);
        yield return ("a byte cut off", message[..^1]);
        yield return ("a byte after it", [.. message, 0]);
        yield return ("one field more", [(byte)(message[0] + 1), .. message[1..], 0xf6]);
        yield return ("long head", [0x98, (byte)(message[0] & 0x1f), .. message[1..]]);
        yield return ("indefinite length", [0x9f, .. message[1..], 0xff]);
        if (message.Length > 2 && message[1] == 1)
        {
            yield return ("version 2", Maker.Changed(message, 1, 2));
        }
    }

    private static IEnumerable<(string Type, string Why, string Hex)> Refused()
    {
        var id = new string('4', 32);
        yield return ("ack", "a stream twice", $"830101818250{id}82820101820101");
        yield return ("ack", "streams descend", $"830101818250{id}82820201820101");
        yield return ("ack", "a number above 2^32", $"830101818250{id}8182011b0000000100000001");
        yield return ("ack", "stream 65536", $"830101818250{id}81821a0001000001");
        yield return ("gap", "from 0", $"860150{id}0100056571756f7461");
        yield return ("gap", "to before from", $"860150{id}0105046571756f7461");
        yield return ("pause", "cause 2", $"840150{id}1903e802");
        yield return ("pause", "a time before the boot", $"840150{id}2001");
        yield return ("pause", "a boot of 15 bytes", "84014f" + id[2..] + "1903e801");
        yield return ("command-output", "a piece without a byte that is not the last", $"860150{id}000040f6");
        yield return ("command-output", "source 2", $"860150{id}00024161f6");
        yield return ("command-output", "beyond 16 MiB", $"860150{id}1a01000000004161f6");
        yield return ("command-output", "fewer bytes written than sent", $"860150{id}05004004");
        yield return ("args:run-script", "limits that limit nothing", "8361618085f6f6f6f6f6");
        yield return ("args:run-script", "a time of 0", "836161808500f6f6f6f6");
        yield return ("args:run-script", "no limits", "82616180");
        yield return ("args:run-inline", "an empty script", "84672f62696e2f73684080f6");
        yield return ("args:file-read", "a length of 0", "83622f610000");
        yield return ("args:file-read", "a length of 49153", "83622f610019c001");
        yield return ("args:file-write", "a mode of 01000", "84622f611902004161f6");
        yield return ("args:file-write", "a hash of 31 bytes", "84622f6118c04161581f" + new string('4', 62));
        yield return ("args:packages", "action 4", "850480f4f4f6");
        yield return ("args:packages", "a name that begins with a minus", "8500818262" + "2d62" + "63312d31f4f4f6");
        yield return ("args:packages", "a name that ends with a minus", "8500818262" + "612d" + "63312d31f4f4f6");
        yield return ("args:packages", "a name of one character", "8500818261" + "61" + "63312d31f4f4f6");
        yield return ("args:packages", "a name with a capital letter", "8500818262" + "4162" + "63312d31f4f4f6");
        yield return ("args:packages", "a version without a digit", "85008182626162" + "63612d31f4f4f6");
        yield return ("args:packages", "a version with an empty epoch", "85008182626162" + "633a2d31f4f4f6");
        yield return ("args:packages", "a version with an empty revision", "85008182626162" + "6331312df4f4f6");
        yield return ("args:packages", "install without a package", "850080f4f4f6");
        yield return ("args:packages", "remove with a version", "8501818262616263312d31f4f4f6");
        yield return ("args:packages", "refresh with a package", "8503818262616263312d31f4f4f6");
        yield return ("args:packages", "upgrade to a lower version", "850280f5f4f6");
        yield return ("args:desired-set", "version 0", "8500808082" + "63612e62" + "63612e63" + "80");
        yield return ("args:desired-set", "version 2^53", "851b0020000000000000808082" + "63612e62" + "63612e63" + "80");
        yield return ("args:desired-set", "a name twice", "8501808082" + "63612e62" + "63612e62" + "80");
        yield return ("args:desired-set", "names that descend", "8501808082" + "63612e63" + "63612e62" + "80");
        yield return ("args:desired-set", "a unit without a type", "8501808081" + "6161" + "80");
        yield return ("args:desired-set", "a mode of 01000", "85018081" + "83622f6119020040" + "8080");
        yield return ("args:desired-set", "a path with ..", "85018081" + "83652f2e2e2f611901ff40" + "8080");
        yield return ("args:desired-set", "a number not in its one form", "8501808080" + "818261618201623037");
        yield return ("args:desired-set", "a number of 10^15", "8501808080" + "8182616182017031303030303030303030303030303030");
        yield return ("args:desired-set", "a truth that is none", "8501808080" + "8182616182026137");
        yield return ("twin-report", "report number 0", TwinHex("00", "63613a62", "01", "19ffff"));
        yield return ("twin-report", "converging without a limit", TwinHex("01", "63613a62", "01", "f6"));
        yield return ("twin-report", "converged with a limit", TwinHex("01", "63613a62", "00", "19ffff"));
        yield return ("twin-report", "state 4", TwinHex("01", "63613a62", "04", "19ffff"));
        yield return ("twin-report", "a name that is no setting's", TwinHex("01", "63612e62", "01", "19ffff"));
        yield return ("file-manifest", "a name with /", FileManifestHex("19 1000", "63 612f62", "63 61 2f 62", "00"));
        yield return ("file-manifest", "a name with a backslash", FileManifestHex("19 1000", "63 615c62", "63 61 2f 62", "00"));
        yield return ("file-manifest", "the name ..", FileManifestHex("19 1000", "62 2e2e", "63 61 2f 62", "00"));
        yield return ("file-manifest", "an empty name", FileManifestHex("19 1000", "60", "63 61 2f 62", "00"));
        yield return ("file-manifest", "a line break in the name", FileManifestHex("19 1000", "62 610a", "63 61 2f 62", "00"));
        yield return ("file-manifest", "a C1 control character in the name", FileManifestHex("19 1000", "63 61c285", "63 61 2f 62", "00"));
        yield return ("file-manifest", "a name of 256 bytes", FileManifestHex("19 1000", "79 0100" + string.Concat(Enumerable.Repeat("61", 256)), "63 61 2f 62", "00"));
        yield return ("file-manifest", "chunks of 4095 bytes", FileManifestHex("19 0fff", "61 61", "63 61 2f 62", "00"));
        yield return ("file-manifest", "chunks of 131073 bytes", FileManifestHex("1a 00020001", "61 61", "63 61 2f 62", "00"));
        yield return ("file-manifest", "larger than 2^40", FileManifestHex("19 1000", "61 61", "63 61 2f 62", "1b 0000010000000001"));
        yield return ("file-manifest", "a media type with a parameter", FileManifestHex("19 1000", "61 61", "66 612f623b633d", "00"));
        yield return ("file-manifest", "a media type without a slash", FileManifestHex("19 1000", "61 61", "61 61", "00"));
        yield return ("file-chunk", "an index of 2^28", $"850150{id}1a10000000f54100");
        yield return ("file-chunk", "the flag as a number", $"850150{id}00014100");
        yield return ("file-receipt", "state 4", $"850150{id}046080");
        yield return ("file-receipt", "ranges that touch", $"850150{id}006082820001820203");
        yield return ("file-receipt", "ranges that descend", $"850150{id}006082820304820001");
        yield return ("file-receipt", "to before from", $"850150{id}006081820100");
        yield return ("file-receipt", "missing chunks of a stored file", $"850150{id}016081820001");
        yield return ("series-request", "numbers descend", $"830150{id}820403");
        yield return ("series-request", "a number twice", $"830150{id}820404");
        yield return ("series-request", "number 65536", $"830150{id}811a00010000");
        yield return ("series-answer", "number 65536", $"840150{id}81861a0001000061786131008000" + "80");
        yield return ("series-answer", "scale 63", $"840150{id}818604617861310080183f" + "80");
        yield return ("series-answer", "a definition of more than 1024 bytes", Hex(new SeriesAnswer(
            Samples.Epoch(0x41), [new(4, Samples.KnownSeries(4)! with { Attributes = [new("k", new string('v', SeriesBatch.MaxKeptBytes))] })], []).Encode()));
        yield return ("series-answer", "lost numbers descend", $"840150{id}80820403");
        yield return ("watch", "more than 10 minutes", "82011a000927c1");
        yield return ("command-report", "state 8", Hex(Maker.Changed(Samples.Report.Encode(), 20, 8)));
        yield return ("command-report", "progress 1001", $"8a0150{id}0000f61903e9f66040f4");
        yield return ("command-report", "exit code 2^31", $"8a0150{id}0000f6f61a800000006040f4");
        yield return ("directory-update", "kind 4", "84010504" + "80");
        yield return ("directory-ack", "kind 4", "83010604");
        yield return ("presence-event", "connected as a number", "8501010c00656d71747435");
        yield return ("presence-event", "a transport of 33 bytes", "8501f50c007821" + new string('7', 66));
        yield return ("key-update-receipt", "null for false", "840102f660");
        yield return ("time-request", "a beacon that came before its echo", $"850150{id}05f583070504");
        yield return ("time-request", "a beacon that came later than now", $"850150{id}05f583070406");
        yield return ("time-request", "an uptime beyond the year 9999", $"850150{id}1b0000e677d21fdc00f5f6");
        yield return ("time-request", "wanted as a number", $"850150{id}0501f6");
    }

    private static string TwinHex(string number, string name, string state, string wait) =>
        $"8601{number}025820{new string('b', 64)}f6818700{name}{state}00{wait}60f6";

    private static string FileManifestHex(string chunkSize, string name, string mediaType, string size) =>
        $"890150{new string('4', 32)}{size}{chunkSize}5820{new string('7', 64)}{name}{mediaType}f680".Replace(" ", "", StringComparison.Ordinal);
}
