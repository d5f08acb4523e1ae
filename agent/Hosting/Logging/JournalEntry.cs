using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Hosting.Logging;

/// <summary>One entry of the journal, as bytes. Used again and again.</summary>
internal sealed class JournalEntry
{
    private const string Identifier = "messaging-agent";
    private const string Prefix = "MESSAGING_";
    private const string Template = "{OriginalFormat}";
    private readonly ArrayBufferWriter<byte> _output = new(1024);

    public ReadOnlySpan<byte> Bytes => _output.WrittenSpan;

    public void Begin(LogLevel level, string category, EventId id, string message, Exception? exception)
    {
        _output.ResetWrittenCount();
        Add("MESSAGE", exception is null ? message : $"{message}\n{exception}");
        _output.Write("PRIORITY="u8);
        _output.Write([(byte)LogPriority.Of(level), (byte)'\n']);
        Add("SYSLOG_IDENTIFIER", Identifier);
        Add("MESSAGING_CATEGORY", category);
        Add("MESSAGING_EVENT_ID", id.Id.ToString(CultureInfo.InvariantCulture));
        if (JournalMessageIds.Find(category, id.Name) is { } messageId)
        {
            Add("MESSAGE_ID", messageId);
        }

        if (exception is not null)
        {
            Add("MESSAGING_EXCEPTION", exception.GetType().FullName!);
        }
    }

    /// <summary>The parts of the template: <c>{RemoteAddress}</c> becomes MESSAGING_REMOTE_ADDRESS.</summary>
    public void Add(IReadOnlyList<KeyValuePair<string, object?>>? fields)
    {
        for (var i = 0; i < (fields?.Count ?? 0); i++)
        {
            var (name, value) = fields![i];
            if (name != Template && value is not null)
            {
                Add(NameOf(name), Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
            }
        }
    }

    /// <summary>Upper-case letters, digits and underscores: what the journal takes.</summary>
    private static string NameOf(string part)
    {
        var name = new StringBuilder(Prefix, Prefix.Length + part.Length + 4);
        for (var i = 0; i < part.Length; i++)
        {
            if (i > 0 && char.IsAsciiLetterUpper(part[i]) && !char.IsAsciiLetterUpper(part[i - 1]))
            {
                name.Append('_');
            }

            name.Append(char.IsAsciiLetterOrDigit(part[i]) ? char.ToUpperInvariant(part[i]) : '_');
        }

        return name.ToString();
    }

    private void Add(string name, string value)
    {
        Encoding.UTF8.GetBytes(name, _output);
        if (value.Contains('\n', StringComparison.Ordinal))
        {
            // The long form: the length first.
            _output.Write("\n"u8);
            var length = Encoding.UTF8.GetByteCount(value);
            BinaryPrimitives.WriteUInt64LittleEndian(_output.GetSpan(sizeof(ulong)), (ulong)length);
            _output.Advance(sizeof(ulong));
        }
        else
        {
            _output.Write("="u8);
        }

        Encoding.UTF8.GetBytes(value, _output);
        _output.Write("\n"u8);
    }
}
