using Messaging.Agent.Sensors;

namespace Messaging.Agent.Tests.Sensors;

/// <summary>Gives what the test says.</summary>
internal sealed class FakeSource(params IReadOnlyList<Quantity> quantities) : ISensorSource
{
    public IReadOnlyList<Quantity> Quantities => quantities;

    public string? Bus { get; init; }

    /// <summary>Null: it cannot be read.</summary>
    public double[]? Values { get; set; }

    /// <summary>Hangs until this is set.</summary>
    public ManualResetEventSlim? Gate { get; init; }

    public void Read(Span<double> values)
    {
        Gate?.Wait();
        (Values ?? throw new IOException("gone")).CopyTo(values);
    }
}
