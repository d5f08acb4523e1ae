using System.Buffers;
using CsCheck;
using Messaging.Commands;
using Messaging.Crypto;
using Messaging.Fuzz;
using Messaging.Tests.Support;
using Messaging.Wire;

namespace Messaging.Tests.Commands;

public sealed class CommandTests
{
    private static readonly Gen<CommandContent> Contents =
        from id in Gens.Command
        from issuer in Gens.Principal
        from seq in Gen.ULong
        from set in Gen.Bool
        from target in Gens.Principal
        from size in Gen.Int[1, DeviceSetRoot.MaxSize]
        from hash in Gen.Byte.Array[32]
        from roster in Gen.ULong
        from issuedAt in Gens.UnixMs
        from expiresAt in Gens.UnixMs
        from boot in Gens.Boot
        from deadline in Gen.ULong
        from fresh in Gen.Bool
        from idempotent in Gen.Bool
        from dryRun in Gen.Bool
        from type in Gens.Text
        from arguments in Gen.Byte.Array[0, 100]
        select new CommandContent(
            id,
            issuer,
            seq,
            set ? Messaging.Commands.CommandTarget.Of(new DeviceSetRoot(hash, size), roster) : new Messaging.Commands.CommandTarget(CommandTargetKind.Device, target, roster),
            issuedAt,
            expiresAt,
            fresh && !set ? new CommandFreshness(boot, deadline) : null,
            idempotent,
            type,
            arguments,
            dryRun);

    [Fact]
    public void TryParse_AnySignedCommand_GivesWhatWasSigned() => Contents.Sample(static content =>
    {
        var signed = Command.Sign(Samples.Server, content);

        Assert.True(Command.TryParse(signed.Bytes.Span, out var command));

        Assert.True(command.Verify(Samples.Server.Public));
        Assert.False(command.Verify(Samples.Device.Public));
        Assert.Equal(content with { Arguments = default }, command.Content with { Arguments = default });
        Assert.Equal(content.Arguments.ToArray(), command.Content.Arguments.ToArray());
        Assert.Equal(signed.Bytes.ToArray(), command.Bytes.ToArray());
    }, iter: 200);

    [Fact]
    public void Verify_EveryBitFlippedAndEveryTruncation_IsRefused() => Mutations.AssertNoneAccepted(
        Command.Sign(Samples.Server, Samples.Command).Bytes.ToArray(),
        static data => Command.TryParse(data, out var command) && command.Verify(Samples.Server.Public));

    [Fact]
    public void Verify_SignedAsSomethingElse_IsRefused()
    {
        var relabelled = CoseSign1Writer.Sign(Samples.Server, "messaging/1/epoch"u8, Command.Payload(Samples.Command));

        Assert.True(Command.TryParse(relabelled, out var command));
        Assert.False(command.Verify(Samples.Server.Public));
    }

    [Fact]
    public void TryParse_AnotherSuiteOrTarget_IsRefused()
    {
        var payload = Command.Payload(Samples.Command);
        Assert.True(Parses(payload));

        Assert.False(Parses(Changed(payload, 1, 2)), "suite 2");

        // 8c 01 50 cmdId(16) 50 issuerId(16) 09 83 kind ...
        Assert.Equal(0x83, payload[37]);
        Assert.False(Parses(Changed(payload, 38, 1)), "a set with the fields of a device");
        Assert.False(Parses(Changed(payload, 38, 2)), "kind 2");

        static bool Parses(byte[] payload) => Command.TryParse(CoseSign1Writer.Sign(Samples.Server, "x"u8, payload), out _);

        static byte[] Changed(byte[] payload, int at, byte value)
        {
            var changed = (byte[])payload.Clone();
            changed[at] = value;
            return changed;
        }
    }

    [Fact]
    public void SignJointly_ByTwo_IsSignedByBothAndByNobodyElse()
    {
        var first = Command.SignJointly(Samples.Command, Samples.Server);
        var both = first.SignToo(Samples.Device);

        Assert.Equal((1, 2), (first.Signatures, both.Signatures));
        Assert.True(both.Verify(Samples.Server.Public) && both.Verify(Samples.Device.Public));
        Assert.False(first.Verify(Samples.Device.Public));
        Assert.Equal(both.Bytes.ToArray()[..20], first.Bytes.ToArray()[..20]);
        Assert.Equal(2, first.Merge(Command.SignJointly(Samples.Command, Samples.Device))!.Signatures);
        Assert.Null(first.Merge(Command.SignJointly(Samples.Command with { IssuerSeq = 10 }, Samples.Device)));
        Assert.Null(first.Merge(Command.Sign(Samples.Device, Samples.Command)));
        Assert.Throws<InvalidOperationException>(static () => Command.Sign(Samples.Server, Samples.Command).SignToo(Samples.Device));
    }

