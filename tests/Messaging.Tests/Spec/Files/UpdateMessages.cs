using Messaging.Fuzz;
using Messaging.Updates;
using Messaging.Updates.Releases;

namespace Messaging.Tests.Spec.Files;

/// <summary>Messages of updates.</summary>
internal static class UpdateMessages
{
    public static IEnumerable<byte[]> Arguments() =>
        [Samples.Update.Encode(), new UpdateArguments { Target = "a/b", Length = 0, Sha256 = Samples.Bytes(32, 0xd1) }.Encode()];

    public static IEnumerable<byte[]> Statuses() =>
    [
        Samples.UpdateStatus.Encode(),
        .. Enum.GetValues<UpdateState>().Select(static state => new UpdateStatus { CommandId = Samples.Command.Id, ReportNo = long.MaxValue, State = state }.Encode()),
        new UpdateStatus { CommandId = Samples.Command.Id, ReportNo = 1, State = UpdateState.Assigned, DeadlineMs = TufLimits.MaxInteger, Done = TufLimits.MaxInteger, Total = TufLimits.MaxInteger }.Encode(),
        new UpdateStatus { CommandId = Samples.Command.Id, ReportNo = 2, State = UpdateState.Verifying, Fetched = new FetchedBytes(10_485_760, 1_048_576, 0) }.Encode(),
        new UpdateStatus { CommandId = Samples.Command.Id, ReportNo = 3, State = UpdateState.Committed, Fetched = new FetchedBytes(0, 0, TufLimits.MaxInteger) }.Encode(),
    ];

    public static IEnumerable<UpdateReceipt> Receipts() =>
    [
        Samples.UpdateReceipt,
        Ended(UpdateState.Reverted, UpdateReasons.Unhealthy, "messaging-agent"),
        Ended(UpdateState.Failed, UpdateReasons.Unreachable, ""),
        Ended(UpdateState.Failed, "another one", ""),
    ];

    public static IEnumerable<(string Why, byte[] Message)> RefusedArguments()
    {
        var good = Arguments().Last();
        const string Hash = "5820d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1";
        yield return ("empty", []);
        yield return ("a byte cut off", good[..^1]);
        yield return ("a byte after it", [.. good, 0]);
        yield return ("one field more", [0x88, .. good[1..], 0xf6]);
        foreach (var (why, hex) in new[]
        {
            ("an empty target", $"8760{"00"}{Hash}f6801a00093a8000"),
            ("a target outside of the repository", "87" + "64" + "2e2e2f61" + $"00{Hash}f6801a00093a8000"),
            ("a length above 2^40", "87" + "6161" + $"1b0000010000000001{Hash}f6801a00093a8000"),
            ("a hash of 31 bytes", "87" + "6161" + "00" + $"581f{Hash[6..]}f6801a00093a8000"),
            ("a key of 31 bytes", "87" + "6161" + $"00{Hash}581f{Hash[6..]}801a00093a8000"),
            ("an empty key", "87" + "6161" + $"00{Hash}40801a00093a8000"),
            ("a mirror that is no address", "87" + "6161" + $"00{Hash}f68161611a00093a8000"),
            ("59 seconds", "87" + "6161" + $"00{Hash}f680183b00"),
            ("more than a year", "87" + "6161" + $"00{Hash}f6801a01e1338100"),
            ("a spread of more than a week", "87" + "6161" + $"00{Hash}f6801a01e133801a00093a81"),
            ("a spread as long as the time", "87" + "6161" + $"00{Hash}f680183c183c"),
        })
        {
            yield return (why, Convert.FromHexString(hex));
        }
    }

