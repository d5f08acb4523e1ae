using Messaging.Agent.Collect.Kernel;
using Messaging.Agent.Configuration;
using Messaging.Agent.Downlink;
using Messaging.Agent.Events;
using Messaging.Agent.Gpio.Lines;

namespace Messaging.Agent.Gpio.Outputs;

/// <summary>Every declared output.</summary>
internal sealed class OutputSet : IDisposable
{
    private readonly List<Output> _outputs = [];

    public OutputSet(AgentOptions options, IGpio gpio, KernelRoot root, ControlWord word, IEventSink events, TimeProvider time)
        : this(options, gpio, root, () => word.Silence, events, time)
    {
    }

    public OutputSet(AgentOptions options, IGpio gpio, KernelRoot root, Func<TimeSpan> silence, IEventSink events, TimeProvider time)
    {
        foreach (var (name, line) in options.Gpio)
        {
            if (line.Direction == "output")
            {
                Add(OutputPlan.Of(name, line), new GpioOutputDriver(line, gpio));
            }
        }

        foreach (var (name, pwm) in options.Pwm)
        {
            Add(OutputPlan.Of(name, pwm), new PwmOutputDriver(pwm, root));
        }

        void Add(OutputPlan plan, IOutputDriver driver) => _outputs.Add(new Output(plan, driver, silence, events, time));
    }

    public IEnumerable<Output> All => _outputs.OrderBy(output => output.Plan.Name, StringComparer.Ordinal);

    /// <summary>Null when none is declared by this name.</summary>
    public Output? Find(OutputKind kind, string name) => _outputs.Find(output => output.Plan.Kind == kind && output.Plan.Name == name);

    public string Names(OutputKind kind) => string.Join(",", All.Where(output => output.Plan.Kind == kind).Select(output => output.Plan.Name));

    /// <summary>The shortest silence of control that makes something safe; null: none does.</summary>
    public TimeSpan? Patience => _outputs.Where(output => output.Plan is { Safe: not null, SafeAfter.Ticks: > 0 }).MinBy(output => output.Plan.SafeAfter.Ticks)?.Plan.SafeAfter;

    public void Dispose()
    {
        foreach (var output in _outputs)
        {
            output.Dispose();
        }
    }
}
