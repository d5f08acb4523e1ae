namespace Messaging.Agent.Gpio.Outputs;

/// <summary>What sets an output.</summary>
internal interface IOutputDriver : IDisposable
{
    /// <param name="value">0 to 1; of a line with two states 0 or 1.</param>
    /// <exception cref="IOException">It cannot be set; the message says why.</exception>
    void Write(double value);
}
