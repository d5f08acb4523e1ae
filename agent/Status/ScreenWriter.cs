using System.Text;

namespace Messaging.Agent.Status;

/// <summary>Lines of "label  text", wrapped between items and cut at the terminal's width, coloured only where that is wanted.</summary>
internal sealed class ScreenWriter(int width, bool isColored)
{
    public const int LabelWidth = 12;

    private readonly StringBuilder _output = new();

    public enum Tone
    {
        Plain,
        Strong,
        Good,
        Warning,
        Bad,
        Dim,
    }

    /// <summary>One line.</summary>
    public void Line(string label, string text, Tone tone = Tone.Plain)
    {
        var head = label.PadRight(LabelWidth);
        var body = StatusText.Fit(StatusText.Clean(text), Math.Max(8, width - LabelWidth));
        Paint(head, label.Length > 0 ? Tone.Dim : Tone.Plain);
        Paint(body, tone);
        _output.Append('\n');
    }

    /// <summary>Items that wrap to as many lines as they need; an item is never split.</summary>
    public void Items(string label, IEnumerable<string> items, string separator, Tone tone = Tone.Plain)
    {
        var room = Math.Max(8, width - LabelWidth);
        var line = new StringBuilder();
        foreach (var item in items.Select(StatusText.Clean))
        {
            if (line.Length > 0 && line.Length + separator.Length + item.Length > room)
            {
                Line(label, line.ToString(), tone);
                (label, _) = ("", line.Clear());
            }

            line.Append(line.Length > 0 ? separator : "").Append(item);
        }

        if (line.Length > 0)
        {
            Line(label, line.ToString(), tone);
        }
    }

    /// <summary>Text that wraps between words.</summary>
    public void Paragraph(string label, string text, Tone tone = Tone.Plain) => Items(label, text.Split(' ', StringSplitOptions.RemoveEmptyEntries), " ", tone);

    public void Blank() => _output.Append('\n');

    public override string ToString() => _output.ToString();

    private void Paint(string text, Tone tone)
    {
        var code = tone switch
        {
            Tone.Strong => "1",
            Tone.Good => "32",
            Tone.Warning => "35", // Yellow cannot be read on white.
            Tone.Bad => "1;31",
            Tone.Dim => "2",
            _ => "",
        };
        if (!isColored || code.Length == 0)
        {
            _output.Append(text);
            return;
        }

        _output.Append("\x1b[").Append(code).Append('m').Append(text).Append("\x1b[0m");
    }
}
