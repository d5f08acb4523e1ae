namespace Messaging.Agent.Gpio.Lines;

/// <summary>A line that is held until it is disposed.</summary>
internal interface IGpioLine : IDisposable
{
    /// <exception cref="IOException">The chip does not answer.</exception>
    bool Read();

    /// <exception cref="IOException">The chip does not answer.</exception>
    void Write(bool level);
}
