using System.Diagnostics.CodeAnalysis;
using Messaging.Crypto;
using Messaging.Wire;

namespace Messaging.Sessions;

/// <summary>The arguments of "shell": [sessionId, client point, columns, rows, TERM].</summary>
/// <param name="sessionId">Random.</param>
/// <param name="client">The key that the client has made for this session.</param>
/// <param name="size">The terminal's.</param>
/// <param name="terminal">TERM: letters, digits and <c>+-._</c>, at most 64 bytes.</param>
public sealed class ShellArguments(SessionId sessionId, HpkePublicKey client, TerminalSize size, string terminal)
{
    /// <summary>The most bytes that TERM may have.</summary>
    public const int MaxTerminalBytes = 64;

    /// <summary>Random.</summary>
    public SessionId SessionId { get; } = sessionId;

    /// <summary>The client's key.</summary>
    public HpkePublicKey Client { get; } = client;

    /// <summary>The terminal's.</summary>
    public TerminalSize Size { get; } = size;

    /// <summary>TERM.</summary>
    public string Terminal { get; } = terminal;

    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(this, static (shell, ref writer) =>
    {
        writer.WriteArrayHead(5);
        SessionFields.Write(ref writer, shell.SessionId, shell.Client);
        writer.WriteUInt64((ulong)shell.Size.Columns);
        writer.WriteUInt64((ulong)shell.Size.Rows);
        writer.WriteText(shell.Terminal, MaxTerminalBytes);
    });

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out ShellArguments? arguments)
    {
        arguments = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(5)
            || !SessionFields.TryRead(ref reader, out var id, out var client)
            || !TerminalSize.TryRead(ref reader, out var size)
            || !reader.TryReadText(out var terminal, MaxTerminalBytes)
            || !IsTerminal(terminal)
            || !reader.AtEnd)
        {
            return false;
        }

        arguments = new ShellArguments(id, client, size, terminal);
        return true;
    }

    /// <summary>True for what TERM may be.</summary>
    public static bool IsTerminal(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('+' or '-' or '.' or '_'))
            {
                return false;
            }
        }

        return name.Length > 0;
    }
}
