using System.Diagnostics.CodeAnalysis;
using Messaging.Wire;

namespace Messaging.Commands;

/// <summary>The arguments of "run-inline": [interpreter, body, [argument...], limits].</summary>
/// <param name="interpreter">A program that the device's owner allows for it, at most 256 bytes, such as <c>/bin/sh</c>.</param>
/// <param name="body">The script: 1 to <see cref="MaxBodyBytes"/>.</param>
/// <param name="arguments">Its arguments: at most 64, of at most 4,096 bytes.</param>
/// <param name="limits">How much it may take.</param>
public sealed class RunInlineArguments(string interpreter, ReadOnlyMemory<byte> body, IReadOnlyList<string> arguments, RunLimits limits)
{
    /// <summary>The most bytes of a script.</summary>
    public const int MaxBodyBytes = 32 * 1024;

    /// <summary>The most bytes of an interpreter's path.</summary>
    public const int MaxInterpreterBytes = 256;

    /// <summary>What the body is handed to.</summary>
    public string Interpreter { get; } = interpreter;

    /// <summary>The script.</summary>
    public ReadOnlyMemory<byte> Body { get; } = body;

    /// <summary>Its arguments.</summary>
    public IReadOnlyList<string> Arguments { get; } = arguments;

    /// <summary>How much it may take.</summary>
    public RunLimits Limits { get; } = limits;

    /// <summary>The wire form.</summary>
    /// <exception cref="InvalidOperationException">The body is empty or too long.</exception>
    public byte[] Encode()
    {
        if (Body.Length is 0 or > MaxBodyBytes)
        {
            throw new InvalidOperationException($"A script has 1 to {MaxBodyBytes} bytes.");
        }

        return MessageBuffer.Write(this, static (script, ref writer) =>
        {
            writer.WriteArrayHead(4);
            writer.WriteText(script.Interpreter, MaxInterpreterBytes);
            writer.WriteBytes(script.Body.Span);
            TextList.Write(ref writer, script.Arguments, 64, 4096);
            script.Limits.Write(ref writer);
        });
    }

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out RunInlineArguments? arguments)
    {
        arguments = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(4)
            || !reader.TryReadText(out var interpreter, MaxInterpreterBytes)
            || !reader.TryReadBytes(out var body, MaxBodyBytes)
            || body.IsEmpty
            || !TextList.TryRead(ref reader, 64, 4096, out var list)
            || !RunLimits.TryRead(ref reader, out var limits)
            || !reader.AtEnd)
        {
            return false;
        }

        arguments = new RunInlineArguments(interpreter, body.ToArray(), list, limits);
        return true;
    }
}