    [Fact]
    public void Verify_OfEitherFormSSignatureInTheOther_IsRefused()
    {
        Assert.True(CoseSign1Reader.TryRead(Command.Sign(Samples.Server, Samples.Command).Bytes.Span, out var alone));
        var moved = CoseSignWriter.Assemble(Command.Payload(Samples.Command), [new(Kid.OfSigner(Samples.Server.Public), alone.Signature.ToArray())]);

        Assert.True(Command.TryParse(moved, out var command));
        Assert.False(command.Verify(Samples.Server.Public));
    }

    [Fact]
    public void Sign_TooMuch_Throws()
    {
        Assert.Throws<ArgumentException>(static () => Command.Sign(Samples.Server, Samples.Command with { Arguments = new byte[Command.MaxArgumentBytes + 1] }));
        Assert.Throws<ArgumentException>(static () => Command.Sign(Samples.Server, Samples.Command with { Type = new string('x', 65) }));
        Assert.Throws<ArgumentOutOfRangeException>(static () => Command.Sign(Samples.Server, Samples.Command with { ExpiresAtUnixMs = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(static () => Command.Sign(Samples.Server, Samples.Command with { ExpiresAtUnixMs = Gens.MaxUnixMs + 1 }));
    }

    [Fact]
    public void Arguments_AnyOfEachType_RoundTripStrictly()
    {
        Gens.Text.Array[0, 5].Sample(static texts =>
        {
            var collect = new CollectArguments(texts).Encode();
            Mutations.AssertStrictLength(collect, static data => CollectArguments.TryDecode(data, out _));
            Assert.True(CollectArguments.TryDecode(collect, out var collected));
            Assert.Equal(texts, collected.Collectors);

            var script = new RunScriptArguments("name", texts).Encode();
            Mutations.AssertStrictLength(script, static data => RunScriptArguments.TryDecode(data, out _));
            Assert.True(RunScriptArguments.TryDecode(script, out var run));
            Assert.Equal(texts, run.Arguments);
            Assert.Equal("name", run.Name);

            var app = new AppArguments("name", texts, new byte[] { 7 }).Encode();
            Mutations.AssertStrictLength(app, static data => AppArguments.TryDecode(data, out _));
            Assert.True(AppArguments.TryDecode(app, out var call));
            Assert.Equal(texts, call.Arguments);
            Assert.Equal(("name", 7), (call.Name, call.Payload.Span[0]));
        }, iter: 100);
        Gen.Select(Gens.Text, Gen.Bool, Gen.Int[0, 3_600_000], Gen.Int[0, 1000]).Sample(static (name, value, pulse, permille) =>
        {
            var gpio = new GpioSetArguments(name, value, pulse == 0 ? null : TimeSpan.FromMilliseconds(pulse));
            Mutations.AssertStrictLength(gpio.Encode(), static data => GpioSetArguments.TryDecode(data, out _));
            Assert.True(GpioSetArguments.TryDecode(gpio.Encode(), out var set));
            Assert.Equal(gpio, set);

            var pwm = new PwmSetArguments(name, permille);
            Mutations.AssertStrictLength(pwm.Encode(), static data => PwmSetArguments.TryDecode(data, out _));
            Assert.True(PwmSetArguments.TryDecode(pwm.Encode(), out var duty));
            Assert.Equal(pwm, duty);
        }, iter: 100);
        Gen.Select(Gens.Text, Gen.Int[0, int.MaxValue]).Array[0, 5].Sample(static pairs =>
        {
            var intervals = pairs.Select(static pair => new KeyValuePair<string, TimeSpan>(pair.Item1, TimeSpan.FromMilliseconds(pair.Item2))).ToArray();
            var data = new SetIntervalsArguments(intervals).Encode();
            Mutations.AssertStrictLength(data, static data => SetIntervalsArguments.TryDecode(data, out _));
            Assert.True(SetIntervalsArguments.TryDecode(data, out var decoded));
            Assert.Equal(intervals, decoded.Intervals);
        }, iter: 100);
        Mutations.AssertStrictLength(new RestartUnitArguments("ssh.service").Encode(), static data => RestartUnitArguments.TryDecode(data, out var unit) && unit.Unit == "ssh.service");
        Mutations.AssertStrictLength(Samples.Packages.Encode(), static data => PackagesArguments.TryDecode(data, out var packages) && packages.Packages[0].ToString() == "my-app=2:1.0~rc1-1+b2");
        Mutations.AssertStrictLength(EmptyArguments.Encode(), static data => EmptyArguments.TryDecode(data));
        Mutations.AssertStrictLength(CancelArguments.Encode(Samples.Command.Id), static data => CancelArguments.TryDecode(data, out var id) && id == Samples.Command.Id);
        Gen.Select(Gens.Text, Gens.Text.Array[0, 3], Gen.Byte.Array[1, 20], Gen.Int[1, RunLimits.MaxSeconds].Nullable(), Gen.Int[0, 1000].Nullable()).Sample(static (text, texts, bytes, seconds, output) =>
        {
            var limits = new RunLimits(seconds, null, null, null, output);
            var inline = new RunInlineArguments(text, bytes, texts, limits).Encode();
            Mutations.AssertStrictLength(inline, static data => RunInlineArguments.TryDecode(data, out _));
            Assert.True(RunInlineArguments.TryDecode(inline, out var script));
            Assert.Equal((text, seconds, output), (script.Interpreter, script.Limits.TimeoutSeconds, script.Limits.OutputBytes));
            Assert.Equal(bytes, script.Body.ToArray());
            Assert.Equal(texts, script.Arguments);

            var read = new FileReadArguments(text, bytes.Length, bytes.Length).Encode();
            Mutations.AssertStrictLength(read, static data => FileReadArguments.TryDecode(data, out _));
            Assert.True(FileReadArguments.TryDecode(read, out var part));
            Assert.Equal((text, (long)bytes.Length, bytes.Length), (part.Path, part.Offset, part.Length));

            var write = new FileWriteArguments(text, 0x1a4, bytes, seconds is null ? null : (ReadOnlyMemory<byte>?)new byte[seconds % 2 == 0 ? 0 : 32]).Encode();
            Mutations.AssertStrictLength(write, static data => FileWriteArguments.TryDecode(data, out _));
            Assert.True(FileWriteArguments.TryDecode(write, out var written));
            Assert.Equal((text, 0x1a4, seconds is null ? null : (int?)(seconds % 2 == 0 ? 0 : 32)), (written.Path, written.Mode, written.Expected?.Length));
            Assert.Equal(bytes, written.Bytes.ToArray());
        }, iter: 100);
    }

    [Fact]
    public void CommandOutput_Any_RoundTripsStrictly() =>
        Gen.Select(Gens.Command, Gen.Int[0, 1 << 20], Gen.Enum<OutputSource>(), Gen.Byte.Array[1, 50], Gen.Bool).Sample(static (id, offset, source, bytes, isLast) =>
        {
            var data = new CommandOutput(id, offset, source, bytes, isLast ? offset + bytes.Length : null).Encode();
            Mutations.AssertStrictLength(data, static data => CommandOutput.TryDecode(data, out _));
            Assert.True(CommandOutput.TryDecode(data, out var decoded));
            Assert.Equal((id, offset, source, isLast), (decoded.CommandId, decoded.Offset, decoded.Source, decoded.Written is not null));
            Assert.Equal(bytes, decoded.Bytes.ToArray());
        }, iter: 200);

    [Fact]
    public void CommandOutput_BeyondItsLimits_CannotBeWritten()
    {
        Assert.Throws<ArgumentException>(static () => new CommandOutput(default, 0, OutputSource.Output, default, null).Encode());
        Assert.Throws<ArgumentException>(static () => new CommandOutput(default, 0, OutputSource.Output, new byte[CommandOutput.MaxBytes + 1], null).Encode());
        Assert.Throws<ArgumentException>(static () => new CommandOutput(default, CommandOutput.MaxTotalBytes, OutputSource.Output, new byte[1], null).Encode());
        Assert.Throws<ArgumentException>(static () => new CommandOutput(default, 5, OutputSource.Output, default, 4).Encode());
    }

    [Fact]
    public void CommandReport_Any_RoundTripsStrictly()
    {
        var reports =
            from id in Gens.Command
            from number in Gen.UInt
            from state in Gen.Enum<CommandState>()
            from time in Gens.UnixMsOrNull
            from progress in Gen.Int[0, 1000].Nullable()
            from exitCode in Gen.Int.Nullable()
            from message in Gens.Text
            from output in Gen.Byte.Array[0, 50]
            from truncated in Gen.Bool
            select new CommandReport(id, number, state, time, progress, exitCode, message, output, truncated);
        reports.Sample(static report =>
        {
            var data = report.Encode();
            Mutations.AssertStrictLength(data, static data => CommandReport.TryDecode(data, out _));
            Assert.True(CommandReport.TryDecode(data, out var decoded));
            Assert.Equal(report with { Output = default }, decoded with { Output = default });
            Assert.Equal(report.Output.ToArray(), decoded.Output.ToArray());
        }, iter: 300);
    }

    [Fact]
    public void CommandReport_BeyondItsLimits_CannotBeWritten()
    {
        Assert.Throws<ArgumentException>(static () => (Samples.Report with { Output = new byte[CommandReport.MaxOutputBytes + 1] }).Encode());
        Assert.Throws<ArgumentException>(static () => (Samples.Report with { ProgressPermille = 1001 }).Encode());
        Assert.Throws<ArgumentException>(static () => (Samples.Report with { Message = new string('x', CommandReport.MaxMessageBytes + 1) }).Encode());
    }
}
