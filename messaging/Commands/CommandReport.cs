using System.Diagnostics.CodeAnalysis;
using Messaging.Wire;

namespace Messaging.Commands;

/// <summary>
/// What a device says of a command: [1, cmdId, reportNo, state, unixMs | null, progressPermille | null, exitCode | null, message, output,
/// outputTruncated].
/// </summary>
/// <param name="CommandId">The command.</param>
/// <param name="ReportNo">Rises with each report of a command: the highest is the newest.</param>
/// <param name="State">How far it is.</param>
/// <param name="UnixMs">The device's time, in Unix milliseconds; null if it has none that it would believe.</param>
/// <param name="ProgressPermille">0 to 1000, or null.</param>
/// <param name="ExitCode">The exit code of a process, or null.</param>
/// <param name="Message">One line for people, at most 1,024 bytes.</param>
/// <param name="Output">What the command wrote, at most 64 KiB.</param>
/// <param name="OutputTruncated">True if it wrote more than that.</param>
public sealed record CommandReport(
    CommandId CommandId,
    uint ReportNo,
    CommandState State,
    long? UnixMs,
    int? ProgressPermille,
    int? ExitCode,
    string Message,
    ReadOnlyMemory<byte> Output,
    bool OutputTruncated)
{
    /// <summary>The most bytes of output in a report.</summary>
    public const int MaxOutputBytes = 64 * 1024;

    /// <summary>The most bytes of a message.</summary>
    public const int MaxMessageBytes = 1024;

    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(this, static (report, ref writer) =>
    {
        if (report.Output.Length > MaxOutputBytes || report.ProgressPermille is < 0 or > 1000)
        {
            throw new ArgumentException("A report has at most 64 KiB of output and a progress of 0 to 1000.", nameof(report));
        }

        writer.WriteArrayHead(10);
        writer.WriteUInt64(1);
        writer.WriteCommandId(report.CommandId);
        writer.WriteUInt64(report.ReportNo);
        writer.WriteUInt64((ulong)report.State);
        UnixTime.WriteOrNull(ref writer, report.UnixMs);
        writer.WriteUInt64OrNull((ulong?)report.ProgressPermille);
        if (report.ExitCode is { } exitCode)
        {
            writer.WriteInt64(exitCode);
        }
        else
        {
            writer.WriteNull();
        }

        writer.WriteText(report.Message, MaxMessageBytes);
        writer.WriteBytes(report.Output.Span);
        writer.WriteBoolean(report.OutputTruncated);
    });

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out CommandReport? report)
    {
        report = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(10)
            || !reader.TryReadExpected(1)
            || !reader.TryReadCommandId(out var id)
            || !reader.TryReadUInt32(out var number)
            || !reader.TryReadInt32(out var state, (int)CommandState.Cancelled)
            || !UnixTime.TryReadOrNull(ref reader, out var unixMs)
            || !TryReadProgress(ref reader, out var progress)
            || !TryReadExitCode(ref reader, out var exitCode)
            || !reader.TryReadText(out var message, MaxMessageBytes)
            || !reader.TryReadBytes(out var output, MaxOutputBytes)
            || !reader.TryReadBoolean(out var truncated)
            || !reader.AtEnd)
        {
            return false;
        }

        report = new CommandReport(id, number, (CommandState)state, unixMs, progress, exitCode, message, output.ToArray(), truncated);
        return true;
    }

    private static bool TryReadProgress(ref CborReader reader, out int? progress)
    {
        progress = null;
        if (reader.TryReadNull())
        {
            return true;
        }

        var ok = reader.TryReadInt32(out var permille, 1000);
        progress = permille;
        return ok;
    }

    private static bool TryReadExitCode(ref CborReader reader, out int? exitCode)
    {
        exitCode = null;
        if (reader.TryReadNull())
        {
            return true;
        }

        var ok = reader.TryReadInt64(out var code) && code is >= int.MinValue and <= int.MaxValue;
        exitCode = ok ? (int)code : null;
        return ok;
    }
}
