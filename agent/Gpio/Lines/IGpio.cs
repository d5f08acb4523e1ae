namespace Messaging.Agent.Gpio.Lines;

/// <summary>The GPIO lines of this machine. Levels are those of the pins: what is active low is turned round by whoever uses it.</summary>
internal interface IGpio
{
    /// <summary>Takes a line as an input.</summary>
    /// <param name="chip">Name or label; empty: any.</param>
    /// <param name="line">Name or number.</param>
    /// <param name="bias">The resistor.</param>
    /// <param name="changed">Called with the new level at each change, on any thread.</param>
    /// <exception cref="IOException">There is no such line, it is in use, or it may not be used; the message says which.</exception>
    IGpioLine OpenInput(string chip, string line, GpioBias bias, Action<bool> changed);

    /// <summary>Takes a line as an output that is at this level from the first moment.</summary>
    /// <exception cref="IOException">As above.</exception>
    IGpioLine OpenOutput(string chip, string line, bool level);
}
