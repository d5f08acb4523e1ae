using System.Text;
using Messaging.Cli.Hosting;

namespace Messaging.Cli.Commands;

/// <summary>
/// Prints what a command writes: to a program as the bytes are, to a terminal as text that cannot steer it. A character may come in two pieces.
/// </summary>
/// <param name="output">The command's standard output.</param>
/// <param name="error">Its standard error.</param>
/// <param name="raw">Takes the bytes of standard output in the place of <paramref name="output"/>; null: a terminal, or a test, reads text.</param>
internal sealed class OutputPrinter(TextWriter output, TextWriter error, Stream? raw)
{
    private readonly Decoder _output = Encoding.UTF8.GetDecoder();
    private readonly Decoder _error = Encoding.UTF8.GetDecoder();

    /// <summary>Where the next byte belongs.</summary>
    public int Next { get; private set; }

    /// <summary>There is no more of it.</summary>
    /// <param name="written">How many bytes the command wrote; null: nobody knows.</param>
    public void End(long? written)
    {
        if (written > Next)
        {
            error.WriteLine($"({written - Next} more bytes were not sent: the device's limit, or the command's, was reached)");
        }
    }

    public void Print(int offset, bool isError, ReadOnlySpan<byte> bytes)
    {
        if (offset > Next)
        {
            error.WriteLine($"({offset - Next} bytes of the output are missing: the device could not keep them)");
        }

        Next = offset + bytes.Length;
        if (!isError && raw is not null)
        {
            raw.Write(bytes);
            raw.Flush();
            return;
        }

        var decoder = isError ? _error : _output;
        var chars = new char[Encoding.UTF8.GetMaxCharCount(bytes.Length)];
        var text = new string(chars, 0, decoder.GetChars(bytes, chars, flush: false));
        var writer = isError ? error : output;
        writer.Write(TerminalText.Lines(text));
        writer.Flush();
    }
}
