namespace Messaging.Agent.Bindings;

/// <summary>A sensor that is open.</summary>
/// <param name="read">Reads its quantities in the order of the agent's list; one without a value becomes NaN.</param>
/// <param name="owned">Disposed with it, in this order.</param>
internal sealed class BoundDevice(Action<double[]> read, params IReadOnlyList<IDisposable> owned) : IDisposable
{
    /// <exception cref="IOException">The device does not answer.</exception>
    public void Read(double[] values) => read(values);

    public void Dispose()
    {
        foreach (var one in owned)
        {
            one.Dispose();
        }
    }
}
