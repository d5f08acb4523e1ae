namespace Messaging.Agent.Configuration;

/// <summary>One section <c>[Gpio:name]</c>: a line of a GPIO chip.</summary>
internal sealed class GpioOptions
{
    /// <summary><c>gpiochip0</c>, or a chip's label; empty: the chip that has a line of the name, or gpiochip0.</summary>
    public string Chip { get; set; } = "";

    /// <summary>The line's name or its number on the chip.</summary>
    public string Line { get; set; } = "";

    /// <summary><c>input</c> or <c>output</c>.</summary>
    public string Direction { get; set; } = "input";

    /// <summary>A low level is <c>on</c>.</summary>
    public string ActiveLow { get; set; } = "no";

    /// <summary><c>none</c>, <c>pull-up</c> or <c>pull-down</c>, of an input.</summary>
    public string Bias { get; set; } = "none";

    /// <summary>A level counts when it has stayed this long.</summary>
    public TimeSpan Debounce { get; set; }

    /// <summary>Changes that are counted: <c>none</c>, <c>on</c>, <c>off</c> or <c>both</c>.</summary>
    public string Count { get; set; } = "none";

    /// <summary>Changes of an input are events too.</summary>
    public string Events { get; set; } = "yes";

    /// <summary>What an output is set to at a start: <c>on</c> or <c>off</c>.</summary>
    public string Initial { get; set; } = "off";

    /// <summary>What an output is set to when nobody is in control: <c>on</c>, <c>off</c> or <c>keep</c>.</summary>
    public string Safe { get; set; } = "off";

    /// <summary>Without a connection for this long, an output is set to its safe value; 0: never.</summary>
    public TimeSpan SafeAfter { get; set; }
}
