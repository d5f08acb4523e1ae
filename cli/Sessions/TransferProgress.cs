using System.Globalization;

namespace Messaging.Cli.Sessions;

/// <summary>Says how far a file is: on a terminal in one line that is written over, elsewhere in a line from time to time. Thread-safe.</summary>
/// <param name="output">Where.</param>
/// <param name="isTerminal">What that is.</param>
/// <param name="time">The clock.</param>
internal sealed class TransferProgress(TextWriter output, bool isTerminal, TimeProvider time)
{
    private static readonly TimeSpan OnTerminal = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Elsewhere = TimeSpan.FromSeconds(5);
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB"];
    private readonly Lock _gate = new();
    private long _beganAt;
    private long _saidAt;
    private long _first;
    private long _size;
    private bool _hasBegun;
    private int _width;

    /// <summary>It begins, or goes on after the bytes that are there already.</summary>
    public void Begin(long first, long size)
    {
        lock (_gate)
        {
            (_first, _size) = (first, size);
            _beganAt = _saidAt = time.GetTimestamp();
            _hasBegun = true;
            Write(first);
        }
    }

    public void Report(long at)
    {
        lock (_gate)
        {
            if (_hasBegun && (at == _size || time.GetElapsedTime(_saidAt) >= (isTerminal ? OnTerminal : Elsewhere)))
            {
                _saidAt = time.GetTimestamp();
                Write(at);
            }
        }
    }

    /// <summary>A line of its own, besides.</summary>
    public void Note(string line)
    {
        lock (_gate)
        {
            Clear();
            output.WriteLine(line);
            output.Flush();
        }
    }

    /// <summary>Nothing more is said; the line is left as it is.</summary>
    public void End()
    {
        lock (_gate)
        {
            if (_width > 0)
            {
                output.WriteLine();
                _width = 0;
            }

            _hasBegun = false;
        }
    }

    /// <summary><c>12.3 MiB</c></summary>
    public static string Bytes(double count)
    {
        var unit = 0;
        for (; count >= 1024 && unit < Units.Length - 1; unit++)
        {
            count /= 1024;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{count:0.#} {Units[unit]}");
    }

    /// <summary>Pure: how the line looks.</summary>
    internal static string Line(long first, long at, long size, TimeSpan elapsed)
    {
        var share = size == 0 ? 100 : at * 100 / size;
        var rate = elapsed.TotalSeconds > 0 ? (at - first) / elapsed.TotalSeconds : 0;
        var line = string.Create(CultureInfo.InvariantCulture, $"{share} %  {Bytes(at)} of {Bytes(size)}");
        return rate <= 0 ? line
            : at == size ? $"{line}  {Bytes(rate)}/s  {Clock(elapsed)}"
            : $"{line}  {Bytes(rate)}/s  {Clock(TimeSpan.FromSeconds((size - at) / rate))} left";
    }

    private static string Clock(TimeSpan span) => span.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours}:{span.Minutes:00}:{span.Seconds:00}")
        : string.Create(CultureInfo.InvariantCulture, $"{span.Minutes}:{span.Seconds:00}");

    private void Write(long at)
    {
        var line = Line(_first, at, _size, time.GetElapsedTime(_beganAt));
        if (isTerminal)
        {
            output.Write("\r" + line.PadRight(_width));
            _width = line.Length;
        }
        else
        {
            output.WriteLine(line);
        }

        output.Flush();
    }

    private void Clear()
    {
        if (_width > 0)
        {
            output.Write("\r" + new string(' ', _width) + "\r");
            _width = 0;
        }
    }
}
