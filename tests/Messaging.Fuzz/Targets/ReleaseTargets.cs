using System.Text;
using Messaging.Updates;
using Messaging.Updates.Releases;
using Messaging.Wire;

namespace Messaging.Fuzz.Targets;

internal sealed class UpdateStatusTarget : IFuzzTarget
{
    public static string Name => "update-status";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (UpdateStatus.TryDecode(data, out var status))
        {
            Promise.SameBytes(data, status.Encode());
            Promise.Holds(UpdateStates.Parse(status.State.Word()) == status.State, "Each state has a word.");
        }
    }

    public static IEnumerable<byte[]> Seeds() =>
    [
        Samples.UpdateStatus.Encode(),
        new UpdateStatus { CommandId = Samples.Command.Id, ReportNo = 1, State = UpdateState.Committed }.Encode(),
        new UpdateStatus { CommandId = Samples.Command.Id, ReportNo = 1, State = UpdateState.Staged, Fetched = new FetchedBytes(1, TufLimits.MaxInteger, 0) }.Encode(),
    ];
}

internal sealed class UpdateReceiptTarget : IFuzzTarget
{
    public static string Name => "update-receipt";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (UpdateReceipt.TryRead(data, out var receipt))
        {
            Promise.Holds(CoseSign1Reader.TryRead(data, out var message), "A receipt is a COSE_Sign1.");
            Promise.SameBytes(message.Payload, receipt.Payload());
            Promise.Holds(receipt.Outcome.IsFinal(), "A receipt is of an end.");
            receipt.IsSignedBy(Samples.Server.Public);
        }
    }

    public static IEnumerable<byte[]> Seeds() =>
    [
        Samples.UpdateReceipt.Sign(Samples.Device),
        new UpdateReceipt
        {
            Device = Samples.DeviceId,
            CommandId = Samples.Command.Id,
            Sha256 = Samples.Bytes(32, 0xd1),
            Outcome = UpdateState.Failed,
            Reason = UpdateReasons.Unreachable,
            Detail = "nobody answers",
            BootId = Samples.Boot(0x21),
        }.Sign(Samples.Device),
    ];
}

internal sealed class UpdateArgumentsTarget : IFuzzTarget
{
    public static string Name => "update-arguments";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (UpdateArguments.TryDecode(data, out var update))
        {
            Promise.SameBytes(data, update.Encode());
        }
    }

    public static IEnumerable<byte[]> Seeds() =>
        [Samples.Update.Encode(), new UpdateArguments { Target = "a", Length = 0, Sha256 = Samples.Bytes(32, 0xd1) }.Encode()];
}

internal sealed class ReleaseTarget : IFuzzTarget
{
    private const string Full = """
        {"messaging":{"content":{"length":5,"sha256":"@HASH"},"counter":12,"deltas":[{"from":"@HASH","target":"d/a"}],"encryption":"aes-256-gcm-64k","hardware":["linux-arm64"],
        "health":{"deadline":600,"http":["http://[::1]:8080/health"],"scripts":["look"],"seconds":30,"tcp":["localhost:80"],"units":["a.service"]},"kind":"agent","name":"messaging-agent",
        "params":{"unit":"a.service"},"requires":[{"name":"messaging-agent","version":"1.2.0"}],"version":"1.4.0-rc.1+b2"},"other":[1]}
        """;

    public static string Name => "release";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        try
        {
            // Accepted, it can be published: written, and read as the same again.
            var written = ReleaseWriter.Write(Release.Read("target", data));
            Promise.SameBytes(written, ReleaseWriter.Write(Release.Read("target", written)));
        }
        catch (TufException e)
        {
            Promise.Holds(e.Failure == TufFailure.Malformed, "What is no release is malformed.");
        }
    }

    public static IEnumerable<byte[]> Seeds() => new[]
    {
        Full,
        """{"messaging":{"kind":"a","name":"b","version":"0.0.0","counter":0}}""",
    }.Select(static seed => Encoding.UTF8.GetBytes(seed.Replace("@HASH", new string('0', 64), StringComparison.Ordinal)));
}

internal sealed class SemanticVersionTarget : IFuzzTarget
{
    public static string Name => "semantic-version";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        var texts = Encoding.UTF8.GetString(data).Split('\n', 2);
        if (!SemanticVersion.TryParse(texts[0], out var one))
        {
            return;
        }

        Promise.Holds(one.ToString() == texts[0] && one.Order(one) == 0, "A version is itself.");
        if (texts.Length == 2 && SemanticVersion.TryParse(texts[1], out var other))
        {
            Promise.Holds(one.Order(other) == -other.Order(one), "The order is the same from both sides.");
        }
    }

    public static IEnumerable<byte[]> Seeds() => ["1.0.0-alpha.1\n1.0.0-alpha.beta"u8.ToArray(), "99999999999999999999999.0.1+b-1\n2.0.0-0.x"u8.ToArray()];
}
