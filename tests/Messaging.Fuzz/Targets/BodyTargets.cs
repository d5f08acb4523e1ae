using System.Text;
using Messaging.Acks;
using Messaging.Commands;
using Messaging.Epochs;
using Messaging.Streams;
using Messaging.Twin;
using Messaging.Wire;

namespace Messaging.Fuzz.Targets;

internal sealed class AckTarget : IFuzzTarget
{
    public static string Name => "ack";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (AckRecord.TryDecode(data, out var value))
        {
            Promise.SameBytes(data, value.Encode());
        }
    }

    public static IEnumerable<byte[]> Seeds() => [Samples.Ack.Encode()];
}

internal sealed class GapTarget : IFuzzTarget
{
    public static string Name => "gap";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (Gap.TryDecode(data, out var value))
        {
            Promise.SameBytes(data, value.Encode());
        }
    }

    public static IEnumerable<byte[]> Seeds() => [new Gap(Samples.Epoch(1), StreamId.Logs, 5, 900, "quota").Encode()];
}

internal sealed class EpochRequestTarget : IFuzzTarget
{
    public static string Name => "epoch-request";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (EpochRequest.TryDecode(data, out var value))
        {
            Promise.SameBytes(data, value.Encode());
        }
    }

    public static IEnumerable<byte[]> Seeds() => [new EpochRequest(Samples.Epoch(1).Kid).Encode()];
}

internal sealed class PauseTarget : IFuzzTarget
{
    public static string Name => "pause";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (Pause.TryDecode(data, out var value))
        {
            Promise.SameBytes(data, value.Encode());
        }

        if (AckRequest.TryDecode(data))
        {
            Promise.SameBytes(data, AckRequest.Encode());
        }

        if (RetryAfter.TryRead(Encoding.UTF8.GetString(data), out var time) && time > RetryAfter.Longest)
        {
            throw new InvalidOperationException($"{time} is longer than what is believed.");
        }
    }

    public static IEnumerable<byte[]> Seeds() =>
        [new Pause(Samples.Boot(1), 90_000, PauseCause.Operator).Encode(), AckRequest.Encode(), Encoding.UTF8.GetBytes(RetryAfter.Write(TimeSpan.FromMinutes(1)))];
}

internal sealed class CommandReportTarget : IFuzzTarget
{
    public static string Name => "command-report";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (CommandReport.TryDecode(data, out var value))
        {
            Promise.SameBytes(data, value.Encode());
        }
    }

    public static IEnumerable<byte[]> Seeds() => [Samples.Report.Encode(), (Samples.Report with { UnixMs = null, ProgressPermille = null, ExitCode = null }).Encode()];
}

internal sealed class CommandOutputTarget : IFuzzTarget
{
    public static string Name => "command-output";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (CommandOutput.TryDecode(data, out var value))
        {
            Promise.SameBytes(data, value.Encode());
            Promise.Holds(value.Offset + value.Bytes.Length <= CommandOutput.MaxTotalBytes, "it is within the most that is sent");
        }
    }

    public static IEnumerable<byte[]> Seeds() => [.. Samples.Output.Select(static output => output.Encode())];
}

internal sealed class TwinReportTarget : IFuzzTarget
{
    public static string Name => "twin-report";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (TwinReport.TryDecode(data, out var value))
        {
            Promise.SameBytes(data, value.Encode());
            Promise.Holds(
                value.Properties.All(static one => one.WaitMs.HasValue == one.State is PropertyState.Converging or PropertyState.Drifted), "what waits has a limit");
        }
    }

    public static IEnumerable<byte[]> Seeds() => [Samples.Twin.Encode(), (Samples.Twin with { UnixMs = null, Properties = [] }).Encode()];
}

internal sealed class CommandArgumentsTarget : IFuzzTarget
{
    public static string Name => "command-arguments";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (EmptyArguments.TryDecode(data))
        {
            Promise.SameBytes(data, EmptyArguments.Encode());
        }

        if (CollectArguments.TryDecode(data, out var collect))
        {
            Promise.SameBytes(data, collect.Encode());
        }

        if (SetIntervalsArguments.TryDecode(data, out var intervals))
        {
            Promise.SameBytes(data, intervals.Encode());
        }

        if (RestartUnitArguments.TryDecode(data, out var unit))
        {
            Promise.SameBytes(data, unit.Encode());
        }

        if (RunScriptArguments.TryDecode(data, out var script))
        {
            Promise.SameBytes(data, script.Encode());
        }

        if (GpioSetArguments.TryDecode(data, out var gpio))
        {
            Promise.SameBytes(data, gpio.Encode());
        }

        if (PwmSetArguments.TryDecode(data, out var pwm))
        {
            Promise.SameBytes(data, pwm.Encode());
        }

        if (AppArguments.TryDecode(data, out var app))
        {
            Promise.SameBytes(data, app.Encode());
        }

        if (CancelArguments.TryDecode(data, out var cancelled))
        {
            Promise.SameBytes(data, CancelArguments.Encode(cancelled));
        }

        if (RunInlineArguments.TryDecode(data, out var inline))
        {
            Promise.SameBytes(data, inline.Encode());
        }

        if (FileReadArguments.TryDecode(data, out var read))
        {
            Promise.SameBytes(data, read.Encode());
        }

        if (FileWriteArguments.TryDecode(data, out var write))
        {
            Promise.SameBytes(data, write.Encode());
        }

        if (PackagesArguments.TryDecode(data, out var packages))
        {
            Promise.SameBytes(data, packages.Encode());
        }

        if (DesiredState.TryDecode(data, out var desired))
        {
            Promise.SameBytes(data, desired.Encode());
        }
    }

    public static IEnumerable<byte[]> Seeds() =>
    [
        EmptyArguments.Encode(),
        new CollectArguments(["cpu", "memory"]).Encode(),
        Samples.Command.Arguments.ToArray(),
        new RestartUnitArguments("ssh.service").Encode(),
        new RunScriptArguments("backup", ["--all", ""]).Encode(),
        new GpioSetArguments("pump", true, TimeSpan.FromMilliseconds(1500)).Encode(),
        new PwmSetArguments("fan", 1000).Encode(),
        new AppArguments("plc", ["set", ""], new byte[] { 1, 2, 3 }).Encode(),
        new RunScriptArguments("backup", [], Samples.Limits).Encode(),
        CancelArguments.Encode(Samples.Command.Id),
        new RunInlineArguments("/bin/sh", "pwd"u8.ToArray(), ["a"], Samples.Limits).Encode(),
        new FileReadArguments("/etc/hosts", 1, 2).Encode(),
        new FileWriteArguments("/etc/hosts", 0x1a4, "x"u8.ToArray(), ReadOnlyMemory<byte>.Empty).Encode(),
        new FileWriteArguments("/etc/hosts", 0x1a4, default, Samples.Bytes(32, 1)).Encode(),
        Samples.Packages.Encode(),
        new PackagesArguments(PackageAction.Refresh, [], false, false, RunLimits.None).Encode(),
        Samples.Desired.Encode(),
    ];
}

internal sealed class ReplayWindowTarget : IFuzzTarget
{
    public static string Name => "replay-window";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (ReplayWindow.TryLoad(data, out var window))
        {
            Promise.SameBytes(data, window.Save());
        }
    }

    public static IEnumerable<byte[]> Seeds()
    {
        var window = new ReplayWindow();
        foreach (var seq in (ulong[])[1, 2, 5, 9, 300])
        {
            window.Accept(seq);
        }

        return [window.Save(), new ReplayWindow().Save()];
    }
}
