using Messaging.Agent.Collect.Kernel;
using Messaging.Agent.Configuration;
using Messaging.Agent.Events;
using Messaging.Agent.Gpio.Lines;
using Messaging.Agent.Transport;

namespace Messaging.Agent.Gpio.Outputs;

/// <summary>Every declared output.</summary>
internal sealed class OutputSet : IDisposable
{
    private readonly Dictionary<(OutputKind Kind, string Name), Output> _outputs = [];

    public OutputSet(AgentOptions options, IGpio gpio, KernelRoot root, ConnectionState connection, IEventSink events, TimeProvider time)
        : this(options, gpio, root, () => connection.IsConnected, events, time)
    {
    }

    public OutputSet(AgentOptions options, IGpio gpio, KernelRoot root, Func<bool> isConnected, IEventSink events, TimeProvider time)
    {
        foreach (var (name, line) in options.Gpio.Where(one => one.Value.Direction == "output"))
        {
            Add(OutputPlan.Of(name, line), new GpioOutputDriver(line, gpio));
        }

        foreach (var (name, pwm) in options.Pwm)
        {
            Add(OutputPlan.Of(name, pwm), new PwmOutputDriver(pwm, root));
        }

        void Add(OutputPlan plan, IOutputDriver driver) => _outputs.Add((plan.Kind, plan.Name), new Output(plan, driver, isConnected, events, time));
    }

    public IEnumerable<Output> All => _outputs.Values.OrderBy(output => output.Plan.Name, StringComparer.Ordinal);

    /// <summary>Null when none is declared by this name.</summary>
    public Output? Find(OutputKind kind, string name) => _outputs.GetValueOrDefault((kind, name));

    public string Names(OutputKind kind) => string.Join(",", All.Where(output => output.Plan.Kind == kind).Select(output => output.Plan.Name));

    public void Dispose()
    {
        foreach (var output in _outputs.Values)
        {
            output.Dispose();
        }
    }
}