    public static IEnumerable<(string Why, byte[] Message)> RefusedStatuses()
    {
        var good = Samples.UpdateStatus.Encode();
        yield return ("empty", []);
        yield return ("a byte cut off", good[..^1]);
        yield return ("a byte after it", [.. good, 0]);
        yield return ("one field more", [0x8a, .. good[1..], 0xf6]);
        yield return ("version 2", Maker.Changed(good, 1, 2));
        yield return ("number 0", Maker.Changed(good, 19, 0));
        yield return ("state 11", Maker.Changed(good, 20, 11));
        foreach (var (why, fields) in new[]
        {
            ("a number above 2^63 - 1", "1b800000000000000000f6f6000060"),
            ("a deadline above 2^53 - 1", "0100f61b0020000000000000000060"),
            ("bytes above 2^53 - 1", "0100f6f61b00200000000000000060"),
            ("a total above 2^53 - 1", "0100f6f6001b002000000000000060"),
            ("a time after the year 9999", "01001b0000e677d21fdc00f6000060"),
            ("a detail of 513 bytes", "0100f6f60000790201" + string.Concat(Enumerable.Repeat("61", 513))),
        })
        {
            yield return (why, Convert.FromHexString($"890150{new string('6', 32)}{fields}"));
        }

        foreach (var (why, fetched) in new[]
        {
            ("bytes of nobody", "83000000"),
            ("bytes of two", "820100"),
            ("bytes of four", "8400000001"),
            ("bytes of a home above 2^53 - 1", "8300001b0020000000000000"),
        })
        {
            yield return (why, Convert.FromHexString($"8a0150{new string('6', 32)}0100f6f6000060{fetched}"));
        }

        yield return ("no bytes where they are", Convert.FromHexString($"8a0150{new string('6', 32)}0100f6f6000060"));
        yield return ("two fields more", Convert.FromHexString($"8b0150{new string('6', 32)}0100f6f600006083000001f6"));
    }

    /// <summary>What a receipt may not say, whoever signs it.</summary>
    public static IEnumerable<(string Why, byte[] Message)> BrokenReceipts()
    {
        var good = Samples.UpdateReceipt.Payload();

        // After the outcome stand the reason, the detail, the boot, the time and the version before.
        var outcome = good.Length - (1 + 5) - 9 - 17 - 1 - 1 - 1;
        yield return ("the outcome switching", Maker.Changed(good, outcome, (byte)UpdateState.Switching));
        yield return ("the outcome 11", Maker.Changed(good, outcome, 11));
        yield return ("failed without a reason", Maker.Changed(good, outcome, (byte)UpdateState.Failed));
        yield return ("committed with a reason", [.. good[..(outcome + 1)], 0x61, 0x78, .. good[(outcome + 2)..]]);
        var kind = 2 + 17 + 17;
        yield return ("a kind with a capital letter", Maker.Changed(good, kind + 1, (byte)'A'));
        yield return ("no kind", [.. good[..kind], 0x60, .. good[(kind + 6)..]]);
        yield return ("a name with a space", Maker.Changed(good, kind + 6 + 1, (byte)' '));
        yield return ("a version that is none", Maker.Changed(good, kind + 6 + 16 + 1, (byte)'v'));
        yield return ("a hash of 31 bytes", [.. good[..(outcome - 33)], 31, .. good[(outcome - 31)..]]);
        var failed = Ended(UpdateState.Failed, "x", "").Payload();
        yield return ("a counter of no release", Maker.Changed(failed, kind + 3, 1));
        yield return ("a version of no release", [.. failed[..(kind + 2)], 0x61, 0x31, .. failed[(kind + 3)..]]);
    }

    private static UpdateReceipt Ended(UpdateState outcome, string reason, string name) => new()
    {
        Device = Samples.DeviceId,
        CommandId = Samples.Command.Id,
        Kind = name.Length == 0 ? "" : "agent",
        Name = name,
        Version = name.Length == 0 ? "" : "1.4.0",
        Counter = name.Length == 0 ? 0 : TufLimits.MaxInteger,
        Sha256 = Samples.Bytes(32, 0xd1),
        Outcome = outcome,
        Reason = reason,
        Detail = "it says why ✓",
        BootId = Samples.Boot(0x21),
    };
}
