using System.Buffers;
using Messaging.Commands;
using Messaging.Crypto;
using Messaging.EndToEnd.Harness;
using Messaging.Epochs;
using Messaging.Streams;
using Messaging.Wire;

namespace Messaging.EvilRelay.Harness;

/// <summary>
/// Has the server's folder and the relay, and speaks to the device as its server, in an epoch of its own. Afterwards the honest server is
/// started again: devices have heard a number above those of its epochs.
/// </summary>
public sealed class Thief(EvilFleet evil) : IAsyncLifetime
{
    private EpochSender? _epoch;
    private ulong _sequence = (ulong)Owner.Now;

    public async ValueTask InitializeAsync()
    {
        var newest = evil.NewestEpoch();
        _epoch = EpochSender.Open(
            evil.Stolen.Server,
            evil.Stolen.ServerId,
            newest with { EpochNo = newest.EpochNo + 1, ClaimedUnixMs = null },
            [evil.Device.Hpke]);
        await evil.Inject(_epoch.OpenFrame.ToArray());
    }

    public async ValueTask DisposeAsync()
    {
        await evil.Fleet.Control.KillNow();
        await evil.Fleet.StartControl();
        if (_epoch is not null)
        {
            // Whoever comes next takes the number after control's newest, and the device has heard this one.
            await Eventually.Is("control speaks in an epoch above the thief's", EvilFleet.Deadline, () => Task.FromResult(evil.NewestEpoch().EpochNo > _epoch.EpochNo));
            _epoch.Dispose();
        }
    }

    internal Task Say(uint type, byte[] content) => Say(type, [content]);

    /// <summary>The device cannot tell it from what its server says.</summary>
    internal Task Say(uint type, IEnumerable<byte[]> contents) => evil.Inject(contents.Select(content => Seal(type, content)));

    /// <summary>A command by a key, in whoever's name.</summary>
    internal Command Command(IdentityKey key, PrincipalId issuer, PrincipalId? target = null, CommandId? id = null) => Commands.Command.Sign(key, new CommandContent(
        id ?? CommandId.Generate(),
        issuer,
        ++_sequence,
        new CommandTarget(CommandTargetKind.Device, target ?? evil.DeviceId, 2),
        Owner.Now,
        Owner.Now + 600_000,
        evil.Boot,
        Idempotent: false,
        CommandTypes.RunScript,
        new RunScriptArguments("count", []).Encode()));

    /// <summary>The same to a set of devices.</summary>
    internal Command SetCommand(IdentityKey key, PrincipalId issuer, DeviceSetRoot set) => Commands.Command.Sign(
        key, Command(key, issuer).Content with { Target = CommandTarget.Of(set, 2), Freshness = null });

    /// <summary>A command that servers may give.</summary>
    internal Command Ping() => Commands.Command.Sign(evil.Stolen.Server, new CommandContent(
        CommandId.Generate(),
        evil.Stolen.ServerId,
        ++_sequence,
        new CommandTarget(CommandTargetKind.Device, evil.DeviceId, 2),
        Owner.Now,
        Owner.Now + 600_000,
        null,
        Idempotent: true,
        CommandTypes.Ping,
        EmptyArguments.Encode()));

    private byte[] Seal(uint type, byte[] content)
    {
        var frame = new ArrayBufferWriter<byte>();
        _epoch!.Seal(type == RecordType.Command ? StreamId.Commands : StreamId.Control, type, content, frame, out _);
        return frame.WrittenSpan.ToArray();
    }
}
